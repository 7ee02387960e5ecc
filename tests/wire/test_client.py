"""The client sends what it is asked to, names itself, counts, and keeps its bounds."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.errors import BudgetSpent, Unanswered, Unreachable, UsageProblem
from conformance.wire.client import Client, WireOptions
from conformance.wire.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from conformance.wire.exchange import Exchange

    Run = Callable[[Coroutine[None, None, object]], object]
    Make = Callable[..., Client]


def answer(request: httpx.Request) -> httpx.Response:
    """Answer everything with an empty page."""
    return httpx.Response(200, json={"data": [], "next_cursor": None})


def breaking(*faults: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    """Break with these faults one after another, then answer."""
    left = list(faults)

    def handle(request: httpx.Request) -> httpx.Response:
        if left:
            raise left.pop(0)("broken")
        return answer(request)

    return handle


def test_it_gives_back_the_exchange(jumping: Run, client: Make) -> None:
    """A sent request comes back with its answer, and is in the recorder."""

    async def ask() -> tuple[str, int | None, object, bool]:
        async with client(answer) as talk:
            exchange = await talk.send("GET", "/observations", query={"limit": "1"}, asked_by="PAG-06")
            return exchange.request.target, exchange.status, exchange.json, exchange is talk.recorder[1]

    expected: tuple[object, ...] = ("/observations?limit=1", 200, {"data": [], "next_cursor": None}, True)
    assert jumping(ask()) == expected


def test_it_names_suite_run_and_check(jumping: Run, client: Make) -> None:
    """User-Agent tells who asks, in characters that a comment can hold."""

    async def ask() -> str | None:
        async with client(answer) as talk:
            exchange = await talk.send("GET", "/a", asked_by="test_x[é (a)]\n")
            return exchange.request.header("User-Agent")

    agent = jumping(ask())
    assert isinstance(agent, str)
    assert agent.partition("/")[0] == "performance-blocks-conformance"
    assert agent.endswith(" (run r1; test_x[___a_]_)")


@pytest.mark.parametrize(("role", "sent"), [("key", "Bearer pb_test_key"), ("quota", "Bearer pb_quota"), (None, None)])
def test_the_role_chooses_the_key(jumping: Run, client: Make, role: str | None, sent: str | None) -> None:
    """A request carries the key of its role, or none."""
    seen: list[str | None] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Authorization"))
        return answer(request)

    async def ask() -> None:
        async with client(note, keys={"key": "pb_test_key", "quota": "pb_quota"}) as talk:
            await talk.send("GET", "/a", role=role)

    jumping(ask())
    assert seen == [sent]


def test_a_role_without_a_key_is_a_usage_problem(jumping: Run, client: Make) -> None:
    """The hint names the variable that would bring the key."""

    async def ask() -> None:
        async with client(answer) as talk:
            await talk.send("GET", "/a", role="read_only")

    with pytest.raises(UsageProblem, match="PB_READ_ONLY_API_KEY"):
        jumping(ask())


def test_a_closed_client_says_so(jumping: Run, client: Make) -> None:
    """Sending outside the context manager is a usage problem."""
    with pytest.raises(UsageProblem, match="closed"):
        jumping(client(answer).send("GET", "/a"))


def test_redirects_are_answers(jumping: Run, client: Make) -> None:
    """A redirect is evidence, and is not followed."""

    async def ask() -> tuple[int | None, int]:
        async with client(lambda _: httpx.Response(302, headers={"Location": "/v1/b"})) as talk:
            return (await talk.send("GET", "/a")).status, talk.count

    assert jumping(ask()) == (302, 1)


def test_cookies_are_not_kept(jumping: Run, client: Make) -> None:
    """A cookie that the target sets does not come back with the next request."""
    seen: list[bool] = []

    def set_cookie(request: httpx.Request) -> httpx.Response:
        seen.append("cookie" in request.headers)
        return httpx.Response(200, headers={"Set-Cookie": "a=1; Path=/"}, json={})

    async def ask() -> None:
        async with client(set_cookie) as talk:
            await talk.send("GET", "/a")
            await talk.send("GET", "/a")

    jumping(ask())
    assert seen == [False, False]


def test_requests_in_flight_are_bounded(jumping: Run, client: Make) -> None:
    """Of many requests asked for at once, no more than the bound are open at a time."""
    seen: list[int] = []

    async def ask() -> None:
        async def slow(request: httpx.Request) -> httpx.Response:
            seen.append(talk.in_flight)
            await asyncio.sleep(1)
            return answer(request)

        async with client(slow, in_flight=3) as talk:
            await asyncio.gather(*(talk.send("GET", "/a") for _ in range(10)))

    jumping(ask())
    assert max(seen) == 3


def test_an_even_pace_is_kept(jumping: Run, client: Make) -> None:
    """With two requests a second the fifth goes two seconds after the first, on the loop's own clock."""
    seen: list[float] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(asyncio.get_running_loop().time())
        return answer(request)

    async def ask() -> None:
        async with client(note, max_rps=2) as talk:
            await asyncio.gather(*(talk.send("GET", "/a") for _ in range(5)))

    jumping(ask())
    assert [round(moment - seen[0], 6) for moment in seen] == [0, 0.5, 1, 1.5, 2]


def test_the_budget_stops_the_next_request(jumping: Run, client: Make) -> None:
    """When the budget is used up nothing more is sent."""
    sent: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return answer(request)

    async def ask() -> None:
        async with client(note, request_budget=2) as talk:
            for _ in range(3):
                await talk.send("GET", "/a")

    with pytest.raises(BudgetSpent):
        jumping(ask())
    assert len(sent) == 2


def test_a_read_is_retried_after_a_fault(jumping: Run, client: Make) -> None:
    """A safe request is sent again, and both attempts are on record and counted."""

    async def ask() -> tuple[list[tuple[int | None, bool]], int]:
        async with client(breaking(httpx.ReadError)) as talk:
            exchange = await talk.send("GET", "/a")
            return [(attempt.status, attempt.fault is None) for attempt in exchange.attempts], talk.count

    assert jumping(ask()) == ([(None, False), (200, True)], 2)


def test_a_write_is_not_retried_after_a_fault(jumping: Run, client: Make) -> None:
    """A write that may have been done is not sent again; the error carries the exchange."""
    exchanges: list[Exchange | None] = []

    async def ask() -> None:
        async with client(breaking(httpx.ReadError)) as talk:
            try:
                await talk.send("POST", "/a", json={}, headers={"Idempotency-Key": "k"})
            except Unanswered as unanswered:
                exchanges.append(unanswered.exchange)

    jumping(ask())
    assert [exchange and len(exchange.attempts) for exchange in exchanges] == [1]


@pytest.mark.parametrize(("headers", "sent"), [({"Idempotency-Key": "k"}, 2), ({}, 1)])
def test_an_idempotent_write_needs_its_key(jumping: Run, client: Make, headers: dict[str, str], sent: int) -> None:
    """A write is retried where it is said to be idempotent and carries the key that makes it so."""

    async def ask() -> int:
        async with client(breaking(httpx.ReadError)) as talk:
            with suppress(Unanswered):
                await talk.send("POST", "/a", json={}, headers=headers, idempotent=True)
            return talk.count

    assert jumping(ask()) == sent


def test_a_write_that_never_left_is_retried(jumping: Run, client: Make) -> None:
    """Without a connection nothing was sent, so that even a write can go again."""

    async def ask() -> int | None:
        async with client(breaking(httpx.ConnectError)) as talk:
            return (await talk.send("POST", "/a", json={})).status

    assert jumping(ask()) == 200


def test_a_target_that_is_never_reached(jumping: Run, client: Make) -> None:
    """Without any connection the target is unreachable, which is another thing than unanswered."""

    async def ask() -> None:
        async with client(breaking(*[httpx.ConnectError] * 3)) as talk:
            await talk.send("GET", "/a")

    with pytest.raises(Unreachable):
        jumping(ask())


def test_a_connection_once_made_is_remembered(jumping: Run, client: Make) -> None:
    """A target that took one of the attempts and broke it off did not answer, but was there."""

    async def ask() -> None:
        async with client(breaking(httpx.ReadError, httpx.ConnectError, httpx.ConnectError)) as talk:
            await talk.send("GET", "/a")

    with pytest.raises(Unanswered):
        jumping(ask())


def test_the_whole_attempt_has_a_time_limit(jumping: Run, client: Make) -> None:
    """An answer that takes longer than the timeout is a fault of the attempt."""

    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        return answer(request)

    async def ask() -> None:
        async with client(slow, retries=0) as talk:
            await talk.send("GET", "/a")

    with pytest.raises(Unanswered, match="within 10 s"):
        jumping(ask())


def test_a_silent_target_is_not_asked_again_and_again(jumping: Run, client: Make) -> None:
    """After three requests without an answer each further one is tried once."""

    async def ask() -> int:
        async with client(breaking(*[httpx.ReadError] * 100)) as talk:
            for _ in range(5):
                with suppress(Unanswered):
                    await talk.send("GET", "/a")
            return talk.count

    assert jumping(ask()) == 3 * 3 + 2


def test_an_answer_brings_retries_back(jumping: Run, client: Make) -> None:
    """When a silent target speaks again, requests are retried as before."""
    faults = [httpx.ReadError] * 9

    def waking(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/b") or not faults:
            return answer(request)
        raise faults.pop()("broken")

    async def ask() -> int:
        async with client(waking) as talk:
            for path in ("/a", "/a", "/a", "/b"):
                with suppress(Unanswered):
                    await talk.send("GET", path)
            faults.append(httpx.ReadError)
            return len((await talk.send("GET", "/a")).attempts)

    assert jumping(ask()) == 2


def test_a_recorder_of_ones_own_is_used() -> None:
    """Also an empty recorder is a recorder."""
    recorder = Recorder()
    assert Client("http://target.test/v1", {}, run_id="r1", recorder=recorder).recorder is recorder


def test_a_crash_of_a_target_in_this_process_is_on_record(jumping: Run, client: Make) -> None:
    """What breaks in our own process is raised as it is, and its request stays on record."""
    faults: list[str | None] = []

    def crash(request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    async def ask() -> None:
        talk = client(crash)
        talk.recorder.subscribe(lambda exchange: faults.append(exchange.fault))
        async with talk:
            await talk.send("GET", "/a")

    with pytest.raises(ZeroDivisionError):
        jumping(ask())
    assert faults == ["the suite gave up on it"]


def test_a_wait_cut_short_leaves_nothing_twice(jumping: Run, client: Make) -> None:
    """A check that is cancelled while it is throttled has its 429 on record once."""

    async def ask() -> list[int | None]:
        async with client(lambda _: httpx.Response(429, headers={"Retry-After": "5"})) as talk:
            task = asyncio.create_task(talk.send("GET", "/a"))
            await asyncio.sleep(1)
            task.cancel()
            await asyncio.wait([task])
            return [exchange.status for exchange in talk.recorder.exchanges]

    assert jumping(ask()) == [429]


def test_a_request_cut_short_is_on_record(jumping: Run, client: Make) -> None:
    """A check that is cancelled leaves the trace of what it had sent."""

    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        return answer(request)

    async def ask() -> list[str | None]:
        async with client(hang) as talk:
            task = asyncio.create_task(talk.send("POST", "/a", json={}))
            await asyncio.sleep(1)
            task.cancel()
            await asyncio.wait([task])
            return [exchange.fault for exchange in talk.recorder.exchanges]

    assert jumping(ask()) == ["the suite gave up on it"]


@pytest.mark.parametrize(
    "options",
    [{"in_flight": 0}, {"max_rps": 0}, {"timeout": 0}, {"retries": -1}, {"throttle_budget": -1}, {"body_limit": 0}],
)
def test_bounds_that_make_no_sense_are_refused(options: dict[str, int]) -> None:
    """Options of the wrong size are a usage problem at once."""
    with pytest.raises(UsageProblem):
        WireOptions(**options)  # type: ignore[arg-type]  # any of the numbers


def test_credentials_in_disguise_are_nobodys(jumping: Run, client: Make) -> None:
    """What `authorize` makes of the key goes out in place of Bearer, under no role and redacted."""
    heard: list[str | None] = []

    def listen(request: httpx.Request) -> httpx.Response:
        heard.append(request.headers.get("authorization"))
        return answer(request)

    async def ask() -> tuple[str, str | None]:
        async with client(listen, keys={"key": "pb_test_0123456789abcdef"}) as talk:
            exchange = await talk.send("GET", "/a", authorize=lambda key: f"Token {key[::-1]}")
            return exchange.request.role, exchange.request.header("authorization")

    assert (jumping(ask()), heard) == (("", "Token [PB_API_KEY]"), ["Token fedcba9876543210_tset_bp"])
