"""Lies about plain http at an https host."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response


def _serving(chosen: Callable[[Request], bool]) -> Behaviour:
    """Serve over plain http what is chosen, and refuse the rest."""

    async def in_clear(request: Request, handler: Handler) -> Response:
        return await (handler(request) if chosen(request) else HONEST.in_clear(request, handler))

    return replace(HONEST, in_clear=in_clear)


@lies("TRN-03")
def plain_http_is_served() -> Behaviour:
    """Plain http is served like https."""
    return _serving(lambda _: True)


@lies("TRN-03")
def plain_http_serves_the_spec() -> Behaviour:
    """The published spec, which needs no key, is served over plain http."""
    return _serving(lambda request: request.path == "/v1/openapi.json")


@lies("TRN-03")
def plain_http_serves_sessions() -> Behaviour:
    """The session is served over plain http to who sends a key."""
    return _serving(lambda request: request.path == "/v1/session")


@lies("TRN-03")
def plain_http_serves_lists() -> Behaviour:
    """Lists are served over plain http to who sends a key."""
    return _serving(lambda request: request.path == "/v1/observations")


@lies("TRN-03")
def plain_http_points_to_https_and_serves() -> Behaviour:
    """An answer over plain http names the https URL in Location, and is 200 with the data."""

    async def in_clear(request: Request, handler: Handler) -> Response:
        response = await handler(request)
        return response.with_header("Location", f"https://{request.header('host')}{request.path}")

    return replace(HONEST, in_clear=in_clear)
