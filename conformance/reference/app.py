"""The reference API: one object that holds a database, a clock and a behaviour, and answers requests."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
import threading
import time
import uuid
from collections import deque
from contextlib import ExitStack, closing
from dataclasses import replace
from email.utils import format_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from conformance.reference import control, keys, seed
from conformance.reference.asgi import application
from conformance.reference.behaviour import HONEST, Behaviour
from conformance.reference.call import Call
from conformance.reference.catalogue import endpoints
from conformance.reference.clock import Clock, TimeSource, microseconds
from conformance.reference.deliveries import Deliveries, subscribers
from conformance.reference.errors import ForeignDatabaseError, Refusal, envelope
from conformance.reference.http import Request, Response, answer
from conformance.reference.idempotency import once
from conformance.reference.publishing import published
from conformance.reference.quota import GENEROUS, SMALL, Quota, Window
from conformance.reference.replica import Replica
from conformance.reference.routing import route
from conformance.reference.storage import Storage
from conformance.reference.validation import check_media_type, read_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sqlalchemy import Connection
    from starlette.applications import Starlette

    from conformance.reference.spec import Operation

LOGGER = logging.getLogger(__name__)
LOG_LENGTH = 500
# A client may call its host what it likes; no more names than this are kept the spec for.
HOSTS = 64


def opened(database: Path | None, template: Storage) -> tuple[Storage, dict[str, keys.ApiKey]]:
    """Open a database, a new one as a copy of the template, and read its keys.

    A ForeignDatabaseError where the file is no database, or one of something else; it is left as it is.
    """
    try:
        with ExitStack() as stack:
            storage = stack.enter_context(closing(Storage(database)))
            if storage.empty:
                storage.copy_from(template)
            with storage.transaction() as connection:
                known = keys.load(connection)
            stack.pop_all()
            return storage, known
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise ForeignDatabaseError(f"{database} is no database of this reference: {error}") from error


class Reference:
    """A whole implementation of the two documents; `handle` answers a request, `asgi` serves it over HTTP.

    `clock` tells the time; `database` is a SQLite file, without which all is in memory; without `seed_data` there are
    people and attributes only; `control` allows to move the clock over HTTP; `latency` is added to every response, in
    seconds; `quota` is what each key may spend, but for the quota key, which has `small_quota`; where it is `secure`,
    https is served, and plain http is the behaviour's to refuse.
    """

    def __init__(  # noqa: PLR0913 - each is a knob of its own, by keyword only
        self,
        behaviour: Behaviour = HONEST,
        *,
        clock: TimeSource | None = None,
        database: Path | None = None,
        seed_data: bool = True,
        control: bool = False,
        latency: float = 0.0,
        quota: Quota = GENEROUS,
        small_quota: Quota = SMALL,
        secure: bool = False,
        on_exchange: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> None:
        self.behaviour = behaviour
        self.clock: TimeSource = clock or Clock()
        self.control = control
        self.latency = latency
        self.secure = secure
        self.keys = keys.Keys()
        self.log: deque[Mapping[str, Any]] = deque(maxlen=LOG_LENGTH)
        self.deliveries = Deliveries()
        self._quotas = (quota, small_quota)
        self._on_exchange = on_exchange
        self._seed_data = seed_data
        self._secret = secrets.token_bytes(32)
        self._documents: dict[str, Response] = {}
        self._windows: dict[str, Window] = {}
        self._spending = threading.Lock()
        self._storage, self._known = opened(database, seed.template(seed_data=seed_data))
        self._replica = Replica(self._storage, behaviour.lag) if behaviour.lag else None

    @cached_property
    def asgi(self) -> Starlette:
        """Give the ASGI application: the API, and the control paths beside it."""
        return application(self)

    async def handle(self, request: Request) -> Response:
        """Answer a request to the API, through the behaviour's door."""
        started = time.perf_counter()
        if self.latency:
            await asyncio.sleep(self.latency)
        response = await self.behaviour.door(request, self._handle)
        self._note(request, response, time.perf_counter() - started)
        return response

    async def handle_in_clear(self, request: Request) -> Response:
        """Answer what came over plain http."""
        return await (self.behaviour.in_clear(request, self.handle) if self.secure else self.handle(request))

    async def handle_control(self, request: Request) -> Response:
        """Answer a request to a control path."""
        return control.answer_control(self, request)

    def reset(self) -> None:
        """Go back to the seed: data, idempotency keys, rate limits and the request log."""
        self._storage.copy_from(seed.template(seed_data=self._seed_data))
        self._windows.clear()
        self.log.clear()
        if self._replica:
            self._replica.note(0.0)

    def close(self) -> None:
        """Stop the deliveries and let go of the database."""
        self.deliveries.close()
        self._storage.close()
        if self._replica:
            self._replica.close()

    async def _handle(self, request: Request) -> Response:
        request_id = request.header("x-request-id") or f"req_{uuid.uuid4().hex}"
        response = self._respond(request)
        date = format_datetime(self.clock.now(), usegmt=True)
        headers = (*response.headers, ("X-Request-ID", request_id), ("Date", date))
        body = b"" if request.method == "HEAD" else response.body
        return Response(response.status, headers, body)

    def _respond(self, request: Request) -> Response:
        key = self._known.get(keys.digest(keys.presented(request) or ""))
        if key is None:
            return self._refusing(lambda: self._anonymous(request))
        window = self._spend(key)
        response = self._refusing(lambda: self._authenticated(request, key, window))
        return replace(response, headers=(*response.headers, *window.headers()))

    def _refusing(self, respond: Callable[[], Response]) -> Response:
        try:
            return respond()
        except Refusal as refusal:
            return envelope(refusal, self.behaviour.statuses[refusal.code])
        except Exception:
            LOGGER.exception("the reference failed")
            return envelope(Refusal("internal_error", "the server failed; it is not your fault"), 500)

    def _anonymous(self, request: Request) -> Response:
        match = route(request)
        if match.operation is None or not match.operation.public:
            headers = (("WWW-Authenticate", "Bearer"),)
            raise Refusal("authentication_required", "send a valid API key as a bearer token", headers=headers)
        return self._published(request)

    def _spend(self, key: keys.ApiKey) -> Window:
        quota = self._quotas[key.role == "quota"]
        now = self.clock.now().timestamp()
        with self._spending:
            window = self.behaviour.spend(self._windows.get(key.id), quota, now)
            self._windows[key.id] = window
        return window

    def _authenticated(self, request: Request, key: keys.ApiKey, window: Window) -> Response:
        if window.exceeded:
            wait = self.behaviour.retry_after(window, self.clock.now().timestamp())
            headers = (("Retry-After", str(wait)),)
            raise Refusal("rate_limited", "the quota of this key is spent", headers=headers)
        match = route(request)
        if match.operation is None:
            raise match.refusal()
        if match.options:
            return answer(200, {"allow": list(match.allowed)}, ("Allow", ", ".join(match.allowed)))
        if match.operation.public:
            return self._published(request)
        if match.operation.scope not in key.scopes:
            raise Refusal("permission_denied", f"this key lacks the scope {match.operation.scope}")
        return self._run(request, key, operation=match.operation, identifier=match.id)

    def _run(self, request: Request, key: keys.ApiKey, *, operation: Operation, identifier: str) -> Response:
        parameters = read_parameters(operation, request, {"limit": self.behaviour.page_size})
        if operation.body is not None:
            check_media_type(request)
        with self._storage.transaction() as connection:
            call = Call(
                request=request,
                operation=operation,
                parameters=parameters,
                id=identifier,
                key=key,
                connection=self._seen_by(operation, connection),
                behaviour=self.behaviour,
                now=self.behaviour.precision(microseconds(self.clock.now())),
                secret=self._secret,
            )
            endpoint = endpoints()[operation.id]
            response = once(call, endpoint) if operation.creates else endpoint(call)
            deliveries = [delivery for event in call.events for delivery in subscribers(call, event)]
            if self._replica and request.method != "GET":
                self._replica.note(self.clock.now().timestamp())
        self.deliveries.send(deliveries)
        return response

    def _seen_by(self, operation: Operation, connection: Connection) -> Connection:
        if self._replica and "cursor" in operation.parameters:
            return self._replica.connection(self.clock.now().timestamp())
        return connection

    def _published(self, request: Request) -> Response:
        host = request.header("host") or ""
        if len(self._documents) > HOSTS:
            self._documents.clear()
        if host not in self._documents:
            self._documents[host] = answer(200, self.behaviour.publish(published(host, secure=self.secure)))
        return self._documents[host]

    def _note(self, request: Request, response: Response, seconds: float) -> None:
        entry = control.entry(self, request, response, seconds=seconds)
        self.log.append(entry)
        if self._on_exchange:
            self._on_exchange(entry)
