"""Plain http at the twin of an https base URL: asked once, briefly, and with no key that would leave the server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import UsageProblem
from conformance.wire.client import Client, WireOptions
from conformance.wire.outgoing import in_clear

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.wire.exchange import Exchange

KEY = "pb_test_key"
QUICK = WireOptions(timeout=0.3)


@pytest.mark.parametrize(
    ("encrypted", "twin"),
    [
        ("https://api.test/v1", "http://api.test/v1"),
        ("https://api.test:443/v1", "http://api.test/v1"),
        ("https://api.test:8443/a/v1", "http://api.test:8443/a/v1"),
        ("https://[::1]:8443/v1", "http://[::1]:8443/v1"),
    ],
)
def test_the_twin_is_at_the_port_that_is_named(encrypted: str, twin: str) -> None:
    """Where none is named, http has its own."""
    assert in_clear(encrypted) == twin


def asked(base_url: str, role: str | None, **options: Any) -> tuple[Exchange, int]:  # noqa: ANN401  # as Client takes it
    """Ask for the session in clear; give the exchange and the number of attempts."""

    async def run() -> tuple[Exchange, int]:
        async with Client(base_url, {"key": KEY}, run_id="r1", **options) as client:
            exchange = await client.ask_in_clear("/session", role=role)
            return exchange, client.count

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("encrypted", "may"),
    [
        ("https://127.0.0.1:8443/v1", True),
        ("https://localhost:8443/v1", True),
        ("https://[::1]:8443/v1", True),
        ("https://localhost/v1", False),  # what is at port 80 is another server
        ("https://[::1]/v1", False),
        ("https://api.test:8443/v1", False),
        ("https://localhost.api.test:8443/v1", False),
    ],
)
def test_a_key_is_sent_in_clear_to_the_same_port_of_this_machine_alone(encrypted: str, *, may: bool) -> None:
    """Else nothing is sent at all."""
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("authorization"))
        return httpx.Response(403)

    transport = httpx.MockTransport(answer)
    if may:
        asked(encrypted, "key", transport=transport)
    else:
        with pytest.raises(UsageProblem):
            asked(encrypted, "key", transport=transport)
    assert seen == ([f"Bearer {KEY}"] if may else [])


def test_what_plain_http_answers_is_recorded_and_not_judged() -> None:
    """It was asked beside the base URL, without a key, and a 429 is not waited out."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json={"key": request.headers.get("authorization"), "url": str(request.url)})

    exchange, count = asked("https://api.test/v1", None, transport=httpx.MockTransport(answer))
    assert exchange.json == {"key": None, "url": "http://api.test/v1/session"}
    assert (exchange.status, exchange.request.beside, exchange.request.path, count) == (429, True, "/session", 1)


async def resetting(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hang up at once."""
    writer.transport.abort()


async def shouting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with a TLS alert, as a server does that wants a handshake."""
    await reader.read(10)
    writer.write(b"\x15\x03\x01\x00\x02\x02\x0a")
    await writer.drain()


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Say nothing."""
    await reader.read()


@pytest.mark.parametrize("behave", [resetting, shouting, silent])
def test_what_is_no_answer_has_no_response(peer: Callable[..., Any], behave: Callable[..., Any]) -> None:
    """A reset, what is no HTTP, and silence are told, once, and raise nothing."""

    async def run() -> tuple[Exchange, int]:
        async with peer(behave) as url:
            base_url = url.replace("http:", "https:")
            async with Client(base_url, {}, run_id="r1", options=QUICK) as client:
                return await client.ask_in_clear("/session"), client.count

    exchange, count = asyncio.run(run())
    assert (exchange.response, bool(exchange.fault), count) == (None, True, 1)


def test_a_port_that_nobody_listens_at_has_no_response() -> None:
    """Nor is it tried again."""
    exchange, count = asked("https://127.0.0.1:1/v1", None)
    assert (exchange.response, count) == (None, 1)
