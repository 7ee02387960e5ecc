"""A quota is spent within bounds, and what a bucket regains meanwhile is no breach."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.contract.rules import rule
from conformance.faults.trial import BASE_URL
from conformance.judging.runner import Runner
from conformance.judging.scenario import Scenario
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Behaviour, Quota, Reference
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.target.tour import arrive
from conformance.wire.client import Client, WireOptions
from conformance.wire.exchange import Attempt, Exchange, Request, Response
from scenarios._spending import MOST, SLACK, Spending
from scenarios.test_rate_limits import test_a_request_is_served_again_after_retry_after as served_again
from scenarios.test_rate_limits import test_a_spent_quota_is_throttled as throttled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.judging.results import Check

DATE = "Thu, 15 Jan 2026 12:00:00 GMT"
NOON = 1_768_478_400


def answer(number: int, *, at: float, remaining: int, reset: int = NOON + 60, status: int = 200) -> Exchange:
    """Give an answer of a quota of 10, so many seconds after noon."""
    headers = (("Date", DATE), ("X-RateLimit-Remaining", str(remaining)), ("X-RateLimit-Reset", str(reset)))
    asked = Request("GET", "http://t/session", "/session")
    return Exchange(number, asked, Response(status, headers), (Attempt(NOON + at, 0.01, status),))


def spent(*answers: Exchange) -> Spending:
    """Give a spending of a quota of 10, of which 9 were left at first."""
    kept = Spending("quota", "/session", limit=10, remaining=9)
    kept.add(answers)
    return kept


def many(count: int, *, every: float = 0.02, reset: int = NOON + 60, remaining: int = 0) -> list[Exchange]:
    """Give so many answers, at even distances."""
    return [answer(one, at=one * every, remaining=remaining, reset=reset) for one in range(1, count + 1)]


def test_a_window_that_serves_on_is_overdrawn() -> None:
    """After Remaining 0 it has nothing to serve before its Reset."""
    assert spent(*many(SLACK + 5)).overdrawn > 0


def test_a_bucket_that_regains_is_not_overdrawn() -> None:
    """It is full in 3 s, so it serves 3 in a second, and its Remaining is 0 all the time."""
    assert spent(*many(30, every=0.3, reset=NOON + 3)).overdrawn == 0


def test_what_is_served_after_reset_is_of_another_window() -> None:
    """Requests that come so late prove nothing."""
    renewed = [answer(one, at=3 + one / 50, remaining=9) for one in range(2, 30)]
    assert spent(answer(1, at=0, remaining=0, reset=NOON + 2), *renewed).overdrawn == 0


def test_a_remaining_that_never_ends_is_overdrawn_within_one_window() -> None:
    """Under one Reset no quota serves more than twice its limit."""
    assert (spent(*many(30, remaining=1)).overdrawn, spent(*many(31, remaining=1)).overdrawn) == (0, 1)


def test_what_goes_wrong_while_something_is_left_is_the_weather() -> None:
    """A 503 before the quota is spent is no answer to a spent quota."""
    early = spent(answer(1, at=0, remaining=9), answer(2, at=0.1, remaining=8, status=503))
    late = spent(answer(1, at=0, remaining=0), answer(2, at=0.1, remaining=0, status=503))
    assert ([one.status for one in early.odd], [one.status for one in late.odd]) == ([], [503])


def judged(reference: Reference, *, budget: int | None = None) -> tuple[Sequence[Check], int | None, int]:
    """Judge a reference by its first key alone; give the checks, what the key gets afterwards, and the requests."""

    async def run() -> tuple[Sequence[Check], int | None, int]:
        transport = httpx.ASGITransport(reference.asgi)
        options = WireOptions(request_budget=budget)
        async with Client(
            BASE_URL, {"key": reference.keys.full}, run_id="t", options=options, transport=transport
        ) as client:
            chosen = [Scenario("one", rule("RTL-01"), throttled), Scenario("two", rule("RTL-02"), served_again)]
            target = Target(client, Settings(base_url=BASE_URL), run_id="t")
            await arrive(target)  # as a run does
            checks = await Runner(target, chosen).all()
            after = await client.send("GET", "/session", throttled="return")
            return checks, after.status, client.count

    try:
        return asyncio.run(run())
    finally:
        reference.close()


def verdicts(checks: Sequence[Check]) -> list[Verdict]:
    """Give what was said of RTL-01 and RTL-02."""
    return [check.verdict for check in checks]


def test_the_first_key_is_left_as_open_as_it_was_found() -> None:
    """Where there is no other key it is spent, and its window waited out."""
    checks, after, _ = judged(Reference(quota=Quota(20, 2)))
    assert (verdicts(checks), after) == ([Verdict.PASS, Verdict.PASS], 200)


@pytest.mark.parametrize(
    ("quota", "budget"), [(Quota(MOST + 20, 60), None), (Quota(30, 3600), None), (Quota(60, 60), 90)]
)
def test_what_would_be_too_much_to_spend_is_not_spent(quota: Quota, budget: int | None) -> None:
    """Too many requests, too long a window of the first key, or more than the budget allows."""
    checks, after, count = judged(Reference(quota=quota), budget=budget)
    told = [(check.verdict, "PB_QUOTA_API_KEY" in check.hint) for check in checks]
    assert (told, after, count < 20) == ([(Verdict.NOT_JUDGED, True)] * 2, 200, True)


def test_a_wait_that_is_too_long_is_not_waited_out() -> None:
    """RTL-01 is judged all the same."""
    behaviour: dict[str, Any] = {"retry_after": lambda _window, _now: 3600}
    checks, _, _ = judged(Reference(replace(HONEST, **behaviour), quota=Quota(20, 2)))
    assert verdicts(checks) == [Verdict.PASS, Verdict.NOT_JUDGED]


def test_a_quota_that_is_renewed_faster_than_it_is_spent_is_not_judged() -> None:
    """Every request finds a new window, so none is refused."""

    def renewed(window: Any, quota: Quota, now: float) -> Any:  # noqa: ANN401  # as Behaviour.spend
        return replace(HONEST.spend(None, quota, now), reset=(window.reset if window else int(now)) + 1)

    checks, _, count = judged(Reference(Behaviour(spend=renewed), quota=Quota(20, 2)))
    assert (verdicts(checks), count <= 4 * 20 + 120) == ([Verdict.NOT_JUDGED, Verdict.NOT_JUDGED], True)
