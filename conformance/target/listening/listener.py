"""The suite's own receiver of webhooks: inboxes that a target can be told to deliver to.

Each inbox has a path that nobody can guess, so that whoever else knocks gets a 404 and leaves no trace. What comes
to an inbox is answered with 200 at once and kept without secrets, up to a bound.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx

from conformance.errors import NotJSON, UsageProblem
from conformance.target.listening.receiving import Received, Reply, serve_one
from conformance.wire.connections import is_loopback
from conformance.wire.exchange import JSON, Pairs, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from conformance.wire.recorder import Recorder

T = TypeVar("T")

LOOPBACK = "127.0.0.1:0"
"""A free port that only this machine reaches."""
CONNECTIONS = 256
"""So many are served at once; more are hung up on."""
KEPT = 32 * 1024 * 1024
"""Octets of deliveries that one inbox keeps."""
LONGER = 4
"""So many times as long as without any arrival is waited at most while other things arrive."""
EXAMPLE = "https://hooks.example.com"
_ECHOED = 1024
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # to refuse them, not to bind them
_REACH_SECONDS = 10.0


@dataclass(frozen=True)
class Delivery:
    """A request that came to an inbox, secrets replaced; `at` is when, by `time.monotonic`."""

    at: float
    method: str
    headers: Pairs
    body: bytes

    @cached_property
    def json(self) -> JSON:
        """The parsed body, None where it is no JSON."""
        try:
            return parse(self.body)
        except NotJSON:
            return None


class Inbox:
    """What came to one URL, in the order of its arrival; `is_full` once more came than is kept."""

    def __init__(self, url: str, recorder: Recorder) -> None:
        self.url = url
        self.is_full = False
        self._recorder = recorder
        self._room = KEPT
        self._deliveries: list[Delivery] = []
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def deliveries(self) -> Sequence[Delivery]:
        """All that came so far."""
        return tuple(self._deliveries)

    async def wait(self, look: Callable[[Sequence[Delivery]], T], *, within: float) -> T:
        """Look at the deliveries now and at each arrival until there is something (truthy); return the last look.

        It ends once nothing at all has come for `within` seconds, for a queue that moves may be long; after LONGER
        times as many in any case.
        """
        began = time.monotonic()

        def left() -> float:
            last = max(began, self._deliveries[-1].at if self._deliveries else began)
            return min(last + within, began + LONGER * within) - time.monotonic()

        while not (seen := look(self.deliveries)) and (seconds := left()) > 0:
            news = asyncio.get_running_loop().create_future()
            self._waiting.add(news)
            await asyncio.wait([news], timeout=seconds)
            self._waiting.discard(news)
        return seen

    def take(self, received: Received) -> None:
        """Keep what came, without secrets; once there is no room any more, only that it came."""
        self._room -= len(received.body)
        self.is_full = self.is_full or self._room < 0
        if not self.is_full:
            clean = self._recorder.redactor
            headers, body = clean.headers(received.headers), clean.octets(received.body)
            self._deliveries.append(Delivery(time.monotonic(), received.method, headers, body))
        for news in self._waiting:
            if not news.done():
                news.set_result(None)


class Listener:
    """Listens at an address (HOST:PORT) of this machine; `url` is by which the target reaches it, if under another.

    An async context manager. It takes its port at once, and serves from the first inbox on.
    """

    def __init__(self, recorder: Recorder, *, address: str = LOOPBACK, url: str = "") -> None:
        """Take the port; raise `UsageProblem` where that can't be done or nobody could know the URL."""
        self._recorder = recorder
        self._inboxes: dict[str, Inbox] = {}
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        host, _, port = address.rpartition(":")
        if not url and host.strip("[]") in _EVERYWHERE:
            problem = f"--listen {address} is every address of this machine, which is no URL."
            raise UsageProblem(problem, hint="Give the one at which the target reaches it as --listener-url.")
        told = _checked(url)
        self._socket = _listening(host.strip("[]"), int(port))
        self.url = told or f"http://{host}:{self._socket.getsockname()[1]}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def inbox(self) -> Inbox:
        """Open an inbox under a URL of its own."""
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, sock=self._socket)
        token = secrets.token_hex(16)
        inbox = self._inboxes[token] = Inbox(f"{self.url}/{token}", self._recorder)
        return inbox

    async def is_reachable(self) -> bool:
        """Tell whether this machine itself reaches an inbox under its URL, by a challenge that only we can answer."""
        challenge = secrets.token_hex(16)
        inbox = await self.inbox()
        try:
            direct = is_loopback(self.url)
            async with httpx.AsyncClient(timeout=_REACH_SECONDS, trust_env=not direct) as client:
                answer = await client.get(inbox.url, params={"challenge": challenge})
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
        return answer.text == challenge

    def release(self) -> None:
        """Give the port back, of a listener that serves nothing (any more)."""
        self._socket.close()

    async def close(self) -> None:
        """Cut off what is under way, and give the port back."""
        if self._server is not None:
            self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        self.release()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._serving) >= CONNECTIONS:
            writer.close()
            return
        task = asyncio.get_running_loop().create_task(serve_one(reader, writer, self._answer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    def _answer(self, received: Received) -> Reply:
        path, _, query = received.target.partition("?")
        inbox = self._inboxes.get(path.rstrip("/").rpartition("/")[2])
        if inbox is None:
            return Reply(404)
        inbox.take(received)
        if received.method == "HEAD":
            return Reply(200)
        return _echo(received, query) or Reply(200, b"{}")


def require_within_reach(listener: Listener, base_url: str) -> None:
    """Raise `UsageProblem` for a listener of this machine alone, and a target that is surely elsewhere."""
    if is_loopback(listener.url) and not is_loopback(base_url):
        raise UsageProblem(
            f"{base_url} can't deliver to {listener.url}, which is an address of this machine alone.",
            hint="Give the URL by which the target reaches --listen as --listener-url.",
        )


def _echo(received: Received, query: str) -> Reply | None:
    """Answer a challenge by which some targets verify a listener: in the query, or a member of a JSON body."""
    asked = {name.lower(): value for name, value in parse_qsl(query)}
    for name, value in asked.items():
        if name.endswith("challenge") or name == "validationtoken":
            return Reply(200, value[:_ECHOED].encode(), "text/plain; charset=utf-8")
    try:
        body = parse(received.body)
    except NotJSON:
        return None
    challenge = body.get("challenge") if isinstance(body, dict) else None
    if not isinstance(challenge, str):
        return None
    return Reply(200, json.dumps({"challenge": challenge[:_ECHOED]}).encode())


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        problem = f"Nothing can listen at {host}:{port}: {error.strerror or error}."
        raise UsageProblem(problem, hint="Give an address of this machine with a free port as --listen.") from None


def _checked(url: str) -> str:
    """Return a listener URL without a trailing slash; credentials, a query or a fragment are refused unseen."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise UsageProblem("The listener URL is no URL.", hint=f"Give it whole, such as {EXAMPLE}.") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        problem = "The listener URL has credentials, a query or a fragment."
        raise UsageProblem(problem, hint=f"Give scheme, host and perhaps a path, such as {EXAMPLE}.")
    return url.rstrip("/")
