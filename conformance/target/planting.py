"""Observations planted for filters and expansions: every value that a filter looks at, on both sides of every bound.

People at every level of a line of management and one outside it, both types, no, one and several attributes, days
around a day in the past on which several tie, three moments of creation, active and archived. Where nothing may be
written, what is there takes their place. Everybody else's data may change meanwhile, so verdicts rest on the rows
known here and on predicates over whatever is served; what was made here nobody touches.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD
from conformance.errors import Missing, Refused
from conformance.target.discovery import attribute_ids, employee_ids, employees
from conformance.target.instants import instant
from conformance.target.lines import Lines, deactivated_report_of, longest_line, outsider_of, reporting_lines
from conformance.target.plants import LIST, Planting, newest_first
from conformance.target.reading import Resource, id_of, read_resource
from conformance.target.windows import window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.target.target import Made, Target

SOMEBODY = "direct"
"""The role of whoever is known at all; what nobody else can be found for is written about them."""
MIDDLE = 3
"""The day of the window that divides what is planted."""
_TAGS = "ABC"
"""What stands for the first, the second and the third attribute; one that is not there is left out."""
_MOST_TAGS = FIELD["attribute_ids"].max_items or len(_TAGS)


@dataclass(frozen=True, slots=True)
class _Plant:
    """One observation to make: who (a role of the cast), its type, days from the day, tags by place."""

    who: str
    type: str
    offset: int
    tags: str = ""
    archived: bool = False
    among_others: bool = False
    """Its tags come last of as many as there are, twelve at most."""


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
    _Plant("direct", "strength", 3, "CA"),
    _Plant("indirect", "strength", 0, "C"),
    _Plant("deactivated", "strength", 1),
    _Plant("outsider", "strength", -1, "B"),
    _Plant("outsider", "opportunity", 3, "CAB", among_others=True),
    _Plant("direct", "strength", 0, "AB", archived=True),
    _Plant("deepest", "strength", -1, "B", archived=True),
    _Plant("outsider", "strength", 0, "A", archived=True),
)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What plants grow on: people by their roles (one at least), attributes, the day that divides them, their word."""

    cast: Mapping[str, str]
    attributes: tuple[str, ...]
    others: tuple[str, ...]
    day: date
    word: str


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
    where, word = window(target, "standing"), f"Q{target.chance.word(9)}"
    cast = await _cast(target, lines, chain, outsider)
    ground = _Ground(cast, *await _attributes(target), where.date(MIDDLE), word)
    batches: list[list[Resource]] = []
    for plants in (_EARLY, _PIVOT, _LATE):
        await asyncio.sleep(_pause(batches))
        batches.append(await _batch(target, plants, ground))
    batches[0][0] = await _updated(target, batches[0][0])
    rows = tuple(row for batch in batches for row in batch)
    planting = Planting(rows, ground.day, batches[1][0], ground.attributes, lines, chain, outsider, where, word)
    await target.eventually(lambda: _listed(target, planting))
    return planting


async def _updated(target: Target, row: Resource) -> Resource:
    """Update what was made first last of all, so that an order by updated_at is another one; give it as it is now."""
    sent = {"impact": "Updated last, created first."}
    exchange = await target.patch(f"{LIST}/{row['id']}", json=sent)
    return {**row, **read_resource(exchange)} if exchange.status == 200 else row  # noqa: PLR2004  # RFC 9110: OK


async def _cast(target: Target, lines: Lines, chain: Sequence[str], outsider: str | None) -> dict[str, str]:
    """Give each role to a person, as far as there are people."""
    if len(chain) > 1:
        roles = {"manager": chain[0], "direct": chain[1], "outsider": outsider}
        roles |= {"indirect": chain[2] if len(chain) > 2 else None}  # noqa: PLR2004  # a third person
        roles |= {"deactivated": deactivated_report_of(lines, chain)}
        roles |= {"deepest": chain[-1] if len(chain) > 3 else None}  # noqa: PLR2004  # a fourth
    else:
        roles = dict(zip((SOMEBODY, "outsider"), await employee_ids(target), strict=False))
    cast = {role: person for role, person in roles.items() if person}
    if not cast:
        raise Missing("somebody that observations can be written about", hint="Let the organization have an employee.")
    return cast


async def _attributes(target: Target) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give three, or two where there are no more, and as many others as go beside them.

    None where there is but one, which divides nothing.
    """
    try:
        found = tuple((await attribute_ids(target, 2))[:_MOST_TAGS])
    except Missing:
        return (), ()
    return found[: len(_TAGS)], found[len(_TAGS) :]


def _pause(batches: Sequence[Sequence[Resource]]) -> float:
    """Say how many seconds part two batches, so that created_at as it is served parts them too."""
    if not batches:
        return 0.0
    moments = [instant(row.get("created_at")) for batch in batches for row in batch]
    return 0.01 if any(moment and moment.microsecond for moment in moments) else 1.1


async def _batch(target: Target, plants: Sequence[_Plant], ground: _Ground) -> list[Resource]:
    """Make some at once; leave out those that the target won't make or archive, unless that is all of them."""
    made = await asyncio.gather(*(_plant(target, one, ground) for one in plants), return_exceptions=True)
    rows = [row for row in made if isinstance(row, dict)]
    failures = [error for error in made if isinstance(error, BaseException)]
    for error in failures:
        if not rows or not isinstance(error, Refused):
            raise error
    return rows


async def _plant(target: Target, plant: _Plant, ground: _Ground) -> Resource:
    tagged = [one for tag in plant.tags for one in ground.attributes[_TAGS.index(tag) :][:1]]
    if plant.among_others and tagged:
        tagged = [*ground.others, *tagged]
    made = await target.make(
        employee_id=ground.cast.get(plant.who) or ground.cast[SOMEBODY],
        type=plant.type,
        observation=f"{ground.word}. {target.marker()}",
        observation_date=(ground.day + timedelta(days=plant.offset)).isoformat(),
        attribute_ids=tagged or ...,
        **{"impact" if plant.type == "strength" else "recommended_action": f"Of {plant.who}."},
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
    """Take what is there: the newest observations, asked around the middle of their days and moments.

    Those that are archived are asked for apart: most of them are what earlier runs have left.
    """
    query = {"limit": "100", "sort": "-created_at"}
    walks = await asyncio.gather(
        target.walk(LIST, query, at_most=2),
        target.walk(LIST, {**query, "filter[archived]": "true"}, at_most=1),
    )
    found = {row["id"]: row for walk in walks for row in walk.items if isinstance(row.get("id"), str)}
    rows = tuple(row for row in found.values() if isinstance(row.get("employee_id"), str))
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
