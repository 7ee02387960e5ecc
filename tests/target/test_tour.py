"""The arrival tells whether anybody is there and questions are told apart; the tour shows every kind of answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.errors import Unreachable, UsageProblem
from conformance.reference import HONEST
from conformance.target.tour import arrive, differs, tour

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response
    from conformance.target.target import Target
    from tests.target.conftest import Ask, Open


async def told_apart(target: Target) -> bool:
    """Arrive, and tell whether the target tells questions apart."""
    return differs(await arrive(target))


def test_the_reference_tells_questions_apart(referring: Open, ask: Ask) -> None:
    """It serves a session and a page, and refuses what is to be refused."""
    assert ask(referring(), told_apart) is True


@pytest.mark.parametrize(
    ("status", "value"),
    [
        (200, {}),
        (200, {"data": [], "next_cursor": None}),
        (200, {"data": {"api_key": {}, "organization": {}}}),
        (400, {"error": {"code": "validation_error"}}),
        (404, {"error": {"code": "not_found"}}),
        (500, {"error": {"code": "internal_error"}}),
    ],
)
def test_a_target_that_answers_alike_does_not(answering: Open, ask: Ask, status: int, value: object) -> None:
    """No answer of it means anything."""
    assert ask(answering(lambda _: httpx.Response(status, json=value)), told_apart) is False


def test_a_target_that_never_answers_is_unreachable(answering: Open, ask: Ask) -> None:
    """Nothing is judged."""

    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unreachable):
        ask(answering(silent, retries=0), arrive)


def test_a_target_that_refuses_the_key_is_bad_use(answering: Open, ask: Ask) -> None:
    """The person is told which variable holds it."""
    with pytest.raises(UsageProblem) as refused:
        ask(answering(lambda _: httpx.Response(401, json={})), arrive)
    assert "PB_API_KEY" in refused.value.message


def test_a_budget_that_ends_before_the_arrival_does_is_bad_use(referring: Open, ask: Ask) -> None:
    """A target that was asked half the questions is not accused of answering all alike."""
    with pytest.raises(UsageProblem, match="A budget of 4 requests is too small"):
        ask(referring(request_budget=4), arrive)


def test_a_target_that_breaks_off_some_questions_is_still_there(answering: Open, ask: Ask) -> None:
    """What did come is what there is to go by."""

    def moody(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/session"):
            raise httpx.ReadError("cut off", request=request)
        return httpx.Response(404, json={})

    assert len(ask(answering(moody, retries=0), arrive)) == 4


def test_a_tour_of_a_run_that_may_not_write_writes_nothing(referring: Open, ask: Ask) -> None:
    """--read-only is kept."""

    async def methods(target: Target) -> set[str]:
        await tour(target)
        return {exchange.method for exchange in target.client.recorder.exchanges}

    assert ask(referring(read_only=True), methods) == {"GET"}


def test_a_tour_goes_on_where_nothing_can_be_made(referring: Open, ask: Ask) -> None:
    """A target that refuses every create has other answers to judge."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        return replace(response, status=400) if request.method == "POST" else response

    async def statuses(target: Target) -> set[int | None]:
        await tour(target)
        return {exchange.status for exchange in target.client.recorder.exchanges}

    assert {200, 400, 401, 404} <= ask(referring(replace(HONEST, door=door)), statuses)
