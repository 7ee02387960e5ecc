"""Spending the rate limit of one key, and waiting until it is served again (overview › Standard response headers).

Asked last and alone. The quota key is spent where there is one, else the first key, whose limit is then waited out so
that what still has to be done finds it open.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.contract.headers import RATE_LIMIT, RATE_REMAINING, RATE_RESET
from conformance.judging.verdicts import Blocked, NotJudged
from conformance.target.instants import target_now
from conformance.wire.roles import KEY, QUOTA
from conformance.wire.throttling import retry_after
from scenarios._rate_limits import integer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

MOST = 2000
"""So many requests are spent at most, and of a small quota four times the quota and some."""
LONGEST = 90.0
"""Seconds to spend, and seconds to wait, at most."""
WAVE = 50
"""Requests sent at once at most; the wire has its own bound on what is in flight."""
MARGIN = 1.0
"""Seconds added to Retry-After, which is told in whole seconds."""
SLACK = 10
"""So many requests more than a bucket can have regained are no matter."""
ODD = 3
"""So many answers that are neither success nor 429, once nothing is left, are the target's way to say so."""
NEEDED = 40
"""Requests that the end of a run needs beside what it has to remove."""
SMALL_QUOTA = "Give a PB_QUOTA_API_KEY whose quota is small: some dozen requests, and a window of seconds."


@dataclass
class Spending:
    """A quota as it is spent. `limit` and `remaining` are what its first answer told; answers come in their order."""

    role: str
    path: str
    limit: int
    remaining: int
    served: list[Exchange] = field(default_factory=list)
    throttled: list[Exchange] = field(default_factory=list)
    odd: list[Exchange] = field(default_factory=list)
    recovered: Exchange | None = None
    """What the first request got after Retry-After; None where that was not told, or too long to wait for."""

    @property
    def sent(self) -> int:
        """How many requests it took."""
        return len(self.served) + len(self.throttled) + len(self.odd)

    @property
    def spent(self) -> bool:
        """Whether nothing can be left: an answer told so, or as many were served as there were."""
        return len(self.served) > self.remaining or any(integer(one, RATE_REMAINING.name) == 0 for one in self.served)

    def add(self, answers: Sequence[Exchange]) -> None:
        """Sort answers; what went wrong while there was something left is the weather's."""
        for one in sorted(answers, key=lambda answer: answer.number):
            if 200 <= (one.status or 0) < 300:
                self.served.append(one)
            elif one.status == 429:
                self.throttled.append(one)
            elif self.spent:
                self.odd.append(one)

    @property
    def left(self) -> int:
        """How many requests the last answer tells to be left."""
        told = integer(self.served[-1], RATE_REMAINING.name) if self.served else None
        return max(told or 0, 0)

    @property
    def overdrawn(self) -> int:
        """How many requests were served beyond what any quota of this size allows; 0 where that is not certain."""
        return max(0, *self._after_nothing(), *self._within_one_window())

    def _after_nothing(self) -> Iterator[int]:
        """Count what was served after an answer told that nothing is left, and before that answer's Reset.

        A window serves nothing any more. A bucket that will be full at Reset regains its limit until then; twice that
        is allowed.
        """
        nothing = next((one for one in self.served if integer(one, RATE_REMAINING.name) == 0), None)
        reset = integer(nothing, RATE_RESET.name) if nothing else None
        if nothing is None or reset is None:
            return
        whole = reset - target_now(nothing).timestamp() - 1  # Date and Reset are whole seconds
        later = [one for one in self.served if _sent(one) > _answered(nothing)]
        within = [one for one in later if _answered(one) - _answered(nothing) < whole]
        if within:
            seconds = _answered(within[-1]) - _answered(nothing) + 1
            yield len(within) - SLACK - round(2 * self.limit * seconds / max(whole, 1))

    def _within_one_window(self) -> Iterator[int]:
        """Count what was served under one Reset: never twice the limit, were it a bucket that is refilled meanwhile."""
        resets = [integer(one, RATE_RESET.name) for one in self.served]
        for reset in set(resets) - {None}:
            yield resets.count(reset) - SLACK - 2 * self.limit


def _sent(exchange: Exchange) -> float:
    return exchange.attempts[-1].started


def _answered(exchange: Exchange) -> float:
    return exchange.attempts[-1].started + exchange.attempts[-1].seconds


async def spending(target: Target) -> Spending:
    """Spend a key's quota until it is throttled, once a run, wait as long as told, and ask once more."""
    return await target.once("a spent quota", lambda: _spend_and_wait(target))


async def _spend_and_wait(target: Target) -> Spending:
    kept = await _begin(target)
    deadline = time.monotonic() + LONGEST
    extra = 0
    while not (kept.throttled or kept.overdrawn or len(kept.odd) >= ODD):
        size = min(kept.left + 1 + extra, WAVE, min(MOST, 4 * kept.limit + 2 * WAVE) - kept.sent)
        if size < 1 or time.monotonic() > deadline:
            break
        kept.add(await asyncio.gather(*(_ask(target, kept.role, kept.path) for _ in range(size))))
        extra = max(4, 2 * extra) if kept.spent else 0
    kept.recovered = await _recovered(target, kept)
    await _leave_open(target)
    return kept


async def _ask(target: Target, role: str, path: str) -> Exchange:
    return await target.get(path, {"limit": "1"} if path != "/session" else (), role=role, throttled="return")


async def _begin(target: Target) -> Spending:
    """Ask the first time; undecided where the quota can't be told, or would take too much to spend."""
    role = QUOTA if QUOTA in target.client.roles else KEY
    for path in ("/session", "/observations"):
        first = await _ask(target, role, path)
        if first.status != 403:
            break
    limit, remaining, reset = (integer(first, one.name) for one in (RATE_LIMIT, RATE_REMAINING, RATE_RESET))
    kept = Spending(role, path, limit or 0, remaining or 0)
    kept.add([first])
    if kept.throttled:
        return kept
    _require_served(first)
    if limit is None or remaining is None or reset is None:
        raise Blocked(f"GET {path} does not tell its rate limit as three integers")
    _require_affordable(target, remaining, reset - target_now(first).timestamp(), role)
    return kept


def _require_served(first: Exchange) -> None:
    if first.status in {401, 403}:
        raise NotJudged(
            f"the key gets {first.status} on what it was to be spent", hint="Give it the scope session:read."
        )
    if first.status != 200:
        raise Blocked(f"{first}: there is nothing to spend a quota on")


def _require_affordable(target: Target, remaining: int, seconds: float, role: str) -> None:
    """Don't spend more than bounds allow, nor the first key for longer than the end of the run can wait."""
    budget = target.client.options.request_budget
    left = MOST if budget is None else budget - target.client.count - len(target.journal.remains()) - NEEDED
    if remaining + 2 > min(left, MOST):
        raise NotJudged(f"{remaining} requests of the quota are left, which are too many to spend", hint=SMALL_QUOTA)
    if role == KEY and seconds > LONGEST:
        raise NotJudged(f"the first key would be spent for {seconds:.0f} s", hint=SMALL_QUOTA)


def told_wait(exchange: Exchange) -> float | None:
    """Give the whole seconds of Retry-After; None where there are none."""
    value = exchange.header("retry-after") or ""
    return retry_after(exchange.response) if exchange.response and value.strip().isdigit() else None


def open_again(kept: Spending) -> float | None:
    """Say by our own time (epoch seconds) when each 429 says that a request is served again; None where none does."""
    waits = [(_answered(one), told_wait(one)) for one in kept.throttled]
    return max((answered + told for answered, told in waits if told is not None), default=None)


async def _recovered(target: Target, kept: Spending) -> Exchange | None:
    when = open_again(kept)
    if when is None or when - time.time() > LONGEST:
        return None
    await asyncio.sleep(max(when - time.time(), 0) + MARGIN)
    for _ in range(ODD):
        answer = await _ask(target, kept.role, kept.path)
        if answer.status not in {429, 503}:  # either may be of another limit, or of the weather, but not each time
            break
    return answer


async def _leave_open(target: Target) -> None:
    """Wait, not for ever, until the first key has room for the rest of the run: it may share what was spent."""
    wanted = len(target.journal.remains()) + NEEDED
    deadline = time.monotonic() + LONGEST
    pause = 0.0
    while time.monotonic() + pause < deadline:
        await asyncio.sleep(pause)
        answer = await _ask(target, KEY, "/session")
        limit, left = integer(answer, RATE_LIMIT.name), integer(answer, RATE_REMAINING.name)
        if answer.status != 429 and (limit is None or left is None or left >= min(wanted, limit - 1)):
            return
        pause = max(told_wait(answer) or 0, 1.0)
