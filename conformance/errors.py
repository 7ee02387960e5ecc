"""What can go wrong around a judgement, as opposed to in it.

    ConformanceError
    ├── UsageProblem         the person or the code that asks has to change something
    ├── Missing              the target has no such data, or the key may not use it
    ├── InUse                a file belongs to a run that is still under way
    ├── NotOurs              the suite was about to change what it did not make: a mistake of its own
    └── TargetError          the target did not do its part of HTTP
        ├── Unreachable      no connection could be made
        ├── Unanswered       this request got no answer after its attempts
        ├── Throttled        429 or 503 beyond the waiting budget
        ├── BudgetSpent      the run's budget of requests is used up
        ├── Refused          an answer that a scenario builds on is not the documented one
        └── NotJSON          a body read as JSON is something else

A broken promise of the contract is no error: it is a verdict, and it belongs to conformance/judging.
No message, hint or field of an error ever holds a key; the wire redacts before it raises.
"""

# ruff: noqa: N818 - an error is named for what happened, as httpx and pytest name theirs

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange


EX_UNAVAILABLE = 69
"""The exit code (sysexits.h) of whatever can't reach its target."""


class ConformanceError(Exception):
    """Anything the suite raises on purpose: a sentence on what happened, and a hint at what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageProblem(ConformanceError):
    """The suite was asked for something that it can't do as asked; the hint says how to ask."""


class Missing(ConformanceError):
    """A prerequisite that discovery did not find: `message` names it, `hint` says how to give it."""


class InUse(ConformanceError):
    """A file that is wanted belongs to a run that is still under way."""


class NotOurs(ConformanceError):
    """The suite was about to change what the run did not make; the request was not sent."""


class TargetError(ConformanceError):
    """The target did not hold up its side of the conversation; `exchange` is the evidence, if any."""

    def __init__(self, message: str, hint: str = "", *, exchange: Exchange | None = None) -> None:
        super().__init__(message, hint)
        self.exchange = exchange


class Unreachable(TargetError):
    """No attempt ever got a connection: nothing was asked, so nothing was answered."""


class Unanswered(TargetError):
    """The request was sent, or may have been, and no attempt brought a whole answer."""


class Throttled(TargetError):
    """The target asked for more patience than the run's waiting budget has left."""


class BudgetSpent(TargetError):
    """The run's request budget is used up; the request was not sent."""


class Refused(TargetError):
    """What a scenario builds on was not answered as documented; another rule's scenario judges that."""


class NotJSON(TargetError):
    """A body was read as JSON and is not JSON (RFC 8259)."""
