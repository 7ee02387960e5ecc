"""Observations in number: those of ours in a date window of the past that nobody else touches, and a list of over 100.

Walks are exact only over what stands still, and other scenarios create and archive all the time. So what was planted
is read through the date filter; its archived members lie in the same window.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing, Refused
from conformance.target.instants import precision
from conformance.target.planting import planted
from conformance.target.plants import PLANTS
from conformance.target.windows import Query, Window, window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.reading import Page, Resource
    from conformance.target.target import Made, Target

FULL_PAGE = 100
"""The largest page (overview › Pagination); a crowd is more than that."""
MARGIN = 10
"""So many more than needed are made, because other scenarios archive some of what was counted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was planted as a list shows it: `active` and `archived` rows in one window.

    Every text of them holds `word`, which nothing else does.
    """

    window: Window
    active: tuple[Resource, ...]
    archived: tuple[Resource, ...]
    word: str

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the active ones."""
        return frozenset(str(row["id"]) for row in self.active)

    @property
    def archived_ids(self) -> frozenset[str]:
        """The ids of the archived ones."""
        return frozenset(str(row["id"]) for row in self.archived)


async def standing(target: Target) -> Standing:
    """Return what was planted, which nobody touches, once the list of its window shows it.

    Several tie on each of its days, and every filter splits it. Raises `Missing` in a run that may not write.
    """
    return await target.once("standing observations", lambda: _stand(target))


async def _stand(target: Target) -> Standing:
    target.require_writes()
    planting = await planted(target)
    if planting.window is None:
        raise Missing("observations that the run made", hint=PLANTS)
    active = tuple(row for row in planting.rows if row["archived_at"] is None)
    archived = tuple(row for row in planting.rows if row["archived_at"] is not None)
    found = Standing(planting.window, active, archived, planting.word)
    await settled(target, found.window, shown=found.ids, hidden=found.archived_ids)
    return found


async def plant(target: Target, bodies: Sequence[Mapping[str, Any]]) -> list[Made]:
    """Make observations in three waves, so that not all have the same created_at."""
    target.require_writes()
    made: list[Made] = []
    step = -(-len(bodies) // 3)
    for start in range(0, len(bodies), step):
        if made:
            await _tick(made[-1])
        made += await asyncio.gather(*(target.make(**body) for body in bodies[start : start + step]))
    return made


async def _tick(made: Made) -> None:
    """Wait until a created_at in the precision of this one has moved on; a missing one is another rule's matter."""
    told = made.resource.get("created_at")
    if isinstance(told, str):
        await asyncio.sleep(precision(told).total_seconds() * 1.05)


async def settled(
    target: Target, where: Window, *, shown: frozenset[str], hidden: frozenset[str]
) -> Sequence[Resource]:
    """Wait until the list of a window shows these and not those, or the settling time is over; return what it shows."""
    query = [*where.query, ("limit", str(FULL_PAGE))]
    seen: list[Page] = []

    async def look() -> bool:
        seen.append(await target.page("/observations", query))
        ids = set(seen[-1].ids)
        return shown <= ids and not hidden & ids

    await target.eventually(look)
    return seen[-1].items


async def crowd(target: Target) -> Query:
    """Return the query under which the observation list holds more than 100, making the shortfall where it has to.

    Archived ones count where the active ones are too few; () stands for the plain list, also where a run that
    may not write can't have more.
    """
    return await target.once("crowd of observations", lambda: _gather(target))


async def _gather(target: Target) -> Query:
    everything: Query = (("filter[archived]", "all"),)
    try:
        for query in ((), everything):
            page = await target.page("/observations", [*query, ("limit", str(FULL_PAGE))])
            if page.next_cursor is not None:
                return query
        await _fill(target, FULL_PAGE + MARGIN - len(page.items))
    except (Missing, Refused):
        return ()
    await target.eventually(lambda: _is_crowded(target, everything))
    return everything


async def _fill(target: Target, shortfall: int) -> None:
    target.require_writes()
    where = window(target, "crowd")
    await asyncio.gather(*(target.make(observation_date=where.day(1 + number % 7)) for number in range(shortfall)))


async def _is_crowded(target: Target, query: Query) -> bool:
    return (await target.page("/observations", [*query, ("limit", str(FULL_PAGE))])).next_cursor is not None
