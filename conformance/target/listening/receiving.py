"""One connection to the listener: a request is read whole within bounds, answered at once, and the connection ends.

Whoever connects may be anybody, so whatever is too long, too slow or no HTTP ends the connection and nothing else.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import h11

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.wire.exchange import Pairs

HEAD_LIMIT = 32 * 1024
BODY_LIMIT = 256 * 1024
"""An observation of 8,000 characters, each escaped as a surrogate pair, is under 100 kB."""
PATIENCE = 10.0
"""Seconds in which a request has to come whole."""
_CHUNK = 16 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came: `target` is its path and query."""

    method: str
    target: str
    headers: Pairs
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


TOO_LARGE = Reply(413)
MALFORMED = Reply(400)


async def serve_one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Callable[[Received], Reply]
) -> None:
    """Read one request, answer it, and close the connection."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)
    try:
        async with asyncio.timeout(PATIENCE):
            reply = await _replied(connection, (reader, writer), answer)
            if reply is not None:
                writer.write(_written(connection, reply))
                await writer.drain()
    except (OSError, TimeoutError, h11.LocalProtocolError):
        pass
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _replied(
    connection: h11.Connection,
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    answer: Callable[[Received], Reply],
) -> Reply | None:
    """Answer what was read; None where the other side went away before it had asked anything."""
    try:
        received = await _request(connection, *streams)
    except h11.RemoteProtocolError:
        return MALFORMED
    if received is None:
        return None
    return TOO_LARGE if len(received.body) > BODY_LIMIT else answer(received)


async def _request(
    connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Received | None:
    """Read one request, and of its body little more than the limit."""
    head: h11.Request | None = None
    body = bytearray()
    while len(body) <= BODY_LIMIT:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            if connection.they_are_waiting_for_100_continue:
                writer.write(connection.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            connection.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        else:  # its end, or that of the connection
            break
    return None if head is None else _read(head, bytes(body))


def _read(head: h11.Request, body: bytes) -> Received:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())
    return Received(head.method.decode("latin-1"), head.target.decode("latin-1"), headers, body)


def _written(connection: h11.Connection, reply: Reply) -> bytes:
    headers = [
        ("Content-Type", reply.content_type),
        ("Content-Length", str(len(reply.body))),
        ("X-Content-Type-Options", "nosniff"),
        ("Connection", "close"),
    ]
    reason = HTTPStatus(reply.status).phrase
    head = connection.send(h11.Response(status_code=reply.status, headers=headers, reason=reason)) or b""
    body = connection.send(h11.Data(data=reply.body)) or b""
    return head + body + (connection.send(h11.EndOfMessage()) or b"")
