"""Order as a client may rely on it: instants and dates exactly, names only where every usual collation agrees."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from conformance.judging.expect import asked, expect_page
from conformance.judging.verdicts import NotJudged, Violation
from conformance.target.instants import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.exchange import Exchange

_PLAIN = re.compile(r"[A-Za-z]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Found = tuple[Any, Any] | None
"""Two values that stand in the wrong order, the one served first before the other; None where all are in order."""


def times_out_of_order(values: Sequence[Any], *, descending: bool) -> Found:
    """Find dates or date-times out of order; what is neither is passed over."""
    read = [(moment, value) for value in values if (moment := _moment(value))]
    for (one, first), (other, second) in pairwise(read):
        if (one < other) if descending else (one > other):
            return first, second
    return None


def times_differ(values: Sequence[Any]) -> bool:
    """Tell whether there are two different times, so that their order says something."""
    return len({moment for value in values if (moment := _moment(value))}) > 1


def _moment(value: object) -> datetime | None:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        except ValueError:
            return None
    return instant(value)


def names_out_of_order(values: Sequence[Any], *, descending: bool) -> Found:
    """Find names out of order, among all pairs on which the usual collations agree."""
    wrong = -1 if descending else 1
    return next(((one, other) for one, other in combinations(values, 2) if _by_name(one, other) == wrong), None)


def names_differ(values: Sequence[Any]) -> bool:
    """Tell whether there are two names that every usual collation orders alike."""
    return any(_by_name(one, other) for one, other in combinations(values, 2))


def _by_name(one: object, other: object) -> int:
    """Compare two names of plain ASCII letters; 0 where collations may differ on them.

    They differ on letters outside ASCII, on spaces and punctuation, and where case decides: code points put Z
    before a. What code points and letters without case order alike, every usual collation orders so.
    """
    if not (isinstance(one, str) and isinstance(other, str)) or one == other:
        return 0
    if not (_PLAIN.fullmatch(one) and _PLAIN.fullmatch(other)):
        return 0
    plain, folded = _sign(one, other), _sign(one.casefold(), other.casefold())
    return plain if plain == folded else 0


def _sign(one: str, other: str) -> int:
    return (one > other) - (one < other)


# judged ---------------------------------------------------------------------------------------------------


def time_breach(exchanges: Sequence[Exchange], order: str, *, only: frozenset[str] | None = None) -> Violation | None:
    """Accuse pages whose items (`only` these ids) don't stand in this order, one page after the other."""
    items = [item for exchange in exchanges for item in expect_page(exchange).items]
    values = [item.get(order.removeprefix("-")) for item in items if only is None or item.get("id") in only]
    return disorder(times_out_of_order(values, descending=order.startswith("-")), exchanges, order)


def disorder(found: Found, exchanges: Sequence[Exchange], order: str) -> Violation | None:
    """Accuse the pages on which two values were found out of order."""
    if found is None:
        return None
    return Violation(
        f"{asked(exchanges[0])}: {found[0]} stands before {found[1]}",
        expected=f"items in the order {order}",
        observed={"first": found[0], "then": found[1]},
        exchanges=[exchange.number for exchange in exchanges],
    )


def require_difference(holds: object, what: str, hint: str) -> None:
    """Leave an order unjudged unless there are values on which it shows."""
    if not holds:
        raise NotJudged(f"an order shows on different values, there are {what}", hint=hint)
