"""What a run leaves behind: one `Check` an item, and the whole of it as `Results`, frozen.

`Results` is all that reporting sees. Everything in it is redacted already (wire.redaction) and
made of JSON-able values, so that it can cross a process border (pytest-xdist) and be written as it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.contract.rules import RULES
from conformance.judging.verdicts import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.contract.model import Rule
    from conformance.wire.exchange import Exchange

NAMED = 5
"""So many rules are named in a sentence before it only counts them."""


@dataclass(frozen=True, slots=True)
class Waived:
    """That a breach is known: who answers for it, why, and until which day (ISO 8601). It stays a breach."""

    owner: str
    reason: str
    expires: str


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one item: one rule judged for one subject.

    `message` is one sentence: the breach, the reason, what was noted, or what the pass rests on.
    `expected` and `observed` stand side by side where there is a breach; `observed` is any JSON value.
    `exchanges` are the numbers of the exchanges it rests on, in order. `seconds` is wall time.

    An item may find several things that are wrong, each of them a bug of its own: `found` holds a check for each, told
    apart by `finding`, which stays the same from run to run. Reports, waivers and comparisons know these `singly`.
    """

    item: str
    rule: str
    verdict: Verdict
    subject: str | None = None
    message: str = ""
    expected: str = ""
    observed: Any = None
    hint: str = ""
    value: Any = None
    exchanges: tuple[int, ...] = ()
    seconds: float = 0.0
    traceback: str = ""
    waived: Waived | None = None
    finding: str = ""
    found: tuple[Check, ...] = ()

    @property
    def singly(self) -> tuple[Check, ...]:
        """The checks that this one comes to in a report."""
        return self.found or (self,)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """About the run: when (ISO 8601, UTC), how long (seconds), what it cost (requests sent), with what."""

    id: str
    started: str
    seconds: float
    requests: int
    options: Mapping[str, Any] = field(default_factory=dict)
    requests_by_family: Mapping[str, float] = field(default_factory=dict)
    ended: str = "complete"  # or why not: "interrupted", "stopped after the first failure", "target unreachable: ..."


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """About the target: where it is, what it called itself, and what it could not offer (need -> why)."""

    base_url: str
    embedded: bool
    organization: str | None = None
    plan: str | None = None
    key_name: str | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleResult:
    """A rule with all its checks; its verdict is the worst of theirs."""

    rule: Rule
    checks: tuple[Check, ...]
    reason: str = ""

    @cached_property
    def verdict(self) -> Verdict:
        """The worst verdict of the checks; `not_run` without any."""
        return worst(check.verdict for check in self.checks)


@dataclass(frozen=True)
class Results:
    """Everything about one run. `exchanges` holds only what the checks cite, keyed by number.

    `coverage` is how much of what the published spec promises was seen, None where there was no spec to read;
    `triangle` what the documents, the spec and the run say of each thing, and `unread` why the spec, or its schemas,
    had no part in it.
    """

    run: RunFacts
    target: TargetFacts
    checks: tuple[Check, ...]
    exchanges: Mapping[int, Exchange]
    reasons: Mapping[str, str] = field(default_factory=dict)  # rule id -> why it has no check at all
    coverage: Mapping[str, Any] | None = None
    triangle: Sequence[Mapping[str, Any]] | None = None
    unread: str = ""

    @cached_property
    def rules(self) -> Sequence[RuleResult]:
        """Every rule of the catalogue in its order, also those not run."""
        checks: dict[str, list[Check]] = defaultdict(list)
        for check in self.checks:
            checks[check.rule].append(check)
        reasons = {rule.id: "" if checks[rule.id] else self.reasons.get(rule.id, "") for rule in RULES}
        return tuple(RuleResult(rule, tuple(checks[rule.id]), reasons[rule.id]) for rule in RULES)


def named(ids: Iterable[str]) -> str:
    """List ids for a sentence, each once; of many, some are named and the rest counted."""
    names = list(dict.fromkeys(ids))
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
