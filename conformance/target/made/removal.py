"""Removing what a run made: observations are archived, anything else goes the way that the target's spec declares."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import Missing, TargetError
from conformance.target.documents import operation, spec
from conformance.target.target import OBSERVATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target

GONE = frozenset({404, 410})
"""RFC 9110: Not Found, Gone."""
REACHING_PEOPLE = frozenset({"/notifications", "/assignments"})
"""A notification is read, and a request for feedback lands on somebody's desk: removing it takes neither back."""
ARCHIVED_ALREADY = 409
"""Observations › Common error responses: archive on already-archived."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to remove an item: a method, and a path below the item's own."""

    method: str
    action: str = ""


BY_DELETING = Way("DELETE")
BY_ARCHIVING = Way("POST", "/archive")
WAYS = (BY_DELETING, BY_ARCHIVING)


def ways(document: Resource, collection: str) -> tuple[Way, ...]:
    """Return how an item of a collection can be removed, best first; () where documents and spec tell of no way."""
    if collection == OBSERVATIONS:
        return (BY_ARCHIVING,)
    declared = {way: operation(document, way.method, f"{collection}/{{id}}{way.action}") for way in WAYS}
    return tuple(way for way in WAYS if declared[way] is not None)


def ends_with_run(target: Target) -> bool:
    """Tell whether the target is the embedded reference, so that nothing in it outlives the run."""
    return not target.settings.base_url


def may_leave_data(target: Target) -> bool:
    """Tell whether things may be created that can't be removed again."""
    return target.settings.leave_data or target.settings.is_disposable


async def remove_made(target: Target, collection: str | None = None) -> tuple[str, ...]:
    """Remove all that the journal still holds (of one collection); return the ids of what could not be removed.

    Of a target that ends with the run nothing outlives it, so what can't be removed there is no matter.
    """
    made = [(one, path) for one, path in target.journal.remains() if collection in {None, path}]
    return await _remove_all(target, made)


async def remove_these(target: Target, ids: Collection[str]) -> None:
    """Remove some of what the run made; what can't be removed now, its end tries again."""
    await _remove_all(target, [(one, path) for one, path in target.journal.remains() if one in ids])


async def _remove_all(target: Target, made: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    document = await _spec(target) if {path for _, path in made} - {OBSERVATIONS} else {}
    removed = await asyncio.gather(*(_remove(target, one, path, ways(document, path)) for one, path in made))
    return tuple(one for (one, _), is_gone in zip(made, removed, strict=True) if not is_gone)


async def _spec(target: Target) -> Resource:
    try:
        return await spec(target)
    except (TargetError, Missing):
        return {}


async def _remove(target: Target, one: str, collection: str, declared: Sequence[Way]) -> bool:
    """Remove one thing, and tell whether it is gone; what has leave to stay is settled all the same."""
    role = target.journal.keeper_of(one)
    if role not in target.client.roles:
        return False
    for way in declared:
        if await _goes(target, way, f"{collection}/{one}{way.action}", role):
            target.journal.removed(one)
            return True
    if not declared and may_leave_data(target):
        target.journal.removed(one)
    return ends_with_run(target) and not declared


async def _goes(target: Target, way: Way, path: str, role: str) -> bool:
    try:
        exchange = await target.send(way.method, path, role=role)
        if (exchange.status or 0) >= 500:  # noqa: PLR2004  # RFC 9110: the server erred, and may not err twice
            exchange = await target.send(way.method, path, role=role)
    except (TargetError, Missing):
        return False
    if way is BY_ARCHIVING and exchange.status == ARCHIVED_ALREADY:
        return True
    return exchange.status in GONE or 200 <= (exchange.status or 0) < 300  # noqa: PLR2004  # RFC 9110: 2xx is success
