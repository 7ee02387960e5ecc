"""Reading the rate limit headers, of one answer and of a sequence (overview › Standard response headers).

A fixed window and a token bucket both conform. A bucket regains as it goes, and its Reset is when it will be full:
that tells how fast it regains, and so which rise, or standing still, is its own.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.headers import RATE_LIMIT, RATE_REMAINING, RATE_RESET
from conformance.judging.verdicts import Blocked
from scenarios._answers import require_readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

QUICK = 2
"""Requests before and after the pause."""
PAUSE = 2.2
"""Seconds between: a Reset that moves with the time has then moved by more than a whole second."""
QUIET = 10
"""Seconds to wait for the others at most."""
NEAR = 2
"""A Reset so few seconds ahead tells nothing: a bucket that is nearly full, or a window that is nearly over."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer told, in requests and epoch seconds, and when it was asked and answered by our own clock.

    `place` counts the requests of the sequence; `now` is the target's Date.
    """

    place: int
    limit: int
    remaining: int
    reset: int
    now: float
    asked: float
    answered: float


def integer(exchange: Exchange, name: str) -> int | None:
    """Give the integer in a header of the answer; None where there is none."""
    value = (exchange.header(name) or "").strip()
    return int(value) if re.fullmatch(r"-?[0-9]{1,20}", value) else None


async def quiet(target: Target) -> None:
    """Wait, not for long, until nobody else asks: what others spend moves a bucket's Reset."""
    deadline = time.monotonic() + QUIET
    while target.client.in_flight and time.monotonic() < deadline:  # noqa: ASYNC110  # the wire counts and signals nobody
        await asyncio.sleep(0.1)


async def readings(target: Target) -> Sequence[Reading]:
    """Make a few requests one after the other, with a pause in their midst."""
    await require_readable(target)
    first = [await _read(target, place) for place in range(QUICK)]
    await asyncio.sleep(PAUSE)
    return [*first, *[await _read(target, QUICK + place) for place in range(QUICK)]]


async def _read(target: Target, place: int) -> Reading:
    asked = time.monotonic()
    exchange = await target.get("/observations", {"limit": "1"})
    answered = time.monotonic()
    limit, remaining, reset = (integer(exchange, one.name) for one in (RATE_LIMIT, RATE_REMAINING, RATE_RESET))
    date = exchange.response.date if exchange.response is not None else None
    if exchange.status != 200 or limit is None or remaining is None or reset is None:
        raise Blocked("a list does not tell its rate limit as three integers")
    now = date.timestamp() if date is not None else time.time()
    return Reading(place, limit, remaining, reset, now, asked, answered)


def may_be_a_window(taken: Sequence[Reading]) -> bool:
    """Tell whether another try may meet a window in its midst: some Reset lay ahead by more than a bucket's moment."""
    return any(reading.reset - reading.now > NEAR for reading in taken)


def within_one_window(taken: Sequence[Reading]) -> Sequence[Reading]:
    """Give the readings if one Reset, not near, holds for all of them; else none: they can't be compared."""
    same = len({reading.reset for reading in taken}) == 1
    return taken if same and taken[-1].reset - taken[-1].now > NEAR else ()


def is_refill(one: Reading, later: Reading) -> bool:
    """Tell whether what came back between two readings under one Reset is what a bucket regains, no more and no less.

    A bucket that is full at Reset regains its deficit evenly until then, less what is spent. And as whatever is spent
    puts its Reset off, a Reset that has stayed within its second means that nearly all came back.
    """
    deficit, left = one.limit - one.remaining, one.reset - one.now
    least = deficit / (left + 1) * (later.asked - one.answered - 1) - 1
    return may_regain(one, later) and least <= later.remaining - one.remaining


def may_regain(one: Reading, later: Reading) -> bool:
    """Tell whether a bucket can have regained so much between two readings, or more was given back than it lacked."""
    deficit, left = one.limit - one.remaining, one.reset - one.now  # Date and Reset are whole seconds: 1 s either way
    most = deficit / max(left - 1, 1) * (later.answered - one.asked) - (later.place - one.place)
    return later.remaining - one.remaining <= math.ceil(most)
