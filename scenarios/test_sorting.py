"""SRT: lists come in the order that is asked for, and newest first where none is (overview › Sorting)."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conformance.contract.queries import LIMIT_MAX, SORTS
from conformance.errors import Missing, Refused
from conformance.judging.expect import expect_page, expect_refusal, require_accepted
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, Noted, NotJudged
from conformance.target.documents import in_query, spec
from conformance.target.plants import PLANTS
from conformance.target.reading import id_of, read_page
from scenarios._collections import (
    COLLECTIONS,
    EMPLOYEES,
    OBSERVATIONS,
    PART,
    SEARCH,
    follow,
    ground,
    narrowed,
    opening,
    pair,
    sorted_employees,
    standing_sorted,
    standing_trail,
    trails,
)
from scenarios._ordering import (
    disorder,
    names_differ,
    names_out_of_order,
    require_difference,
    time_breach,
    times_differ,
    times_out_of_order,
)
from scenarios._others import judges_each
from scenarios._walking import accuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange
    from scenarios._collections import Trail

SORTABLE = tuple(f"{resource}.{field}" for resource, fields in SORTS.items() for field in fields)
"""The sortable fields that the documents name, each with its collection."""
ELSEWHERE = tuple(path for path in COLLECTIONS if path not in {OBSERVATIONS, SEARCH})
"""Where -created_at is the usual order. What search finds may well come by relevance: the documents say "most"."""
SUPPORTED = {OBSERVATIONS: "created_at", EMPLOYEES: "last_name"}
UNSUPPORTED = "no_such_field_at_all"
UNSORTED = ("impact", "-type")
"""Fields that observations have, other than the two that their list is sorted by (Observations › List)."""
BESIDE = ((), (("filter[type]", "strength"), ("filter[archived]", "all")))
"""What each of them stands beside."""

DIFFERENT = "Let employees have different names of plain letters, and the key read them."
"""How to let an order of names show."""


@judges("SRT-01", over=SORTABLE)
async def test_sort_by_a_field_ascends(target: Target, field: str) -> str:
    """sort=field orders ascending, within a page and across pages."""
    return await _ordered(target, field, descending=False)


@judges("SRT-02", over=SORTABLE)
async def test_sort_by_a_field_with_minus_descends(target: Target, field: str) -> str:
    """sort=-field orders descending, within a page and across pages."""
    return await _ordered(target, field, descending=True)


async def _ordered(target: Target, subject: str, *, descending: bool) -> str:
    collection, _, field = subject.partition(".")
    order = f"-{field}" if descending else field
    if f"/{collection}" == EMPLOYEES:
        return await _names_ordered(target, order)
    page = await _sorted_page(target, order)
    try:
        found = await _walks_ordered(target, order)
    except Missing:
        return page
    return f"{found}; {page}"


async def _sorted_page(target: Target, order: str) -> str:
    """Judge a first page of whatever observations there are; asked for again where something moved meanwhile."""
    require_accepted(await opening(target, OBSERVATIONS), 200)
    exchange = await _sorted(target, OBSERVATIONS, order)
    if time_breach([exchange], order):
        accuse(time_breach([await target.get(OBSERVATIONS, {"sort": order})], order))
    return f"a page of {len(expect_page(exchange).items)} observations stands in order"


async def _walks_ordered(target: Target, order: str) -> str:
    """Judge walks over the observations that nobody touches."""
    planted = await narrowed(target)
    both = await standing_sorted(target, order)
    for trail in both:
        accuse(time_breach([page.exchange for page in trail.pages], order, only=planted.ids))
    values = [item.get(order.removeprefix("-")) for item in both[1].items if item.get("id") in planted.ids]
    told = f"{len(values)} observations with the same {order.removeprefix('-')}"
    require_difference(times_differ(values), told, PLANTS)
    return f"{len(values)} observations stand in order over {both[1]}"


async def _people(target: Target, order: str) -> Trail:
    """Return the employees in this order; a refusal of the order breaks the rule, one of the collection does not."""
    await pair(target, EMPLOYEES)
    try:
        return await sorted_employees(target, order)
    except Refused as refused:
        if refused.exchange is not None:
            expect_page(refused.exchange)
        raise


async def _names_ordered(target: Target, order: str) -> str:
    trail = await _people(target, order)
    field = order.removeprefix("-")
    values = [item.get(field) for item in trail.items]
    accuse(disorder(_names(values, order), [page.exchange for page in trail.pages], order))
    told = f"{len(values)} employees without two {field}s of plain letters"
    require_difference(names_differ(values), told, DIFFERENT)
    return f"{len(values)} employees on {trail} stand in order"


def _names(values: Sequence[Any], order: str) -> tuple[Any, Any] | None:
    runs = [value for value, _ in groupby(values)]
    return names_out_of_order(runs, descending=order.startswith("-"))


@judges("SRT-03")
async def test_observations_without_sort_come_newest_date_first(target: Target) -> str:
    """Without sort observation dates never rise, within a page and across pages."""
    order = "-observation_date"
    first = await opening(target, OBSERVATIONS)
    if time_breach([first], order):
        accuse(time_breach([await target.get(OBSERVATIONS)], order))
    try:
        planted = await narrowed(target)
    except Missing:
        values = [item.get("observation_date") for item in read_page(first).items]
        require_difference(times_differ(values), f"{len(values)} observations of one date", PLANTS)
        return f"a page of {len(values)} observations stands in order"
    for trail in await trails(target, OBSERVATIONS):
        accuse(time_breach([page.exchange for page in trail.pages], order, only=planted.ids))
    listed = planted.ids & set(map(id_of, (await standing_trail(target, PART)).items))
    if len(listed) < 2:
        raise Blocked("the observations that were made are not listed")
    return f"{len(listed)} observations on 3 days and a page of {len(read_page(first).items)} stand in order"


@judges_each("SRT-04", over=ELSEWHERE)
async def test_lists_without_sort_come_newest_first(target: Target, path: str) -> str:
    """Without sort created_at never rises."""
    walks = await pair(target, path)
    values = _created(walks.whole)
    if walks.whole.items and not any(values):
        raise NotApplicable(f"{path} shows no created_at")
    if times_out_of_order(values, descending=True):
        query = await ground(target, path)
        again = await follow(target, path, query, LIMIT_MAX)
        found = times_out_of_order(_created(again), descending=True)
        accuse(disorder(found, [page.exchange for page in again.pages], "-created_at"))
    told = f"{len(values)} items with at most one created_at in {path}"
    require_difference(times_differ(values), told, f"Put two items into {path}, at different times.")
    return f"{len(values)} items stand newest first"


def _created(trail: Trail) -> list[Any]:
    return [item.get("created_at") for item in trail.items]


@judges("SRT-05", over=("last_name,first_name", "last_name,-first_name", "-last_name,first_name"))
async def test_the_first_sort_field_takes_precedence_and_the_second_orders_its_ties(target: Target, order: str) -> str:
    """Employees by two names stand by the first, and those of one last name by the second, each in its direction."""
    trail = await _people(target, order)
    exchanges = [page.exchange for page in trail.pages]
    first, second = order.split(",")
    last_names = [person.get("last_name") for person in trail.items]
    accuse(disorder(_names(last_names, first), exchanges, order))
    families = _families(trail.items)
    for name, first_names in families.items():
        found = _names(first_names, second)
        pairs = found and (f"{name} {found[0]}", f"{name} {found[1]}")
        accuse(disorder(pairs or None, exchanges, order))
    told = [first_names for first_names in families.values() if names_differ(first_names)]
    without = f"{len(last_names)} employees without two last names of plain letters"
    require_difference(names_differ(last_names), without, DIFFERENT)
    if not told:
        raise NotJudged(
            "the second field orders employees of one last name, and no two with comparable first names share theirs",
            hint="Add an employee with the last name of another.",
        )
    return f"{len(trail.items)} employees stand by last name, {len(told)} shared last names by first name"


def _families(people: Sequence[Resource]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for person in people:
        if isinstance(person.get("last_name"), str):
            found.setdefault(person["last_name"], []).append(person.get("first_name"))
    return found


async def _sorted_by(target: Target, path: str, order: str) -> Exchange:
    """Return the answer to a collection's list in this order, one item a page."""
    query = await ground(target, path)
    return await target.get(path, [*query, ("sort", order), ("limit", "1")])


async def _sorted(target: Target, path: str, order: str) -> Exchange:
    """Return the first page of employees or observations in an order that they take."""
    if path == EMPLOYEES:
        return (await _people(target, order)).pages[0].exchange
    return await target.once(f"observations by {order}", lambda: target.get(OBSERVATIONS, {"sort": order}))


@judges_each("SRT-06")
async def test_an_unsupported_sort_field_is_refused(target: Target, path: str) -> str:
    """A made-up sort field gets 400 validation_error; without it the list is served."""
    await _require_an_order(target, path)
    require_accepted(await opening(target, path), 200)
    expect_refusal(await _sorted_by(target, path, UNSUPPORTED), 400, "validation_error")
    return "refused with 400 validation_error; without sort the list is served"


async def _require_an_order(target: Target, path: str) -> None:
    """Leave a search alone that its spec gives no sort: what it finds may come by relevance, and in no other order."""
    if path == SEARCH and "sort" not in in_query(await spec(target), path):
        raise NotApplicable(f"{path} takes no sort, as the spec has it")


@judges("SRT-06")
async def test_fields_that_observations_are_not_sorted_by_are_refused(target: Target) -> str:
    """Fields that observations have, but are not sorted by, get 400 validation_error."""
    require_accepted(await opening(target, OBSERVATIONS), 200)
    queries = [[("sort", order), ("limit", "1"), *beside] for order, beside in zip(UNSORTED, BESIDE, strict=True)]
    for exchange in await asyncio.gather(*(target.get(OBSERVATIONS, query) for query in queries)):
        expect_refusal(exchange, 400, "validation_error")
    return f"sort by {' and '.join(UNSORTED)} is refused with 400 validation_error; without sort the list is served"


@judges("SRT-06", over=SUPPORTED)
async def test_an_unsupported_sort_field_with_minus_is_refused(target: Target, path: str) -> str:
    """A made-up sort field with a minus gets 400 validation_error; a supported one with a minus is accepted."""
    await opening(target, path)
    require_accepted(await _sorted(target, path, f"-{SUPPORTED[path]}"), 200)
    expect_refusal(await _sorted_by(target, path, f"-{UNSUPPORTED}"), 400, "validation_error")
    return f"refused with 400 validation_error; -{SUPPORTED[path]} is accepted"


@judges_each("SRT-07")
async def test_an_unsupported_sort_field_beside_a_supported_one_is_refused(target: Target, path: str) -> str:
    """A supported field and a made-up one, in either order, get 400 validation_error; the supported one is accepted.

    Where the documents name no field, created_at stands in: the made-up one is refused whether that is sortable or not.
    """
    await _require_an_order(target, path)
    require_accepted(await opening(target, path), 200)
    if path not in SUPPORTED:
        expect_refusal(await _sorted_by(target, path, f"created_at,{UNSUPPORTED}"), 400, "validation_error")
        return "refused with 400 validation_error beside created_at; without sort the list is served"
    supported = SUPPORTED[path]
    require_accepted(await _sorted(target, path, supported), 200)
    orders = (f"{supported},{UNSUPPORTED}", f"{UNSUPPORTED},{supported}")
    for exchange in await asyncio.gather(*(_sorted_by(target, path, order) for order in orders)):
        expect_refusal(exchange, 400, "validation_error")
    return f"refused with 400 validation_error; {supported} alone is accepted"


@judges("SRT-08")
async def test_whether_observations_take_two_sort_fields(target: Target) -> Noted:
    """The overview sorts collections by several fields, the observation list names one of four values."""
    planted = await narrowed(target)
    query = [*planted.window.query, ("sort", "-observation_date,created_at"), ("limit", str(LIMIT_MAX))]
    exchange = await target.get(OBSERVATIONS, query)
    if exchange.status != 200:
        return Noted(
            f"Two sort fields on observations are refused with {exchange.status}.", {"status": exchange.status}
        )
    items = [item for item in read_page(exchange).items if item.get("id") in planted.ids]
    by_date = times_out_of_order([item.get("observation_date") for item in items], descending=True) is None
    ties = groupby(items, key=lambda item: item.get("observation_date"))
    by_creation = all(
        times_out_of_order([item.get("created_at") for item in tie], descending=False) is None for _, tie in ties
    )
    words = {
        (True, True): "both take effect",
        (True, False): "only the first takes effect",
        (False, True): "only the second takes effect",
        (False, False): "neither takes effect",
    }[by_date, by_creation]
    return Noted(f"Two sort fields on observations are accepted, {words}.", {"first": by_date, "second": by_creation})
