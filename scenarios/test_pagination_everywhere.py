"""PAG: how much any page of a run may hold, whatever else it is asked for (overview › Pagination)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.queries import LIMIT_DEFAULT, LIMIT_MAX, LIMIT_MIN
from conformance.judging.expect import asked, expect
from conformance.judging.scenario import judges
from scenarios._asked import items_of
from scenarios._collections import COLLECTIONS

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

DOCUMENTED = frozenset({"sort", "expand"})
"""What a list without limit may be asked for beside filters: anything else may well say how much is wanted.

A cursor may be of another query, and what a page holds then is open (PAG-16).
"""


@judges("PAG-05")
def test_no_page_without_limit_holds_more_than_50(exchange: Exchange) -> bool:
    """Beside filters, sort and expand there are 50 items at most where no limit is sent."""
    names = {name for name, _ in exchange.request.query}
    others = {name for name in names if not name.startswith("filter[")} - DOCUMENTED
    return _is_page(exchange) and not others and _holds_at_most(exchange, LIMIT_DEFAULT)


@judges("PAG-06")
def test_no_page_holds_more_than_its_limit(exchange: Exchange) -> bool:
    """Beside any other parameter but a cursor there are no more items than the limit says."""
    limits = [value for name, value in exchange.request.query if name == "limit"]
    turned = any(name == "cursor" for name, _ in exchange.request.query)
    if not _is_page(exchange) or turned or len(limits) != 1 or not (limits[0].isascii() and limits[0].isdigit()):
        return False
    return LIMIT_MIN <= int(limits[0]) <= LIMIT_MAX and _holds_at_most(exchange, int(limits[0]))


def _is_page(exchange: Exchange) -> bool:
    return exchange.method == "GET" and exchange.status == 200 and exchange.path in COLLECTIONS


def _holds_at_most(exchange: Exchange, most: int) -> bool:
    count = len(items_of(exchange))
    expect(count <= most, f"{asked(exchange)} gives {count} items", expected=f"{most} at most", observed=count)
    return count > 0
