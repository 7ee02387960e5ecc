"""Patience: what a target asks us to wait, how much of it a run has, and an even pace."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

from conformance.wire.exchange import http_date

if TYPE_CHECKING:
    from conformance.wire.exchange import Response

_UNSAID = 1.0  # seconds to wait where Retry-After is missing or unreadable
_LEAST = 0.1  # seconds before the first retry, doubled up to _UNSAID, so that "Retry-After: 0" is no busy loop
_EARNED = 1.0  # seconds of waiting that an answer gives back: who serves, if slowly, is worth waiting for
_SPREAD = 0.1  # how much of a wait is added at random, so that those who waited don't all come at once


def is_throttled(response: Response) -> bool:
    """Whether an answer only asks for patience: any 429, and a 503 that says how long."""
    return response.status == 429 or (response.status == 503 and response.header("retry-after") is not None)  # noqa: PLR2004 - the status codes are their own names


def retry_after(response: Response) -> float:
    """Give the seconds that Retry-After asks for (RFC 9110 section 10.2.3); 1 where it says none."""
    value = (response.header("retry-after") or "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = http_date(value)
    if until is None:
        return _UNSAID
    now = response.date.timestamp() if response.date else time.time()  # the target's clock is the one it means
    return max(0.0, until.timestamp() - now)


class Patience:
    """Hold the requests of a role back while it is throttled, within one budget of seconds for the whole run.

    Waits that overlap are spent once: a minute in which sixteen requests wait is one minute. What is served gives some
    of the budget back, so that a small quota makes a run slow, and only a target that throttles for ever ends it.
    """

    def __init__(self, budget: float) -> None:
        self._budget = self._left = budget
        self._until: dict[str, float] = {}
        self._spent_until = 0.0

    @property
    def left(self) -> float:
        """Seconds that the run may still wait."""
        return self._left

    def ask(self, role: str, seconds: float, *, times: int) -> bool:
        """Hold the role for as long as asked, or as the budget allows; False where nothing is left of it.

        `times` says how often this request was put off already.
        """
        now = _now()
        wanted = now + max(seconds, min(_UNSAID, _LEAST * 2**times))
        begin = max(now, self._spent_until)
        granted = min(max(0.0, wanted - begin), self._left)
        until = min(wanted, begin + granted)
        if until <= now:
            return False
        self._left -= granted
        self._spent_until = begin + granted
        self._until[role] = max(self._until.get(role, 0.0), until)
        return True

    def earn(self) -> None:
        """Count an answer that was no throttling."""
        self._left = min(self._budget, self._left + _EARNED)

    def is_open(self, role: str) -> bool:
        """Whether requests of the role may go out now."""
        return self._until.get(role, 0.0) <= _now()

    async def wait(self, role: str) -> None:
        """Return when the role is no longer held."""
        while not self.is_open(role):
            held = self._until[role] - _now()
            await asyncio.sleep(held + random.uniform(0, _SPREAD * min(held, 1)))  # noqa: S311 - spreads, guards nothing


class Pace:
    """Let requests go at even distances, `per_second` of them, or all at once for None."""

    def __init__(self, per_second: float | None) -> None:
        self._distance = 1 / per_second if per_second else 0.0
        self._next = 0.0

    async def wait(self, slots: int = 1) -> None:
        """Take the next slot, or so many in a row, and return when it begins."""
        now = _now()
        slot = max(now, self._next)
        self._next = slot + slots * self._distance
        if slot > now:
            await asyncio.sleep(slot - now)


def _now() -> float:
    return asyncio.get_running_loop().time()  # the clock that sleep goes by
