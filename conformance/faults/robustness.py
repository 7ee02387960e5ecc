"""Lies about robustness: requests that break the server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies_at_the_door

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response


@lies_at_the_door("ROB-01")
async def an_invalid_enum_breaks_the_server(request: Request, honest: Handler) -> Response:
    """A type outside its enum gets 500 in the error envelope."""
    response = await honest(request)
    if request.method != "POST" or response.status != 400:
        return response
    return replace(response.with_json({"error": {"code": "internal_error", "message": "Oops."}}), status=500)


@lies_at_the_door("ROB-01")
async def a_limit_that_is_no_number_breaks_the_server(request: Request, honest: Handler) -> Response:
    """A limit that is no number gets 503 without Retry-After."""
    response = await honest(request)
    return replace(response, status=503) if request.param("limit") == "abc" else response
