"""A scenario that makes things in lists which others walk asks after all of them."""

from __future__ import annotations

import asyncio

import httpx

from conformance.contract.rules import rule
from conformance.faults.trial import BASE_URL, SETTINGS
from conformance.judging.runner import Runner
from conformance.judging.scenario import Phase, Scenario, during
from conformance.reference import HONEST, Reference
from conformance.target.target import Target
from conformance.wire.client import Client
from tests.judging.conftest import scenario, with_target


def test_the_last_scenario_asks_after_all_others() -> None:
    """Also where it is written first, and the others take their time."""
    order: list[str] = []

    @during(Phase.MAKING)
    async def early_in_the_file(target: Target) -> None:
        order.append("last")

    async def slow(target: Target) -> None:
        await asyncio.sleep(0.05)
        order.append("slow")

    def passive(exchanges: object) -> int:
        order.append("passive")
        return 1

    async def run() -> None:
        reference = Reference(HONEST)
        transport = httpx.ASGITransport(reference.asgi)
        asking = [Scenario(one.__name__, rule("PAG-01"), one) for one in (early_in_the_file, slow, passive)]
        async with Client(BASE_URL, {"key": reference.keys.full}, run_id="t", transport=transport) as client:
            await Runner(Target(client, SETTINGS, run_id="t"), asking).all()
        reference.close()

    asyncio.run(run())
    assert order == ["slow", "last", "passive"]


def test_what_is_made_ready_begins_with_the_run_and_ends_with_it() -> None:
    """Once, however many wait for it; also where it would take for ever."""
    order: list[str] = []

    async def ready(_target: Target) -> None:
        order.append("begun")
        try:
            await asyncio.sleep(600)
        finally:
            order.append("ended")

    @during(Phase.MAKING, ahead=ready)
    async def late(target: Target) -> None:
        order.append("late")

    async def early(target: Target) -> None:
        await asyncio.sleep(0.05)
        order.append("early")

    asking = [scenario(early), scenario(late), scenario(late, name="another")]
    asyncio.run(with_target(lambda target: Runner(target, asking).all()))
    assert order == ["begun", "early", "late", "late", "ended"]
