"""Lanes: a pool of its own for each connection, where a shared pool would cost more than the requests.

httpcore looks at every connection for every connection at every request; with sixteen of them that is a fifth of a
run against a target on this machine. A request here takes the lane that was used last, and has it to itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from ssl import SSLContext


class Lanes(httpx.AsyncBaseTransport):
    """A transport with `count` connections that are kept for `idle` seconds; more requests at once share the lanes."""

    def __init__(self, count: int, *, idle: float, verify: SSLContext | bool) -> None:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=idle)
        self._lanes = [httpx.AsyncHTTPTransport(verify=verify, limits=limits) for _ in range(count)]
        self._free = list(self._lanes)
        self._turn = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send on a free lane, which is free again once the response is closed."""
        lane = self._free.pop() if self._free else self._next()
        try:
            response = await lane.handle_async_request(request)
        except BaseException:
            self._give_back(lane)
            raise
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _Held(response.stream, lambda: self._give_back(lane))
        return response

    async def aclose(self) -> None:
        """Close every connection."""
        for lane in self._lanes:
            await lane.aclose()

    def _next(self) -> httpx.AsyncHTTPTransport:
        self._turn += 1
        return self._lanes[self._turn % len(self._lanes)]

    def _give_back(self, lane: httpx.AsyncHTTPTransport) -> None:
        if lane not in self._free:
            self._free.append(lane)


class _Held(httpx.AsyncByteStream):
    """A response's stream that says when it is closed."""

    def __init__(self, stream: httpx.AsyncByteStream, closed: Callable[[], None]) -> None:
        self._stream = stream
        self._closed = closed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            self._closed()
