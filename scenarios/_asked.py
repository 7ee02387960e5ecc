"""Lists of observations as they were asked for, whoever asked: what the passive rules of lists judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.queries import LIST_PARAMETERS
from conformance.target.documents import as_list, as_object
from conformance.target.plants import LIST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.reading import Resource
    from conformance.wire.exchange import Exchange

TAG = "filter[attribute_id]"
_KNOWN = frozenset(LIST_PARAMETERS) - {"cursor"}


def query_of(exchange: Exchange) -> Mapping[str, str] | None:
    """Give the query of a list of observations; None where it is none, or was asked for in ways that nothing documents.

    That is by parameters that the documents do not name, by one twice but for filter[attribute_id], of which the last
    is given, or by a cursor: it may be of another query, and what a page is then of is open (PAG-16).
    """
    names = [name for name, _ in exchange.request.query]
    once = all(names.count(name) == 1 for name in names if name != TAG)
    is_list = (exchange.method, exchange.path, exchange.status) == ("GET", LIST, 200)
    return dict(exchange.request.query) if is_list and once and _KNOWN.issuperset(names) else None


def items_of(exchange: Exchange) -> Sequence[Resource]:
    """Give the items of a page; none where it is no page."""
    response = exchange.response
    value: Any = response.json if response is not None and response.is_json else None
    return [item for item in as_list(as_object(value).get("data")) if isinstance(item, dict)]
