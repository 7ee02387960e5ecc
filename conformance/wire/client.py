"""The one seam between the suite and a target: every request of a run goes through a Client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, TypeAlias
from urllib.parse import urlsplit

from conformance.errors import BudgetSpent, Throttled, Unanswered, Unreachable, UsageProblem
from conformance.wire.attempting import Break, Outcome, attempt
from conformance.wire.connections import default_agent, http_client, is_loopback, racing_client, user_agent
from conformance.wire.errand import Errand, OnThrottling
from conformance.wire.exchange import Attempt
from conformance.wire.options import WireOptions
from conformance.wire.outgoing import ABSENT, Ask, Outgoing, Query, build, check_base_url, in_clear
from conformance.wire.places import Places
from conformance.wire.racing import StartingLine
from conformance.wire.recorder import Recorder
from conformance.wire.roles import KEY, variable_of
from conformance.wire.throttling import Pace, Patience, is_throttled, retry_after

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence
    from types import TracebackType

    import httpx

    from conformance.wire.attempting import Ready
    from conformance.wire.exchange import JSON, Exchange, Response

__all__ = ["ABSENT", "Client", "Query", "WireOptions"]

Authorize: TypeAlias = Callable[[str], str]
"""Writes an Authorization value from a key."""

_DEFAULTS = WireOptions()
_NO_HEADERS: Mapping[str, str | None] = MappingProxyType({})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PAUSE = 0.2  # seconds before the first retry after a fault, doubled each time
_HASTE = 3.0  # seconds for what should not be answered at all
_SILENCE = 3  # so many requests in a row without an answer, and none is tried a second time until one gets through


class Client:
    """Talk to one target with the keys of several roles: bounded, counted, patient, recorded.

    Use it as an async context manager, in one event loop at a time. `keys` are by role (wire/roles.py); none
    of them is in what it returns, records or raises. `transport` replaces the network, for a target in this
    process. `count` counts the requests sent, retries included; `in_flight` is how many are open just now.
    """

    def __init__(  # noqa: PLR0913 - what a conversation needs, once a run, by name
        self,
        base_url: str,
        keys: Mapping[str, str],
        *,
        run_id: str,
        options: WireOptions = _DEFAULTS,
        recorder: Recorder | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        agent: str | None = None,
    ) -> None:
        self.base_url = check_base_url(base_url)
        self.options = options
        self.run_id = run_id
        self.recorder = Recorder() if recorder is None else recorder
        self.recorder.protect({variable_of(role): key for role, key in keys.items()})
        self.count = 0
        self.in_flight = 0
        self._keys = dict(keys)
        self._agent = agent or default_agent()
        self._transport = transport
        self._silence = 0
        self._patience = Patience(options.throttle_budget)
        self._http: httpx.AsyncClient | None = None
        self._racing: httpx.AsyncClient | None = None

    @property
    def roles(self) -> frozenset[str]:
        """The roles there are keys for."""
        return frozenset(self._keys)

    @property
    def may_send_key_in_clear(self) -> bool:
        """Whether plain http takes a key no further than https does: to the same port of this very machine."""
        twin = in_clear(self.base_url)
        return is_loopback(twin) and urlsplit(twin).port is not None

    @property
    def patience_left(self) -> float:
        """Seconds that the run may still wait on 429 and 503."""
        return self._patience.left

    def renew_patience(self, seconds: float) -> None:
        """Allow so many seconds of waiting from now on, whatever was spent: for what has to be done in any case."""
        self._patience = Patience(seconds)

    async def __aenter__(self) -> Self:
        self._places = Places(self.options.in_flight)
        self._pace = Pace(self.options.max_rps)
        self._http = http_client(self.base_url, self.options, self._transport)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        opened = (self._http, self._racing)
        self._http = self._racing = None
        for http in opened:
            if http is not None:
                await http.aclose()

    async def send(  # noqa: PLR0913 - the parts of an HTTP request, by name
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        headers: Mapping[str, str | None] | None = None,
        json: JSON = ABSENT,
        content: bytes | None = None,
        role: str | None = "key",
        authorize: Authorize | None = None,
        asked_by: str = "",
        idempotent: bool = False,
        throttled: OnThrottling = "wait",
        beside: str | None = None,
    ) -> Exchange:
        """Send a request and give back its exchange, whatever the status of the answer.

        `path` is relative to the base URL. `query` as text goes out as it is, as pairs it is encoded like a
        form. A header of value None takes a default away. `json` is sent as application/json; `role` None
        sends no key. `authorize` writes another Authorization than Bearer from the role's key, for credentials
        that should be refused: the request then counts as nobody's. `idempotent` lets a write that carries an
        Idempotency-Key be retried like a read.
        `throttled` "return" gives a 429 or 503 back at once instead of waiting it out. `beside` asks below
        another path of the same host, which is no part of the API: "" for its root.

        Raises UsageProblem, Unreachable, Unanswered, Throttled, BudgetSpent.
        """
        if self._http is None:
            raise UsageProblem("The client is closed", "send inside `async with client`")
        asked = {"json": json, "content": content, "role": role, "beside": beside}
        ask = replace(Ask(method, path, query, headers or _NO_HEADERS), **asked)
        outgoing = self._built(ask if authorize is None else self._disguised(ask, authorize), asked_by)
        retriable = method in SAFE or (idempotent and bool(outgoing.request.header("idempotency-key")))
        return await self._see_through(Errand(outgoing, asked_by, retriable, throttled), self._http)

    async def ask_in_clear(self, path: str, *, role: str | None = None, asked_by: str = "") -> Exchange:
        """GET a path of the base URL's twin over plain http, once and with little patience.

        The exchange has no response where nobody answered, or not in HTTP. Nothing of the API is promised there, so
        it counts as asked beside the base URL. Raises UsageProblem for a key that may not be sent in clear text, and
        BudgetSpent.
        """
        if self._http is None:
            raise UsageProblem("The client is closed", "ask inside `async with client`")
        twin = in_clear(self.base_url)
        if role is not None and not self.may_send_key_in_clear:
            raise UsageProblem("A key is sent in clear text to no other machine or server", "ask with role=None")
        ask = Ask("GET", path, role=role, beside=urlsplit(twin).path)
        outgoing = build(twin, ask, self._defaults(role, asked_by))
        errand = Errand(outgoing, asked_by, retriable=False, on_throttling="return")
        hasty = replace(self.options, timeout=min(self.options.timeout, _HASTE))
        try:
            outcome = await self._try(errand, self._http, hasty)
        except BaseException:
            self._leave(errand)
            raise
        return self._record(errand, outcome.response)

    async def race(self, asks: Sequence[Ask], *, asked_by: str = "") -> Sequence[Exchange]:
        """Send requests that arrive together: each on a connection of its own, all let go once all are open.

        Gives their exchanges in order, and raises for none of them: one that got no answer has no response, a 429 or
        503 is given back (and its role is held back from then on), and nothing is sent twice. A race takes as many
        places in flight as it has requests; where there are fewer, it takes all, and exceeds the bound for its length.
        A target in this process has no connections: there the requests are only sent in one go.

        Raises UsageProblem, BudgetSpent, both before anything is sent.
        """
        if self._http is None:
            raise UsageProblem("The client is closed", "race inside `async with client`")
        errands = [
            Errand(self._built(ask, asked_by), asked_by, retriable=False, on_throttling="return") for ask in asks
        ]
        http = self._http if self._transport is not None else self._racers()
        line = StartingLine(len(errands), self.options.connecting)
        async with self._place({errand.role for errand in errands}, size=len(errands)):
            self._check_budget(len(errands))
            return await asyncio.gather(*(self._run(errand, http, line) for errand in errands))

    def _racers(self) -> httpx.AsyncClient:
        if self._racing is None:
            self._racing = racing_client(self.base_url, self.options)
        return self._racing

    async def _run(self, errand: Errand, http: httpx.AsyncClient, line: StartingLine) -> Exchange:
        """Run one racer, and keep what came of it."""
        try:
            with line.racer() as ready:
                outcome = await self._attempt(errand, http, ready=ready)
        except BaseException:
            self._leave(errand)
            raise
        errand.attempts.append(outcome.attempt)
        self._silence = 0 if outcome.response else self._silence + 1
        if outcome.response is not None and is_throttled(outcome.response):
            self._patience.ask(errand.role, retry_after(outcome.response), times=0)
        return self._record(errand, outcome.response)

    def _disguised(self, ask: Ask, authorize: Authorize) -> Ask:
        written = {"Authorization": authorize(self._key(ask.role or KEY))}
        return replace(ask, role=None, headers={**ask.headers, **written})

    def _built(self, ask: Ask, asked_by: str) -> Outgoing:
        try:
            return build(self.base_url, ask, self._defaults(ask.role, asked_by))
        except UsageProblem as problem:
            clean = self.recorder.redactor.text
            raise UsageProblem(clean(problem.message), clean(problem.hint)) from None

    def _defaults(self, role: str | None, asked_by: str) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": user_agent(self._agent, self.run_id, asked_by),
        }
        return headers if role is None else {**headers, "Authorization": f"Bearer {self._key(role)}"}

    def _key(self, role: str) -> str:
        if role not in self._keys:
            raise UsageProblem(f"There is no key for the role {role!r}", f"set {variable_of(role)}")
        return self._keys[role]

    async def _see_through(self, errand: Errand, http: httpx.AsyncClient) -> Exchange:
        try:
            return await self._answer(errand, http)
        except BaseException:  # a cancelled check, a spent budget, a crash of a target in this process
            self._leave(errand)
            raise

    async def _answer(self, errand: Errand, http: httpx.AsyncClient) -> Exchange:
        while True:
            outcome = await self._try(errand, http)
            if outcome.response is None:
                await self._get_over(errand, outcome)
            elif errand.on_throttling == "wait" and is_throttled(outcome.response):
                self._put_off(errand, outcome.response)
            else:
                self._silence = 0
                if not is_throttled(outcome.response):
                    self._patience.earn()
                return self._record(errand, outcome.response)

    async def _try(self, errand: Errand, http: httpx.AsyncClient, options: WireOptions | None = None) -> Outcome:
        """Make one attempt as soon as the role, the places in flight and the pace allow it."""
        loop = asyncio.get_running_loop()
        ready = loop.time()
        async with self._place({errand.role}):
            outcome = await self._attempt(errand, http, waited=loop.time() - ready, options=options)
        errand.attempts.append(outcome.attempt)
        errand.connected |= outcome.broke is not Break.UNCONNECTED
        return outcome

    @asynccontextmanager
    async def _place(self, roles: Collection[str], *, size: int = 1) -> AsyncIterator[None]:
        """Take a place in flight, or several, and give them up again while a role is held back."""
        while True:
            for role in roles:
                await self._patience.wait(role)
            async with self._places.place(self.recorder.steps, size=size):
                if all(self._patience.is_open(role) for role in roles):
                    await self._pace.wait(size)  # here, where nothing else delays the request any more
                    yield
                    return

    def _leave(self, errand: Errand) -> None:
        """Keep the trace of a request that is not seen through, if any of it went out."""
        if errand.sent_at is not None:
            lost = time.time() - errand.sent_at
            errand.attempts.append(Attempt(errand.sent_at, lost, None, "the suite gave up on it"))
        if len(errand.attempts) > errand.kept:
            self._record(errand, None)

    def _check_budget(self, wanted: int = 1) -> None:
        budget = self.options.request_budget
        if budget is not None and self.count + wanted > budget:
            raise BudgetSpent(f"The budget of {budget} requests is used up", "give a higher --request-budget")

    async def _attempt(
        self,
        errand: Errand,
        http: httpx.AsyncClient,
        *,
        waited: float = 0.0,
        ready: Ready | None = None,
        options: WireOptions | None = None,
    ) -> Outcome:
        self._check_budget()
        self.count += 1
        self.in_flight += 1
        errand.sent_at = time.time()
        try:
            outcome = await attempt(http, errand.outgoing, options=options or self.options, waited=waited, ready=ready)
        finally:
            self.in_flight -= 1
        errand.sent_at = None
        return outcome

    async def _get_over(self, errand: Errand, outcome: Outcome) -> None:
        """Pause before another attempt, or raise where there is none left or none is safe."""
        harmless = outcome.broke is Break.UNCONNECTED or (errand.retriable and outcome.broke is Break.LOST)
        failures = len(errand.attempts) - errand.put_off
        if not harmless or failures > (self.options.retries if self._silence < _SILENCE else 0):
            self._silence += 1
            raise self._no_answer(errand)
        await asyncio.sleep(_PAUSE * 2 ** (failures - 1))

    def _no_answer(self, errand: Errand) -> Unreachable | Unanswered:
        exchange = self._record(errand, None)
        if not errand.connected:
            where = self.recorder.redactor.text(self.base_url)
            return Unreachable(
                f"{where} can't be reached: {exchange.fault}",
                "check the URL and the network",
                exchange=exchange,
            )
        asked = f"{exchange.method} {exchange.request.target}"
        message = f"{asked} got no answer (attempts: {len(exchange.attempts)}): {exchange.fault}"
        return Unanswered(message, exchange=exchange)

    def _put_off(self, errand: Errand, response: Response) -> None:
        """Keep a throttled answer as evidence, and hold its role back; raise where no patience is left."""
        exchange = self._record(errand, response)
        if not self._patience.ask(errand.role, retry_after(response), times=errand.put_off):
            raise Throttled(
                f"{exchange.method} {exchange.request.target} still gets {exchange.status} when the run has waited for "
                "as long as it may",
                "ask for less at a time (--max-rps, --in-flight)",
                exchange=exchange,
            )
        errand.put_off += 1

    def _record(self, errand: Errand, response: Response | None) -> Exchange:
        errand.kept = len(errand.attempts)
        return self.recorder.record(errand.outgoing.request, response, errand.attempts, asked_by=errand.asked_by)
