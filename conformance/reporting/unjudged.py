"""What a run could not judge, grouped by the reason, each with how to make it judgeable."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from conformance.contract.needs import REMEDIES, WANTED
from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.model import Need
    from conformance.judging.results import Check, Results, RuleResult

_WITHOUT_JUDGEMENT = (Verdict.ERROR, Verdict.BLOCKED, Verdict.NOT_JUDGED, Verdict.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """One reason for which rules went unjudged; `need` is set where something is missing that can be given.

    `rules` are ids in catalogue order, `checks` the number of checks concerned (0 where no item was made).
    """

    verdict: Verdict
    need: str | None
    reason: str
    hint: str
    rules: tuple[str, ...]
    checks: int


class _Cause(NamedTuple):
    verdict: Verdict
    need: str | None
    reason: str
    hint: str

    @property
    def kind(self) -> tuple[str, ...]:
        """What it has in common with others: they speak of other resources, and of other numbers of items in them."""
        return (self.verdict, *(_PARTICULAR.sub("...", text) for text in (self.reason, self.hint)))


_PARTICULAR = re.compile(r"/[a-z-]+\b|\bholds \d+|\b\d+ (?:items|employees|observations)\b")


def unjudged(results: Results) -> tuple[Unjudged, ...]:
    """Group whatever ended without a judgement, worst verdict first and then by how many rules it took.

    Of reasons that differ only in the resource of which they speak the first stands for all.
    """
    groups: dict[tuple[str, ...], list[tuple[_Cause, str, int]]] = defaultdict(list)
    for found in results.rules:
        for cause, checks in _causes(found, results.target.missing):
            groups[cause.kind].append((cause, found.rule.id, checks))
    order = list(_WITHOUT_JUDGEMENT)
    made = map(_group, groups.values())
    return tuple(sorted(made, key=lambda group: (order.index(group.verdict), -len(group.rules))))


def _causes(found: RuleResult, missing: Mapping[str, str]) -> Iterator[tuple[_Cause, int]]:
    if not found.checks:
        yield _without_item(found, missing), 0
    for check in found.checks:
        if check.verdict in _WITHOUT_JUDGEMENT:
            yield _cause(found, check, missing), 1


def _without_item(found: RuleResult, missing: Mapping[str, str]) -> _Cause:
    need = None if found.reason else _need(found, missing)
    if need is not None:
        return _Cause(Verdict.NOT_RUN, need, f"needs {WANTED[need]}", REMEDIES[need])
    return _Cause(Verdict.NOT_RUN, None, found.reason or "No check of this rule was part of the run.", "")


def _cause(found: RuleResult, check: Check, missing: Mapping[str, str]) -> _Cause:
    need = _need(found, missing) if check.verdict is Verdict.NOT_JUDGED else None
    if need is None:
        return _Cause(check.verdict, None, check.message, check.hint)
    hint = check.hint or REMEDIES[need]
    return _Cause(check.verdict, need, check.message if missing[need] == hint else missing[need], hint)


def _need(found: RuleResult, missing: Mapping[str, str]) -> Need | None:
    lacking = sorted(need for need in found.rule.needs if need in missing)
    return lacking[0] if lacking else None


def _group(members: list[tuple[_Cause, str, int]]) -> Unjudged:
    first = members[0][0]
    others = len({cause.reason for cause, _, _ in members}) - 1
    reason = f"{first.reason} (and {others} more like it)" if others else first.reason
    need = next((cause.need for cause, _, _ in members if cause.need), None)
    rules = tuple(dict.fromkeys(rule for _, rule, _ in members))
    return Unjudged(first.verdict, need, reason, first.hint, rules=rules, checks=sum(one for _, _, one in members))


def sentence(text: str) -> str:
    """Begin with a capital and end with a stop, so that a reason and its remedy don't run into each other."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
