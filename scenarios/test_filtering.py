"""FLT: filters keep exactly what they name (observations › List observations; overview › Filtering)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from conformance.contract.observation import TYPES
from conformance.contract.resources import COLLECTIONS
from conformance.errors import Missing
from conformance.judging.expect import error_of, expect, expect_page, expect_refusal, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, Noted
from conformance.target.discovery import nobody
from conformance.target.planting import planted
from conformance.target.plants import LIST, PLANTS, Planting
from conformance.target.reading import read_page, read_resource
from scenarios._answers import require_readable
from scenarios._collections import pair
from scenarios._creates import about_somebody_deactivated, listed, of_day
from scenarios._filtered import (
    ALL_MATCHES,
    FILTER,
    ONLY_MATCHES,
    answer,
    judge,
    judge_both_sides,
    require_sound,
    some_match,
)
from scenarios._filtering import (
    EVERYTHING,
    FILTERS,
    Question,
    attributes_of,
    created,
    dated,
    field,
    led_by,
    manager_of,
    moment_of,
    on_its_day,
    one_filter,
    subject_of,
    tagged,
)
from scenarios._others import judges_each

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.target.reading import Page, Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

MADE_UP = "filter[conformance_made_up]"
SMALL = [("limit", "5")]
LATEST = "created_at lte"


@judges("FLT-01")
async def test_an_employee_filter_keeps_exactly_that_employees_observations(target: Target) -> str:
    """filter[employee_id] serves all of one person and nothing of anybody else."""
    planting = await planted(target)
    return await judge_both_sides(target, field("employee_id", subject_of(planting)))


@judges("FLT-01")
async def test_an_employee_filter_serves_those_of_somebody_deactivated(target: Target) -> str:
    """That a person is deactivated takes no observation about them out of the list of that person's."""
    await require_readable(target)
    employee, exchange = await about_somebody_deactivated(target)
    if exchange.status != 201:
        raise Blocked("a create about somebody deactivated was refused")  # a matter of OBC-11
    made = read_resource(exchange)
    query = [("filter[employee_id]", employee), *of_day(str(made.get("observation_date"))), ("expand", "employee")]
    found = await target.eventually(lambda: listed(target, query, made["id"]))
    expect(
        found is not None,
        "filter[employee_id] of somebody deactivated leaves out an observation about them",
        expected=f"{made['id']} in GET {LIST}?{urlencode(query)}",
        observed="it is not in the list",
    )
    return "an observation about somebody deactivated is served"


@judges("FLT-02", over=TYPES)
async def test_a_type_filter_keeps_exactly_that_type(target: Target, kind: str) -> str:
    """filter[type] serves all of one type and nothing of the other."""
    return await judge_both_sides(target, field("type", kind))


@judges("FLT-06", over=("first", "second"))
async def test_an_attribute_filter_keeps_exactly_what_is_tagged_with_it(target: Target, place: str) -> str:
    """filter[attribute_id] serves what carries the attribute, at whichever place and beside whichever other."""
    attributes = attributes_of(await planted(target))
    return await judge_both_sides(target, tagged(attributes[0] if place == "first" else attributes[1]))


@judges("FLT-07")
async def test_several_attribute_filters_keep_what_is_tagged_with_any(target: Target) -> str:
    """filter[attribute_id] given twice, or thrice, serves what carries one of them, or more, once each."""
    planting = await planted(target)
    attributes = attributes_of(planting)
    for one in attributes:
        others = tagged(*(other for other in attributes if other != one))
        if not any(tagged(one).expects(row) and others.keeps(row) is False for row in planting.rows):
            raise Missing("observations that are tagged with one of these attributes only", hint=PLANTS)
    await require_sound(target, *map(tagged, attributes))
    return await judge_both_sides(target, tagged(*attributes))


@judges("FLT-08")
async def test_a_manager_filter_keeps_direct_reports_and_not_the_managers_own(target: Target) -> str:
    """filter[manager_id] serves what is about direct reports, and nothing about the manager or anybody outside."""
    planting = await planted(target)
    direct = replace(FILTER, must=lambda asked, row: _is_direct(planting, asked, row))
    managers = [manager_of(planting), *planting.chain[1:-1][:1]]
    told = [await judge_both_sides(target, led_by(planting, manager), direct) for manager in managers]
    return told[-1]


def _is_direct(planting: Planting, question: Question, row: Resource) -> bool:
    manager = question.query[0][1]
    return question.expects(row) and planting.lines.managers.get(row["employee_id"]) == manager


@judges("FLT-09")
async def test_a_manager_filter_keeps_indirect_reports_at_any_depth(target: Target) -> str:
    """filter[manager_id] serves what is about reports of reports, down to the deepest that the run knows."""
    planting = await planted(target)
    manager = manager_of(planting)
    manager_of(planting, 1)
    indirect = replace(ALL_MATCHES, must=lambda asked, row: asked.expects(row) and not _is_direct(planting, asked, row))
    asked = led_by(planting, manager)
    if not any(indirect.must(asked, row) for row in planting.rows):
        raise Missing("observations about indirect reports", hint=PLANTS)
    return f"{await judge(target, asked, indirect)}, over {len(planting.chain)} levels of management"


def _by_type(planting: Planting) -> Question:
    return field("employee_id", subject_of(planting)) & field("type", "opportunity")


def _by_attribute(planting: Planting) -> Question:
    return tagged(attributes_of(planting)[0]) & field("type", "strength") & field("employee_id", subject_of(planting))


def _by_manager(planting: Planting) -> Question:
    employee = field("employee_id", subject_of(planting))
    return led_by(planting, manager_of(planting)) & employee & dated("gte", planting.day)


def _by_outsider(planting: Planting) -> Question:
    """Ask for a manager's own among those of the reports: nothing meets both."""
    return led_by(planting, manager_of(planting)) & field("employee_id", manager_of(planting))


def _by_moments(planting: Planting) -> Question:
    moment = moment_of(planting)
    return created("gte", moment) & created("lte", moment) & field("employee_id", planting.pivot["employee_id"])


def _by_both_dates(planting: Planting) -> Question:
    return dated("lte", planting.day) & created("gte", moment_of(planting))


def _by_lower_manager(planting: Planting) -> Question:
    """Ask for the reports of somebody in the middle: after the moment there are others, about people outside."""
    manager = planting.chain[1] if len(planting.chain) > 2 else manager_of(planting)
    return led_by(planting, manager) & created("gte", moment_of(planting))


def _each(*names: str) -> Callable[[Planting], Question]:
    """Ask with several of FILTERS at once, as they are asked alone."""
    return lambda planting: reduce(and_, (one_filter(planting, name) for name in names))


COMBINATIONS: Mapping[str, Callable[[Planting], Question]] = {
    "employee and type": _by_type,
    "attribute, type and employee": _by_attribute,
    "manager, employee and day": _by_manager,
    "manager and an employee outside": _by_outsider,
    "type and archived=false": lambda _planting: field("type", "opportunity").within("false"),
    "two days": on_its_day,
    "two moments": _by_moments,
    "day and moment": _by_both_dates,
    "type, employee, day and moment": lambda planting: _by_type(planting) & _by_both_dates(planting),
    "employee, type, attributes and moment": _each("employee_id", "type", "attribute_id twice", "created_at gte"),
    "manager, type and two days": _each("manager_id", "type", "observation_date gte", "observation_date lte"),
    "employee, attribute, day and moment": _each("employee_id", "attribute_id", "observation_date gte", LATEST),
    "manager, attribute, day and moment": _each("manager_id", "attribute_id", "observation_date lte", LATEST),
    "employee, two days and moment": _each(
        "employee_id", "observation_date gte", "observation_date lte", "created_at gte"
    ),
    "manager and moment": _by_lower_manager,
    "type, attributes and moment": _each("type", "attribute_id twice", LATEST),
}
"""Every two filters stand together in one of these, so that either of them, overlooked there, lets a planted row in."""


@judges("FLT-18", over=COMBINATIONS)
async def test_several_filters_hold_together(target: Target, combination: str) -> str:
    """Filters on different fields, and both bounds of one, keep only what meets every one of them."""
    planting = await planted(target)
    asked = COMBINATIONS[combination](planting)
    if not any(asked.keeps(row) is False for row in planting.rows):
        raise Missing(f"observations that {asked.name} leaves out", hint=PLANTS)
    if "outside" not in combination:
        some_match(planting, asked)
    await require_sound(target, *asked.parts)
    return await judge(target, asked)


@judges("FLT-18", over=FILTERS)
async def test_a_filter_holds_beside_archived_true_and_all(target: Target, name: str) -> str:
    """filter[archived] takes no other filter's place: what is served still matches."""
    planting = await planted(target)
    asked = one_filter(planting, name)
    await require_sound(target, asked)
    for state in ("true", "all"):
        some_match(planting, asked.within(state))
        told = await judge(target, asked.within(state), ONLY_MATCHES)
    return told


@judges_each("FLT-19", over=tuple(one.path for one in COLLECTIONS))
async def test_a_filter_on_an_unsupported_field_is_ignored(target: Target, path: str) -> str:
    """A made-up filter leaves the status at 200 and the items as they are, also beside a filter that is heeded."""
    return await (_ignored_by_observations(target) if path == LIST else _ignored(target, path))


async def _ignored_by_observations(target: Target) -> str:
    planting = await planted(target)
    known = field("type", str(planting.pivot.get("type")))
    served = {*(await answer(target, known)).ids}
    unchanged = replace(ONLY_MATCHES, must=lambda _asked, row: row["id"] in served)
    made_up = replace(known, query=((MADE_UP, "1"), *known.query, (f"{MADE_UP}[gte]", "2026-01-01")))
    if not served & {*planting.by_id}:
        raise Blocked("the list without a made-up filter serves nothing that the run knows")
    return await judge(target, made_up, unchanged)


async def _ignored(target: Target, path: str) -> str:
    lost: list[str] = []

    async def kept() -> int:
        before, filtered = (
            await _first_page(target, path),
            expect_page(await _page_of_100(target, path, (MADE_UP, "1"))),
        )
        if not before.items:
            raise Missing(f"items in {path}", hint=f"Put an item into {path}.")
        steady = {*map(str, before.ids)}
        if steady - {*map(str, filtered.ids)}:  # somebody wrote meanwhile, or the filter was heeded
            steady &= {*map(str, read_page(await _page_of_100(target, path)).ids)}
        lost[:] = sorted(steady - {*map(str, filtered.ids)})
        return 0 if lost else len(before.ids)

    same = await target.eventually(kept)
    expect(same, f"{path} loses items to a filter on a made-up field", expected="the same items", observed=lost[:5])
    return f"the same {same} items with and without"


async def _first_page(target: Target, path: str) -> Page:
    """Return a first page of 100 without the filter, from the walk that others ask for, too."""
    return (await pair(target, path)).whole.pages[0]


async def _page_of_100(target: Target, path: str, *query: tuple[str, str]) -> Exchange:
    return await target.get(path, [("limit", "100"), *query])


@judges("FLT-21")
async def test_an_unknown_type_is_refused_or_matches_nothing(target: Target) -> str:
    """filter[type] with a made-up value is never answered as if it were absent."""
    await answer(target, field("type", "strength"))
    exchange = await target.get(LIST, [("filter[type]", "neutral"), *SMALL])
    if exchange.status != 200:
        expect_refusal(exchange, 400, "validation_error")
        return "400 validation_error"
    page = expect_page(exchange)
    expect(not page.items, "filter[type]=neutral serves items", expected="400, or no items", observed=shown(exchange))
    return "200 and no items"


@judges("FLT-21", over=("alone", "type"))
async def test_an_unknown_archived_value_is_refused(target: Target, beside: str) -> str:
    """filter[archived] with a made-up value gets 400 validation_error, alone and beside another filter."""
    asked = EVERYTHING if beside == "alone" else field("type", "strength")
    await answer(target, asked.within("true"))
    exchange = await target.get(LIST, [*asked.within("maybe").sent, *SMALL])
    expect_refusal(exchange, 400, "validation_error")
    return "400 validation_error"


@judges("FLT-23", over=("raw", "lower-case"))
async def test_brackets_mean_the_same_raw_and_encoded(target: Target, spelling: str) -> str:
    """Filters mean the same with raw brackets, with %5B and %5D, and with these in lower case."""
    planting = await planted(target)
    asked = field("employee_id", subject_of(planting)) & dated("lte", planting.day)
    some_match(planting, asked)
    brackets = ("[", "]") if spelling == "raw" else ("%5b", "%5d")
    seen: list[tuple[set[str], set[str]]] = []

    async def alike() -> bool:
        encoded, other = await asyncio.gather(
            target.get(LIST, _newest(asked)), target.get(LIST, _spelled(_newest(asked), brackets))
        )
        seen.append((_served(planting, encoded), _served(planting, other)))
        return seen[-1][0] == seen[-1][1]

    await target.eventually(alike)
    encoded, other = seen[-1]
    expect(encoded == other, "filters mean something else in another spelling", observed=_apart(brackets, seen[-1]))
    if any(asked.keeps(planting.by_id[one]) is False for one in encoded):
        raise Blocked(f"{asked.name} is heeded in neither spelling")
    return f"the same {len(other)} known observations with %5B and with {brackets[0]}"


def _newest(question: Question) -> list[tuple[str, str]]:
    return [*question.sent, ("sort", "-created_at"), ("limit", "100")]


def _spelled(pairs: list[tuple[str, str]], brackets: tuple[str, str]) -> str:
    """Write a query by hand: only the brackets are spelled otherwise than usual."""
    names = [name.replace("[", brackets[0]).replace("]", brackets[1]) for name, _ in pairs]
    return "&".join(f"{name}={quote(value, safe='')}" for name, (_, value) in zip(names, pairs, strict=True))


def _served(planting: Planting, exchange: Exchange) -> set[str]:
    """Give the known rows on a page; a spelling that is refused serves none."""
    return {one for one in read_page(exchange).ids if one in planting.by_id} if exchange.status == 200 else set()


def _apart(brackets: tuple[str, str], served: tuple[set[str], set[str]]) -> dict[str, list[str]]:
    encoded, other = served
    return {"only with %5B": sorted(encoded - other)[:5], f"only with {brackets[0]}": sorted(other - encoded)[:5]}


@judges("FLT-24")
async def test_an_unknown_id_and_an_unknown_operator_are_recorded(target: Target) -> Noted:
    """What filter[employee_id] with an id never issued gets, and filter[observation_date][near] with a date."""
    planting = await planted(target)
    unknown, near = await asyncio.gather(
        target.get(LIST, [("filter[employee_id]", await nobody(target)), *SMALL]),
        target.get(LIST, [("filter[observation_date][near]", planting.day.isoformat()), *SMALL]),
    )
    by_id, by_operator = _outcome(unknown), _outcome(near)
    return Noted(
        f"a filter on an unknown id gets {by_id}, an unknown operator gets {by_operator}",
        {"unknown id": by_id, "unknown operator": by_operator},
    )


def _outcome(exchange: Exchange) -> str:
    if exchange.status != 200:
        return f"{exchange.status} {error_of(exchange).get('code', '')}".strip()
    return "items" if read_page(exchange).items else "no items"
