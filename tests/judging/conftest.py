"""Small runs against a target in this process: a reference, and scenarios of a few lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest

from conformance.contract.rules import rule
from conformance.judging.runner import Runner
from conformance.judging.scenario import Scenario
from conformance.reference import HONEST, Behaviour, Reference
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client

if TYPE_CHECKING:
    from conformance.contract.model import Need
    from conformance.judging.results import Check

Function: TypeAlias = Callable[..., Any]
BASE_URL = "http://reference.test/v1"


def scenario(function: Function, rule_id: str = "PAG-01", *, name: str = "", subject: str | None = None) -> Scenario:
    """Make a scenario of a function."""
    return Scenario(name or function.__name__, rule(rule_id), function, subject)


async def with_target(doing: Callable[[Target], Any], behaviour: Behaviour = HONEST) -> Any:  # noqa: ANN401  # as given
    """Await `doing` with a target that is a reference of its own."""
    reference = Reference(behaviour)
    transport = httpx.ASGITransport(reference.asgi)
    try:
        async with Client(BASE_URL, {"key": reference.keys.full}, run_id="r1", transport=transport) as client:
            return await doing(Target(client, Settings(base_url=BASE_URL, settle=0.2), run_id="r1"))
    finally:
        reference.close()


@pytest.fixture
def judge() -> Callable[..., Sequence[Check]]:
    """Return a function that runs scenarios together and gives their checks."""

    def judging(
        *scenarios: Scenario, behaviour: Behaviour = HONEST, missing: dict[Need, str] | None = None
    ) -> Sequence[Check]:
        return asyncio.run(with_target(lambda target: Runner(target, scenarios, missing=missing).all(), behaviour))

    return judging
