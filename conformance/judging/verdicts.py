"""The verdicts (fixed words) and the four ways in which a scenario says that it has none but `pass`.

A scenario that returns has passed, or has *noted* something if it returns a `Noted`. It raises
`Violation` where the target breaks the rule; what that costs (`fail` or `warn`) the rule's level says.
Every other exception is an `error`: the suite broke, not the target.

    Undecided
    ├── NotJudged       a prerequisite is missing: which, and how to give it
    ├── NotApplicable   the rule can't apply to this target or subject: why
    └── Blocked         what the check builds on failed first: what
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Verdict(StrEnum):
    """What is said of a rule, worst first: a rule's verdict is the worst of its items'."""

    FAIL = "fail"
    ERROR = "error"
    WARN = "warn"
    BLOCKED = "blocked"
    NOT_JUDGED = "not_judged"
    NOTED = "noted"
    PASS = "pass"  # noqa: S105  # a verdict, no password
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"

    @property
    def words(self) -> str:
        """The verdict as a person reads it ("not judged")."""
        return self.value.replace("_", " ")

    @property
    def judged(self) -> bool:
        """Whether something was found out about the target."""
        return self in {Verdict.FAIL, Verdict.WARN, Verdict.NOTED, Verdict.PASS}


_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of `verdicts`; `not_run` where there are none."""
    return min(verdicts, key=_ORDER.__getitem__, default=Verdict.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Noted:
    """What a target does where the documents are silent.

    `sentence` is canonical (the same behaviour gives the same words on every target), `value` is the
    same as data, for comparing two targets or two runs.
    """

    sentence: str
    value: Any = None


class Violation(Exception):  # noqa: N818  # RFC 2119 speaks of violations, and so do we
    """The target breaks the rule. `expected` and `observed` are what a person wants side by side.

    `exchanges` are the numbers of those that show it, where these are fewer than the scenario made.
    """

    def __init__(
        self, message: str, *, expected: str = "", observed: object = None, exchanges: Sequence[int] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.observed = observed
        self.exchanges = tuple(exchanges)


class Violations(Violation):
    """Several breaches that one scenario found, by the ids of the findings; each one becomes a check of its own."""

    def __init__(self, message: str, found: Mapping[str, Violation]) -> None:
        numbers = sorted({number for one in found.values() for number in one.exchanges})
        super().__init__(message, expected=next(iter(found.values())).expected, exchanges=numbers)
        self.found = found


class Undecided(Exception):  # noqa: N818  # not an error: a verdict of its own
    """The scenario ends without a judgement."""

    verdict: Verdict

    def __init__(self, reason: str, *, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class NotJudged(Undecided):
    """A prerequisite is missing; `hint` says how to give it."""

    verdict = Verdict.NOT_JUDGED


class NotApplicable(Undecided):
    """The rule can't apply to this target or subject."""

    verdict = Verdict.NOT_APPLICABLE


class Blocked(Undecided):
    """What the check builds on failed first: a refusal proves nothing if its valid twin is refused too."""

    verdict = Verdict.BLOCKED
