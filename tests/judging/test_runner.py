"""Each end of a scenario has its verdict; only a violation accuses a target."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from conformance.contract.model import Need
from conformance.errors import (
    BudgetSpent,
    Missing,
    NotJSON,
    Refused,
    Throttled,
    Unanswered,
    Unreachable,
    UsageProblem,
)
from conformance.judging.runner import THROTTLED, Runner
from conformance.judging.verdicts import Blocked, NotApplicable, Noted, NotJudged, Verdict, Violation, Violations
from conformance.reference import HONEST, Response
from tests.judging.conftest import scenario, with_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.judging.results import Check
    from conformance.judging.scenario import Scenario
    from conformance.reference import Handler, Request
    from conformance.target.target import Target

    Judge = Callable[..., Sequence[Check]]

MUST, SHOULD, NOTE = "PAG-01", "PAG-03", "PAG-16"


def raising(error: BaseException, rule_id: str = MUST) -> Scenario:
    """Make a scenario that ends with an exception."""

    async def raises(_target: Target) -> NoReturn:
        raise error

    return scenario(_as_active(raises), rule_id)


def returning(value: object, rule_id: str = MUST) -> Scenario:
    """Make a scenario that ends with a value."""

    async def returns(_target: Target) -> object:
        return value

    return scenario(_as_active(returns), rule_id)


def _as_active(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give it the parameter by which an active scenario is known."""

    async def test_it(target: Target) -> Any:  # noqa: ANN401  # as the function ends
        return await function(target)

    return test_it


@pytest.mark.parametrize(("rule_id", "verdict"), [(MUST, Verdict.FAIL), (SHOULD, Verdict.WARN), (NOTE, Verdict.NOTED)])
def test_a_violation_costs_what_the_level_says(judge: Judge, rule_id: str, verdict: Verdict) -> None:
    """MUST fails, SHOULD warns, NOTE is never held against a target."""
    (check,) = judge(raising(Violation("broken", expected="this", observed={"that": 1}), rule_id))
    assert (check.verdict, check.message, check.expected, check.observed) == (verdict, "broken", "this", {"that": 1})


def test_each_of_several_violations_becomes_a_check_of_its_own(judge: Judge) -> None:
    """Of the same item, told apart by the finding; the check of the item stands for all of them."""
    several = {"a": Violation("one", expected="x", exchanges=[2]), "b": Violation("two", exchanges=[1])}
    (check,) = judge(raising(Violations("one, and 1 more", several)))
    told = [(one.item == check.item, one.finding, one.message, one.verdict, one.exchanges) for one in check.singly]
    assert told == [(True, "a", "one", Verdict.FAIL, (2,)), (True, "b", "two", Verdict.FAIL, (1,))]
    assert (check.verdict, check.message, check.exchanges) == (Verdict.FAIL, "one, and 1 more", (1, 2))


@pytest.mark.parametrize(
    ("error", "verdict", "message"),
    [
        (NotJudged("no data"), Verdict.NOT_JUDGED, "no data"),
        (NotApplicable("no such thing"), Verdict.NOT_APPLICABLE, "no such thing"),
        (Blocked("the twin was refused"), Verdict.BLOCKED, "the twin was refused"),
        (Missing("a manager"), Verdict.NOT_JUDGED, "needs a manager"),
        (Throttled("429 still"), Verdict.BLOCKED, THROTTLED),
        (BudgetSpent("used up"), Verdict.NOT_JUDGED, "used up"),
        (Refused("no page"), Verdict.BLOCKED, "no page"),
        (Unanswered("no answer"), Verdict.BLOCKED, "no answer"),
        (Unreachable("gone"), Verdict.BLOCKED, "gone"),
        (NotJSON("html"), Verdict.BLOCKED, "html"),
        (UsageProblem("no path"), Verdict.ERROR, "the suite broke: UsageProblem('no path')"),
        (KeyError("id"), Verdict.ERROR, "the suite broke: KeyError('id')"),
        (AssertionError("no"), Verdict.ERROR, "the suite broke: AssertionError('no')"),
        (TimeoutError(), Verdict.ERROR, "the suite broke: TimeoutError()"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_any_other_end_accuses_nobody(judge: Judge, error: Exception, verdict: Verdict, message: str) -> None:
    """What kept a scenario from its end is no breach of the target's."""
    (check,) = judge(raising(error))
    assert (check.verdict, check.message) == (verdict, message)


def test_an_error_of_the_suite_keeps_its_traceback(judge: Judge) -> None:
    """A person can mend it."""
    (check,) = judge(raising(KeyError("id")))
    assert "in raises" in check.traceback


def test_pytests_own_failure_is_an_error_of_the_suite(judge: Judge) -> None:
    """pytest.fail in a scenario is no Exception, and no breach."""
    (check,) = judge(raising(pytest.fail.Exception("no")))
    assert check.verdict is Verdict.ERROR


def test_the_hint_of_an_undecided_scenario_is_kept(judge: Judge) -> None:
    """It says how to give what is missing."""
    checks = judge(raising(NotJudged("a", hint="Give a.")), replace(raising(Missing("b", "Give b.")), item="other"))
    assert [check.hint for check in checks] == ["Give a.", "Give b."]


@pytest.mark.parametrize(
    ("errors", "verdict"),
    [
        ([Violation("broken"), KeyError("id")], Verdict.FAIL),
        ([Missing("x"), ExceptionGroup("inner", [Refused("y"), Violation("broken")])], Verdict.FAIL),
        ([Refused("x"), Missing("y")], Verdict.BLOCKED),
        ([Missing("y"), Refused("x")], Verdict.NOT_JUDGED),
        ([Refused("x"), KeyError("id")], Verdict.ERROR),
        ([KeyError("id")], Verdict.ERROR),
        ([pytest.fail.Exception("no"), Missing("x")], Verdict.ERROR),
    ],
    ids=["a breach stands", "also deep inside", "the first", "the first too", "a bug", "a bug alone", "pytest's own"],
)
def test_a_group_of_exceptions_is_judged_by_its_most_telling(
    judge: Judge, errors: list[BaseException], verdict: Verdict
) -> None:
    """asyncio.TaskGroup raises them together."""
    (check,) = judge(raising(BaseExceptionGroup("together", errors)))
    assert check.verdict is verdict


def test_a_scenario_that_returns_has_passed(judge: Judge) -> None:
    """A sentence says what the pass rests on."""
    (check,) = judge(returning("all 5 pages"))
    assert (check.verdict, check.message) == (Verdict.PASS, "all 5 pages")


def test_what_was_noted_is_kept_as_sentence_and_value(judge: Judge) -> None:
    """Two targets can be compared by it."""
    (check,) = judge(returning(Noted("It refuses.", 400), NOTE))
    assert (check.verdict, check.message, check.value) == (Verdict.NOTED, "It refuses.", 400)


def test_a_subject_is_handed_to_the_scenario(judge: Judge) -> None:
    """It is the second parameter, and stands in the check."""

    async def test_it(target: Target, collection: str) -> str:
        del target
        return collection

    (check,) = judge(scenario(test_it, subject="/employees"))
    assert (check.subject, check.message) == ("/employees", "/employees")


def test_a_need_that_is_not_met_is_not_judged(judge: Judge) -> None:
    """Nothing is asked, and the hint says how to meet it."""
    missing = {Need.WRITE: "Run without --read-only."}
    (check,) = judge(returning("made", "OBC-01"), missing=missing)
    assert (check.verdict, check.message, check.hint) == (
        Verdict.NOT_JUDGED,
        "needs leave to write",
        "Run without --read-only.",
    )


def test_a_need_of_another_rule_keeps_nobody_back(judge: Judge) -> None:
    """A rule that needs nothing is judged."""
    (check,) = judge(returning("read"), missing={Need.WRITE: "Run without --read-only."})
    assert check.verdict is Verdict.PASS


def test_a_check_cites_what_its_scenario_exchanged(judge: Judge) -> None:
    """Also in tasks of its own, and where it broke; and not what others exchanged."""

    async def test_broken(target: Target) -> None:
        await asyncio.gather(target.get("/employees"), target.get("/summaries"))
        raise Violation("broken")

    async def test_other(target: Target) -> None:
        await target.get("/assignments")
        raise Violation("broken")

    broken, other = judge(scenario(test_broken), scenario(test_other))
    assert (len(broken.exchanges), len(other.exchanges), set(broken.exchanges) & set(other.exchanges)) == (2, 1, set())


def test_a_breach_may_name_fewer_exchanges(judge: Judge) -> None:
    """Those that show it."""

    async def test_it(target: Target) -> None:
        exchanges = [await target.get("/employees") for _ in range(3)]
        raise Violation("broken", exchanges=[exchanges[1].number])

    (check,) = judge(scenario(test_it))
    assert len(check.exchanges) == 1


def test_requests_name_the_rule_that_asks() -> None:
    """A server's log maps to rules."""

    async def test_it(target: Target) -> None:
        await target.get("/employees")

    async def doing(target: Target) -> list[str | None]:
        await Runner(target, [scenario(test_it, "PAG-09")]).all()
        asked = [one for one in target.client.recorder.exchanges if one.path == "/employees"]
        return [one.request.header("User-Agent") for one in asked]

    agents = asyncio.run(with_target(doing))
    assert ["PAG-09" in str(agent) for agent in agents] == [True]


@pytest.mark.parametrize("rule_id", [MUST, NOTE])
def test_nothing_passes_on_a_target_that_answers_alike(judge: Judge, rule_id: str) -> None:
    """Neither a pass nor a note means anything there."""

    async def door(_request: Request, _honest: Handler) -> Response:
        return Response(200, (("Content-Type", "application/json"),), b'{"data": [], "next_cursor": null}')

    end = Noted("It does.") if rule_id == NOTE else "it holds"
    (check,) = judge(returning(end, rule_id), behaviour=replace(HONEST, door=door))
    assert (check.verdict, "alike" in check.message) == (Verdict.BLOCKED, True)


def test_a_breach_stands_on_a_target_that_answers_alike(judge: Judge) -> None:
    """What was seen to be wrong is wrong."""

    async def door(_request: Request, _honest: Handler) -> Response:
        return Response(404)

    (check,) = judge(raising(Violation("broken")), behaviour=replace(HONEST, door=door))
    assert check.verdict is Verdict.FAIL


def test_checks_come_in_the_order_of_the_scenarios(judge: Judge) -> None:
    """Whichever ends first."""

    async def test_slow(target: Target) -> None:
        await target.get("/employees")

    first, second = scenario(test_slow, name="slow"), replace(returning("at once"), item="fast")
    assert [check.item for check in judge(first, second)] == ["slow", "fast"]


def test_stopping_cancels_what_is_under_way() -> None:
    """A scenario that would never end ends, and has no check."""
    ended: list[str] = []

    async def test_endless(target: Target) -> None:
        del target
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def doing(target: Target) -> int:
        runner = Runner(target, [scenario(test_endless)])
        runner.start()
        await asyncio.sleep(0)
        await runner.stop()
        return runner.done.total()

    done = asyncio.run(with_target(doing))
    assert (done, ended) == (0, ["cancelled"])


def test_an_asker_that_gives_up_leaves_the_scenario_running() -> None:
    """Pytest asks again for the same outcome."""

    async def doing(target: Target) -> Verdict:
        gate = asyncio.Event()

        async def test_gated(target: Target) -> None:
            del target
            await gate.wait()

        runner = Runner(target, [scenario(test_gated)])
        runner.start()
        asker = asyncio.create_task(runner.outcome("test_gated"))
        await asyncio.sleep(0)
        asker.cancel()
        gate.set()
        return (await runner.outcome("test_gated")).verdict

    assert asyncio.run(with_target(doing)) is Verdict.PASS
