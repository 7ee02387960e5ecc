"""Lies about a spent quota."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.reference import HONEST, Behaviour, Quota

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response
    from conformance.reference.quota import Window

REMAINING = "X-RateLimit-Remaining"
SPENT = 429


@lies("RTL-01")
def a_spent_quota_is_never_enforced() -> Behaviour:
    """Remaining goes down to 0, and requests are served all the same."""

    def spend(window: Window | None, quota: Quota, now: float) -> Window:
        spent = HONEST.spend(window, quota, now)
        return replace(spent, spent=min(spent.spent, quota.requests))

    return replace(HONEST, spend=spend)


@lies("RTL-01")
def a_spent_quota_begins_anew() -> Behaviour:
    """Once nothing remains of a window, its whole quota is there again."""

    def spend(window: Window | None, quota: Quota, now: float) -> Window:
        spent = HONEST.spend(window, quota, now)
        return replace(spent, spent=1) if spent.exceeded else spent

    return replace(HONEST, spend=spend)


@lies("RTL-01")
def a_spent_quota_is_unavailability() -> Behaviour:
    """A spent quota gets 503."""
    return replace(HONEST, statuses={**HONEST.statuses, "rate_limited": 503})


@lies("RTL-01")
def a_spent_quota_is_forbidden() -> Behaviour:
    """A spent quota gets 403."""
    return replace(HONEST, statuses={**HONEST.statuses, "rate_limited": 403})


@lies_at_the_door("RTL-01")
async def a_spent_quota_has_another_code(request: Request, honest: Handler) -> Response:
    """A spent quota gets the code too_many_requests."""
    response = await honest(request)
    if response.status != SPENT:
        return response
    return response.with_json({"error": {"code": "too_many_requests", "message": "slow down"}})


@lies_at_the_door("RTL-01")
async def a_spent_quota_has_no_envelope(request: Request, honest: Handler) -> Response:
    """A spent quota gets 429 with the code beside an error text, as some gateways write it."""
    response = await honest(request)
    return response.with_json({"error": "slow down", "code": "rate_limited"}) if response.status == SPENT else response


def _in_windows_of(seconds: int) -> Behaviour:
    """Give the same quota for another time."""
    return replace(HONEST, spend=lambda window, quota, now: HONEST.spend(window, replace(quota, seconds=seconds), now))


@lies("RTL-02")
def retry_after_is_always_one_second() -> Behaviour:
    """Retry-After says 1, however long the window still lasts."""
    return replace(_in_windows_of(10), retry_after=lambda _window, _now: 1)


@lies("RTL-02")
def retry_after_is_a_third_of_the_wait() -> Behaviour:
    """Retry-After says a third of what is needed."""
    return replace(_in_windows_of(12), retry_after=lambda window, now: HONEST.retry_after(window, now) // 3)


@lies("RTL-02")
def a_throttled_key_is_locked_out() -> Behaviour:
    """A key that was throttled once is throttled from then on."""

    def spend(window: Window | None, quota: Quota, now: float) -> Window:
        if window is None or not window.exceeded:
            return HONEST.spend(window, quota, now)
        return replace(window, reset=max(window.reset, HONEST.spend(None, quota, now).reset))

    return replace(HONEST, spend=spend, retry_after=lambda _window, _now: 1)


@lies_at_the_door("RTL-03")
async def a_throttled_key_is_told_its_limit(request: Request, honest: Handler) -> Response:
    """On a 429 Remaining is the whole quota."""
    response = await honest(request)
    if response.status != SPENT:
        return response
    return response.with_header(REMAINING, response.header("X-RateLimit-Limit") or "")


@lies_at_the_door("RTL-03")
async def one_request_remains_on_a_429(request: Request, honest: Handler) -> Response:
    """The last request is never served, so 1 remains on a 429."""
    response = await honest(request)
    return response.with_header(REMAINING, "1") if response.status == SPENT else response
