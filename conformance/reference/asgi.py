"""The reference over ASGI: from a connection to a request value, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.applications import Starlette

from conformance.reference.http import Handler, Request, Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from conformance.reference.app import Reference

CONTROL = "/_control/"


async def read(scope: Scope, receive: Receive) -> Request:
    """Read a request to its end."""
    chunks = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    raw_query = scope["query_string"].decode("latin-1")
    query = parse_qsl(raw_query, keep_blank_values=True)
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], scope["path"], tuple(query), headers, b"".join(chunks), raw_query)


async def write(response: Response, send: Send, *, bodyless: bool) -> None:
    """Write a response; one without a body by its method does not say how long it would have been."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    if not bodyless:
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


class Endpoint:
    """The one endpoint that takes every request, whatever its method."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = await read(scope, receive)
        response = await self._handler(request, scope["scheme"])(request)
        await write(response, send, bodyless=request.method == "HEAD")

    def _handler(self, request: Request, scheme: str) -> Handler:
        if request.path.startswith(CONTROL):
            return self._reference.handle_control
        return self._reference.handle if scheme == "https" else self._reference.handle_in_clear


def application(reference: Reference) -> Starlette:
    """Make the application that serves a reference."""
    served = Starlette()
    # A route's pattern would not take every path: line feeds, for one.
    served.router.default = Endpoint(reference)
    return served
