"""A target is left as it was found, whatever ended the run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.reference import HONEST
from conformance.target.clock import TargetClock
from conformance.target.made.cleanup import clean_up
from conformance.target.made.journal import Journal
from conformance.target.means import Means

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.reference import Handler, Request, Response
    from conformance.target.target import Target
    from tests.target.conftest import Ask, Open


async def active_ids(target: Target) -> set[str]:
    """Return the ids of all active observations."""
    return set((await target.walk("/observations", {"limit": "100"})).ids)


def archiving(answer: Callable[[httpx.Request], httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
    """Return a handler that creates obs_1, and answers an archive action as `answer` says."""

    def handler(request: httpx.Request) -> httpx.Response:
        created = httpx.Response(201, json={"id": "obs_1"})
        return answer(request) if request.url.path.endswith("/archive") else created

    return handler


async def make_and_leave(target: Target) -> tuple[str, ...]:
    """Make an observation and clean up."""
    await target.create({"observation": "x"})
    return await clean_up(target)


def test_what_was_made_is_archived(referring: Open, ask: Ask) -> None:
    """The active observations are those of before."""

    async def doing(target: Target) -> tuple[set[str], set[str]]:
        before = await active_ids(target)
        made = await target.make()
        await target.make_archived()
        await target.restore((await target.make_archived()).id)
        assert made.id in await active_ids(target)
        await clean_up(target)
        return before, await active_ids(target)

    before, after = ask(referring(), doing)
    assert after == before


def test_what_was_made_in_another_organization_is_archived_there(referring: Open, ask: Ask) -> None:
    """With its own key, also where the answer told no id."""

    async def silent(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        told = request.method == "POST" and b"without an id" in request.body
        return response.with_json({}) if told else response

    async def doing(target: Target) -> tuple[tuple[str, ...], list[Any]]:
        employee = (await target.page("/employees", role="other_org")).ids[0]
        for text in (target.marker(), f"{target.marker()} without an id"):
            body = {"employee_id": employee, "type": "strength", "observation": text}
            await target.post("/observations", json=body, role="other_org")
        left = await clean_up(target)
        items = (await target.page("/observations", {"sort": "-created_at"}, role="other_org")).items
        return left, [one for one in items if target.signature in one["observation"]]

    assert ask(referring(replace(HONEST, door=silent)), doing) == ((), [])


@pytest.mark.parametrize("status", [200, 404, 409])
def test_what_is_gone_or_archived_counts_as_clean(answering: Open, ask: Ask, tmp_path: Path, status: int) -> None:
    """Nothing is left behind and no journal."""
    opening = answering(archiving(lambda _: httpx.Response(status, json={})), journal=Journal(tmp_path / "made.jsonl"))
    left = ask(opening, make_and_leave)
    assert (left, list(tmp_path.iterdir())) == ((), [])


@pytest.mark.parametrize("status", [403, 500])
def test_what_could_not_be_archived_is_told(answering: Open, ask: Ask, tmp_path: Path, status: int) -> None:
    """Its id is returned, and the journal stays."""
    file = tmp_path / "made.jsonl"
    left = ask(answering(archiving(lambda _: httpx.Response(status, json={})), journal=Journal(file)), make_and_leave)
    assert (left, file.is_file()) == (("obs_1",), True)


def test_a_target_that_is_gone_leaves_all_behind(answering: Open, ask: Ask) -> None:
    """No exception: the ids are the answer."""

    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    assert ask(answering(archiving(silent), retries=0), make_and_leave) == ("obs_1",)


def test_a_create_whose_answer_was_lost_is_archived_too(answering: Open, ask: Ask) -> None:
    """It is sent again under its own key, and the replay tells its id."""
    asked: list[tuple[str, str | None]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path.removeprefix("/v1"), request.headers.get("Idempotency-Key")))
        if len(asked) == 1:
            raise httpx.ReadError("cut off", request=request)
        return httpx.Response(201 if request.url.path.endswith("/observations") else 200, json={"id": "obs_1"})

    async def lose_and_leave(target: Target) -> tuple[str, ...]:
        await asyncio.gather(target.create({"observation": "x"}, key="k1"), return_exceptions=True)
        return await clean_up(target)

    ask(answering(handler, retries=0), lose_and_leave)
    swept = ("/observations", None)  # a look at what is listed as written by this run
    assert asked == [("/observations", "k1"), ("/observations", "k1"), ("/observations/obs_1/archive", None), swept]


def test_a_create_that_was_cancelled_in_flight_is_archived_too(referring: Open, ask: Ask) -> None:
    """Ctrl-C may come between a create and its answer."""
    arrived = asyncio.Event()

    async def slow_to_create(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if request.method == "POST" and not arrived.is_set():
            arrived.set()
            await asyncio.sleep(60)
        return response

    async def doing(target: Target) -> tuple[set[str], set[str]]:
        before = await active_ids(target)
        creating = asyncio.create_task(target.make())
        await arrived.wait()
        creating.cancel()
        await asyncio.gather(creating, return_exceptions=True)
        await clean_up(target)
        return before, await active_ids(target)

    before, after = ask(referring(replace(HONEST, door=slow_to_create)), doing)
    assert after == before


def test_a_lost_create_that_can_not_be_replayed_keeps_the_journal(answering: Open, ask: Ask, tmp_path: Path) -> None:
    """Without an Idempotency-Key nobody knows what came of it."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("cut off", request=request)

    async def lose_and_leave(target: Target) -> tuple[str, ...]:
        lost = target.post("/observations", json={"observation": "x"})
        await asyncio.gather(lost, return_exceptions=True)
        return await clean_up(target)

    file = tmp_path / "made.jsonl"
    ask(answering(handler, retries=0, journal=Journal(file)), lose_and_leave)
    assert file.is_file()


def test_shared_evidence_makes_nothing_more_once_the_run_is_over(referring: Open, ask: Ask) -> None:
    """What is still being gathered ends before the clean-up begins."""
    made = asyncio.Event()

    async def make_many(target: Target) -> None:
        for _ in range(50):
            await target.make()
            made.set()

    async def doing(target: Target) -> tuple[set[str], set[str]]:
        before = await active_ids(target)
        asker = asyncio.create_task(target.once("many", lambda: make_many(target)))
        await made.wait()
        asker.cancel()
        await clean_up(target)
        return before, await active_ids(target)

    before, after = ask(referring(), doing)
    assert after == before


def test_a_budget_of_requests_keeps_enough_for_cleaning_up(referring: Open, ask: Ask) -> None:
    """Nothing that was made is left behind because the budget ran out, and it is not overdrawn."""

    async def doing(target: Target) -> tuple[tuple[str, ...], bool, int]:
        body = await target.body()
        made = await asyncio.gather(*(target.create(body) for _ in range(20)), return_exceptions=True)
        refused = sum(isinstance(one, Exception) for one in made)
        return await clean_up(target), target.client.count <= 20, refused

    left, within, refused = ask(referring(request_budget=20), doing)
    assert (left, within, refused > 0) == ((), True, True)


def test_what_a_moved_clock_made_older_is_looked_for_and_not_sent_again(referring: Open, ask: Ask) -> None:
    """A day later, by the target's clock, a key may make a new resource, and what was made lies a day back."""
    creates: list[str] = []

    async def lose(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if request.method == "POST" and request.path.endswith("/observations"):
            creates.append(request.path)
            return replace(response, status=500)
        return response

    async def doing(target: Target) -> set[str]:
        before = await active_ids(target)
        await target.create(await target.body())
        clock = TargetClock("http://target.test/clock", transport=httpx.MockTransport(lambda _: httpx.Response(204)))
        await clock.advance(24 * 60 * 60)
        target.means = Means(clock=clock)
        await clean_up(target)
        return await active_ids(target) - before

    assert (ask(referring(replace(HONEST, door=lose)), doing), len(creates)) == (set(), 1)
