"""Throttling is waited out as the target asks, within a budget, and never read as a verdict."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.errors import Throttled
from conformance.wire.exchange import Response
from conformance.wire.throttling import is_throttled, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from conformance.wire.client import Client

    Run = Callable[[Coroutine[None, None, object]], object]
    Make = Callable[..., Client]


class Target:
    """Answer with these statuses one after another, then with 200, and note when it was asked, and with which key."""

    def __init__(self, *statuses: int, retry: str | None = "5") -> None:
        self.left = list(statuses)
        self.headers = {} if retry is None else {"Retry-After": retry}
        self.asked: list[tuple[float, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        moment = asyncio.get_running_loop().time()
        self.asked.append((moment, request.headers.get("authorization", "")))
        return httpx.Response(self.left.pop(0), headers=self.headers) if self.left else httpx.Response(200, json={})


def test_429_is_waited_out(jumping: Run, client: Make) -> None:
    """The next attempt comes no sooner than Retry-After says, and its answer counts."""
    target = Target(429)

    async def ask() -> list[int | None]:
        async with client(target) as talk:
            return [attempt.status for attempt in (await talk.send("GET", "/a")).attempts]

    assert jumping(ask()) == [429, 200]
    assert 5 <= target.asked[1][0] - target.asked[0][0] < 6


def test_a_throttled_write_is_sent_again(jumping: Run, client: Make) -> None:
    """A write that was refused for the rate was not done, so it is repeated."""

    async def ask() -> int | None:
        async with client(Target(429)) as talk:
            return (await talk.send("POST", "/a", json={})).status

    assert jumping(ask()) == 200


def test_503_with_retry_after_is_waited_out(jumping: Run, client: Make) -> None:
    """A 503 that says how long to wait is throttling."""

    async def ask() -> int | None:
        async with client(Target(503)) as talk:
            return (await talk.send("GET", "/a")).status

    assert jumping(ask()) == 200


def test_503_without_retry_after_is_an_answer(jumping: Run, client: Make) -> None:
    """A 503 that says nothing is a failure to be judged."""

    async def ask() -> int | None:
        async with client(Target(503, retry=None)) as talk:
            return (await talk.send("GET", "/a")).status

    assert jumping(ask()) == 503


def test_a_throttled_answer_is_evidence_too(jumping: Run, client: Make) -> None:
    """Each 429 is recorded as an exchange of its own, so that its headers and body can be judged."""

    async def ask() -> list[int | None]:
        async with client(Target(429)) as talk:
            await talk.send("GET", "/a")
            return [exchange.status for exchange in talk.recorder.exchanges]

    assert jumping(ask()) == [429, 200]


def test_the_caller_can_have_the_429(jumping: Run, client: Make) -> None:
    """A check of throttling itself gets the throttled answer at once."""

    async def ask() -> int | None:
        async with client(Target(429)) as talk:
            return (await talk.send("GET", "/a", throttled="return")).status

    assert jumping(ask()) == 429


def test_patience_ends_with_the_budget(jumping: Run, client: Make) -> None:
    """A target that throttles for ever is given up on when the run's seconds are spent."""
    target = Target(*[429] * 100)

    async def ask() -> None:
        async with client(target, throttle_budget=12) as talk:
            await talk.send("GET", "/a")

    with pytest.raises(Throttled, match="429"):
        jumping(ask())
    assert len(target.asked) == 4  # at 0, 5, 10 and, with what was left, 12 seconds


def test_an_endless_retry_after_0_ends(jumping: Run, client: Make) -> None:
    """A target that says "at once" each time is asked less and less often."""
    target = Target(*[429] * 1000, retry="0")

    async def ask() -> None:
        async with client(target) as talk:
            await talk.send("GET", "/a")

    with pytest.raises(Throttled):
        jumping(ask())
    assert len(target.asked) < 70


def test_waits_that_overlap_are_spent_once(jumping: Run, client: Make) -> None:
    """Ten requests that wait the same five seconds take five seconds of the budget."""
    target = Target(*[429] * 10)

    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.01)  # so that all ten are under way before the first is refused
        return target(request)

    async def ask() -> float:
        async with client(slow, throttle_budget=60) as talk:
            waiting = asyncio.gather(*(talk.send("GET", "/a") for _ in range(10)))
            await asyncio.sleep(1)
            left = round(talk.patience_left)
            await waiting
            return left

    assert jumping(ask()) == 55


def test_what_is_served_gives_patience_back(jumping: Run, client: Make) -> None:
    """A quota of ten requests in five seconds is waited for as often as it takes."""
    target = Target(*([429] + [200] * 10) * 6)

    async def ask() -> set[int | None]:
        async with client(target, throttle_budget=12) as talk:
            return {(await talk.send("GET", "/a")).status for _ in range(60)}

    assert jumping(ask()) == {200}


def test_other_requests_of_the_role_hold_too(jumping: Run, client: Make) -> None:
    """While a key is throttled nothing is sent with it, and other keys go on."""
    target = Target(429)

    async def ask() -> None:
        async with client(target, keys={"key": "k1", "quota": "k2"}) as talk:
            throttled = asyncio.create_task(talk.send("GET", "/a"))
            await asyncio.sleep(1)
            await asyncio.gather(talk.send("GET", "/b"), talk.send("GET", "/c", role="quota"), throttled)

    jumping(ask())
    early = [key for moment, key in target.asked if moment < 5]
    assert early == ["Bearer k1", "Bearer k2"]


def test_who_waits_takes_no_place_in_flight(jumping: Run, client: Make) -> None:
    """With a single place, a throttled key does not keep another one from asking."""
    target = Target(429)

    async def ask() -> None:
        async with client(target, keys={"key": "k1", "quota": "k2"}, in_flight=1) as talk:
            throttled = asyncio.create_task(talk.send("GET", "/a"))
            await asyncio.sleep(1)
            await talk.send("GET", "/c", role="quota")
            await throttled

    jumping(ask())
    assert [int(moment) for moment, _ in target.asked] == [0, 1, 5]


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0"}, 0),
        ({}, 1),
        ({"Retry-After": "soon"}, 1),
        ({"Retry-After": "-3"}, 1),
        ({"Retry-After": "1.5"}, 1),
        (
            {"Retry-After": "Sun, 06 Nov 1994 08:49:47 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"},
            10,
        ),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:47 GMT"}, 0),
    ],
)
def test_retry_after_in_all_its_forms(fields: dict[str, str], seconds: float) -> None:
    """Seconds and dates are understood, dates by the target's clock; anything else is one second."""
    assert retry_after(Response(429, tuple(fields.items()))) == seconds


@pytest.mark.parametrize(
    ("status", "fields", "throttled"),
    [(429, (), True), (503, (("Retry-After", "x"),), True), (503, (), False), (200, (("Retry-After", "1"),), False)],
)
def test_what_counts_as_throttling(status: int, fields: tuple[tuple[str, str]], throttled: bool) -> None:  # noqa: FBT001 - expected
    """A 429 always asks for patience, a 503 only where it says how long."""
    assert is_throttled(Response(status, fields)) is throttled
