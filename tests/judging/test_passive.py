"""Passive scenarios judge what the others exchanged: all of it, after them, and never nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.judging.passive import SHOWN
from conformance.judging.verdicts import Verdict, Violation
from conformance.reference import HONEST
from tests.judging.conftest import scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.judging.results import Check
    from conformance.reference import Handler, Request, Response
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

    Judge = Callable[..., Sequence[Check]]


def test_passive_scenarios_wait_for_the_active_ones(judge: Judge) -> None:
    """Their evidence is whole."""
    order: list[str] = []

    def test_passive(exchange: Exchange) -> bool:
        order.append(exchange.path)
        return True

    async def test_active(target: Target) -> None:
        await target.get("/employees")
        await target.get("/employees/emp_nobody")

    judge(scenario(test_passive), scenario(test_active))
    assert {"/employees", "/employees/emp_nobody"} <= set(order)


def test_passive_scenarios_wait_also_for_active_ones_that_break(judge: Judge) -> None:
    """What was exchanged before is judged all the same."""
    judged: list[str] = []

    def test_passive(exchange: Exchange) -> bool:
        judged.append(exchange.path)
        return True

    async def test_active(target: Target) -> None:
        await target.get("/employees")
        raise KeyError("id")

    judge(scenario(test_passive), scenario(test_active))
    assert "/employees" in judged


def test_a_passive_scenario_alone_has_exchanges_of_every_kind(judge: Judge) -> None:
    """The tour makes sure of it: reads, writes and refusals."""
    statuses: set[int | None] = set()

    def test_passive(exchange: Exchange) -> bool:
        statuses.add(exchange.status)
        return True

    judge(scenario(test_passive))
    assert {200, 201, 400, 401, 404, 409} <= statuses


def test_nothing_to_judge_is_no_pass(judge: Judge) -> None:
    """A rule that applied to no exchange is not judged."""

    def test_passive(exchange: Exchange) -> bool:
        del exchange
        return False

    (check,) = judge(scenario(test_passive))
    assert (check.verdict, check.message) == (Verdict.NOT_JUDGED, "no exchange of the run had anything to judge")


def test_nothing_counted_over_all_is_no_pass(judge: Judge) -> None:
    """The same where all exchanges are judged together."""

    def test_passive(exchanges: Sequence[Exchange]) -> int:
        del exchanges
        return 0

    (check,) = judge(scenario(test_passive))
    assert check.verdict is Verdict.NOT_JUDGED


def test_a_pass_says_how_much_it_rests_on(judge: Judge) -> None:
    """The number of exchanges that the rule applied to."""

    def test_passive(exchanges: Sequence[Exchange]) -> int:
        return min(len(exchanges), 3)

    (check,) = judge(scenario(test_passive))
    assert (check.verdict, check.message) == (Verdict.PASS, "held on all 3 exchanges that it applies to")


def test_a_breach_counts_its_exchanges_and_cites_a_few(judge: Judge) -> None:
    """One cause, not hundreds of rows."""

    def test_passive(exchange: Exchange) -> bool:
        raise Violation("it is wrong", expected="right", observed=exchange.status)

    (check,) = judge(scenario(test_passive))
    assert (check.verdict, len(check.exchanges), check.message.startswith("it is wrong (")) == (
        Verdict.FAIL,
        SHOWN,
        True,
    )


def test_a_breach_cites_exchanges_of_different_kinds_first(judge: Judge) -> None:
    """Twenty of one kind do not hide the one of another."""
    kinds: dict[int, tuple[str, int | None]] = {}

    def test_passive(exchange: Exchange) -> bool:
        kinds[exchange.number] = (exchange.method, exchange.status)
        raise Violation("it is wrong")

    async def test_active(target: Target) -> None:
        for _ in range(20):
            await target.get("/employees")

    check, _ = judge(scenario(test_passive), scenario(test_active))
    assert len({kinds[number] for number in check.exchanges}) > 1


def test_a_breach_over_all_exchanges_cites_a_few_too(judge: Judge) -> None:
    """However many the scenario names."""

    def test_passive(exchanges: Sequence[Exchange]) -> int:
        raise Violation("it is wrong", exchanges=[one.number for one in exchanges])

    (check,) = judge(scenario(test_passive))
    assert check.exchanges == (1, 2, 3, 4, 5)


def test_a_bug_in_a_passive_scenario_is_an_error(judge: Judge) -> None:
    """It is not blamed on the target."""

    def test_passive(exchange: Exchange) -> bool:
        return bool(exchange.json["no such member"]["at all"])

    (check,) = judge(scenario(test_passive))
    assert check.verdict is Verdict.ERROR


def test_passive_scenarios_see_no_exchange_without_an_answer(judge: Judge) -> None:
    """What never came can't be judged."""
    seen: list[str] = []

    async def door(request: Request, honest: Handler) -> Response:
        if request.path.endswith("/summaries"):
            await asyncio.sleep(60)
        return await honest(request)

    def test_passive(exchange: Exchange) -> bool:
        seen.append("answered" if exchange.response else "unanswered")
        return True

    async def test_active(target: Target) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(target.get("/summaries"), 0.01)

    judge(scenario(test_passive), scenario(test_active), behaviour=replace(HONEST, door=door))
    assert set(seen) == {"answered"}


def test_what_was_asked_beside_the_base_url_is_not_judged(judge: Judge) -> None:
    """Nobody promises anything of what is there."""
    judged: list[bool] = []

    def test_passive(exchange: Exchange) -> bool:
        judged.append(exchange.request.beside)
        return True

    async def test_active(target: Target) -> None:
        assert (await target.get("/session", beside="")).request.beside

    judge(scenario(test_passive), scenario(test_active))
    assert set(judged) == {False}


def test_a_passive_scenario_may_say_what_its_pass_rests_on(judge: Judge) -> None:
    """A sentence stands in the place of the count."""

    def test_passive(exchanges: Sequence[Exchange]) -> str:
        return f"all is well: {len(exchanges) > 0}"

    (check,) = judge(scenario(test_passive))
    assert (check.verdict, check.message) == (Verdict.PASS, "all is well: True")
