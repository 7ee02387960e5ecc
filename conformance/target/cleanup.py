"""Leaving a target as it was found: what a run made is archived, also what it never learned that it made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.errors import TargetError
from conformance.target.asking import ASKER
from conformance.target.target import OBSERVATIONS

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange, Request

CONFLICT = 409


async def clean_up(target: Target) -> tuple[str, ...]:
    """Archive all that this run made and has not archived; return the ids for which that failed.

    What is still being gathered is cancelled first, and a create whose answer was lost is sent once more.
    """
    ASKER.set("cleanup")
    await target.stop()
    lost = [one.request for one in target.client.recorder.exchanges if _is_lost(one)]
    found = await asyncio.gather(*(_found(target, one) for one in lost))
    ours = [resource_id for resource_id, path in target.journal.remains() if path == OBSERVATIONS]
    archived = await asyncio.gather(*(_archived(target, one) for one in ours))
    target.journal.close(lost=found.count(False))
    return tuple(one for one, gone in zip(ours, archived, strict=True) if not gone)


def _is_lost(exchange: Exchange) -> bool:
    """Tell whether nobody knows what a create made, because its answer never came or was not waited for."""
    return exchange.method == "POST" and exchange.path == OBSERVATIONS and exchange.response is None


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


async def _archived(target: Target, observation_id: str) -> bool:
    """Archive one; it is as well where it is gone, or archived already."""
    try:
        exchange = await target.archive(observation_id)
    except TargetError:
        return False
    if exchange.status in {404, CONFLICT}:
        target.journal.archived(observation_id)
    return exchange.status in {200, 404, CONFLICT}
