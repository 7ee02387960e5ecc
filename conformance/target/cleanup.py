"""Leaving a target as it was found: what a run made is removed, also what it never learned that it made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.errors import Missing, TargetError
from conformance.target.asking import ASKER
from conformance.target.reading import unwrap, with_query
from conformance.target.removal import remove_made
from conformance.target.target import OBSERVATIONS

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange, Request

CONFLICT = 409
PATIENCE = 20.0
"""Seconds that the clean-up may wait on 429 and 503, whatever the run has spent."""
PAGES = 10


async def clean_up(target: Target) -> tuple[str, ...]:
    """Remove all that this run made and has not removed; return the ids for which that failed.

    What is still being gathered is cancelled first. A create whose answer was lost, or told no id, is sent once more;
    what a refused create made all the same is found by what it says of this run.
    """
    ASKER.set("cleanup")
    target.client.renew_patience(PATIENCE)
    await target.stop()
    lost = [one.request for one in target.client.recorder.exchanges if _is_lost(one)]
    found = await asyncio.gather(*(_found(target, one) for one in lost))
    left = await remove_made(target)
    if sum([await _sweep(target, role) for role in sorted(target.makers)]):
        left = await remove_made(target)
    target.journal.close(lost=found.count(False))
    return left


def _is_lost(exchange: Exchange) -> bool:
    """Tell whether nobody knows what a create made: no answer came, or one that tells no id."""
    if exchange.method != "POST" or exchange.path.count("/") != 1 or not exchange.request.role:
        return False
    response = exchange.response
    if response is None or response.status >= 500:  # noqa: PLR2004  # RFC 9110: the server erred
        return True
    made = unwrap(response.json) if response.is_json else None
    return response.status < 300 and not isinstance((made or {}).get("id"), str)  # noqa: PLR2004  # RFC 9110: success


async def _sweep(target: Target, role: str) -> int:
    """Note in the journal what is listed as written by this run and is not known to it; return how much that is.

    `role` is the key by which to look: this organization's, or the other's.
    """
    query: list[tuple[str, str]] = [("sort", "-created_at"), ("limit", "100")]
    found = 0
    for _ in range(PAGES):
        try:
            page = await target.page(OBSERVATIONS, query, role=role)
        except (TargetError, Missing):
            break
        ours = [item for item in page.items if target.signature in str(item.get("observation"))]
        strays = [str(item.get("id")) for item in ours if not target.journal.knows(str(item.get("id")))]
        for stray in strays:
            target.journal.made(stray, OBSERVATIONS, role)
        found += len(strays)
        if not ours or page.next_cursor is None:
            break
        query = with_query(query, cursor=page.next_cursor)
    return found


async def _found(target: Target, create: Request) -> bool:
    """Repeat a create under its own Idempotency-Key, so that the replay tells what it made; False where it does not."""
    names = ("Idempotency-Key", "Content-Type")
    headers = {name: value for name in names if (value := create.header(name))}
    if not create.role or "Idempotency-Key" not in headers:
        return False
    request = {"content": create.body, "headers": headers, "role": create.role, "idempotent": True}
    try:
        exchange = await target.post(create.path, **request)
    except (TargetError, Missing):
        return False
    return exchange.status is not None and exchange.status < 500 and exchange.status != CONFLICT  # noqa: PLR2004  # RFC 9110
