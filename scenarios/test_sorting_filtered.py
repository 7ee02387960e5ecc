"""SRT: the order holds beside filters, too (overview › Sorting; observations › List observations)."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from conformance.judging.expect import expect_page
from conformance.judging.scenario import judges
from conformance.target.planting import planted
from conformance.target.plants import LIST, PLANTS, Planting
from scenarios._expanding import BOTH, around, of_ours
from scenarios._filtered import answer, some_match
from scenarios._filtering import EVERYTHING, FILTERS, Question, one_filter
from scenarios._ordering import require_difference, time_breach, times_differ
from scenarios._walking import accuse

if TYPE_CHECKING:
    from conformance.target.target import Target

ASCENDING = {
    "created_at beside archived=true": ("created_at", "archived=true"),
    "created_at beside manager_id": ("created_at", "manager_id"),
    "created_at beside type and employee_id": ("created_at", "type and employee_id"),
    "observation_date beside archived=true": ("observation_date", "archived=true"),
    "observation_date beside archived=all": ("observation_date", "archived=all"),
    "observation_date beside attribute_id": ("observation_date", "attribute_id"),
}
NEWEST_CREATED = ("archived=true", "archived=all", *FILTERS)
"""Beside which filters -created_at is judged: the answers are those that the filters are judged by."""
NEWEST_DATED = ("archived=true", "manager_id", "attribute_id", "employee_id")
DEFAULT = ("archived=true", "archived=all", "manager_id", "type and created_at lte", "attribute_id and employee_id")
EXPANDED = {"archived=all", "employee_id", "manager_id"}
"""Beside which filters what is judged of an order is expanded, too."""
EXPAND = (("expand", BOTH),)


@judges("SRT-01", over=ASCENDING)
async def test_sort_by_a_field_ascends_beside_a_filter(target: Target, case: str) -> str:
    """A filter leaves sort=field in force."""
    order, beside = ASCENDING[case]
    return await _page_ordered(target, beside, order, sort=order)


@judges("SRT-02", over=NEWEST_CREATED)
async def test_newest_created_come_first_beside_a_filter(target: Target, beside: str) -> str:
    """A filter leaves sort=-created_at in force, within a page and across pages."""
    planting = await planted(target)
    asked = _question(planting, beside)
    some_match(planting, asked)
    walk = await answer(target, asked)
    accuse(time_breach([page.exchange for page in walk.pages], "-created_at"))
    values = [item.get("created_at") for item in walk.items]
    require_difference(times_differ(values), f"{len(values)} observations of {asked.name} with one created_at", PLANTS)
    return f"{len(values)} observations stand newest first ({asked.name})"


@judges("SRT-02", over=NEWEST_DATED)
async def test_newest_dates_come_first_beside_a_filter(target: Target, beside: str) -> str:
    """A filter leaves sort=-observation_date in force."""
    return await _page_ordered(target, beside, "-observation_date", sort="-observation_date")


@judges("SRT-03", over=DEFAULT)
async def test_newest_dates_come_first_beside_a_filter_without_sort(target: Target, beside: str) -> str:
    """A filter leaves the order in force that observations have without sort."""
    return await _page_ordered(target, beside, "-observation_date", sort=None)


async def _page_ordered(target: Target, beside: str, order: str, *, sort: str | None) -> str:
    """Judge a page around the day of what was planted; asked for again where something moved meanwhile."""
    planting = await planted(target)
    asked = _question(planting, beside)
    some_match(planting, asked)
    query = [*_query(planting, asked, sort), *(EXPAND if beside in EXPANDED else ())]
    exchange = await target.get(LIST, query)
    if time_breach([exchange], order):
        accuse(time_breach([await target.get(LIST, query)], order))
    found = of_ours(planting, expect_page(exchange)).values()
    values = [item.get(order.removeprefix("-")) for item in found]
    require_difference(times_differ(values), f"{len(values)} known observations of {asked.name} with one value", PLANTS)
    return f"{len(values)} planted observations stand in order ({asked.name})"


def _query(planting: Planting, asked: Question, sort: str | None) -> list[tuple[str, str]]:
    window = [pair for pair in around(planting) if pair[0] != "sort"]
    return [*asked.sent, *window, *([("sort", sort)] if sort else []), ("limit", "100")]


def _question(planting: Planting, beside: str) -> Question:
    name, _, state = beside.partition("=")
    if name == "archived":
        return EVERYTHING.within(state)
    return reduce(and_, (one_filter(planting, one) for one in beside.split(" and ")))
