"""Lies about filters by people: whom an observation is about, and whom they report to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.querying import drops
from conformance.faults.rewriting import is_list
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.reference import Handler, Request, Response


@lies("FLT-01")
def filter_employee_is_ignored() -> Behaviour:
    """filter[employee_id] changes nothing."""
    return drops("filter[employee_id]")


@lies("FLT-01")
def filter_employee_keeps_the_reports_too() -> Behaviour:
    """filter[employee_id] also keeps the first of other people's observations."""
    return _serves_more("filter[employee_id]")


@lies_at_the_door("FLT-01")
async def filter_employee_knows_active_ones_only(request: Request, honest: Handler) -> Response:
    """filter[employee_id] of somebody deactivated gives nothing."""
    response = await honest(request)
    someone = request.param("filter[employee_id]")
    if not is_list(request) or someone is None or response.status != 200:
        return response
    person = await honest(replace(request, path=f"/v1/employees/{someone}", query=(), raw_query=""))
    if person.status != 200 or person.json().get("status") != "deactivated":
        return response
    return response.with_json({"data": [], "next_cursor": None, "has_more": False})


def _serves_more(name: str) -> Behaviour:
    """Put one item that does not belong there at the end of the first page."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if not is_list(request) or request.param(name) is None or response.status != 200:
            return response
        page, other = response.json(), (await honest(request.with_query(name, None))).json()
        strangers = [one for one in other["data"] if one not in page["data"]]
        return response.with_json(page | {"data": page["data"] + strangers[:1]})

    return replace(HONEST, door=door)


def _reports(change: Callable[[Mapping[str, Sequence[str]], str], frozenset[str]]) -> Behaviour:
    return replace(HONEST, reports=change)


@lies("FLT-08")
def managers_own_are_kept() -> Behaviour:
    """filter[manager_id] keeps what is about the manager."""
    return _reports(lambda tree, manager: HONEST.reports(tree, manager) | {manager})


@lies("FLT-08")
def filter_manager_is_ignored() -> Behaviour:
    """filter[manager_id] changes nothing."""
    return drops("filter[manager_id]")


@lies("FLT-08")
def direct_reports_are_left_out() -> Behaviour:
    """filter[manager_id] keeps indirect reports only."""
    return _reports(lambda tree, manager: HONEST.reports(tree, manager) - {*tree.get(manager, ())})


@lies("FLT-08")
def filter_manager_looks_upwards() -> Behaviour:
    """filter[manager_id] keeps what is about the manager's manager."""

    def change(tree: Mapping[str, Sequence[str]], manager: str) -> frozenset[str]:
        above = [one for one, reports in tree.items() if manager in reports]
        return HONEST.reports(tree, manager) | {*above}

    return _reports(change)


def _as_deep_as(levels: int) -> Behaviour:
    def change(tree: Mapping[str, Sequence[str]], manager: str) -> frozenset[str]:
        found, level = set[str](), [manager]
        for _ in range(levels):
            level = [one for above in level for one in tree.get(above, ())]
            found |= {*level}
        return frozenset(found)

    return _reports(change)


@lies("FLT-09")
def direct_reports_only() -> Behaviour:
    """filter[manager_id] leaves out every indirect report."""
    return _as_deep_as(1)


@lies("FLT-09")
def reports_two_levels_deep() -> Behaviour:
    """filter[manager_id] leaves out the third level and those below."""
    return _as_deep_as(2)


@lies("FLT-09")
def reports_three_levels_deep() -> Behaviour:
    """filter[manager_id] leaves out the fourth level."""
    return _as_deep_as(3)
