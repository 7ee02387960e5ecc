"""A target is asked once for what many want to know, waited for within bounds, and let go once it has fallen silent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import Missing, Refused, Unreachable
from conformance.target.target import SILENCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.target.reading import Walk
    from conformance.target.target import Target
    from tests.target.conftest import Ask, Open


def ok(_request: httpx.Request) -> httpx.Response:
    """Answer with an empty object."""
    return httpx.Response(200, json={})


def pages(**pages: tuple[list[str], Any]) -> Callable[[httpx.Request], httpx.Response]:
    """Answer each cursor ("first" for none) with its ids and the next cursor."""

    def handler(request: httpx.Request) -> httpx.Response:
        ids, cursor = pages[request.url.params.get("cursor", "first")]
        return httpx.Response(200, json={"data": [{"id": one} for one in ids], "next_cursor": cursor})

    return handler


# walks -----------------------------------------------------------------------------------------------------


async def walk(target: Target) -> Walk:
    """Walk over the observations, five pages at most."""
    return await target.walk("/observations", {"limit": "2"}, at_most=5)


def test_a_walk_follows_the_cursor_to_the_end(answering: Open, ask: Ask) -> None:
    """It has all items in their order, and says that it ended."""
    walked = ask(answering(pages(first=(["a", "b"], "c1"), c1=(["c", "d"], "c2"), c2=(["e"], None))), walk)
    assert (walked.ids, walked.ended) == (["a", "b", "c", "d", "e"], True)


def test_a_walk_repeats_its_query_on_every_page(answering: Open, ask: Ask) -> None:
    """The same request with ?cursor= appended (overview › Pagination)."""
    asked: list[str] = []
    served = pages(first=([], "c1"), c1=([], None))

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        return served(request)

    ask(answering(handler), walk)
    assert asked == ["limit=2", "limit=2&cursor=c1"]


@pytest.mark.parametrize(
    ("served", "ids"),
    [
        (pages(first=(["a"], "c1"), c1=(["b"], "c1")), ["a", "b"]),
        (pages(first=(["a"], "c1"), c1=(["b"], "c2"), c2=(["c"], "c1")), ["a", "b", "c"]),
    ],
    ids=["a cursor that gives itself", "two that give each other"],
)
def test_a_walk_in_a_circle_stops(
    answering: Open, ask: Ask, served: Callable[[httpx.Request], httpx.Response], ids: list[str]
) -> None:
    """It says that it has not ended."""
    walked = ask(answering(served), walk)
    assert (walked.ids, walked.ended) == (ids, False)


def test_a_walk_without_end_is_cut_off(answering: Open, ask: Ask) -> None:
    """After so many pages as it may take."""

    def endless(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("cursor", 0))
        return httpx.Response(200, json={"data": [{"id": f"item_{page}"}], "next_cursor": str(page + 1)})

    walked = ask(answering(endless), walk)
    assert (walked.ids, walked.ended) == ([f"item_{page}" for page in range(5)], False)


def test_a_walk_over_no_page_is_refused(answering: Open, ask: Ask) -> None:
    """What builds on it is blocked."""
    with pytest.raises(Refused):
        ask(answering(ok), walk)


# shared evidence -------------------------------------------------------------------------------------------


def test_evidence_is_gathered_once_for_many_askers(answering: Open, ask: Ask) -> None:
    """All of them get the same exchange, at the cost of one request."""

    async def doing(target: Target) -> tuple[int, int]:
        askers = (target.once("session", lambda: target.get("/session")) for _ in range(10))
        numbers = {exchange.number for exchange in await asyncio.gather(*askers)}
        return len(numbers), target.client.count

    assert ask(answering(ok), doing) == (1, 1)


def test_every_asker_gets_the_same_exception(answering: Open, ask: Ask) -> None:
    """What could not be gathered is not tried again."""
    asked: list[int] = []

    async def gather() -> None:
        asked.append(1)
        raise Missing("something")

    async def doing(target: Target) -> list[Any]:
        askers = (target.once("something", gather) for _ in range(3))
        return await asyncio.gather(*askers, return_exceptions=True)

    errors = ask(answering(ok), doing)
    assert (len(asked), {type(error) for error in errors}, len({id(error) for error in errors})) == (1, {Missing}, 1)


def test_every_asker_cites_shared_evidence(answering: Open, ask: Ask) -> None:
    """Also one that asks when it is there already."""

    async def cited_by(target: Target) -> list[int]:
        with target.client.recorder.trail() as numbers:
            await target.once("session", lambda: target.get("/session"))
        return numbers

    async def doing(target: Target) -> list[list[int]]:
        return [*await asyncio.gather(cited_by(target), cited_by(target)), await cited_by(target)]

    assert ask(answering(ok), doing) == [[1], [1], [1]]


def test_evidence_that_failed_is_cited_too(answering: Open, ask: Ask) -> None:
    """The refusal's exchange is what a blocked check rests on."""

    async def doing(target: Target) -> list[int]:
        with target.client.recorder.trail() as numbers, pytest.raises(Refused):
            await target.once("page", lambda: target.page("/observations"))
        return numbers

    assert ask(answering(ok), doing) == [1]


def test_an_asker_that_is_cancelled_leaves_the_evidence_to_the_others(answering: Open, ask: Ask) -> None:
    """One that gives up does not spoil it."""

    async def doing(target: Target) -> Any:  # noqa: ANN401  # what was gathered
        opened = asyncio.Event()
        first, second = (asyncio.create_task(target.once("it", opened.wait)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        opened.set()
        return await second

    assert ask(answering(ok), doing) is True


def test_shared_evidence_asks_under_its_own_name(answering: Open, ask: Ask) -> None:
    """The User-Agent names what is gathered, not who happened to ask first."""
    agents: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        agents.append(request.headers["User-Agent"])
        return ok(request)

    ask(answering(handler), lambda target: target.once("arrival", lambda: target.get("/session")))
    assert ["arrival" in agent for agent in agents] == [True]


# waiting ---------------------------------------------------------------------------------------------------


def test_waiting_ends_with_the_first_look_that_sees_something(answering: Open, ask: Ask) -> None:
    """What it saw is what it returns."""
    looks = iter([None, [], "there"])

    async def look() -> object:
        return next(looks)

    assert ask(answering(ok, settle=30.0), lambda target: target.eventually(look)) == "there"


def test_waiting_ends_with_its_time(answering: Open, ask: Ask) -> None:
    """The last look is returned, empty as it is; there is always one."""
    looks: list[int] = []

    async def look() -> list[int]:
        looks.append(1)
        return []

    seen = ask(answering(ok, settle=0.001), lambda target: target.eventually(look))
    assert (seen, len(looks) >= 1) == ([], True)


def test_the_last_look_begins_once_the_time_is_over(answering: Open, ask: Ask) -> None:
    """A slow look that began before shows what a list was like before, so it is not the last."""
    began: list[float] = []

    async def look() -> bool:
        began.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.2)
        return False

    ask(answering(ok, settle=0.1), lambda target: target.eventually(look))
    assert (len(began), began[1] - began[0] >= 0.1) == (2, True)


# silence ---------------------------------------------------------------------------------------------------


async def ask_often(target: Target, times: int) -> list[BaseException]:
    """Ask one after the other; give what was raised."""
    raised = []
    for _ in range(times):
        raised += await asyncio.gather(target.get("/session"), return_exceptions=True)
    return [one for one in raised if isinstance(one, BaseException)]


def test_a_target_that_has_fallen_silent_is_not_asked_any_more(answering: Open, ask: Ask) -> None:
    """After so many requests in a row without an answer nothing is sent."""
    asked: list[int] = []

    def silent(request: httpx.Request) -> httpx.Response:
        asked.append(1)
        raise httpx.ReadError("cut off", request=request)

    raised = ask(answering(silent, retries=0), lambda target: ask_often(target, SILENCES + 5))
    assert (len(asked), {type(one) for one in raised[SILENCES:]}) == (SILENCES, {Unreachable})


def test_an_answer_between_silences_starts_the_count_anew(answering: Open, ask: Ask) -> None:
    """A target that answers now and then is still there."""
    asked: list[int] = []

    def moody(request: httpx.Request) -> httpx.Response:
        asked.append(1)
        if len(asked) % SILENCES:
            raise httpx.ReadError("cut off", request=request)
        return ok(request)

    ask(answering(moody, retries=0), lambda target: ask_often(target, 3 * SILENCES))
    assert len(asked) == 3 * SILENCES


# making ----------------------------------------------------------------------------------------------------


def test_a_valid_body_has_what_is_required_and_what_is_given(referring: Open, ask: Ask) -> None:
    """A field given as ... is left out."""

    async def doing(target: Target) -> dict[str, Any]:
        return await target.body(employee_id="emp_1", type="opportunity", observation=..., impact=None)

    assert ask(referring(), doing) == {"employee_id": "emp_1", "type": "opportunity", "impact": None}


def test_every_observation_of_a_run_names_it(referring: Open, ask: Ask) -> None:
    """The texts hold the run's id, and no two are alike."""

    async def doing(target: Target) -> list[str]:
        made = await asyncio.gather(target.make(), target.make())
        return [one.resource["observation"] for one in made]

    first, second = ask(referring(), doing)
    assert ("r1" in first, "r1" in second, first == second) == (True, True, False)


@pytest.mark.parametrize(("status", "error"), [(403, Missing), (400, Refused), (200, Refused), (500, Refused)])
def test_a_valid_create_that_is_not_answered_with_201_makes_nothing(
    answering: Open, ask: Ask, status: int, error: type[Exception]
) -> None:
    """A key that may not is missing; anything else is refused."""
    opening = answering(lambda _: httpx.Response(status, json={"id": "obs_1"}))
    with pytest.raises(error):
        ask(opening, lambda target: target.make(employee_id="emp_1"))


def test_every_create_has_an_idempotency_key_of_its_own(answering: Open, ask: Ask) -> None:
    """So that it may be retried."""
    keys: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(201, json={"id": "obs_1"})

    async def doing(target: Target) -> None:
        await target.create({})
        await target.create({})
        await target.create({}, key="mine")

    ask(answering(handler), doing)
    assert (len(set(keys)), keys[-1]) == (3, "mine")


def test_what_is_made_has_an_id_of_its_own(answering: Open, ask: Ask) -> None:
    """A target that gives all creates one id has made nothing that could be told from anything else."""

    def handler(request: httpx.Request) -> httpx.Response:
        made = {"id": "obs_1", "employee_id": "emp_1"}
        return httpx.Response(201, json=made) if request.method == "POST" else ok(request)

    async def twice(target: Target) -> None:
        await target.make(employee_id="emp_1")
        with pytest.raises(Refused, match="the id of an earlier one"):
            await target.make(employee_id="emp_1")

    ask(answering(handler), twice)
