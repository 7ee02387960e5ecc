"""Each request has a lane to itself, and a lane that is free again is used again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from conformance.wire.lanes import Lanes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def connections_after(ask: Callable[[httpx.AsyncClient, str], Awaitable[object]], *, lanes: int) -> int:
    """Count the connections that a server on this machine gets while `ask` asks it."""
    served: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            await asyncio.sleep(0.005)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()
        writer.close()

    async def talk() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with httpx.AsyncClient(transport=Lanes(lanes, idle=1.0, verify=False)) as client:
            await ask(client, url)
            server.close()
            await server.wait_closed()
        await asyncio.gather(*filter(None, served), return_exceptions=True)

    asyncio.run(talk())
    return len(served)


def test_one_after_the_other_share_a_connection() -> None:
    """The lane that was used last is used next."""

    async def ask(client: httpx.AsyncClient, url: str) -> None:
        for _ in range(4):
            await client.get(url)

    assert connections_after(ask, lanes=3) == 1


def test_at_once_each_has_a_connection_of_its_own() -> None:
    """As many as there are lanes."""

    async def ask(client: httpx.AsyncClient, url: str) -> None:
        await asyncio.gather(*(client.get(url) for _ in range(3)))

    assert connections_after(ask, lanes=3) == 3


def test_more_than_there_are_lanes_wait_for_one() -> None:
    """They are all answered, over no more connections than lanes."""

    async def ask(client: httpx.AsyncClient, url: str) -> None:
        answers = await asyncio.gather(*(client.get(url) for _ in range(9)))
        assert [answer.status_code for answer in answers] == [200] * 9

    assert connections_after(ask, lanes=3) == 3
