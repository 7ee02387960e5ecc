"""From a check to what pytest shows: an outcome, a letter, a word and a text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from conformance.judging.results import Check, Waived
from conformance.judging.verdicts import Verdict
from conformance.wire.curl import curl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract.model import Rule
    from conformance.wire.exchange import Exchange


class Shown(NamedTuple):
    """How pytest shows a verdict: the category it counts under, its letter, its word and colour."""

    category: str
    letter: str
    word: tuple[str, dict[str, bool]]


SHOWN: Mapping[Verdict, Shown] = {
    Verdict.PASS: Shown("passed", ".", ("PASS", {"green": True})),
    Verdict.NOTED: Shown("noted", "n", ("NOTED", {"cyan": True})),
    Verdict.WARN: Shown("should broken", "w", ("WARN", {"yellow": True})),
    Verdict.FAIL: Shown("failed", "F", ("FAIL", {"red": True})),
    Verdict.ERROR: Shown("error", "E", ("ERROR", {"red": True})),
    Verdict.BLOCKED: Shown("blocked", "b", ("BLOCKED", {"red": True})),
    Verdict.NOT_JUDGED: Shown("not judged", "?", ("NOT JUDGED", {"yellow": True})),
    Verdict.NOT_APPLICABLE: Shown("not applicable", "-", ("NOT APPLICABLE", {})),
}


TOLD = 10
"""So many findings of one item are told in the terminal; the reports have a check for each."""
WAIVED = Shown("waived", "v", ("WAIVED", {"yellow": True}))
"""How pytest shows a breach that a waiver covers, whatever its verdict."""


def deliver(check: Check, rule: Rule, *, strict: bool, exchanges: Iterable[Exchange]) -> None:
    """End a pytest item as its check says: return, skip with the reason, or fail with the whole story."""
    if check.waived is not None:
        pytest.xfail(f"waived until {check.waived.expires} by {check.waived.owner}: {check.message}")
    match check.verdict:
        case Verdict.FAIL:
            pytest.fail(story(check, rule, exchanges), pytrace=False)
        case Verdict.WARN if strict:
            pytest.fail(story(check, rule, exchanges), pytrace=False)
        case Verdict.ERROR:
            pytest.fail(f"{check.message}\n{check.traceback}", pytrace=False)
        case Verdict.BLOCKED | Verdict.NOT_JUDGED | Verdict.NOT_APPLICABLE:
            pytest.skip(f"{check.verdict.words}: {check.message}. {check.hint}".strip())


def story(check: Check, rule: Rule, exchanges: Iterable[Exchange]) -> str:
    """Tell a breach: the rule, its source, expected and observed, and how to see it oneself."""
    sources = ", ".join(map(str, rule.sources))
    lines = [f"{rule.id} {rule.level}: {rule.title}", f"  source    {sources}", f"  breach    {check.message}"]
    if check.expected:
        lines.append(f"  expected  {check.expected}")
    if check.observed is not None:
        lines.append(f"  observed  {_brief(check.observed)}")
    lines += [f"  why       {rule.why}"] if rule.why else []
    known = {exchange.number: exchange for exchange in exchanges}
    for one in [one for one in check.found if one.waived is None][:TOLD]:
        lines += [f"  finding   {one.message}", *_evidence([known[number] for number in one.exchanges])]
    return "\n".join([*lines, *_evidence([] if check.found else list(known.values()))])


def _evidence(exchanges: list[Exchange]) -> list[str]:
    if not exchanges:
        return []
    last = exchanges[-3:]
    earlier = (
        [f"  ({len(exchanges) - len(last)} earlier exchanges are in the report)"] if len(exchanges) > len(last) else []
    )
    return [*earlier, *(line for exchange in last for line in (f"  {exchange}", f"    {curl(exchange)}"))]


def _brief(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 600 else f"{text[:600]}... ({len(text)} characters)"  # noqa: PLR2004


def pack(check: Check) -> dict[str, Any]:
    """Make a check of plain values, as pytest-xdist sends reports between processes."""
    return asdict(check) | {"verdict": check.verdict.value, "found": list(map(pack, check.found))}


def unpack(packed: Mapping[str, Any]) -> Check:
    """Make the check of `packed` again."""
    changed: dict[str, Any] = {"verdict": Verdict(packed["verdict"]), "exchanges": tuple(packed["exchanges"])}
    changed |= {"waived": Waived(**packed["waived"]) if packed["waived"] else None}
    changed |= {"found": tuple(map(unpack, packed["found"]))}
    return Check(**{**packed, **changed})
