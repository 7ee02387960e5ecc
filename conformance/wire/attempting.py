"""Send one request once, and say in a sentence what broke if it did."""

from __future__ import annotations

import asyncio
import enum
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

from conformance.errors import UsageProblem
from conformance.wire.exchange import Attempt, Pairs, Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from conformance.wire.options import WireOptions
    from conformance.wire.outgoing import Outgoing

Ready: TypeAlias = Callable[[], Awaitable[None]]
"""What is awaited on an open connection before anything is sent on it."""

_SENDING = "http11.send_request_headers.started"  # httpcore's name for that moment


class Break(enum.Enum):
    """Where an attempt broke, which decides whether another one makes sense."""

    UNCONNECTED = "no connection, so nothing was sent"
    LOST = "sent, or perhaps sent, and no answer"
    UNUSABLE = "an answer that the next attempt would bring again"


@dataclass(frozen=True)
class Outcome:
    """What one attempt brought: a whole response, or where it broke."""

    attempt: Attempt
    response: Response | None = None
    broke: Break | None = None


class _TooLarge(Exception):  # noqa: N818 - a signal between two functions of this module
    """The body went over the limit."""


async def attempt(
    http: httpx.AsyncClient, outgoing: Outgoing, *, options: WireOptions, waited: float, ready: Ready | None = None
) -> Outcome:
    """Send once and read the whole answer, within the time and the size that the options allow.

    `ready` is awaited once there is a connection, in as far as there is a network: time begins again after it.
    """
    trial = _Trial(waited)
    request = outgoing.to_httpx(options.connecting)
    try:
        async with asyncio.timeout(options.timeout) as limit:
            if ready is not None:
                request.extensions["trace"] = _held(ready, lambda: trial.restart(limit, options.timeout))
            async with _answer(http, request) as answer:
                trial.status = answer.status_code
                body = await _body(answer, options.body_limit)
    except httpx.LocalProtocolError:
        raise UsageProblem("HTTP does not allow this request", "check its header fields") from None
    except TimeoutError:
        return trial.broken(Break.LOST, f"no whole answer within {options.timeout:g} s")
    except _TooLarge:
        return trial.broken(Break.UNUSABLE, f"the body went over {options.body_limit} octets and was cut off")
    except httpx.HTTPError as error:
        return trial.broken(*_diagnosis(error))
    return Outcome(trial.ended(), Response(answer.status_code, _pairs(answer), body, answer.http_version))


class _Trial:
    """The stopwatch of one attempt, and the status line that it got as far as."""

    def __init__(self, waited: float) -> None:
        self.started, self.waited = time.time(), waited
        self.status: int | None = None
        self._from = time.perf_counter()

    def restart(self, limit: asyncio.Timeout, seconds: float) -> None:
        """Begin now, with so many seconds to go."""
        self.started, self._from = time.time(), time.perf_counter()
        limit.reschedule(asyncio.get_running_loop().time() + seconds)

    def ended(self, fault: str | None = None) -> Attempt:
        seconds = time.perf_counter() - self._from
        return Attempt(self.started, seconds, self.status, fault=fault, waited=self.waited)

    def broken(self, where: Break, fault: str) -> Outcome:
        return Outcome(self.ended(fault), broke=where)


def _held(ready: Ready, started: Callable[[], None]) -> Callable[[str, Mapping[str, Any]], Awaitable[None]]:
    """Give httpcore's `trace` extension that awaits `ready` before the request is sent."""

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        if event == _SENDING and info["request"].method != b"CONNECT":  # which only asks a proxy for a tunnel
            await ready()
            started()

    return trace


@asynccontextmanager
async def _answer(http: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    response = await http.send(request, stream=True, follow_redirects=False)
    try:
        yield response
    finally:
        await response.aclose()


async def _body(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > limit:
            raise _TooLarge
    return bytes(body)


def _pairs(response: httpx.Response) -> Pairs:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)


def _diagnosis(error: httpx.HTTPError) -> tuple[Break, str]:
    match error:
        case httpx.ConnectTimeout():
            return Break.UNCONNECTED, "no connection in time"
        case httpx.ConnectError() | httpx.ProxyError() | httpx.UnsupportedProtocol():
            return Break.UNCONNECTED, f"no connection: {_reason(error)}"
        case httpx.RemoteProtocolError():
            return Break.LOST, f"the answer is no HTTP: {_reason(error)}"
        case httpx.DecodingError():
            return Break.UNUSABLE, f"the body is not in the coding it declares: {_reason(error)}"
        case _:
            return Break.LOST, f"the connection broke: {_reason(error)}"


def _reason(error: BaseException) -> str:
    """Give what the operating system said, where httpx only says that something failed."""
    for cause in _causes(error):
        if isinstance(cause, ConnectionError) and cause.errno:
            return os.strerror(cause.errno)  # asyncio puts words of its own in its place
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return str(error) or type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
