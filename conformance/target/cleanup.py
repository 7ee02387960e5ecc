"""Leaving a target as it was found: what a run made is removed, also what it never learned that it made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.errors import TargetError
from conformance.target.asking import ASKER
from conformance.target.removal import remove_made

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange, Request

CONFLICT = 409


async def clean_up(target: Target) -> tuple[str, ...]:
    """Remove all that this run made and has not removed; return the ids for which that failed.

    What is still being gathered is cancelled first, and a create whose answer was lost is sent once more.
    """
    ASKER.set("cleanup")
    await target.stop()
    lost = [one.request for one in target.client.recorder.exchanges if _is_lost(one)]
    found = await asyncio.gather(*(_found(target, one) for one in lost))
    left = await remove_made(target)
    target.journal.close(lost=found.count(False))
    return left


def _is_lost(exchange: Exchange) -> bool:
    """Tell whether nobody knows what a create made, because its answer never came or was not waited for."""
    return exchange.method == "POST" and exchange.path.count("/") == 1 and exchange.response is None


async def _found(target: Target, create: Request) -> bool:
    """Repeat a create under its own Idempotency-Key, so that the replay tells what it made; False where it does not."""
    names = ("Idempotency-Key", "Content-Type")
    headers = {name: value for name in names if (value := create.header(name))}
    if not create.role or "Idempotency-Key" not in headers:
        return False
    request = {"content": create.body, "headers": headers, "role": create.role, "idempotent": True}
    try:
        exchange = await target.post(create.path, **request)
    except TargetError:
        return False
    return exchange.status is not None and exchange.status < 500 and exchange.status != CONFLICT  # noqa: PLR2004  # RFC 9110
