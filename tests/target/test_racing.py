"""What races is accounted for like any other request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.errors import BudgetSpent, Missing
from conformance.wire.outgoing import Ask

if TYPE_CHECKING:
    from conformance.target.target import Target
    from tests.target.conftest import Ask as AskIt
    from tests.target.conftest import Open

CREATES = [Ask("POST", "/observations", json={})] * 3


def making(_request: httpx.Request) -> httpx.Response:
    """Answer every create with one and the same resource."""
    return httpx.Response(201, json={"id": "obs_1"})


def test_what_a_race_makes_is_in_the_journal(answering: Open, ask: AskIt) -> None:
    """Once for each id."""

    async def race(target: Target) -> object:
        await target.race(CREATES)
        return target.journal.remains()

    assert ask(answering(making), race) == (("obs_1", "/observations"),)


def test_a_race_leaves_enough_of_the_budget_for_the_clean_up(answering: Open, ask: AskIt) -> None:
    """Three creates are three requests, and three archives at the end."""

    async def race(target: Target) -> int:
        with pytest.raises(BudgetSpent):
            await target.race(CREATES)
        return target.client.count

    assert ask(answering(making, request_budget=5), race) == 0


def test_a_race_of_writes_needs_leave_to_write(answering: Open, ask: AskIt) -> None:
    """Read-only runs don't race writes."""

    async def race(target: Target) -> int:
        with pytest.raises(Missing):
            await target.race(CREATES)
        return target.client.count

    assert ask(answering(making, read_only=True), race) == 0


def test_a_lost_racer_may_have_made_something(answering: Open, ask: AskIt) -> None:
    """It is given back without a response, and the intent to create it is on record."""

    def breaking(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone")

    async def race(target: Target) -> list[int | None]:
        return [one.status for one in await target.race(CREATES)]

    assert ask(answering(breaking), race) == [None] * 3
