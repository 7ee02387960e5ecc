"""IDM: a retried create gives the same resource, on every collection (overview › Idempotency keys for POSTs)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import Refused
from conformance.judging.expect import expect, expect_refusal, expect_resource
from conformance.judging.scenario import Phase, during, judges
from conformance.target.made.removal import remove_made
from conformance.target.reading import Resource, read_page, read_resource
from scenarios._elsewhere import COLLECTIONS, accepted_create, create

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

PAUSE = 1.0
"""Seconds after which a list is looked at once more for what it did not show at first."""


@dataclass(frozen=True, slots=True)
class _Retried:
    """A create, and its retry under the same key."""

    path: str
    key: str
    first: Exchange
    again: Exchange


@during(Phase.MAKING)
@judges("IDM-11", over=COLLECTIONS)
async def test_a_create_honours_its_idempotency_key(target: Target, path: str) -> str:
    """A retry gives the same resource and no second one, and the same key with another body a conflict."""
    try:
        return await _judge(target, path)
    finally:
        await remove_made(target, path)


async def _judge(target: Target, path: str) -> str:
    accepted = await accepted_create(target, path)
    first, builder = accepted.exchange, accepted.builder
    again = await create(target, path, accepted.body, key=accepted.key)
    retried = _Retried(path, accepted.key, first, again)
    _expect_replayed(retried)
    reused = await _expect_conflict(target, retried, await builder.other(accepted.body))
    alone = await _expect_alone(target, retried, frozenset(builder.fresh))
    return f"the retry gives {first.status} and the same id; {reused}; {alone}"


def _id(exchange: Exchange) -> str:
    return str(read_resource(exchange)["id"])


def _expect_replayed(retried: _Retried) -> None:
    """Expect the status and the id of the first answer (IDM-01)."""
    first, again = retried.first, retried.again
    replayed = expect_resource(again, int(first.status or 0)).get("id")
    expect(
        replayed == _id(first),
        f"a retried POST {retried.path} gave another resource",
        expected=_id(first),
        observed=replayed,
    )


async def _expect_conflict(target: Target, retried: _Retried, other: Resource | None) -> str:
    """Expect 409 conflict for another payload under the same key (IDM-03); tell what was found out."""
    if other is None:
        return "no other payload could be built"
    reused = await create(target, retried.path, other, key=retried.key)
    if reused.status in {400, 422}:
        twin = await create(target, retried.path, other)
        if twin.status not in {200, 201}:
            return f"no other valid payload could be built ({twin.status} under a key of its own)"
    expect_refusal(reused, 409, "conflict")
    return "another payload gets 409 conflict"


async def _expect_alone(target: Target, retried: _Retried, fresh: AbstractSet[str]) -> str:
    """Expect no second resource with our texts in the list, be they of the refused payload; tell what was found out."""
    made = _id(retried.first)
    found = await _listed(target, retried.path, fresh)
    if made not in found:
        await asyncio.sleep(min(PAUSE, target.settings.settle))
        found = await _listed(target, retried.path, fresh)
    if made not in found:
        return "its first page does not show whether there is a second one"
    extra = [one for one in found if one != made]
    for one in extra:
        target.journal.made(one, retried.path)
    expect(
        not extra,
        f"a retried POST {retried.path} created {len(extra) + 1} resources",
        expected=f"only {made}",
        observed=found,
    )
    return "the list shows no second one"


async def _listed(target: Target, path: str, fresh: AbstractSet[str]) -> Sequence[str]:
    """Return the ids on the collection's first page that carry one of our texts; newest come first by default."""
    try:
        page = read_page(await target.get(path, {"limit": "100"}))
    except Refused:
        return ()
    return [str(item.get("id")) for item in page.items if _texts(item) & fresh]


def _texts(item: Resource) -> set[str]:
    return {value for value in item.values() if isinstance(value, str)}
