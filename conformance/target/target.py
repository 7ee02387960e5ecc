"""The target as a scenario sees it: ask it, make observations in it, share what was gathered, leave it as it was."""

from __future__ import annotations

import asyncio
import contextvars
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.contract.model import Need
from conformance.contract.needs import REMEDIES, WANTED
from conformance.contract.resources import CREATE
from conformance.errors import BudgetSpent, Missing, NotOurs, Refused, Unanswered, Unreachable, UsageProblem
from conformance.target.asking import ASKER, ask_as
from conformance.target.chance import Chance
from conformance.target.conversations import Conversations
from conformance.target.discovery import an_employee
from conformance.target.made.accounting import account, asked, creates, findable, intend, require_ours
from conformance.target.made.journal import Journal
from conformance.target.means import NONE, Means
from conformance.target.reading import Page, Resource, Walk, read_page, read_resource, with_query
from conformance.target.scopes import require_item_scope
from conformance.wire.client import SAFE
from conformance.wire.outgoing import Ask
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from random import Random

    from conformance.target.settings import Settings
    from conformance.wire.client import Client
    from conformance.wire.exchange import Exchange

T = TypeVar("T")

OBSERVATIONS = CREATE.path
SILENCES = 24
"""After so many requests in a row without an answer the target counts as gone, and nothing more is sent."""
PAGES = 200
"""A walk gives up after so many pages: 20,000 items at 100 a page."""


@dataclass(frozen=True, slots=True)
class Made:
    """An observation of ours: what was sent, what came back, and the exchange in which it did."""

    id: str
    sent: Mapping[str, Any]
    resource: Resource
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class _Evidence:
    numbers: tuple[int, ...]
    value: Any = None
    error: BaseException | None = None


class Target:
    """One API under judgement. All requests go through `send`; all creates are journalled and archived at the end."""

    def __init__(  # noqa: PLR0913 - each is a part of a run, by keyword
        self,
        client: Client,
        settings: Settings,
        *,
        run_id: str,
        journal: Journal | None = None,
        means: Means = NONE,
        seed: int = 0,
    ) -> None:
        self.client = client
        self.settings = settings
        self.run_id = run_id
        self.journal = journal or Journal()
        self.means = means
        self.chance = Chance(run_id, seed)
        self.conversations = Conversations(slow=client.options.timeout)
        self._shared: dict[str, asyncio.Task[_Evidence]] = {}
        self._silences = 0
        self._asked = 0
        self._making = 0
        self._made: dict[str, int] = {}
        self._cleaning = False
        self._lent: set[str] = set()
        self._given_up: set[str] = set()

    # ask ---------------------------------------------------------------------------------------------------

    async def send(self, method: str, path: str, **request: Any) -> Exchange:  # noqa: ANN401  # as Client.send
        """Send one request (parameters as `Client.send`); journal it where it makes, archives or restores.

        Raises `NotOurs` for a write to what this run neither made nor was lent; `Unanswered`, `Throttled`,
        `BudgetSpent` as the client does, and `Unreachable` once the target is gone.
        """
        ask = findable(asked(method, path, request), self.signature, self.chance.uuid)
        (number,) = self._begin([ask])
        request["headers"] = ask.headers
        self._sign(request)
        try:
            exchange = await self.client.send(method, path, asked_by=ASKER.get(), **request)
        except (BudgetSpent, UsageProblem):  # it was never sent
            self.journal.answered(number)
            raise
        except (Unanswered, Unreachable):
            self._silences += 1
            raise
        finally:
            self._making -= number > 0
        self._silences = 0
        account(self.journal, exchange, number)
        await require_item_scope(self, exchange)
        return exchange

    async def ask_in_clear(self, path: str, *, role: str | None = None) -> Exchange:
        """GET a path over plain http (`Client.ask_in_clear`), without an answer where nobody serves it."""
        self._begin([Ask("GET", path, role=role)])
        return await self.client.ask_in_clear(path, role=role, asked_by=ASKER.get())

    async def race(self, asks: Sequence[Ask]) -> Sequence[Exchange]:
        """Send requests that arrive together (`Client.race`), with the same account of them as `send` keeps.

        One that was lost has no response, one that was throttled a 429 or 503: neither says anything about a rule.
        """
        asks = [findable(ask, self.signature, self.chance.uuid) for ask in asks]
        numbers = self._begin(asks)
        try:
            exchanges = await self.client.race(asks, asked_by=ASKER.get())
        finally:
            self._making -= sum(number > 0 for number in numbers)
        for number, exchange in zip(numbers, exchanges, strict=True):
            self._silences = 0 if exchange.response is not None else self._silences + 1
            account(self.journal, exchange, number)
        for exchange in exchanges:
            await require_item_scope(self, exchange)
        return exchanges

    def _begin(self, asks: Sequence[Ask]) -> Sequence[int]:
        """Account for requests before they are sent; give each its number in the journal, 0 where it makes nothing."""
        if any(ask.method not in SAFE for ask in asks):
            self.require_writes()
        if self._silences >= SILENCES:
            raise Unreachable(f"{self.settings.base_url} has stopped answering", hint="Is it still running?")
        for ask in asks:
            require_ours(self.journal, ask, self._lent, self._given_up)
        making = sum(map(creates, asks))
        self._spend(len(asks), making=making)
        self._making += making
        return [intend(self.journal, ask, self.signature) for ask in asks]

    def _sign(self, request: dict[str, Any]) -> None:
        """Let every second request carry a request id of ours, so that its echo is judged everywhere (HDR-02).

        Not where an Idempotency-Key is: a replay of the original response may bring the original's id.
        """
        headers = dict(request.get("headers") or {})
        names = {name.lower() for name in headers}
        if request.get("role", KEY) != KEY or names & {"x-request-id", "idempotency-key"}:
            return
        request["headers"] = {**headers, **self.request_id()}

    def request_id(self) -> dict[str, str]:
        """Give a request id of ours as a header, and none every other time."""
        mark = self.chance.serial("request id")
        is_due = sum(mark.encode()) % 2  # which turns with the number that it ends in
        return {"X-Request-ID": f"{self.run_id}-{mark}"} if is_due else {}

    def _spend(self, requests: int, *, making: int) -> None:
        """Keep enough of the budget of requests for the clean-up; what makes something costs its archiving too."""
        budget = self.client.options.request_budget
        if budget is None or self._cleaning:
            return
        kept = len(self.journal.remains()) + self._making + making
        if max(self.client.count, self._asked) + kept + requests > budget:
            raise BudgetSpent(f"The budget of {budget} requests is used up", "give a higher --request-budget")
        self._asked += requests

    async def get(self, path: str, query: Any = (), **request: Any) -> Exchange:  # noqa: ANN401  # as Client.send
        """GET `path`, with `query` as pairs, mapping or verbatim string."""
        return await self.send("GET", path, query=query, **request)

    async def post(self, path: str, **request: Any) -> Exchange:  # noqa: ANN401  # as Client.send
        """POST to `path`; the body in `json` or `content`."""
        return await self.send("POST", path, **request)

    async def patch(self, path: str, **request: Any) -> Exchange:  # noqa: ANN401  # as Client.send
        """PATCH `path`; the body in `json` or `content`."""
        return await self.send("PATCH", path, **request)

    async def page(self, path: str, query: Any = (), *, role: str = KEY) -> Page:  # noqa: ANN401  # as Client.send
        """GET one page of a collection; raise `Refused` where there is none."""
        return read_page(await self.get(path, query, role=role))

    async def walk(self, path: str, query: Any = (), *, at_most: int = PAGES, role: str = KEY) -> Walk:  # noqa: ANN401
        """Follow next_cursor from the first page to the end, a circle, or `at_most` pages."""
        pages = [await self.page(path, query, role=role)]
        seen: set[str] = set()
        while (cursor := pages[-1].next_cursor) and cursor not in seen and len(pages) < at_most:
            seen.add(cursor)
            pages.append(await self.page(path, with_query(query, cursor=cursor), role=role))
        return Walk(tuple(pages), ended=pages[-1].next_cursor is None)

    def lend(self, path: str, *, for_good: bool = False) -> None:
        """Let what was there be written to, at a path and below it, or `for_good` be deleted, at that path alone.

        Raises `NotOurs` where it is worth keeping.
        """
        if not self.settings.is_disposable:
            raise NotOurs(f"{path} is not what this run made", "give --disposable where nothing is worth keeping")
        (self._given_up if for_good else self._lent).add(path)

    # share -------------------------------------------------------------------------------------------------

    async def once(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """Gather evidence once a run, under `name`; every asker gets the same value or the same exception.

        The exchanges are cited in the trail of each asker.
        """
        task = self._shared.get(name)
        if task is None:
            context = contextvars.Context()
            task = asyncio.get_running_loop().create_task(self._gather(name, make), context=context)
            self._shared[name] = task
        evidence = await asyncio.shield(task)
        self.client.recorder.cite(evidence.numbers)
        if evidence.error is not None:
            raise evidence.error
        return evidence.value  # type: ignore[no-any-return]  # `make` gave it

    async def _gather(self, name: str, make: Callable[[], Awaitable[Any]]) -> _Evidence:
        ask_as(name, name)
        with self.client.recorder.trail() as numbers:

            async def talk() -> Any:  # noqa: ANN401  # whatever `make` gives
                numbers.clear()
                return await make()

            try:
                value = await self.conversations.hold(talk)
            except Exception as error:  # noqa: BLE001  # each asker raises it again
                return _Evidence(tuple(numbers), error=error)
        return _Evidence(tuple(numbers), value)

    async def eventually(self, look: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401  # what `look` gives
        """Look until there is something (truthy), for the last time once `settings.settle` seconds are over.

        Returns the last look. A look may take long, so it counts by when it began.
        """
        deadline = time.monotonic() + self.settings.settle
        pause = 0.05
        while True:
            began = time.monotonic()
            if (seen := await look()) or began >= deadline:
                return seen
            await asyncio.sleep(max(0.0, min(pause, deadline - time.monotonic())))
            pause = min(pause * 2, 0.8)

    def random(self, purpose: str) -> Random:
        """Give a source of chance for a purpose: the same seed and purpose draw the same, in every run."""
        return self.chance.random(purpose)

    # make --------------------------------------------------------------------------------------------------

    def require_writes(self) -> None:
        """Raise `Missing` in a run that sends no writes."""
        if self.settings.read_only:
            raise Missing(WANTED[Need.WRITE], hint=REMEDIES[Need.WRITE])

    @property
    def signature(self) -> str:
        """What stands in the text of every observation of this run, but for those whose text is itself the question."""
        return f"conformance run {self.run_id}"

    def marker(self) -> str:
        """Give a text for an observation that names this run and is like no other."""
        return f"Written by {self.signature}, number {self.chance.serial('marker')}; safe to archive."

    async def body(self, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
        """Give a valid body for a create: what is required, and `fields` on top; one given as `...` is left out."""
        employee = fields.get("employee_id") or (await an_employee(self))
        valid = {"employee_id": employee, "type": "strength", "observation": self.marker()} | fields
        return {name: value for name, value in valid.items() if value is not ...}

    async def create(self, json: Any, *, key: str | None = None, **request: Any) -> Exchange:  # noqa: ANN401  # any JSON value
        """POST `json` to the observations, under Idempotency-Key `key` (a fresh UUID v4 without one)."""
        headers = {"Idempotency-Key": key or self.chance.uuid()} | dict(request.pop("headers", {}))
        return await self.post(OBSERVATIONS, json=json, headers=headers, idempotent=True, **request)

    async def make(self, **fields: Any) -> Made:  # noqa: ANN401  # any JSON value
        """Make a valid observation; raise `Refused` where the target won't, `Missing` where the key may not write."""
        sent = await self.body(**fields)
        exchange = await self.create(sent)
        if exchange.status == 403:  # noqa: PLR2004  # RFC 9110: Forbidden
            raise Missing("a key that may write observations", hint="Give PB_API_KEY the scope observations:write.")
        if exchange.status != 201:  # noqa: PLR2004  # RFC 9110: Created
            raise Refused(f"a valid create was answered with {exchange.status}, not with 201", exchange=exchange)
        resource = read_resource(exchange)
        first = self._made.setdefault(resource["id"], exchange.number)
        if first != exchange.number:  # a mock's: nothing that was made can be told from anything else
            raise Refused("a create of its own was answered with the id of an earlier one", exchange=exchange)
        return Made(resource["id"], sent, resource, exchange)

    async def read(self, observation_id: str) -> Resource:
        """GET one observation; raise `Refused` where it can't be read."""
        return read_resource(await self.get(f"{OBSERVATIONS}/{observation_id}"))

    async def archive(self, observation_id: str) -> Exchange:
        """POST to its archive action, without a body."""
        return await self.post(f"{OBSERVATIONS}/{observation_id}/archive")

    async def restore(self, observation_id: str) -> Exchange:
        """POST to its restore action, without a body."""
        return await self.post(f"{OBSERVATIONS}/{observation_id}/restore")

    async def make_archived(self, **fields: Any) -> Made:  # noqa: ANN401  # any JSON value
        """Make an observation and archive it; `resource` is as the archive action gave it."""
        made = await self.make(**fields)
        exchange = await self.archive(made.id)
        return Made(made.id, made.sent, read_resource(exchange), exchange)

    # leave -------------------------------------------------------------------------------------------------

    async def stop(self) -> None:
        """End the gathering of shared evidence; from now on the whole budget of requests is for cleaning up."""
        self._cleaning = True
        for task in self._shared.values():
            task.cancel()
        await asyncio.gather(*self._shared.values(), return_exceptions=True)
