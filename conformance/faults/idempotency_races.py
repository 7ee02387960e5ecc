"""Lies about retries that are sent at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import is_create, refusal
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

KEY = "Idempotency-Key"


def _keyed(request: Request) -> bool:
    return is_create(request) and bool(request.header(KEY))


@lies_at_the_door("IDM-08")
async def simultaneous_retries_create_each(request: Request, honest: Handler) -> Response:
    """A key is known only some time after its first use, so retries sent at once create each their own."""
    if not _keyed(request):
        return await honest(request)
    task = asyncio.current_task()
    within = f"{request.header(KEY)}-{id(task)}"
    return await honest(request.with_header(KEY, within))


@lies_at_the_door("IDM-08")
async def simultaneous_retries_leave_a_twin(request: Request, honest: Handler) -> Response:
    """Retries sent at once all answer with one observation, and one of them leaves a second."""
    response = await honest(request)
    if _keyed(request) and response.header("Idempotent-Replayed"):
        await honest(request.without_header(KEY))
    return response


@lies("IDM-08")
def a_key_is_kept_only_after_its_create() -> Behaviour:
    """Whether a key is known is looked up before the create, and written down after it."""
    kept: dict[str, tuple[bytes, Response]] = {}

    async def door(request: Request, honest: Handler) -> Response:
        if not _keyed(request):
            return await honest(request)
        known = kept.get(request.header(KEY) or "")
        if known is not None:
            return known[1] if known[0] == request.body else refusal("conflict")
        await asyncio.sleep(0)
        response = await honest(request.without_header(KEY))
        if response.status == 201:
            kept[request.header(KEY) or ""] = request.body, response
        return response

    return replace(HONEST, door=door)


@lies("IDM-08")
def a_retry_that_comes_too_soon_is_refused_and_done() -> Behaviour:
    """While the first of several is under way the others get 409 conflict, and create all the same."""
    under_way: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header(KEY) or ""
        if not _keyed(request):
            return await honest(request)
        if key in under_way:
            await honest(request.without_header(KEY))
            return refusal("conflict")
        under_way.add(key)
        await asyncio.sleep(0)
        try:
            return await honest(request)
        finally:
            under_way.discard(key)

    return replace(HONEST, door=door)
