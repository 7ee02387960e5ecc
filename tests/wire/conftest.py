"""Targets for the wire: one in this process on a clock that jumps, and real sockets that misbehave."""

from __future__ import annotations

import asyncio
import selectors
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from conformance.wire.client import Client, WireOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    Handler = Callable[[httpx.Request], httpx.Response | Coroutine[None, None, httpx.Response]]
    Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

T = TypeVar("T")


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop in which every sleep is over at once, and its clock says that it was not."""

    def __init__(self) -> None:
        self._jumped = 0.0
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        """Give seconds since the loop began, slept ones only."""
        return self._jumped

    def jump(self, seconds: float) -> None:
        """Let time pass."""
        self._jumped += seconds


class _JumpingSelector(selectors.SelectSelector):
    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(None if timeout is None else 0)
        if not ready and timeout:
            self._loop.jump(timeout)
        return ready


@pytest.fixture
def jumping() -> Callable[[Coroutine[Any, Any, T]], T]:
    """Give a function that runs a coroutine without waiting where it sleeps."""

    def run(coroutine: Coroutine[Any, Any, T]) -> T:
        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            return runner.run(coroutine)

    return run


@pytest.fixture
def client() -> Callable[..., Client]:
    """Give a function that makes a client of a handler in this process, with fields of WireOptions."""

    def make(handler: Handler, *, keys: dict[str, str] | None = None, **options: float) -> Client:
        return Client(
            "http://target.test/v1",
            {"key": "pb_test_key"} if keys is None else keys,
            run_id="r1",
            options=WireOptions(**options),  # type: ignore[arg-type]  # numbers all, whichever they are
            transport=httpx.MockTransport(handler),  # type: ignore[arg-type]  # its union of callables is wider
        )

    return make


@pytest.fixture
def peer() -> Callable[[Peer], Any]:
    """Give a context manager that listens on a loopback port and yields a base URL."""

    @asynccontextmanager
    async def listen(behave: Peer) -> AsyncIterator[str]:
        writers: list[asyncio.StreamWriter] = []

        async def behave_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.append(writer)
            try:
                await behave(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass  # the client has gone, which is what some tests are about
            finally:
                writer.close()

        server = await asyncio.start_server(behave_and_close, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        finally:
            server.close()
            for writer in writers:
                writer.transport.abort()  # what is still unsent has no reader any more
            await asyncio.sleep(0)

    return listen
