"""Observations planted for filters and expansions: every value that a filter looks at, on both sides of every bound.

People at every level of a line of management and one outside it, both types, no, one and two attributes, days
around a day in the past, three moments of creation, active and archived. Where nothing may be written, what is
there takes their place. Everybody else's data may change meanwhile, so verdicts rest on the rows known here and
on predicates over whatever is served.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing, Refused
from conformance.target.discovery import attribute_ids, employee_ids, employees
from conformance.target.instants import instant, target_now
from conformance.target.lines import Lines, deactivated_report_of, longest_line, outsider_of, reporting_lines
from conformance.target.reading import Page, Resource, Walk, id_of, with_query
from conformance.target.tour import arrive

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.target.target import Made, Target

PLANTS = (
    "Run without --read-only and give the key observations:write: the suite then makes them, over two employees, "
    "a manager with reports and two attributes, as far as there are such."
)
"""How to have what is planted; data that others made may do, and is seldom as varied."""
LIST = "/observations"
PAGES = 40
"""A search for what was planted gives up after so many pages of 100."""


@dataclass(frozen=True, slots=True)
class Planting:
    """What is known of some observations, and the values by which filters are asked about them.

    `rows` are observations as they must be served, archived ones with archived_at; `day` divides them by
    observation_date and `pivot` (an active row of its own moment) by created_at. `chain` is a line of management,
    top first, `outsider` stands below none but perhaps the first of it; both may be empty, and `attributes` too.
    """

    rows: tuple[Resource, ...]
    day: date
    pivot: Resource
    attributes: tuple[str, ...]
    lines: Lines
    chain: tuple[str, ...]
    outsider: str | None

    @property
    def by_id(self) -> dict[str, Resource]:
        """The rows by their ids."""
        return {row["id"]: row for row in self.rows}

    @property
    def began(self) -> datetime:
        """The earliest created_at among the rows."""
        moments = [moment for row in self.rows if (moment := instant(row.get("created_at")))]
        return min(moments, default=datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class _Plant:
    """One observation to make: who (a role of the cast), its type, days from the day, tags by place."""

    who: str
    type: str
    offset: int
    tags: str = ""
    archived: bool = False


_EARLY = (
    _Plant("direct", "strength", -1, "A"),
    _Plant("direct", "opportunity", 0, "B"),
    _Plant("manager", "strength", 0, "AB"),
    _Plant("manager", "opportunity", 1),
    _Plant("indirect", "strength", 1, "A"),
    _Plant("indirect", "opportunity", -1, "B"),
    _Plant("outsider", "strength", 0),
    _Plant("outsider", "opportunity", 1, "A"),
    _Plant("direct", "opportunity", 0, "B", archived=True),
    _Plant("indirect", "strength", 1, "A", archived=True),
    _Plant("manager", "opportunity", 0, archived=True),
)
_PIVOT = (_Plant("direct", "strength", 0, "AB"),)
_LATE = (
    _Plant("deepest", "strength", 0, "A"),
    _Plant("deepest", "opportunity", 1, "B"),
    _Plant("direct", "strength", 1),
    _Plant("direct", "opportunity", -1, "BA"),
    _Plant("direct", "strength", 3, "A"),
    _Plant("indirect", "strength", 0),
    _Plant("deactivated", "strength", 1),
    _Plant("outsider", "strength", -1, "B"),
    _Plant("outsider", "opportunity", 3, "AB"),
    _Plant("direct", "strength", 0, "AB", archived=True),
    _Plant("deepest", "strength", -1, "B", archived=True),
    _Plant("outsider", "strength", 0, "A", archived=True),
)


async def planted(target: Target) -> Planting:
    """Plant once a run, wait until all of it is listed, and give it to every asker.

    Raises `Refused` where no observation can be made, `Missing` where there is nothing to work with or the key may
    not read it.
    """
    return await target.once("planting", lambda: _allowed(target))


async def _allowed(target: Target) -> Planting:
    try:
        return await _planted(target)
    except Refused as refused:
        if refused.exchange is not None and refused.exchange.status == 403:  # noqa: PLR2004  # RFC 9110: Forbidden
            raise Missing(f"a key that may read {LIST}", hint="Give PB_API_KEY the scope observations:read.") from None
        raise


async def _planted(target: Target) -> Planting:
    lines = reporting_lines(await employees(target))
    chain = longest_line(lines, target.settings.hints.get("manager_ids", ()))
    outsider = outsider_of(lines, chain)
    if not target.settings.read_only:
        try:
            return await _plant_all(target, lines, chain, outsider)
        except Missing:  # the key may not write, or there is nobody to write about: what is there must do
            pass
    return await _found(target, lines, chain, outsider)


# made ------------------------------------------------------------------------------------------------------


async def _plant_all(target: Target, lines: Lines, chain: tuple[str, ...], outsider: str | None) -> Planting:
    cast = await _cast(target, lines, chain, outsider)
    tags = await _two_attributes(target)
    day = _day(target.run_id, target_now((await arrive(target))[0]).date())
    batches: list[list[Resource]] = []
    for plants in (_EARLY, _PIVOT, _LATE):
        await asyncio.sleep(_pause(batches))
        batches.append(await _batch(target, [one for one in plants if one.who in cast], (cast, tags, day)))
    rows = tuple(row for batch in batches for row in batch)
    planting = Planting(rows, day, batches[1][0], tags, lines, chain, outsider)
    await target.eventually(lambda: _listed(target, planting))
    return planting


async def _cast(target: Target, lines: Lines, chain: Sequence[str], outsider: str | None) -> dict[str, str]:
    """Give each role to a person, as far as there are people."""
    if len(chain) > 1:
        roles = {"manager": chain[0], "direct": chain[1], "outsider": outsider}
        roles |= {"indirect": chain[2] if len(chain) > 2 else None}  # noqa: PLR2004  # a third person
        roles |= {"deactivated": deactivated_report_of(lines, chain)}
        roles |= {"deepest": chain[-1] if len(chain) > 3 else None}  # noqa: PLR2004  # a fourth
    else:
        roles = dict(zip(("direct", "outsider"), await employee_ids(target), strict=False))
    return {role: person for role, person in roles.items() if person}


async def _two_attributes(target: Target) -> tuple[str, ...]:
    try:
        return tuple((await attribute_ids(target, 2))[:2])
    except Missing:
        return ()


def _day(run_id: str, today: date) -> date:
    """Choose a day one to four years ago, another in each run: few have written about it."""
    return today - timedelta(days=400 + zlib.crc32(run_id.encode()) % 1100)


def _pause(batches: Sequence[Sequence[Resource]]) -> float:
    """Say how many seconds part two batches, so that created_at as it is served parts them too."""
    if not batches:
        return 0.0
    moments = [instant(row.get("created_at")) for batch in batches for row in batch]
    return 0.01 if any(moment and moment.microsecond for moment in moments) else 1.1


async def _batch(
    target: Target, plants: Sequence[_Plant], ground: tuple[dict[str, str], tuple[str, ...], date]
) -> list[Resource]:
    """Make some at once; leave out those that the target won't make or archive, unless that is all of them."""
    made = await asyncio.gather(*(_plant(target, one, ground) for one in plants), return_exceptions=True)
    rows = [row for row in made if isinstance(row, dict)]
    failures = [error for error in made if isinstance(error, BaseException)]
    if not rows and not failures:
        raise Missing("somebody that observations can be written about", hint="Let the organization have an employee.")
    for error in failures:
        if not rows or not isinstance(error, Refused):
            raise error
    return rows


async def _plant(target: Target, plant: _Plant, ground: tuple[dict[str, str], tuple[str, ...], date]) -> Resource:
    cast, attributes, day = ground
    tagged = [one for tag in plant.tags for one in attributes["AB".index(tag) :][:1]]
    made = await target.make(
        employee_id=cast[plant.who],
        type=plant.type,
        observation_date=(day + timedelta(days=plant.offset)).isoformat(),
        attribute_ids=tagged or ...,
    )
    if plant.archived:
        return await _archived(target, made)
    return _row(made, archived_at=None)


async def _archived(target: Target, made: Made) -> Resource:
    exchange = await target.archive(made.id)
    if exchange.status != 200:  # noqa: PLR2004  # RFC 9110: OK
        raise Refused(f"{exchange}: an observation was not archived", exchange=exchange)
    return _row(made, archived_at="when it was planted")


def _row(made: Made, *, archived_at: str | None) -> Resource:
    return {"attribute_ids": [], **made.resource, **made.sent, "archived_at": archived_at}


async def _listed(target: Target, planting: Planting) -> bool:
    """Tell whether lists have caught up: all active rows by default, and the archived ones among all."""
    active = {row["id"] for row in planting.rows if row["archived_at"] is None}
    everything = {row["id"] for row in planting.rows}
    by_default, in_all = await asyncio.gather(
        newest_first(target, planting, (), active),
        newest_first(target, planting, (("filter[archived]", "all"),), everything),
    )
    caught_up = {id_of(item) for item in in_all.items if item.get("archived_at") is not None}
    return active <= set(by_default.ids) and everything - active <= caught_up and everything <= set(in_all.ids)


# found -----------------------------------------------------------------------------------------------------


async def _found(target: Target, lines: Lines, chain: tuple[str, ...], outsider: str | None) -> Planting:
    """Take what is there: the newest observations, asked around the middle of their days and moments."""
    query = {"limit": "100", "filter[archived]": "all", "sort": "-created_at"}
    walk = await target.walk(LIST, query, at_most=3)
    rows = tuple(
        row for row in walk.items if isinstance(row.get("id"), str) and isinstance(row.get("employee_id"), str)
    )
    active = [row for row in rows if row.get("archived_at") is None and instant(row.get("created_at"))]
    days = sorted(str(row.get("observation_date")) for row in active)
    if not active:
        raise Missing("observations to filter", hint="Give the key observations:write, or a target that has some.")
    pivot = sorted(active, key=lambda row: str(row["created_at"]))[len(active) // 2]
    return Planting(rows, _read_day(days[len(days) // 2]), pivot, _most_used(active), lines, chain, outsider)


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        hint = "Let observations have one, as OBS-04 asks."
        raise Missing("observations with an observation_date that can be read", hint=hint) from None


def _most_used(rows: Iterable[Resource]) -> tuple[str, ...]:
    lists: list[Any] = [row.get("attribute_ids") for row in rows]
    counts = Counter(one for tags in lists if isinstance(tags, list) for one in tags if isinstance(one, str))
    most = tuple(one for one, _ in counts.most_common(2))
    return most if len(most) == 2 else ()  # noqa: PLR2004  # one alone divides nothing


# looked for ------------------------------------------------------------------------------------------------


async def newest_first(
    target: Target, planting: Planting, query: Sequence[tuple[str, str]], wanted: Iterable[str]
) -> Walk:
    """List newest first until all of `wanted` were served and what is served is older than all rows, or to the end.

    `ended` tells whether it got there; a broken order only makes it longer. Raises `Refused` where there is no page.
    """
    missing, pages = set(wanted), list[Page]()
    cursors: set[str | None] = {None}
    asked = [*query, ("sort", "-created_at"), ("limit", "100")]
    cursor: str | None = None
    while len(pages) < PAGES:
        pages.append(await target.page(LIST, with_query(asked, cursor=cursor)))
        missing -= {one for one in pages[-1].ids if isinstance(one, str)}
        cursor = pages[-1].next_cursor
        if cursor in cursors or (not missing and _past(planting, pages[-1])):
            return Walk(tuple(pages), ended=True)
        cursors.add(cursor)
    return Walk(tuple(pages), ended=False)


def _past(planting: Planting, page: Page) -> bool:
    moments = [instant(item.get("created_at")) for item in page.items[-1:]]
    return any(moment is not None and moment < planting.began for moment in moments)
