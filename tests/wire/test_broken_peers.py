"""Real sockets that misbehave: each ends in a sentence that a person can read, and in bounded time and memory."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import Unanswered, Unreachable
from conformance.wire.client import Client, WireOptions
from conformance.wire.connections import http_client
from conformance.wire.lanes import Lanes

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.wire.exchange import Exchange

QUICK = WireOptions(timeout=0.3, retries=0, body_limit=1000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Read the head of a request, and its body as far as Content-Length says."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return head + await reader.readexactly(int(length[0].split(b":")[1])) if length else head


def saying(*octets: bytes) -> Callable[..., Any]:
    """Answer the first request with these octets and hang up."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.writelines(octets)
        await writer.drain()

    return behave


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request, and say nothing until the client goes."""
    await reader.read()


async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send one octet of the body after the other, for ever."""
    writer.write(HEAD + b"Content-Length: 900\r\n\r\n")
    with suppress(ConnectionError):
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)


async def flooding(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a body without end as fast as it is taken."""
    writer.write(HEAD + b"\r\n")
    with suppress(ConnectionError):
        while not writer.is_closing():
            writer.write(b" " * 500)
            await writer.drain()


async def ask(peer: Callable[..., Any], behave: Callable[..., Any], options: WireOptions = QUICK) -> Exchange:
    """Send one GET to a peer that behaves so."""
    async with peer(behave) as base_url, Client(base_url, {"key": "k"}, run_id="r", options=options) as client:
        return await client.send("GET", "/a")


@pytest.mark.parametrize(
    ("behave", "sentence"),
    [
        (silent, "no whole answer within 0.3 s"),
        (dripping, "no whole answer within 0.3 s"),
        (saying(), "the answer is no HTTP: Server disconnected without sending a response."),
        (saying(b"SSH-2.0-OpenSSH\r\n\r\n"), "the answer is no HTTP: illegal status line"),
        (saying(HEAD + b"Content-Length: 5\r\n\r\n{}"), "the answer is no HTTP: peer closed connection"),
        (saying(HEAD + b"Content-Length: x\r\n\r\n{}"), "the answer is no HTTP: bad Content-Length"),
        (flooding, "the body went over 1000 octets and was cut off"),
        (
            saying(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b" " * 100_000)),
            "the body went over 1000 octets and was cut off",
        ),
        (saying(HEAD + b"Content-Encoding: gzip\r\n\r\nno gzip"), "the body is not in the coding it declares"),
    ],
)
def test_what_broke_is_said(peer: Callable[..., Any], behave: Callable[..., Any], sentence: str) -> None:
    """A peer that breaks HTTP, or takes for ever, leaves the request unanswered for a stated reason."""
    with pytest.raises(Unanswered) as problem:
        asyncio.run(ask(peer, behave))
    assert sentence in str(problem.value)


def test_a_status_line_that_came_is_on_record(peer: Callable[..., Any]) -> None:
    """An attempt that broke inside the body still knows its status."""
    with pytest.raises(Unanswered) as problem:
        asyncio.run(ask(peer, flooding))
    exchange = problem.value.exchange
    assert exchange is not None
    assert [attempt.status for attempt in exchange.attempts] == [200]


def test_a_port_without_a_listener_is_unreachable() -> None:
    """A refused connection is told in the words of the operating system."""

    async def knock() -> None:
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with Client(f"http://127.0.0.1:{port}/v1", {}, run_id="r", options=QUICK) as client:
            await client.send("GET", "/a", role=None)

    with pytest.raises(Unreachable, match="Connection refused"):
        asyncio.run(knock())


def test_plain_http_where_tls_is_expected_is_unreachable(peer: Callable[..., Any]) -> None:
    """A TLS handshake that fails is no connection."""

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def knock() -> None:
        async with peer(plain) as base_url:
            base = base_url.replace("http:", "https:")
            async with Client(base, {}, run_id="r", options=WireOptions(retries=0)) as client:
                await client.send("GET", "/a", role=None)

    with pytest.raises(Unreachable, match="SSL"):
        asyncio.run(knock())


def test_a_whole_answer_is_read(peer: Callable[..., Any]) -> None:
    """Over a real socket a sound answer comes back whole, its content coding undone."""
    body = gzip.compress(b'{"data": []}')
    behave = saying(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body), body)
    exchange = asyncio.run(ask(peer, behave))
    assert (exchange.status, exchange.json) == (200, {"data": []})


def test_an_odd_target_reaches_the_peer_as_it_is(peer: Callable[..., Any]) -> None:
    """Raw brackets, stray percent signs and dot segments are on the wire as they were given."""
    heard: list[bytes] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await read_request(reader)).split(b"\r\n")[0])
        writer.write(HEAD + b"Content-Length: 2\r\n\r\n{}")

    async def send() -> None:
        async with peer(behave) as base_url, Client(base_url, {}, run_id="r") as client:
            await client.send("GET", "/a/../b", query="filter[x]=%zz&y='\"", role=None)

    asyncio.run(send())
    assert heard == [b"GET /v1/a/../b?filter[x]=%zz&y='\" HTTP/1.1"]


def test_a_read_survives_a_dropped_connection(peer: Callable[..., Any]) -> None:
    """When the peer hangs up once, the second attempt has its answer."""
    calls: list[int] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        calls.append(1)
        if len(calls) > 1:
            writer.write(HEAD + b"Content-Length: 2\r\n\r\n{}")

    exchange = asyncio.run(ask(peer, behave, WireOptions(timeout=5, retries=1)))
    assert [attempt.status for attempt in exchange.attempts] == [None, 200]


@pytest.mark.parametrize(
    ("url", "proxied"),
    [
        ("http://127.0.0.1:9/v1", False),
        ("http://[::1]:9/v1", False),
        ("http://localhost:9/v1", False),
        ("http://api.test/v1", True),
    ],
)
def test_loopback_is_reached_without_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    proxied: bool,  # noqa: FBT001 - expected
) -> None:
    """The environment's proxy is used, but not for a target on this machine."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    http = http_client(url, WireOptions(), None)
    chosen = http._transport_for_url(httpx.URL(url))
    assert (not isinstance(chosen, Lanes)) is proxied
    assert ("HTTPProxy" in type(getattr(chosen, "_pool", None)).__name__) is proxied
