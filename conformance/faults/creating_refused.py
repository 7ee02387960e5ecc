"""Lies about creates that are refused, and stored all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies_at_the_door
from conformance.faults.rewriting import is_create, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Door, Handler, Request, Response

REFUSED = 400


def _storing(mend: Callable[[dict[str, Any]], dict[str, Any]]) -> Door:
    """Give a door that answers a refused create as it should, and then stores what `mend` makes of it."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_create(request) and response.status == REFUSED and sent(request):
            await honest(request.without_header("idempotency-key").with_json(mend(sent(request))))
        return response

    return door


@lies_at_the_door("OBC-05")
async def create_without_type_is_refused_and_stored(request: Request, honest: Handler) -> Response:
    """A create without type gets 400, and stands in the lists as a strength."""
    return await _storing(lambda body: {"type": "strength"} | body)(request, honest)


@lies_at_the_door("LIM-02")
async def long_text_is_refused_and_stored(request: Request, honest: Handler) -> Response:
    """A text that is too long gets 400, and is stored cut to its limit."""
    return await _storing(lambda body: body | {"observation": str(body.get("observation"))[:4000]})(request, honest)
