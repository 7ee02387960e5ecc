"""Legal choices in what requests get that arrive at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.rewriting import is_create, is_update, sent
from conformance.faults.variants import legal
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response
    from conformance.reference.storage import Row

KEY = "Idempotency-Key"


@legal
def a_key_in_use_is_a_conflict() -> Behaviour:
    """A create whose key belongs to one that is under way gets 409 conflict."""
    under_way: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header(KEY) or ""
        if not (is_create(request) and key):
            return await honest(request)
        if key in under_way:  # what conflicts with a key's first use conflicts with it while that is under way, too
            return await honest(request.with_json(sent(request) | {"observation": "Another payload."}))
        response = await honest(request)
        if response.status == 201:
            under_way.add(key)
            await asyncio.sleep(0)
            under_way.discard(key)
        return response

    return replace(HONEST, door=door)


@legal
def an_update_of_an_older_version_is_a_conflict() -> Behaviour:
    """Of updates that began with the same version of an observation one succeeds, the others get 409 conflict."""
    versions: Counter[str] = Counter()
    begun: ContextVar[int] = ContextVar("begun", default=0)

    async def door(request: Request, honest: Handler) -> Response:
        if is_update(request):
            begun.set(versions[request.path.rpartition("/")[2]])
            await asyncio.sleep(0)
        return await honest(request)

    def permitted(action: str, row: Row) -> bool:
        if action != "update":
            return HONEST.permitted(action, row)
        current = versions[row["id"]] == begun.get()
        versions[row["id"]] += 1
        return current and HONEST.permitted(action, row)

    return replace(HONEST, door=door, permitted=permitted)


@legal
def an_update_on_top_of_another_is_put_off() -> Behaviour:
    """An update of an observation that is just being updated gets 429 with Retry-After 0."""
    under_way: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        if not is_update(request):
            return await honest(request)
        read = await honest(replace(request, method="GET", body=b""))
        if request.path in under_way and read.status == 200:
            error = {"error": {"code": "rate_limited", "message": "one at a time"}}
            return replace(read.with_json(error), status=429).with_header("Retry-After", "0")
        under_way.add(request.path)
        try:
            await asyncio.sleep(0)
            return await honest(request)
        finally:
            under_way.discard(request.path)

    return replace(HONEST, door=door)
