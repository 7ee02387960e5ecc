"""What becomes of Idempotency-Keys in a day: the target's clock is moved on, and its keys are used again.

How old a key is when it is used again is known between two bounds: what the clock was moved by, and what our own clock
tells of the time between the answer to the one request and the sending of the other (at least), or between the sending
of the one and the answer to the other (at most).
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from conformance.judging.verdicts import NotJudged
from conformance.target.instants import instant, target_now
from conformance.target.reading import Resource, read_resource, unwrap
from scenarios._idempotency import id_of, succeeded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.clock import TargetClock
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

HOUR = 60 * 60
DAY = 24 * HOUR
SPARE = 60
"""Seconds kept away from 24 hours, before and after: answers take time, and clocks may tell whole seconds."""
ROUNDING = 2
"""Seconds by which two instants of a clock that tells whole seconds may seem nearer, or further apart."""


@dataclass(frozen=True, slots=True)
class Used:
    """A key that was used again for its own payload: `least` to `most` seconds after its create, as the target counts.

    `retried` says whether it was used in between, too.
    """

    text: str
    made: str
    again: Exchange
    least: float
    most: float
    retried: bool = False

    @property
    def age(self) -> str:
        """How old the key was, for people."""
        return age(self.least)


@dataclass(frozen=True, slots=True)
class Pending:
    """Why no key was used again for a rule, and when one can be."""

    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Later:
    """Keys that were used again before 24 hours were over, and keys that were used again afterwards.

    Where there are none of either kind, `pending` says so under the id of the rule. `dateless` are creates without a
    date, half an hour after a midnight of the target's in UTC and half an hour before the next: west of it, it still is
    yesterday, and east of it tomorrow.
    """

    before: tuple[Used, ...]
    after: tuple[Used, ...]
    pending: Mapping[str, Pending] = field(default_factory=dict)
    dateless: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Planted:
    """A create: `sent` and `answered` are seconds of our own clock, `moved` those that the target's was moved by."""

    body: Resource
    key: str
    first: Exchange
    sent: float
    answered: float
    moved: float


def age(seconds: float) -> str:
    """Write a span of time in hours and minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


async def a_day(target: Target, clock: TargetClock) -> Later:
    """Let more than 24 hours pass, once a run, and use keys again on the way."""
    return await target.once("a day", lambda: _let_pass(target, clock))


async def _let_pass(target: Target, clock: TargetClock) -> Later:
    half, whole, retried, over = await asyncio.gather(*(_plant(target, clock) for _ in range(4)))
    await _wait_until(clock, DAY // 2, of=(half, whole, retried))
    early = await asyncio.gather(*(_use(target, clock, one) for one in (half, retried)))
    await _wait_until(clock, DAY - SPARE, of=(half, whole, retried))
    late = await asyncio.gather(_use(target, clock, whole), _use(target, clock, retried, retried=True))
    await _require_moved(target, whole, late[0])
    await clock.advance(2 * SPARE)
    after = await asyncio.gather(_use(target, clock, over), _use(target, clock, retried, retried=True))
    soon = await _create_at(target, clock, HOUR // 2, after[0].again)
    late_on = await _create_at(target, clock, DAY - HOUR // 2, soon)
    return Later((*early, *late), tuple(after), dateless=(soon, late_on))


async def _create_at(target: Target, clock: TargetClock, seconds: int, last: Exchange) -> Exchange:
    """Create without a date when the target's clock stands so many seconds after midnight (UTC); `last` tells it."""
    told = last.json if last.response is not None and last.response.is_json else None
    made = instant((unwrap(told) or {}).get("created_at"))
    now = max(filter(None, (target_now(last), made)))
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    await clock.advance((seconds - int((now - midnight).total_seconds())) % DAY)
    return await target.create(await target.body(observation_date=...))


async def _plant(target: Target, clock: TargetClock) -> _Planted:
    body, key = await target.body(), target.chance.uuid()
    sent = time.monotonic()
    first = succeeded(await target.create(body, key=key))
    return _Planted(body, key, first, sent, time.monotonic(), clock.moved)


async def _wait_until(clock: TargetClock, seconds: float, *, of: tuple[_Planted, ...]) -> None:
    """Move the clock until the oldest of some creates is so many seconds old, or a little less."""
    oldest = min(of, key=lambda one: one.sent)
    past = clock.moved - oldest.moved + time.monotonic() - oldest.sent
    await clock.advance(math.floor(seconds - past))


async def _use(target: Target, clock: TargetClock, planted: _Planted, *, retried: bool = False) -> Used:
    moved, asked = clock.moved - planted.moved, time.monotonic()
    again = await target.create(planted.body, key=planted.key)
    least, most = moved + asked - planted.answered, moved + time.monotonic() - planted.sent
    return Used(planted.body["observation"], id_of(planted.first), again, least, most, retried)


async def _require_moved(target: Target, planted: _Planted, used: Used) -> None:
    """Don't judge unless the target itself tells that the time has passed: in Date, or in a fresh created_at."""
    wanted = timedelta(seconds=used.least - ROUNDING)
    if target_now(used.again) - target_now(planted.first) >= wanted:
        return
    made = [instant(one.get("created_at")) for one in (read_resource(planted.first), (await target.make()).resource)]
    if None in made or made[1] - made[0] < wanted:  # type: ignore[operator]  # neither is None
        raise NotJudged(
            f"the target's clock was moved by {age(used.least)}, and neither Date nor created_at has followed",
            hint="Does --clock-url move the clock of this very target?",
        )
