"""The matrix: the whole suite against every lie, every legal variant and every target that proves nothing.

A lie is *killed* where its own rule fails or warns; whatever else its run shows is recorded beside it. A variant is
*accused* where any rule fails, warns (but for those that ought to), breaks or is blocked. A null target *fools* the
suite where any rule passes.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from conformance.contract.rules import RULES
from conformance.faults.model import all_faults
from conformance.faults.nulls import NULLS, null
from conformance.faults.trial import settings_for, trial
from conformance.faults.variants import all_variants
from conformance.judging.verdicts import Verdict, worst
from conformance.reference import HONEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.judging.results import Check

BREACHES = frozenset({Verdict.FAIL, Verdict.WARN})
ACCUSATIONS = BREACHES | {Verdict.ERROR, Verdict.BLOCKED}
FOOLED = frozenset({Verdict.PASS, Verdict.NOTED, Verdict.ERROR})
LIFE = 20
"""So many subjects are judged by one process: libraries keep some 50 MB of each for ever."""
PATIENT = 3.0
"""Seconds to settle for a variant: some of them lag."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row is about: a `fault` (of a rule), a legal `variant`, a `null` target, or the `honest` reference."""

    kind: str
    name: str
    about: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What the whole suite said of a subject: the worst verdict by rule, and whether that is as it ought to be."""

    subject: Subject
    verdicts: Mapping[str, Verdict]
    as_it_ought: bool
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Give plain values; rules that passed, don't apply or were not judged for what a trial lacks are left out."""
        shown = {rule: told.value for rule, told in self.verdicts.items() if told in ACCUSATIONS}
        passed = sum(told is Verdict.PASS for told in self.verdicts.values())
        about = {"kind": self.subject.kind, "name": self.subject.name, "about": self.subject.about}
        told = {"as_it_ought": self.as_it_ought, "verdicts": shown, "passed": passed, "seconds": self.seconds}
        return about | ({"rule": self.subject.rule} if self.subject.rule else {}) | told


def subjects() -> Sequence[Subject]:
    """Give all there are: the honest reference, the variants, the nulls, and the faults by rule."""
    honest = Subject("honest", "honest", "The reference as it is.")
    variants = [Subject("variant", one.name, one.choice) for one in all_variants()]
    nulls = [Subject("null", name, f"Answers everything with {name}.") for name in NULLS]
    faults = [Subject("fault", one.name, one.lie, one.rule_id) for one in all_faults()]
    return (honest, *variants, *nulls, *faults)


def rows(chosen: Iterable[Subject], *, jobs: int) -> Iterator[Row]:
    """Judge each subject by the whole suite, `jobs` at a time in processes of their own; give rows in their order."""
    with get_context("spawn").Pool(
        jobs, maxtasksperchild=LIFE
    ) as pool:  # an executor's hang once a process is replaced
        yield from pool.imap(judged, chosen)


def judged(subject: Subject) -> Row:
    """Judge one subject by the whole suite."""
    began = time.monotonic()
    verdicts = _by_rule(asyncio.run(_checks(subject)))
    return Row(subject, verdicts, _as_it_ought(subject, verdicts), round(time.monotonic() - began, 1))


async def _checks(subject: Subject) -> Sequence[Check]:
    settings = settings_for(subject.rule)
    match subject.kind:
        case "fault":
            fault = next(one for one in all_faults() if one.name == subject.name)
            return await trial((), fault.behaviour(), settings=settings)
        case "variant":
            variant = next(one for one in all_variants() if one.name == subject.name)
            patient = replace(settings, settle=PATIENT)
            return await trial((), variant.behaviour(), settings=patient, within=variant.within())
        case "null":
            return await trial((), null(NULLS[subject.name]), settings=settings)
    return await trial((), HONEST, settings=replace(settings, fuzz="quick"))


def _by_rule(checks: Iterable[Check]) -> Mapping[str, Verdict]:
    found: dict[str, list[Verdict]] = defaultdict(list)
    for check in checks:
        found[check.rule].append(check.verdict)
    return {rule.id: worst(found[rule.id]) for rule in RULES if rule.id in found}


def _as_it_ought(subject: Subject, verdicts: Mapping[str, Verdict]) -> bool:
    if subject.kind == "fault":
        return verdicts.get(subject.rule) in BREACHES
    if subject.kind == "null":
        return not FOOLED & set(verdicts.values()) and bool(ACCUSATIONS & set(verdicts.values()))
    due = next((one.warned for one in all_variants() if one.name == subject.name), frozenset())
    return not any(
        told in ACCUSATIONS and not (told is Verdict.WARN and rule in due) for rule, told in verdicts.items()
    )


def as_json(found: Sequence[Row]) -> dict[str, Any]:
    """Give the matrix as plain values: a summary, the rules in their order, and a row for each subject."""
    return {
        "schema": 1,
        "summary": {kind: _summary([row for row in found if row.subject.kind == kind]) for kind in _KINDS},
        "rules": [{"id": rule.id, "level": rule.level.value, "title": rule.title} for rule in RULES],
        "rows": [row.as_json() for row in found],
    }


_KINDS = ("honest", "variant", "null", "fault")


def _summary(found: Sequence[Row]) -> dict[str, Any]:
    wrong = [row.subject.name for row in found if not row.as_it_ought]
    return {"rows": len(found), "as_they_ought": len(found) - len(wrong), "wrong": wrong}
