"""Points in time as a target tells them. Its clock is its Date header, never ours."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,](\d+))?(Z|z|[+-]\d\d(?::?\d\d)?)?")


def instant(text: object) -> datetime | None:
    """Read an ISO 8601 date-time of any precision, as UTC where it has no offset; None if it is none."""
    match = _DATE_TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None or not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.replace(",", ".").replace("z", "Z"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def precision(text: str) -> timedelta:
    """Return the step in which a served date-time can move: a second without a fraction, down to a microsecond."""
    match = _DATE_TIME.fullmatch(text)
    digits = len(match[1] or "") if match else 0
    return timedelta(seconds=10.0 ** -min(digits, 6))


async def pause(served: object) -> None:
    """Wait until a date-time of the precision of `served` must have moved: twice its step, 50 ms at least."""
    step = precision(served) if isinstance(served, str) else timedelta(seconds=1)
    await asyncio.sleep(max(2 * step.total_seconds(), 0.05))


def target_now(exchange: Exchange) -> datetime:
    """Return the target's clock when it answered: its Date header (whole seconds), or ours where it sends none."""
    told = exchange.response.date if exchange.response is not None else None
    if told is not None:
        return told
    last = exchange.attempts[-1]
    return datetime.fromtimestamp(last.started + last.seconds, UTC)
