"""Observations in number: a set of ours in a date window of the past that nobody else touches, and a list of over 100.

Walks are exact only over what stands still, and other scenarios create and archive all the time. So a set is made
on dates of its own and read through the date filter; its archived members lie in the same window.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing, Refused
from conformance.target.discovery import employee_ids
from conformance.target.instants import precision
from conformance.target.reading import read_resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.reading import Page, Resource
    from conformance.target.target import Made, Target

Query = tuple[tuple[str, str], ...]

FULL_PAGE = 100
"""The largest page (overview › Pagination); a crowd is more than that."""
MARGIN = 10
"""So many more than needed are made, because other scenarios archive some of what was counted."""
EARLIEST = date(1994, 3, 1)
WINDOWS = ("standing", "moving", "crowd", "empty")
"""What the windows of a run are for; no two of them share a day."""
RUNS = 120
"""So many runs have windows of their own before years begin to be shared: 120 times 8 weeks, up to 2012."""
LENGTH = timedelta(days=8)
_APART = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Window:
    """Some days in a row, one more on either side than is used: inclusive bounds are another rule's matter."""

    first: date

    @property
    def query(self) -> Query:
        """The filters that narrow the observation list to it."""
        last = self.first + LENGTH
        return (
            ("filter[observation_date][gte]", self.first.isoformat()),
            ("filter[observation_date][lte]", last.isoformat()),
        )

    def day(self, number: int) -> str:
        """Give its day of that number, 1 to 7."""
        return (self.first + timedelta(days=number)).isoformat()

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Tell whether an observation is dated within it."""
        told = item.get("observation_date")
        return isinstance(told, str) and self.first.isoformat() <= told <= (self.first + LENGTH).isoformat()


@dataclass(frozen=True, slots=True)
class Planted:
    """A set of ours: `active` and `archived` as they were made; every text holds `word`, which nothing else does."""

    window: Window
    active: tuple[Made, ...]
    archived: tuple[Made, ...]
    word: str

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the active ones."""
        return frozenset(made.id for made in self.active)

    @property
    def archived_ids(self) -> frozenset[str]:
        """The ids of the archived ones."""
        return frozenset(made.id for made in self.archived)


def window(target: Target, purpose: str) -> Window:
    """Give the window for one of WINDOWS: the same within a run, most likely another in the next."""
    run = Random(target.run_id).randrange(RUNS)  # noqa: S311  # dates, not secrets
    return Window(EARLIEST + (run * len(WINDOWS) + WINDOWS.index(purpose)) * _APART)


async def standing(target: Target) -> Planted:
    """Return the set that nobody touches, made once a run: 12 active ones and 2 archived ones on 3 days.

    On each day (numbers 2, 4 and 6 of the window) several tie; both types and, where there are two, two employees
    take turns, so that every filter splits the set. Raises `Missing` in a run that may not write.
    """
    return await target.once("standing observations", lambda: _stand(target))


async def _stand(target: Target) -> Planted:
    where, word = window(target, "standing"), _word(target)
    people = (await employee_ids(target))[:2]
    bodies = [
        {
            "employee_id": people[number // 2 % len(people)],
            "type": ("strength", "opportunity")[number % 2],
            "observation": f"{word}. {target.marker()}",
            "observation_date": where.day((4, 2, 6)[number % 3]),
        }
        for number in range(14)
    ]
    made = await plant(target, bodies)
    archived = made[3], made[10]
    await target.patch(f"/observations/{made[0].id}", json={"impact": "Updated last, created first."})
    for exchange in await asyncio.gather(*(target.archive(one.id) for one in archived)):
        read_resource(exchange)
    planted = Planted(where, tuple(one for one in made if one not in archived), archived, word)
    await settled(target, where, shown=planted.ids, hidden=planted.archived_ids)
    return planted


def _word(target: Target) -> str:
    return f"Q{target.chance.word(9)}"


async def plant(target: Target, bodies: Sequence[Mapping[str, Any]]) -> list[Made]:
    """Make observations in three waves, so that not all have the same created_at."""
    if target.settings.read_only:
        raise Missing("leave to write", hint="Run without --read-only.")
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
    if target.settings.read_only:
        raise Missing("leave to write", hint="Run without --read-only.")
    where = window(target, "crowd")
    await asyncio.gather(*(target.make(observation_date=where.day(1 + number % 7)) for number in range(shortfall)))


async def _is_crowded(target: Target, query: Query) -> bool:
    return (await target.page("/observations", [*query, ("limit", str(FULL_PAGE))])).next_cursor is not None
