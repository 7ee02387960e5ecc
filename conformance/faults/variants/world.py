"""Legal worlds: other data, clocks, quotas, lags and weather."""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.faults.publishing import publishes
from conformance.faults.rewriting import is_create
from conformance.faults.variants import legal, legal_world
from conformance.reference import HONEST, Behaviour, Clock, Quota, Response
from conformance.reference.errors import Refusal, envelope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.faults.publishing import Document
    from conformance.reference import Handler, Request
    from conformance.reference.quota import Window


@legal_world
def an_empty_organization() -> Mapping[str, Any]:
    """The organization has people and attributes, and nothing else yet."""
    return {"seed_data": False}


@legal_world
def a_clock_ahead() -> Mapping[str, Any]:
    """The target's clock is five hours ahead of ours."""
    return {"clock": _moved(5 * 60 * 60)}


@legal_world
def a_clock_behind() -> Mapping[str, Any]:
    """The target's clock is two days behind ours."""
    return {"clock": _moved(-2 * 24 * 60 * 60)}


def _moved(seconds: float) -> Clock:
    clock = Clock()
    clock.advance(seconds)
    return clock


@legal
def a_limiter_with_a_clock_of_its_own() -> Behaviour:
    """The rate limit goes by the system's time, also where the API's own clock is moved on for a test."""
    return replace(
        HONEST,
        spend=lambda window, quota, _now: HONEST.spend(window, quota, time.time()),
        retry_after=lambda window, _now: HONEST.retry_after(window, time.time()),
    )


@legal
def plain_http_redirected() -> Behaviour:
    """Plain http is redirected to https."""

    async def in_clear(request: Request, _handler: Handler) -> Response:
        return Response(301, (("Location", f"https://{request.header('host')}{request.path}"),))

    return replace(HONEST, in_clear=in_clear)


@legal
def plain_http_gets_a_page() -> Behaviour:
    """Plain http shows a page for people, whatever was asked."""

    async def in_clear(_request: Request, _handler: Handler) -> Response:
        return Response(200, (("Content-Type", "text/html"),), b"<!doctype html><title>Use https</title>")

    return replace(HONEST, in_clear=in_clear)


@legal
def lists_that_lag() -> Behaviour:
    """Lists are read from a replica that is three tenths of a second behind."""
    return replace(HONEST, lag=0.3)


@legal
def a_bucket_that_refills() -> Behaviour:
    """The rate limit is a bucket that refills all the time, and Reset is when it would be full again."""
    return replace(HONEST, spend=_drip)


@dataclass(frozen=True)
class _Bucket:
    """A token bucket in the place of a window: `level` tokens at `at` (Unix seconds)."""

    quota: Quota
    level: float
    at: float
    refused: bool = False

    @property
    def exceeded(self) -> bool:
        return self.refused or self.level < 0

    @property
    def reset(self) -> int:
        return math.ceil(self.at + (self.quota.requests - self.level) / self._rate)

    @property
    def _rate(self) -> float:
        return self.quota.requests / self.quota.seconds

    def headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("X-RateLimit-Limit", str(self.quota.requests)),
            ("X-RateLimit-Remaining", str(max(0, math.floor(self.level)))),
            ("X-RateLimit-Reset", str(self.reset)),
        )


def _drip(window: Window | None, quota: Quota, now: float) -> Any:  # noqa: ANN401  # a bucket, where the reference wants a window
    before = window if isinstance(window, _Bucket) else _Bucket(quota, quota.requests, now)
    gained = (now - before.at) * quota.requests / quota.seconds
    level = min(quota.requests, before.level + gained) - 1
    return _Bucket(quota, max(level, -1), now)


@legal
def a_bucket_that_tells_its_next_token() -> Behaviour:
    """Retry-After is the time until a bucket has one token again, and a refused request takes none."""
    return replace(HONEST, spend=_drip_on_success, retry_after=_next_token)


def _drip_on_success(window: Window | None, quota: Quota, now: float) -> Any:  # noqa: ANN401  # as above
    dripped = _drip(window, quota, now)
    return replace(dripped, level=dripped.level + 1, refused=True) if dripped.level < 0 else dripped


def _next_token(window: Any, _now: float) -> int:  # noqa: ANN401  # a bucket
    wait: float = (1 - window.level) * window.quota.seconds / window.quota.requests
    return max(1, math.ceil(wait))


@legal
def throttled_now_and_then() -> Behaviour:
    """One answer in fifty is 429, with a pause of no seconds."""
    return replace(HONEST, door=_weather(50, lambda honest: _throttled(honest, 429, "rate_limited")))


@legal
def unavailable_now_and_then() -> Behaviour:
    """One answer in eighty is 503, as the spec says that any may be, with a pause of no seconds."""
    weather = _weather(80, lambda honest: _throttled(honest, 503, "internal_error"))
    return replace(publishes(_declare_503), door=weather)


def _declare_503(document: Document) -> None:
    operations = [one for item in document["paths"].values() for one in item.values() if "responses" in one]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for one in operations:
        one["responses"]["503"] = {"description": "One moment, please.", "content": content}


def _weather(every: int, spoil: Any) -> Any:  # noqa: ANN401  # a door
    turns = itertools.count(1)

    async def door(request: Request, honest: Handler) -> Response:
        if next(turns) % every:
            return await honest(request)
        probe = await honest(replace(request, method="GET", path="/v1/session", query=(), body=b"", raw_query=""))
        known = probe.header("X-RateLimit-Limit") is not None  # an unknown key has no quota to tell of
        return spoil(probe) if known else await honest(request)

    return door


def _throttled(honest: Response, status: int, code: str) -> Response:
    told = envelope(Refusal(code, "one moment, please"), status)
    mine = {"content-type", "x-ratelimit-remaining", "retry-after"}
    kept = tuple(pair for pair in honest.headers if pair[0].lower() not in mine)
    spent = (("X-RateLimit-Remaining", "0"),) if status == 429 else ()
    return replace(told, headers=(*told.headers, *kept, *spent, ("Retry-After", "0")))


@legal
def retries_at_once_conflict() -> Behaviour:
    """A retry that comes while the first request is still under way gets 409 conflict."""
    under_way: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header("idempotency-key") if is_create(request) else None
        if key is None:
            return await honest(request)
        if key in under_way:
            probe = await honest(replace(request, method="GET", path="/v1/session", query=(), body=b"", raw_query=""))
            kept = tuple(pair for pair in probe.headers if pair[0].lower() != "content-type")
            told = envelope(Refusal("conflict", "a request with this key is under way"), 409)
            return replace(told, headers=(*told.headers, *kept))
        under_way.add(key)
        try:
            await asyncio.sleep(0.005)
            return await honest(request)
        finally:
            under_way.discard(key)

    return replace(HONEST, door=door)


@legal
def slow_writes() -> Behaviour:
    """A write takes twenty milliseconds, so that others overtake it."""

    async def door(request: Request, honest: Handler) -> Response:
        if request.method != "GET":
            await asyncio.sleep(0.02)
        return await honest(request)

    return replace(HONEST, door=door)


@legal
def the_spec_comes_from_a_cache() -> Behaviour:
    """The spec comes out of a cache in front of the API, with what was told of the rate limit when it was stored."""
    stored = {"Age": 900, "X-RateLimit-Limit": 100, "X-RateLimit-Remaining": 99}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if (request.method, request.path, response.status) != ("GET", "/v1/openapi.json", 200):  # RFC 9110: OK
            return response
        for name, value in (*stored.items(), ("X-RateLimit-Reset", int(time.time()) - 840)):
            response = response.with_header(name, str(value))
        return response

    return replace(HONEST, door=door)
