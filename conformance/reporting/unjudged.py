"""What a run could not judge, grouped by the reason, each with how to make it judgeable."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from conformance.contract.model import Need
from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.judging.results import Check, Results, RuleResult

REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        Need.RO: "Set PB_READ_ONLY_API_KEY to a key that may read and not write.",
        Need.NOSCOPE: "Set PB_NO_SCOPE_API_KEY to a key without the read scopes.",
        Need.OTHER: "Set PB_OTHER_ORG_API_KEY to a key of another organization.",
        Need.CLOCK: "Give --clock-url, which moves the target's clock, or --ledger and run again a day later.",
        Need.LISTENER: "Give --listen and --listener-url: an address at which the target reaches us.",
        Need.QUOTA: "Give --spend-quota, and best PB_QUOTA_API_KEY: leave to spend the rate limit of a key.",
        Need.HTTPS: "Judge the target at an https base URL.",
        Need.WRITE: "Leave --read-only out; for a pb_live_ key add --allow-live-writes.",
    },
)
"""How to give each need, where a check did not say so itself (the options and keys of the run)."""

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
    reason = found.reason or missing.get(need or "", "") or "No check of this rule was part of the run."
    return _Cause(Verdict.NOT_RUN, need, reason, REMEDIES.get(need or "", ""))


def _cause(found: RuleResult, check: Check, missing: Mapping[str, str]) -> _Cause:
    need = _need(found, missing) if check.verdict is Verdict.NOT_JUDGED else None
    if need is None:
        return _Cause(check.verdict, None, check.message, check.hint)
    hint = check.hint or REMEDIES.get(need, "")
    return _Cause(check.verdict, need, check.message if missing[need] == hint else missing[need], hint)


def _need(found: RuleResult, missing: Mapping[str, str]) -> str | None:
    lacking = sorted(need.value for need in found.rule.needs if need.value in missing)
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
