"""What a run comes to: counts, the outcome in a word, and the one sentence that every format shares.

An incomplete run never reads as a pass. "conforms" is said only where something binding was judged, nothing
failed, no check was blocked, left out or hit an error of the suite, and the run went to its end.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.contract.model import Level
from conformance.judging.results import named
from conformance.judging.verdicts import Verdict
from conformance.reporting.unjudged import Unjudged, unjudged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.judging.results import Results, RunFacts, TargetFacts

_HOLDS = frozenset({Verdict.PASS, Verdict.NOTED})
_LEAVES_OPEN = frozenset({Verdict.ERROR, Verdict.BLOCKED, Verdict.NOT_RUN})


class Outcome(StrEnum):
    """The run in a word or two, as a badge shows it."""

    CONFORMS = "conforms"
    BREAKS = "breaks the contract"
    INCOMPLETE = "incomplete"
    NOTHING_JUDGED = "nothing judged"


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How the rules of one level came out; `verdicts` has every verdict, also those with a count of 0."""

    level: Level
    verdicts: Mapping[Verdict, int]

    @property
    def applicable(self) -> int:
        """The denominator: the rules of this level that can apply to the target."""
        return sum(self.verdicts.values()) - self.verdicts[Verdict.NOT_APPLICABLE]

    @property
    def holding(self) -> int:
        """The rules of this level that were judged and hold."""
        return sum(self.verdicts[verdict] for verdict in _HOLDS)

    @property
    def judged(self) -> int:
        """The rules of this level about which something was found out."""
        return sum(count for verdict, count in self.verdicts.items() if verdict.judged)

    @property
    def broken(self) -> int:
        """The rules of this level that the target breaks."""
        return self.verdicts[Verdict.FAIL] + self.verdicts[Verdict.WARN]


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome, the sentence, the counts behind them, and what could not be judged and why.

    `levels` has one entry a level, in their order; `checks` counts single checks by verdict; `broken` names
    the rules that the target breaks, MUST before SHOULD.
    """

    outcome: Outcome
    sentence: str
    levels: tuple[LevelCount, ...]
    checks: Mapping[Verdict, int]
    broken: tuple[str, ...]
    unjudged: tuple[Unjudged, ...]


def summarize(results: Results) -> Summary:
    """Count the rules and checks of a run and say in one sentence what it came to."""
    levels = tuple(_count(results, level) for level in Level)
    outcome = _outcome(results)
    groups = unjudged(results)
    return Summary(
        outcome=outcome,
        sentence=_sentence(results, outcome, levels),
        levels=levels,
        checks=_tally([check.verdict for check in results.checks]),
        broken=_broken(results, Level.MUST) + _broken(results, Level.SHOULD),
        unjudged=groups,
    )


def _count(results: Results, level: Level) -> LevelCount:
    return LevelCount(level, _tally([found.verdict for found in results.rules if found.rule.level is level]))


def _tally(verdicts: Sequence[Verdict]) -> Mapping[Verdict, int]:
    counted = Counter(verdicts)
    return {verdict: counted[verdict] for verdict in Verdict}


def _broken(results: Results, level: Level) -> tuple[str, ...]:
    breaches = (Verdict.FAIL, Verdict.WARN)
    return tuple(found.rule.id for found in results.rules if found.rule.level is level and found.verdict in breaches)


def _outcome(results: Results) -> Outcome:
    binding = [found for found in results.rules if found.rule.level is not Level.NOTE]
    rules = {found.verdict for found in binding}
    checks = {check.verdict for found in binding for check in found.checks}
    failing = {Verdict.FAIL, Verdict.WARN} if results.run.options.get("strict") else {Verdict.FAIL}
    if any(check.verdict in failing for check in results.checks):
        return Outcome.BREAKS
    if not any(verdict.judged for verdict in checks):
        return Outcome.NOTHING_JUDGED
    if (rules | checks | {check.verdict for check in results.checks}) & _LEAVES_OPEN:
        return Outcome.INCOMPLETE
    return Outcome.CONFORMS if results.run.ended == "complete" else Outcome.INCOMPLETE


def _sentence(results: Results, outcome: Outcome, levels: Sequence[LevelCount]) -> str:
    must, should = levels[0], levels[1]
    holding = f"{must.holding} of {must.applicable} MUST rules hold against {_target(results.target)}"
    parts = [
        f"{_opening(results.run, outcome)}{holding}, {', '.join(_rest(results, must))}",
        f"{should.broken} of {should.judged} judged SHOULD rules broken" if should.judged else "",
        _cost(results.run),
    ]
    return "; ".join(part for part in parts if part) + "."


def _opening(run: RunFacts, outcome: Outcome) -> str:
    how = "" if run.ended == "complete" else f" ({run.ended})"
    if outcome is Outcome.NOTHING_JUDGED:
        return f"Nothing was judged{how}: "
    return f"Incomplete{how}: " if how or outcome is Outcome.INCOMPLETE else ""


def _target(target: TargetFacts) -> str:
    return f"the embedded reference at {target.base_url}" if target.embedded else target.base_url


def _rest(results: Results, must: LevelCount) -> list[str]:
    """Say where the MUST rules that do not hold have gone, so that the numbers add up."""
    broken = _broken(results, Level.MUST)
    waived = _waived(results, broken)
    told = f"{len(broken)} broken ({named(broken)}{f'; {waived} of them waived' if waived else ''})"
    rest = [told if broken else "none broken"]
    words = {
        Verdict.ERROR: "met an error of the suite",
        Verdict.BLOCKED: "blocked",
        Verdict.NOT_JUDGED: "not judged",
        Verdict.NOT_RUN: "not run",
    }
    return rest + [f"{must.verdicts[verdict]} {word}" for verdict, word in words.items() if must.verdicts[verdict]]


def _waived(results: Results, broken: Sequence[str]) -> int:
    """Count the broken rules whose every breach is waived."""
    return sum(
        all(check.waived for check in found.checks if check.verdict is Verdict.FAIL)
        for found in results.rules
        if found.rule.id in broken
    )


def _cost(run: RunFacts) -> str:
    noun = "request" if run.requests == 1 else "requests"
    return f"{run.requests} {noun} in {run.seconds:.1f} s on {_moment(run.started)}"


def _moment(started: str) -> str:
    """Give the start of a run to the minute; text that is no ISO 8601 date-time stays as it is."""
    try:
        moment = datetime.fromisoformat(started).astimezone(UTC)
    except ValueError:
        return started
    return f"{moment:%Y-%m-%d at %H:%M} UTC"
