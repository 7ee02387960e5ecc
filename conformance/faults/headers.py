"""Lies in the headers: request ids and rate limits."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.reference import HONEST, Behaviour
from conformance.reference.http import answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response

LIMIT, REMAINING, RESET = "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"
ID = "X-Request-ID"


def _edited(response: Response, name: str, edit: Callable[[int], object]) -> Response:
    value = response.header(name)
    return response if value is None else response.with_header(name, str(edit(int(value))))


def _own_id(response: Response) -> Response:
    return response.with_header(ID, f"req_{uuid.uuid4().hex}")


@lies_at_the_door("HDR-01")
async def no_request_id_on_404(request: Request, honest: Handler) -> Response:
    """A 404 comes without X-Request-ID."""
    response = await honest(request)
    return response.without_header(ID) if response.status == 404 else response


@lies_at_the_door("HDR-01")
async def empty_request_id_on_401(request: Request, honest: Handler) -> Response:
    """A 401 comes with an empty X-Request-ID."""
    response = await honest(request)
    return response.with_header(ID, "") if response.status == 401 else response


@lies_at_the_door("HDR-01")
async def no_request_id_on_the_spec(request: Request, honest: Handler) -> Response:
    """The spec comes without X-Request-ID."""
    response = await honest(request)
    return response.without_header(ID) if request.path.endswith("/openapi.json") else response


@lies_at_the_door("HDR-02")
async def sent_id_is_never_echoed(request: Request, honest: Handler) -> Response:
    """Every answer has an id of the server's own."""
    return _own_id(await honest(request))


@lies_at_the_door("HDR-02")
async def sent_id_is_forgotten_on_lists(request: Request, honest: Handler) -> Response:
    """A list of observations comes with an id of its own, whatever was sent."""
    listed = request.method == "GET" and request.path.endswith("/observations")
    return await honest(request.without_header("x-request-id") if listed else request)


@lies_at_the_door("HDR-02")
async def sent_id_is_forgotten_on_401(request: Request, honest: Handler) -> Response:
    """A 401 has an id of the server's own."""
    response = await honest(request)
    return _own_id(response) if response.status == 401 else response


@lies_at_the_door("HDR-02")
async def sent_id_is_forgotten_on_conflicts(request: Request, honest: Handler) -> Response:
    """A 409 has an id of the server's own."""
    response = await honest(request)
    return _own_id(response) if response.status == 409 else response


@lies_at_the_door("HDR-02")
async def sent_id_is_forgotten_on_unknown_paths(request: Request, honest: Handler) -> Response:
    """A path that leads nowhere is answered before the id is read."""
    response = await honest(request)
    return response if "/observations" in request.path or response.status != 404 else _own_id(response)


@lies_at_the_door("HDR-02")
async def sent_id_must_be_a_uuid(request: Request, honest: Handler) -> Response:
    """An id that is no UUID is replaced."""
    response = await honest(request)
    try:
        uuid.UUID(request.header("x-request-id") or "")
    except ValueError:
        return _own_id(response)
    return response


@lies_at_the_door("HDR-02")
async def sent_id_is_folded_to_lower_case(request: Request, honest: Handler) -> Response:
    """The id comes back in lower case."""
    response = await honest(request)
    return response.with_header(ID, (response.header(ID) or "").lower())


@lies_at_the_door("HDR-02")
async def sent_id_is_cut_off(request: Request, honest: Handler) -> Response:
    """The id comes back with its first 36 characters."""
    response = await honest(request)
    return response.with_header(ID, (response.header(ID) or "")[:36])


@lies_at_the_door("HDR-03")
async def assigned_id_is_the_second(request: Request, honest: Handler) -> Response:
    """The assigned id is the time in seconds."""
    response = await honest(request)
    return response if request.header("x-request-id") else response.with_header(ID, f"req_{time.time():.0f}")


@lies("HDR-03")
def assigned_ids_come_round_again() -> Behaviour:
    """The assigned ids are ten, one after another."""
    numbers = count()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        return response if request.header("x-request-id") else response.with_header(ID, f"req_{next(numbers) % 10}")

    return replace(HONEST, door=door)


@lies_at_the_door("HDR-04")
async def no_rate_limit_on_404(request: Request, honest: Handler) -> Response:
    """An unknown id is answered without the rate limit."""
    response = await honest(request)
    return response.without_header(REMAINING) if response.status == 404 else response


@lies_at_the_door("HDR-04")
async def no_rate_limit_on_creates(request: Request, honest: Handler) -> Response:
    """A create is answered without Reset."""
    response = await honest(request)
    return response.without_header(RESET) if response.status == 201 else response


@lies_at_the_door("HDR-04")
async def no_rate_limit_on_conflicts(request: Request, honest: Handler) -> Response:
    """A conflict is answered without Limit."""
    response = await honest(request)
    return response.without_header(LIMIT) if response.status == 409 else response


@lies_at_the_door("HDR-04")
async def reset_has_a_fraction(request: Request, honest: Handler) -> Response:
    """Reset is given to the millisecond."""
    return _edited(await honest(request), RESET, lambda reset: f"{reset}.250")


@lies_at_the_door("HDR-05")
async def remaining_exceeds_the_limit(request: Request, honest: Handler) -> Response:
    """Remaining is one more than Limit."""
    response = await honest(request)
    limit = response.header(LIMIT)
    return response if limit is None else response.with_header(REMAINING, str(int(limit) + 1))


@lies_at_the_door("HDR-05")
async def remaining_is_negative_on_writes(request: Request, honest: Handler) -> Response:
    """A write is answered with a Remaining below zero."""
    response = await honest(request)
    return response if request.method == "GET" else _edited(response, REMAINING, lambda _: -1)


@lies_at_the_door("HDR-06")
async def reset_in_milliseconds(request: Request, honest: Handler) -> Response:
    """Reset is given in milliseconds."""
    return _edited(await honest(request), RESET, lambda reset: reset * 1000)


@lies_at_the_door("HDR-06")
async def reset_as_seconds_to_wait(request: Request, honest: Handler) -> Response:
    """Reset is the number of seconds to wait."""
    return _edited(await honest(request), RESET, lambda reset: max(1, reset - int(time.time())))


@lies_at_the_door("HDR-06")
async def reset_is_when_the_window_began(request: Request, honest: Handler) -> Response:
    """Reset is the beginning of the window."""
    return _edited(await honest(request), RESET, lambda reset: reset - 65)


@lies_at_the_door("HDR-07")
async def remaining_stands_at_the_limit(request: Request, honest: Handler) -> Response:
    """Remaining is always the whole quota."""
    response = await honest(request)
    limit = response.header(LIMIT)
    return response if limit is None else response.with_header(REMAINING, limit)


@lies("HDR-07")
def remaining_counts_up() -> Behaviour:
    """Remaining is what was spent."""
    spent = count(1)

    async def door(request: Request, honest: Handler) -> Response:
        response = _edited(await honest(request), LIMIT, lambda _: 1000)
        return _edited(response, REMAINING, lambda _: next(spent))

    return replace(HONEST, door=door)


@lies("HDR-07")
def remaining_wanders() -> Behaviour:
    """Every other answer to the same question tells of twice as much left."""
    turns: Counter[object] = Counter()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        turns[request.path, request.query] += 1
        is_half = turns[request.path, request.query] % 2 == 1
        return _edited(response, REMAINING, lambda left: left // 2 if is_half else left)

    return replace(HONEST, door=door)


def _throttling_once(*headers: tuple[str, str]) -> Behaviour:
    """Throttle the first list, so."""
    lists = count()

    async def door(request: Request, honest: Handler) -> Response:
        if request.path == "/v1/observations" and next(lists) == 0:
            error = {"error": {"code": "rate_limited", "message": "slow down"}}
            return answer(429, error, (ID, f"req_{uuid.uuid4().hex}"), *headers)
        return await honest(request)

    return replace(HONEST, door=door)


@lies("HDR-08")
def throttled_for_an_unknown_time() -> Behaviour:
    """A 429 does not say how long to wait."""
    return _throttling_once()


@lies("HDR-08")
def throttled_until_a_date() -> Behaviour:
    """A 429 says until when to wait, not how long."""
    return _throttling_once(("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"))
