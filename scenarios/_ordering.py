"""Order as a client may rely on it: instants and dates exactly, names only where every usual collation agrees."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from conformance.target.instants import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

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
