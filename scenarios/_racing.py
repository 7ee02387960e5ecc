"""What races share: which answers count, and rounds that are played again where too few of them do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.judging.expect import error_of
from conformance.judging.verdicts import Blocked
from conformance.wire.throttling import is_throttled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from conformance.wire.exchange import Exchange

ROUNDS = 2
SPARE = 6
"""So many rounds in all may be played again, because the wire lost or the target throttled what would decide them."""
AT_ONCE = 4


def refused_to_hear(exchange: Exchange) -> bool:
    """Tell whether the target put the request off unheard (429, or 503 with Retry-After): it did nothing."""
    return exchange.response is not None and is_throttled(exchange.response)


def answered(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Keep those that were heard and answered; what became of the others nobody knows, or nothing."""
    return [one for one in exchanges if one.response is not None and not refused_to_hear(one)]


def is_race(exchanges: Sequence[Exchange]) -> bool:
    """Tell whether several were heard, or one and the others put off: a target may let them in one by one."""
    heard = answered(exchanges)
    return len(heard) > 1 or (bool(heard) and all(map(refused_to_hear, set(exchanges) - set(heard))))


def told(exchanges: Sequence[Exchange]) -> list[Any]:
    """Show the answers of a race in a report: status and error code of each, None for one that was lost."""
    return [one.response and [one.status, error_of(one).get("code")] for one in exchanges]


async def play(round_: Callable[[], Awaitable[bool]]) -> None:
    """Play a round (it tells whether it was decided) until ROUNDS were; raise `Blocked` where that takes too many."""
    decided = 0
    for _ in range(ROUNDS + SPARE):
        decided += await round_()
        if decided == ROUNDS:
            return
    raise Blocked("too many answers to simultaneous requests were lost or throttled")
