"""A day passes for a target only where it says so itself, and an age is known between two bounds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.contract.rules import rule
from conformance.faults.trial import BASE_URL, CLOCK_URL, SETTINGS
from conformance.judging.runner import Runner
from conformance.judging.scenario import Scenario
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Reference
from conformance.target.clock import TargetClock
from conformance.target.means import Means
from conformance.target.target import Target
from conformance.wire.client import Client
from scenarios._later import age
from scenarios.test_idempotency_later import (
    test_a_key_replays_until_just_before_24_hours_are_over as replays,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.judging.results import Check

    Patch = Callable[[httpx.Response], httpx.Response]


class Edge(httpx.AsyncBaseTransport):
    """A reference behind an edge that changes its answers."""

    def __init__(self, reference: Reference, patch: Patch) -> None:
        self._inner = httpx.ASGITransport(reference.asgi)
        self._patch = patch

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the reference, and change what it answers."""
        return self._patch(await self._inner.handle_async_request(request))


def judged(patch: Patch = lambda answer: answer, *, moves: bool = True) -> Check:
    """Judge that a key replays for a day, of a reference behind an edge and with a clock that moves or only says so."""
    reference = Reference(HONEST, control=True)
    still = httpx.MockTransport(lambda _: httpx.Response(204))
    clock = TargetClock(CLOCK_URL, transport=httpx.ASGITransport(reference.asgi) if moves else still)

    async def run() -> Check:
        edge = Edge(reference, patch)
        async with Client(BASE_URL, {"key": reference.keys.full}, run_id="t", transport=edge) as client:
            target = Target(client, SETTINGS, run_id="t", means=Means(clock=clock))
            (check,) = await Runner(target, [Scenario("replays", rule("IDM-06"), replays)]).all()
            return check

    try:
        return asyncio.run(run())
    finally:
        reference.close()


def undated(answer: httpx.Response) -> httpx.Response:
    """Take the Date out of an answer."""
    answer.headers.pop("date", None)
    return answer


def dated_by_a_standing_clock(answer: httpx.Response) -> httpx.Response:
    """Date an answer by a server in front, which knows of no test clock."""
    answer.headers["date"] = "Thu, 15 Jan 2026 12:00:00 GMT"
    return answer


def test_a_clock_that_only_says_done_proves_nothing() -> None:
    """Neither Date nor created_at has moved, so a replay is one of a second later."""
    check = judged(moves=False)
    assert (check.verdict, "neither Date nor created_at" in check.message) == (Verdict.NOT_JUDGED, True)


@pytest.mark.parametrize("patch", [undated, dated_by_a_standing_clock])
def test_the_time_that_observations_are_stamped_with_will_do(patch: Patch) -> None:
    """A server in front may date its answers itself, or not at all."""
    assert judged(patch).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("seconds", "written"), [(43_200, "12 h"), (86_339.6, "23 h 59 min"), (86_399, "24 h"), (59, "0 h 1 min")]
)
def test_an_age_is_written_in_hours_and_minutes(seconds: float, written: str) -> None:
    """To the nearest minute, without minutes that are none."""
    assert age(seconds) == written
