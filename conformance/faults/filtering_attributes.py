"""Lies about filters on several attributes, and about what is left of observations in lists that are filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.faults.model import lies
from conformance.faults.querying import asks, names, serves

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.faults.querying import Item
    from conformance.reference import Behaviour
    from conformance.reference.http import Pairs

EMPLOYEE, MANAGER, TYPE = "filter[employee_id]", "filter[manager_id]", "filter[type]"
ATTRIBUTE = "filter[attribute_id]"


def _attributes(query: Pairs) -> list[str]:
    return [value for name, value in query if name == ATTRIBUTE]


@lies("FLT-06")
def filter_attribute_sees_the_first_two() -> Behaviour:
    """filter[attribute_id] looks at the first two attributes of an observation only."""
    return _matching(lambda item, wanted: bool({*item.get("attribute_ids", wanted)[:2]} & {*wanted}))


@lies("FLT-06")
def filter_attribute_sees_the_first_three() -> Behaviour:
    """filter[attribute_id] looks at the first three attributes of an observation only."""
    return _matching(lambda item, wanted: bool({*item.get("attribute_ids", wanted)[:3]} & {*wanted}))


def _matching(holds: Callable[[Item, list[str]], bool]) -> Behaviour:
    """Serve what also holds of the attributes that are asked for; all where none is."""
    return serves(
        lambda query, items: [one for one in items if not _attributes(query) or holds(one, _attributes(query))]
    )


@lies("FLT-07")
def the_third_attribute_is_ignored() -> Behaviour:
    """Of several attribute filters the first two count."""

    def two_of(query: Pairs) -> Pairs:
        kept = [(ATTRIBUTE, one) for one in _attributes(query)[:2]]
        return (*(pair for pair in query if pair[0] != ATTRIBUTE), *kept)

    return asks(two_of)


@lies("FLT-18")
def two_attributes_mean_both_beside_type() -> Behaviour:
    """Two attribute filters keep what has both where a type is asked for."""
    return serves(
        lambda query, items: [
            one for one in items if TYPE not in names(query) or {*_attributes(query)} <= {*one.get("attribute_ids", ())}
        ]
    )


@lies("FLT-18")
def the_last_attribute_wins_beside_employee() -> Behaviour:
    """Of two attribute filters the last one counts where an employee is asked for."""

    def last_of(query: Pairs) -> Pairs:
        dropped = _attributes(query)[:-1] if EMPLOYEE in names(query) else []
        return tuple(pair for pair in query if pair[0] != ATTRIBUTE or pair[1] not in dropped)

    return asks(last_of)


@lies("OBS-07")
def lists_by_attribute_lack_the_others() -> Behaviour:
    """Lists that are filtered by attributes give of attribute_ids those alone that were asked for, as a join does."""

    def joined(query: Pairs, items: list[Item]) -> list[Item]:
        wanted = _attributes(query)
        return [
            {**one, "attribute_ids": [tag for tag in one["attribute_ids"] if tag in wanted]}
            if wanted and "attribute_ids" in one
            else one
            for one in items
        ]

    return serves(joined)


@lies("OBS-07")
def lists_by_manager_lack_the_impact() -> Behaviour:
    """Lists that are filtered by a manager give impact as null."""
    return serves(lambda query, items: [{**one, "impact": None} for one in items] if MANAGER in names(query) else items)
