"""Lies about how long idempotency keys are remembered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from conformance.faults.model import lies
from conformance.faults.rewriting import is_create, refusal
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conformance.reference import Handler, Request, Response

    Retry = Callable[["Late", Request, Handler], Awaitable[Response]]

KEY = "idempotency-key"
HOUR = 60 * 60


@lies("IDM-06")
def keys_are_forgotten_after_an_hour() -> Behaviour:
    """A key is remembered for an hour."""
    return replace(HONEST, retention=HOUR)


@lies("IDM-06")
def keys_are_forgotten_after_twelve_hours() -> Behaviour:
    """A key is remembered for half a day."""
    return replace(HONEST, retention=12 * HOUR)


@lies("IDM-06")
def keys_are_forgotten_half_an_hour_early() -> Behaviour:
    """A key is remembered for 23 and a half hours."""
    return replace(HONEST, retention=int(23.5 * HOUR))


@dataclass
class Late:
    """What is told of a key: when its create was, when it was used last, and how many creates it has made so far."""

    first: float
    last: float
    generation: int = 0
    retries: int = 0


def when_late(hours: float, retry: Retry, *, since_last_use: bool = False) -> Behaviour:
    """Let `retry` answer a create whose key was first (or last) used so many hours ago, by the reference's clock."""
    known: dict[str, Late] = {}

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header(KEY)
        if not is_create(request) or not key:
            return await honest(request)
        now = await _now(request, honest)
        late = known.setdefault(key, Late(now, now))
        past, late.last = now - (late.last if since_last_use else late.first), now
        if past < hours * HOUR:
            return await honest(anew(late, request))
        return await retry(late, request, honest)

    return replace(HONEST, door=door)


async def _now(request: Request, honest: Handler) -> float:
    """Read the reference's clock from an answer of it, in seconds since the epoch."""
    answer = await honest(replace(request, method="GET", path="/v1/openapi.json", body=b""))
    return parsedate_to_datetime(answer.header("date") or "").timestamp()


def anew(late: Late, request: Request) -> Request:
    """Give the request with the key by which the reference knows it: another one for each time it was forgotten."""
    return request.with_header(KEY, f"{request.header(KEY)}-{late.generation}") if late.generation else request


async def forget(late: Late, request: Request, honest: Handler) -> Response:
    """Create anew, as if the key had never been used."""
    late.generation += 1
    late.first = late.last
    return await honest(anew(late, request))


async def _conflict(_late: Late, _request: Request, _honest: Handler) -> Response:
    return refusal("conflict", "Idempotency-Key")


async def _replay_and_create(late: Late, request: Request, honest: Handler) -> Response:
    await honest(request.without_header(KEY))
    return await honest(anew(late, request))


async def _replay_once(late: Late, request: Request, honest: Handler) -> Response:
    late.retries += 1
    return await (honest(anew(late, request)) if late.retries == 1 else forget(late, request, honest))


@lies("IDM-06")
def keys_are_forgotten_twenty_hours_after_their_last_use() -> Behaviour:
    """A key that nobody retries is forgotten after twenty hours."""
    return when_late(20, forget, since_last_use=True)


@lies("IDM-06")
def keys_are_used_up_by_a_late_replay() -> Behaviour:
    """A key that was retried after hours is forgotten then."""
    return when_late(1, _replay_once)


@lies("IDM-06")
def late_retries_are_conflicts() -> Behaviour:
    """A retry after 22 hours gets 409."""
    return when_late(22, _conflict)


@lies("IDM-06")
def late_replays_leave_a_twin() -> Behaviour:
    """A retry after six hours answers with the first observation and creates a second one."""
    return when_late(6, _replay_and_create)


@lies("IDM-06")
def keys_belong_to_half_a_day() -> Behaviour:
    """At noon and at midnight UTC all keys are forgotten."""

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header(KEY)
        if not is_create(request) or not key:
            return await honest(request)
        half = int(await _now(request, honest)) // (12 * HOUR)
        return await honest(request.with_header(KEY, f"{key}-{half}"))

    return replace(HONEST, door=door)
