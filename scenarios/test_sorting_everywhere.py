"""SRT: the order of every page of a run, whatever else it is asked for (observations › List observations)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.queries import DEFAULT_SORT, SORTS
from conformance.judging.scenario import judges
from scenarios._asked import items_of, query_of
from scenarios._ordering import disorder, times_differ, times_out_of_order
from scenarios._walking import accuse

if TYPE_CHECKING:
    from conformance.target.reading import Resource
    from conformance.wire.exchange import Exchange

FIELDS = SORTS["observations"]


@judges("SRT-01")
def test_every_page_that_is_to_ascend_ascends(exchange: Exchange) -> bool:
    """Beside any other parameter sort=field orders the observations ascending."""
    query = query_of(exchange)
    return query is not None and query.get("sort") in FIELDS and _stands(exchange, query["sort"])


@judges("SRT-02")
def test_every_page_that_is_to_descend_descends(exchange: Exchange) -> bool:
    """Beside any other parameter sort=-field orders the observations descending."""
    orders = {f"-{field}" for field in FIELDS}
    query = query_of(exchange)
    return query is not None and query.get("sort") in orders and _stands(exchange, query["sort"])


@judges("SRT-03")
def test_every_page_without_sort_has_the_newest_dates_first(exchange: Exchange) -> bool:
    """Beside any other parameter observations stand newest observation_date first without sort."""
    query = query_of(exchange)
    return query is not None and "sort" not in query and _stands(exchange, DEFAULT_SORT["observations"])


def _stands(exchange: Exchange, order: str) -> bool:
    """Expect a page in this order; tell whether it has two values on which that shows."""
    field = order.removeprefix("-")
    values = [item.get(field) for item in items_of(exchange) if field == "created_at" or _as_it_was_made(item)]
    accuse(disorder(times_out_of_order(values, descending=order.startswith("-")), [exchange], order))
    return times_differ(values)


def _as_it_was_made(item: Resource) -> bool:
    """Leave out what was changed: where an observation_date can be, a list may follow late."""
    return item.get("updated_at") == item.get("created_at")
