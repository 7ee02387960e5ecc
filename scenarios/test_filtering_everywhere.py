"""FLT: what no list of a run may hold, whatever else it is asked for (observations › List observations)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.observation import TYPES
from conformance.judging.expect import asked, expect
from conformance.judging.scenario import judges
from conformance.target.documents import as_object
from conformance.target.instants import instant
from scenarios._asked import items_of, query_of
from scenarios._instants import PROXY

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.target.reading import Resource
    from conformance.wire.exchange import Exchange


@judges("FLT-01")
def test_every_list_of_an_employee_is_of_that_employee(exchange: Exchange) -> bool:
    """Beside any other parameter filter[employee_id] serves nothing of anybody else.

    Where it serves nothing of that employee, there may be nobody of that id, and what such a filter gets is open.
    """
    employee = (query_of(exchange) or {}).get("filter[employee_id]")
    if employee not in {_subject(item) for item in items_of(exchange)} - {None}:
        return False
    return _expect_none(exchange, [item for item in items_of(exchange) if _subject(item) not in {employee, None}])


def _subject(item: Resource) -> object:
    """Give the id of the employee, who may be nested; None where it is not told."""
    return item.get("employee_id", as_object(item.get("employee")).get("id"))


@judges("FLT-02")
def test_every_list_of_a_type_is_of_that_type(exchange: Exchange) -> bool:
    """Beside any other parameter filter[type] serves nothing of the other type."""
    kind = (query_of(exchange) or {}).get("filter[type]")
    if kind not in TYPES:
        return False
    return _expect_none(exchange, [item for item in items_of(exchange) if item.get("type") in {*TYPES} - {kind}])


@judges("FLT-03")
def test_no_list_of_active_ones_holds_what_was_archived_long_ago(exchange: Exchange) -> bool:
    """Beside any other parameter what the answer itself says was archived is left out.

    What was archived just now may still stand in a list that follows late.
    """
    query, now = query_of(exchange), exchange.response.date if exchange.response is not None else None
    if query is None or query.get("filter[archived]", "false") != "false" or now is None:
        return False
    return _expect_none(exchange, [item for item in items_of(exchange) if _archived_long_before(item, now)])


def _archived_long_before(item: Resource, now: datetime) -> bool:
    moment = instant(item.get("archived_at"))
    return moment is not None and moment < now - PROXY


def _expect_none(exchange: Exchange, intruders: list[Resource]) -> bool:
    expect(
        not intruders,
        f"{asked(exchange)} serves {len(intruders)} observations that do not match",
        expected="only what every filter keeps, in the state asked for",
        observed=intruders[:2],
    )
    return bool(items_of(exchange))
