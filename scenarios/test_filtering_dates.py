"""FLT: comparisons on dates and moments (observations › List observations; overview › Filtering)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from conformance.errors import Refused
from conformance.judging.expect import expect_refusal
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable
from conformance.target.instants import instant
from conformance.target.planting import planted
from conformance.target.plants import LIST, Planting
from scenarios._filtered import answer, both_sides, judge, judge_both_sides, require_sound, some_match
from scenarios._filtering import Question, created, dated, moment_of, on_its_day, other_offset, parameter, whole_second

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.target.reading import Resource
    from conformance.target.target import Target

DAY = timedelta(days=1)
DOCUMENTED = ("gte", "lte")
NAMED = {"gte": "gte", "lte": "lte", "gt": "gt", "lt": "lt", "eq": "eq", "in": "in", "no operator": ""}
"""The operators by the name of their subject."""

SPELLINGS: Mapping[str, Callable[[str], str]] = {"whole second": whole_second, "other offset": other_offset}

NO_DAY = "2026-02-30"
BAD_DATES = {"gte": ("yesterday", NO_DAY, "04/01/2026"), "lte": ("2026-13-01", NO_DAY, "2026", "2026-4-1")}
"""Text, days that no calendar has, and dates that are well known elsewhere and are not of the documented form."""
BAD_MOMENTS = {"gte": ("yesterday", "2026-02-30T00:00:00Z"), "lte": ("2026-01-01T25:00:00Z", "2026-13-01T00:00:00Z")}


def _by_day(planting: Planting, operator: str) -> Question:
    """Ask by observation_date, around the day; [in] also names a day on which nothing known stands."""
    day = planting.day
    return dated(operator, *((day - DAY, day + 2 * DAY, day + 3 * DAY) if operator == "in" else (day,)))


@judges("FLT-10")
async def test_observation_date_gte_includes_its_day_and_nothing_earlier(target: Target) -> str:
    """The day of the bound is in, as are later ones; the day before is out."""
    return await judge_both_sides(target, _by_day(await planted(target), "gte"))


@judges("FLT-11")
async def test_observation_date_lte_includes_its_day_and_nothing_later(target: Target) -> str:
    """The day of the bound is in, as are earlier ones; the day after is out."""
    return await judge_both_sides(target, _by_day(await planted(target), "lte"))


async def _both_bounds(target: Target) -> str:
    planting = await planted(target)
    asked = on_its_day(planting)
    some_match(planting, asked)
    await require_sound(target, *asked.parts)
    return await judge(target, asked)


@judges("FLT-10")
async def test_observation_date_gte_includes_its_day_beside_lte(target: Target) -> str:
    """A day that is both bounds is in."""
    return await _both_bounds(target)


@judges("FLT-11")
async def test_observation_date_lte_includes_its_day_beside_gte(target: Target) -> str:
    """A day that is both bounds is in."""
    return await _both_bounds(target)


@judges("FLT-12")
async def test_observation_date_lt_excludes_its_day(target: Target) -> str:
    """The day of the bound is out, as are later ones; the day before is in."""
    return await judge_both_sides(target, _by_day(await planted(target), "lt"))


@judges("FLT-13")
async def test_observation_date_gt_excludes_its_day(target: Target) -> str:
    """The day of the bound is out, as are earlier ones; the day after is in."""
    return await judge_both_sides(target, _by_day(await planted(target), "gt"))


@judges("FLT-14", over=("eq", "no operator"))
async def test_observation_date_equals_one_day(target: Target, spelling: str) -> str:
    """[eq] and the shorthand keep exactly one day."""
    return await judge_both_sides(target, _by_day(await planted(target), NAMED[spelling]))


@judges("FLT-15")
async def test_observation_date_in_keeps_any_of_its_days(target: Target) -> str:
    """[in] keeps exactly the days of its list, also where nothing stands on one of them."""
    return await judge_both_sides(target, _by_day(await planted(target), "in"))


@judges("FLT-16", over=DOCUMENTED)
async def test_created_at_bounds_are_inclusive_as_served(target: Target, operator: str) -> str:
    """An item's own created_at, as it was served, keeps it in on both sides, and the rest on the right side."""
    planting = await planted(target)
    return await judge_both_sides(target, created(operator, moment_of(planting)))


@judges("FLT-16", over=tuple(f"{operator} {spelling}" for spelling in SPELLINGS for operator in DOCUMENTED))
async def test_created_at_bounds_are_moments_and_not_texts(target: Target, bound: str) -> str:
    """A bound without a fraction of a second, or with another offset, is compared as the moment that it is."""
    planting = await planted(target)
    operator, _, spelling = bound.partition(" ")
    asked = created(operator, SPELLINGS[spelling](moment_of(planting)))
    try:
        await answer(target, asked)
    except Refused as refused:
        if refused.exchange is not None and refused.exchange.status == 400:
            raise NotApplicable("the target takes moments in another spelling only") from None
        raise
    return await judge(target, asked)


@judges("FLT-17", over=("gt", "lt", "eq", "in", "no operator"))
async def test_created_at_takes_every_operator(target: Target, spelling: str) -> str:
    """The other operators hold on created_at; the bound's own moment counts where lists compare as served."""
    planting = await planted(target)
    exact = planting.pivot["id"] in (await answer(target, created("lte", moment_of(planting)))).ids
    operator = NAMED[spelling]
    others = (_another(planting),) if operator == "in" else ()
    asked = created(operator, moment_of(planting), *others, at_bound=exact)
    both_sides(planting, created(operator, moment_of(planting), *others))
    return await judge(target, asked)


def _another(planting: Planting) -> str:
    """Return the created_at of another active row, the last of all."""
    active = [row for row in planting.rows if row.get("archived_at") is None]
    return max((str(row.get("created_at")) for row in active), key=_by_instant)


def _by_instant(text: str) -> float:
    moment = instant(text)
    return moment.timestamp() if moment else 0.0


@judges("FLT-20", over=tuple(f"observation_date {name}" for name in NAMED))
async def test_a_malformed_date_is_refused(target: Target, comparison: str) -> str:
    """Text and days that no calendar has get 400 validation_error, the upper bound beside a valid lower one, too."""
    operator = NAMED[comparison.partition(" ")[2]]
    await _require_heeded(target, _by_day(await planted(target), operator), operator)
    values: tuple[str, ...] = BAD_DATES.get(operator, (NO_DAY,))
    if operator == "in":
        values = tuple(f"2026-01-01,{value}" for value in values)
    valid = (parameter("observation_date", "gte"), "2026-01-01")
    return await _refused(
        target, parameter("observation_date", operator), values, *([valid] if operator == "lte" else [])
    )


@judges("FLT-20", over=tuple(f"created_at {name}" for name in NAMED))
async def test_a_malformed_moment_is_refused(target: Target, comparison: str) -> str:
    """Text and moments that never were get 400 validation_error, where a real moment is accepted."""
    operator = NAMED[comparison.partition(" ")[2]]
    moment = moment_of(await planted(target))
    await _require_heeded(target, created(operator, moment, at_bound=False), operator)
    values: tuple[str, ...] = BAD_MOMENTS.get(operator, ("yesterday",))
    if operator == "in":
        values = tuple(f"{moment},{value}" for value in values)
    return await _refused(target, parameter("created_at", operator), values)


async def _require_heeded(target: Target, question: Question, operator: str) -> None:
    """Block unless the valid twin is accepted; an operator of the overview only may also not be there at all."""
    heeded = await _heeded(target, question)
    if not heeded and operator in DOCUMENTED:
        raise Blocked(f"{question.name} is not heeded even where it is well formed")
    if not heeded:
        raise NotApplicable("the target does not heed this operator, which only the overview names")


async def _heeded(target: Target, question: Question) -> bool:
    try:
        walk = await answer(target, question)
    except Refused:
        return False
    known = (await planted(target)).by_id
    return all(question.keeps(_known(known, item)) is not False for item in walk.items)


def _known(known: dict[str, Resource], item: Resource) -> Resource:
    return known.get(str(item.get("id")), item)


async def _refused(target: Target, name: str, values: tuple[str, ...], *beside: tuple[str, str]) -> str:
    queries = [[*beside, (name, value), ("limit", "5")] for value in values]
    exchanges = await asyncio.gather(*(target.get(LIST, query) for query in queries))
    for exchange in exchanges:
        expect_refusal(exchange, 400, "validation_error")
    return f"{', '.join(values)} get 400 validation_error, a real one is accepted"
