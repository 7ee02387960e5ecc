"""What is asked of several filters at once shows each of them, wherever another one makes the target overlook it."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import TYPE_CHECKING

import httpx

from conformance.contract.queries import FILTERS
from conformance.faults.trial import BASE_URL, SETTINGS
from conformance.reference import Reference
from conformance.target.planting import planted
from conformance.target.target import Target
from conformance.wire.client import Client
from scenarios.test_filtering import COMBINATIONS

if TYPE_CHECKING:
    from conformance.target.plants import Planting

ARCHIVED = "filter[archived]"


async def planting_of_the_reference() -> Planting:
    """Plant in an honest reference in this process."""
    reference = Reference()
    transport = httpx.ASGITransport(reference.asgi)
    try:
        async with Client(BASE_URL, {"key": reference.keys.full}, run_id="pairs", transport=transport) as client:
            return await planted(Target(client, SETTINGS, run_id="pairs"))
    finally:
        reference.close()


def shown(planting: Planting) -> set[tuple[str, str]]:
    """Give (one, other) where some question with both serves a planted row too many as soon as `one` is overlooked."""
    found: set[tuple[str, str]] = set()
    for asked in (ask(planting) for ask in COMBINATIONS.values()):
        for one in asked.parts:
            rest = [part for part in asked.parts if part is not one]
            if any(all(part.expects(row) for part in rest) and one.keeps(row) is False for row in planting.rows):
                found |= {(one.query[0][0], part.query[0][0]) for part in rest}
    return found


def test_every_two_documented_filters_are_asked_together() -> None:
    """Either of any two, overlooked beside the other, lets a planted row in that does not belong there."""
    names = {name for one in FILTERS["observations"] for name in one.parameters} - {ARCHIVED}
    missing = {*permutations(names, 2)} - shown(asyncio.run(planting_of_the_reference()))
    assert missing == set()
