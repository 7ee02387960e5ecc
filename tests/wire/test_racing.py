"""Requests of a race arrive together, each on a connection of its own, whatever became of another one's."""

from __future__ import annotations

import asyncio
import socketserver
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme

from conformance.errors import BudgetSpent
from conformance.wire.client import Client, WireOptions
from conformance.wire.outgoing import Ask
from conformance.wire.racing import StartingLine

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Coroutine, Iterator, Sequence
    from pathlib import Path

    from conformance.wire.exchange import Exchange

    Run = Callable[[Coroutine[None, None, object]], object]
    Make = Callable[..., Client]

AT_ONCE = 5
TOGETHER = 0.05
"""Seconds within which requests count as sent together; it takes a few milliseconds where nothing else runs."""
SLOW = 0.4
"""Seconds that one connection takes to open."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
OK = HEAD + b"Content-Length: 2\r\n\r\n{}"


class Stadium:
    """A server that notes when each request arrives (seconds), a thread for each connection.

    With `tls` the handshake of the first to connect is delayed; `shut` closes that connection instead.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, shut: bool = False) -> None:
        self.arrived: list[float] = []
        self.connections = 0
        self._tls, self._shut = tls, shut

    def serve(self, peer: socket.socket) -> None:
        """Take one connection."""
        self.connections += 1
        if self._tls is not None and self.connections == 1:
            time.sleep(SLOW)
            if self._shut:
                return
        with suppress(OSError), peer if self._tls is None else self._tls.wrap_socket(peer, server_side=True) as talk:
            while talk.recv(65536):
                self.arrived.append(time.monotonic())
                talk.sendall(OK)

    @contextmanager
    def open(self) -> Iterator[str]:
        """Listen; give the base URL."""
        stadium = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                stadium.serve(self.request)

        with socketserver.ThreadingTCPServer(("localhost", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
            yield f"{'http' if self._tls is None else 'https'}://localhost:{server.server_address[1]}/v1"
            server.shutdown()


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """Return a server's TLS context for localhost, and the file of the authority that vouches for it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return context, file


def race(stadium: Stadium, options: WireOptions) -> Sequence[Exchange]:
    """Let some requests race there."""

    async def run(url: str) -> Sequence[Exchange]:
        async with Client(url, {"key": "k"}, run_id="r", options=options) as client:
            return await client.race([Ask("POST", "/observations/obs_1/archive")] * AT_ONCE)

    with stadium.open() as url:
        return asyncio.run(run(url))


def spread(moments: Sequence[float]) -> float:
    """Return the seconds between the first and the last."""
    return max(moments) - min(moments)


def test_all_arrive_together_although_one_connection_was_slow_to_open(certified: tuple[ssl.SSLContext, Path]) -> None:
    """None is sent before the slowest handshake is done, and then all are."""
    stadium = Stadium(certified[0])
    exchanges = race(stadium, WireOptions(verify=str(certified[1])))
    assert ([one.status for one in exchanges], stadium.connections) == ([200] * AT_ONCE, AT_ONCE)
    assert spread(stadium.arrived) < TOGETHER


def test_an_authority_of_the_environment_vouches_for_a_race(
    certified: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSL_CERT_FILE counts on this machine, too, where its proxies do not."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certified[1]))
    assert [one.status for one in race(Stadium(certified[0]), WireOptions())] == [200] * AT_ONCE


def test_the_record_tells_when_they_were_sent(certified: tuple[ssl.SSLContext, Path]) -> None:
    """An attempt of a race begins when it was let go, not when its connection was opened."""
    exchanges = race(Stadium(certified[0]), WireOptions(verify=str(certified[1])))
    assert spread([one.attempts[0].started for one in exchanges]) < TOGETHER
    assert max(one.seconds for one in exchanges) < SLOW


def test_a_race_exceeds_a_narrow_bound() -> None:
    """With one request in flight it is still a race, on connections of its own."""
    stadium = Stadium()
    exchanges = race(stadium, WireOptions(in_flight=1))
    assert ([one.status for one in exchanges], stadium.connections) == ([200] * AT_ONCE, AT_ONCE)
    assert spread(stadium.arrived) < TOGETHER


def test_one_that_gets_no_connection_holds_nobody_up(certified: tuple[ssl.SSLContext, Path]) -> None:
    """The others start as soon as it has failed, and it has no response."""
    stadium = Stadium(certified[0], shut=True)
    exchanges = race(stadium, WireOptions(verify=str(certified[1])))
    assert sorted(str(one.status) for one in exchanges) == ["200"] * (AT_ONCE - 1) + ["None"]
    assert spread(stadium.arrived) < TOGETHER


def test_one_that_is_too_slow_is_not_waited_for_for_ever(certified: tuple[ssl.SSLContext, Path]) -> None:
    """Connections have a time in which to open; after it the others start."""
    stadium = Stadium(certified[0])
    exchanges = race(stadium, WireOptions(verify=str(certified[1]), timeout=SLOW))
    assert sorted(str(one.status) for one in exchanges) == ["200"] * (AT_ONCE - 1) + ["None"]


def test_a_racer_that_stays_away_is_not_waited_for() -> None:
    """Two of three are at the line; the third leaves, and they start."""

    async def stand() -> None:
        line = StartingLine(3, patience=60.0)
        with line.racer() as first, line.racer() as second:
            with line.racer():
                waiting = asyncio.gather(first(), second())
                await asyncio.sleep(0)
                assert not waiting.done()
            await asyncio.wait_for(waiting, 1)

    asyncio.run(stand())


def answering(*statuses: int) -> Callable[[httpx.Request], httpx.Response]:
    """Answer with these statuses one after another, then with 200."""
    left = list(statuses)

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(left.pop(0) if left else 200, headers={"Retry-After": "5"}, json={})

    return handle


def test_a_target_in_this_process_is_asked_all_at_once(jumping: Run, client: Make) -> None:
    """It has no connections to wait for; the answers are in the order of the asks."""

    async def ask() -> list[str]:
        async with client(answering()) as talk:
            return [one.path for one in await talk.race([Ask("GET", "/a"), Ask("GET", "/b")])]

    assert jumping(ask()) == ["/a", "/b"]


def test_a_throttled_racer_is_given_back(jumping: Run, client: Make) -> None:
    """Its 429 is its answer, and is recorded; who asks next waits as long as it says."""

    async def ask() -> tuple[list[int | None], float, int]:
        async with client(answering(200, 429)) as talk:
            statuses = [one.status for one in await talk.race([Ask("GET", "/a")] * 3)]
            began = asyncio.get_running_loop().time()
            await talk.send("GET", "/b")
            return statuses, asyncio.get_running_loop().time() - began, len(talk.recorder)

    statuses, waited, recorded = jumping(ask())  # type: ignore[misc]  # what ask gives
    assert (statuses, recorded) == ([200, 429, 200], 4)
    assert waited >= 5


def test_a_racer_that_breaks_is_given_back_without_an_answer(jumping: Run, client: Make) -> None:
    """It is not sent again: nobody knows whether it was done."""
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if len(asked) == 1:
            raise httpx.ReadError("gone")
        return httpx.Response(200, json={})

    async def ask() -> list[int | None]:
        async with client(handle) as talk:
            return [one.status for one in await talk.race([Ask("POST", "/a")] * 2)]

    assert (jumping(ask()), len(asked)) == ([None, 200], 2)


def test_a_race_that_the_budget_does_not_hold_is_not_begun(jumping: Run, client: Make) -> None:
    """Nothing of it is sent."""

    async def ask() -> int:
        async with client(answering(), request_budget=2) as talk:
            with pytest.raises(BudgetSpent):
                await talk.race([Ask("GET", "/a")] * 3)
            return talk.count

    assert jumping(ask()) == 0


def test_a_race_takes_its_share_of_the_pace(jumping: Run, client: Make) -> None:
    """After three at once the next waits for the time that three take."""

    async def ask() -> float:
        async with client(answering(), max_rps=1) as talk:
            await talk.race([Ask("GET", "/a")] * 3)
            await talk.send("GET", "/b")
            return asyncio.get_running_loop().time()

    assert jumping(ask()) == 3.0
