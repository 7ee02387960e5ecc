"""The gate: whether a run lets a deploy pass, and in a sentence why it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.model import Level
from conformance.gate.comparing import name_of
from conformance.judging.results import named
from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from conformance.gate.comparing import Comparison
    from conformance.gate.waivers import Waivers
    from conformance.judging.results import Check, RuleResult

OPEN = frozenset({Verdict.NOT_JUDGED, Verdict.BLOCKED, Verdict.NOT_RUN})
NOTHING = "nothing was judged"


@dataclass(frozen=True, slots=True)
class Policy:
    """By what a gate decides: with `regressed_only` only what regressed since the `baseline` (a report) fails it."""

    strict: bool = False
    require_judged: bool = False
    baseline: Mapping[str, Any] | None = None
    regressed_only: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate says: `reasons` for which it stays shut; () lets the deploy pass."""

    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether it lets the deploy pass."""
        return not self.reasons

    @property
    def sentence(self) -> str:
        """The decision as a person reads it."""
        return "Gate: passed." if self.passed else f"Gate: failed; {'; '.join(self.reasons)}."

    def as_json(self) -> dict[str, Any]:
        """Give plain values, for the report."""
        return {"passed": self.passed, "sentence": self.sentence, "reasons": list(self.reasons)}


def decide(
    policy: Policy,
    rules: Sequence[RuleResult],
    waivers: Waivers,
    *,
    since: Comparison | None,
    ended: str = "complete",
) -> Decision:
    """Decide by a policy about a run: `rules` as judged, how it ended, and what changed since its baseline, if any."""
    checks = [check for found in rules for check in found.checks]
    reasons = [*_red(policy, checks, since)]
    if policy.require_judged:
        unjudged = [found.rule.id for found in rules if found.rule.level is Level.MUST and found.verdict in OPEN]
        reasons += [f"{len(unjudged)} MUST rules were not judged ({named(unjudged)})"] if unjudged else []
    expired = [one.named for one in waivers.expired]
    have = "waiver has" if len(expired) == 1 else "waivers have"
    reasons += [f"{len(expired)} {have} expired ({named(expired)})"] if expired else []
    if not reasons and not any(check.verdict.judged for check in checks):
        reasons.append(NOTHING)
    elif ended != "complete":
        reasons.append(f"the run did not reach its end ({ended})")
    return Decision(tuple(reasons))


def _red(policy: Policy, checks: Sequence[Check], since: Comparison | None) -> Iterator[str]:
    counted = [check for check in checks if check.waived is None]
    errors = [check.rule for check in counted if check.verdict is Verdict.ERROR]
    if errors:
        yield f"the suite itself broke on {named(errors)}"
    if policy.regressed_only and since is not None:
        waived = {(check.rule, name_of(check.item, check.finding)) for check in checks if check.waived is not None}
        changes = since.of("regressed")
        regressed = {change.rule: None for change in changes if (change.rule, change.check) not in waived}
        if regressed:
            several = "s" * (len(regressed) > 1)
            yield f"{len(regressed)} rule{several} regressed since the baseline ({named(regressed)})"
        return
    words = {Verdict.FAIL: ("MUST rule is broken", "MUST rules are broken")}
    words |= {Verdict.BLOCKED: ("rule was blocked", "rules were blocked")}
    words |= {Verdict.WARN: ("SHOULD rule is broken", "SHOULD rules are broken")} if policy.strict else {}
    for verdict, (one, many) in words.items():
        ids = list(dict.fromkeys(check.rule for check in counted if check.verdict is verdict))
        if ids:
            yield f"{len(ids)} {one if len(ids) == 1 else many} ({named(ids)})"
