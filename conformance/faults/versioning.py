"""Lies about what is about to go: marked in the spec alone, or announced in a form that nobody can read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference import Handler, Request, Response


async def _announced(request: Request, honest: Handler, name: str, value: str) -> Response:
    """Let the session announce something."""
    response = await honest(request)
    return response.with_header(name, value) if request.path == "/v1/session" else response


@lies_at_the_door("VER-01")
async def the_spec_alone_deprecates(request: Request, honest: Handler) -> Response:
    """A deprecated operation answers like any other."""
    return (await honest(request)).without_header("Deprecation")


@lies("VER-01")
def one_attribute_is_deprecated_in_the_spec() -> Behaviour:
    """Reads of one attribute are deprecated in the spec, and say nothing of it."""

    def publish(document: Mapping[str, Any]) -> Mapping[str, Any]:
        path = "/attributes/{id}"
        get = document["paths"][path]["get"] | {"deprecated": True}
        return {**document, "paths": document["paths"] | {path: document["paths"][path] | {"get": get}}}

    return replace(HONEST, publish=publish)


@lies_at_the_door("VER-02")
async def deprecation_says_yes(request: Request, honest: Handler) -> Response:
    """Deprecation holds a word of nobody's draft."""
    return await _announced(request, honest, "Deprecation", "yes")


@lies_at_the_door("VER-02")
async def deprecation_is_bare_seconds(request: Request, honest: Handler) -> Response:
    """Deprecation holds epoch seconds without their mark."""
    return await _announced(request, honest, "Deprecation", "1735689600")


@lies_at_the_door("VER-02")
async def sunset_is_a_structured_date(request: Request, honest: Handler) -> Response:
    """Sunset is written as Deprecation is."""
    return await _announced(request, honest, "Sunset", "@2145916800")


@lies_at_the_door("VER-02")
async def sunset_is_an_iso_date(request: Request, honest: Handler) -> Response:
    """Sunset is written as the bodies' dates are."""
    return await _announced(request, honest, "Sunset", "2038-01-01T00:00:00Z")


@lies_at_the_door("VER-02")
async def sunset_comes_twice(request: Request, honest: Handler) -> Response:
    """Two Sunset headers stand in one answer."""
    response = await _announced(request, honest, "Sunset", "Fri, 01 Jan 2038 00:00:00 GMT")
    again = [pair for pair in response.headers if pair[0] == "Sunset"]
    return replace(response, headers=(*response.headers, *again))
