"""Lies about lists that show only where one parameter stands beside another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.querying import asks, drops_beside, names, serves
from conformance.faults.rewriting import is_list, refusal

if TYPE_CHECKING:
    from conformance.faults.querying import Item
    from conformance.reference import Behaviour, Handler, Request, Response
    from conformance.reference.http import Pairs

EMPLOYEE, TYPE, ATTRIBUTE = "filter[employee_id]", "filter[type]", "filter[attribute_id]"
ARCHIVED, CREATED = "filter[archived]", "filter[created_at][lte]"


@lies("SRT-01")
def sort_is_ignored_beside_expand() -> Behaviour:
    """Where anything is expanded, sort changes nothing."""
    return drops_beside("sort", "expand")


@lies("SRT-01")
def sort_is_ignored_beside_employee_and_type() -> Behaviour:
    """Where both an employee and a type are asked for, sort changes nothing."""
    return drops_beside("sort", EMPLOYEE, TYPE)


@lies("SRT-03")
def expanded_ones_come_newest_created_first() -> Behaviour:
    """Without sort observations are ordered by created_at where anything is expanded."""
    return _unsorted_by_creation_beside("expand")


@lies("SRT-03")
def those_of_an_employee_come_newest_created_first() -> Behaviour:
    """Without sort observations of an employee are ordered by created_at."""
    return _unsorted_by_creation_beside(EMPLOYEE)


@lies("SRT-03")
def those_of_a_time_come_newest_created_first() -> Behaviour:
    """Without sort observations are ordered by created_at where that is bounded."""
    return _unsorted_by_creation_beside(CREATED)


def _unsorted_by_creation_beside(name: str) -> Behaviour:
    order = ("sort", "-created_at")
    return asks(lambda query: (*query, order) if name in names(query) and "sort" not in names(query) else query)


@lies_at_the_door("SRT-06")
async def unsupported_sort_is_ignored_beside_a_filter(request: Request, honest: Handler) -> Response:
    """A sort field that isn't supported is ignored in a list of observations that is filtered."""
    response = await honest(request)
    filtered = is_list(request) and any(name.startswith("filter") for name in names(request.query))
    return await honest(request.with_query("sort", None)) if filtered and response.status == 400 else response


@lies("FLT-01")
def filter_employee_is_ignored_beside_expand() -> Behaviour:
    """filter[employee_id] changes nothing where anything is expanded."""
    return drops_beside(EMPLOYEE, "expand")


@lies("FLT-03")
def archived_false_is_all_beside_attribute() -> Behaviour:
    """filter[archived]=false keeps archived ones where an attribute is asked for."""
    return _false_is_all_beside(ATTRIBUTE)


@lies("FLT-03")
def archived_false_is_all_beside_expand() -> Behaviour:
    """filter[archived]=false keeps archived ones where anything is expanded."""
    return _false_is_all_beside("expand")


def _false_is_all_beside(name: str) -> Behaviour:
    both, other = (ARCHIVED, "false"), (ARCHIVED, "all")
    return asks(lambda query: tuple(other if pair == both and name in names(query) else pair for pair in query))


@lies("FLT-03")
def archived_leak_beside_expand() -> Behaviour:
    """Archived ones come through where anything is expanded."""
    leak = ((ARCHIVED, "all"),)
    return asks(lambda query: query if ARCHIVED in names(query) or "expand" not in names(query) else query + leak)


@lies("FLT-03")
def archived_leak_without_limit() -> Behaviour:
    """Archived ones come through in pages of the default size."""
    leak = ((ARCHIVED, "all"),)
    return asks(lambda query: query if {"limit", ARCHIVED} & names(query) else query + leak)


@lies_at_the_door("FLT-20")
async def a_bad_date_is_ignored_beside_a_good_one(request: Request, honest: Handler) -> Response:
    """An upper bound that is no date is ignored beside a lower one that is."""
    response, bounds = await honest(request), ("filter[observation_date][gte]", "filter[observation_date][lte]")
    overlooked = is_list(request) and response.status == 400 and {*bounds} <= names(request.query)
    return await honest(request.with_query(bounds[1], None)) if overlooked else response


@lies("FLT-20")
def hours_beyond_the_day_are_ignored() -> Behaviour:
    """A bound at 25 o'clock filters nothing."""
    return asks(lambda query: tuple((name, value) for name, value in query if "T25:" not in value))


@lies("PAG-06")
def limit_is_ignored_beside_sort() -> Behaviour:
    """A list of observations that is sorted by its dates takes no limit."""
    by_date = ("sort", "observation_date")
    return asks(lambda query: tuple(pair for pair in query if by_date not in query or pair[0] != "limit"))


@lies_at_the_door("PAG-06")
async def limit_is_ignored_beside_sorted_names(request: Request, honest: Handler) -> Response:
    """A list of employees that is sorted takes no limit."""
    is_sorted = request.path == "/v1/employees" and request.param("sort") is not None
    return await honest(request.with_query("limit", None) if is_sorted else request)


@lies_at_the_door("PAG-12")
async def nothing_expanded_is_404(request: Request, honest: Handler) -> Response:
    """An expanded list that matches nothing gets 404."""
    response = await honest(request)
    empty = is_list(request) and response.status == 200 and not response.json()["data"]
    return refusal("not_found") if empty and request.param("expand") else response


@lies("EXP-06")
def oldest_first_do_not_expand() -> Behaviour:
    """Expand changes nothing in lists that are sorted in ascending order of their dates."""
    by_date = ("sort", "observation_date")
    return asks(lambda query: tuple(pair for pair in query if by_date not in query or pair[0] != "expand"))


@lies("EXP-06")
def unsorted_ones_do_not_expand() -> Behaviour:
    """Expand changes nothing in lists without sort."""
    return asks(lambda query: query if "sort" in names(query) else tuple(pair for pair in query if pair[0] != "expand"))


@lies("EXP-06")
def lists_by_attribute_nest_that_alone() -> Behaviour:
    """Lists that are filtered by an attribute nest that one alone, as a join does."""

    def joined(query: Pairs, items: list[Item]) -> list[Item]:
        wanted = [value for name, value in query if name == ATTRIBUTE]
        return [
            {**one, "attributes": [tag for tag in one["attributes"] if tag["id"] in wanted]}
            if wanted and "attributes" in one
            else one
            for one in items
        ]

    return serves(joined)
