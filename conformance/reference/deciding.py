"""The honest decisions of the reference that belong to no larger subject, each small enough to be replaced alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Table, true

from conformance.reference.clock import utc_date
from conformance.reference.http import answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.reference.call import Event
    from conformance.reference.http import Handler, Request, Response
    from conformance.reference.keys import ApiKey
    from conformance.reference.storage import Row

Value = TypeVar("Value")
MILLISECOND = 1000


def as_it_is(value: Value) -> Value:
    """Change nothing."""
    return value


async def refuse_in_clear(_request: Request, _handler: Handler) -> Response:
    """Reject plain HTTP at the edge (overview, Base URL)."""
    return answer(403, {"error": {"code": "https_required", "message": "use https"}})


def archived(column: ColumnElement[Any], choice: str) -> ColumnElement[bool] | None:
    """Select by filter[archived]: false, true or all (observations, List observations)."""
    if choice == "all":
        return None
    return column.is_not(None) if choice == "true" else column.is_(None)


def reports(children: Mapping[str, Sequence[str]], manager_id: str) -> frozenset[str]:
    """Find the direct and indirect reports of a manager, at any depth; the manager is none of them."""
    found: set[str] = set()
    waiting = list(children.get(manager_id, ()))
    while waiting:
        employee_id = waiting.pop()
        if employee_id not in found:
            found.add(employee_id)
            waiting += children.get(employee_id, ())
    return frozenset(found - {manager_id})


def visible(_purpose: str, table: Table, organization_id: str) -> ColumnElement[bool]:
    """Show an organization what is its own (overview, What the API is for)."""
    return table.c.organization_id == organization_id


def findable(table: Table) -> ColumnElement[bool]:
    """Leave archived observations out of search (observations, Archive an observation)."""
    return table.c.archived_at.is_(None) if "archived_at" in table.c else true()


def in_future(day: str, now: int) -> bool:
    """Tell whether a day is after today in UTC (observations, Validation rules)."""
    return day > utc_date(now)


def organization_of(key: ApiKey) -> str:
    """Give whose idempotency keys a key shares: its organization's."""
    return key.organization_id


def permitted(action: str, observation: Row) -> bool:
    """Tell whether an observation can be updated, archived or restored in its state (observations, Restrictions)."""
    is_archived = observation["archived_at"] is not None
    return is_archived if action == "restore" else not is_archived


def subscribed(event: Event, webhook: Row) -> bool:
    """Tell whether a subscription asked for the type of an event (observations, Webhook events)."""
    return event.type in webhook["event_types"]


def touched(_action: str, before: int, now: int) -> int:
    """Move updated_at forward with every change, also of a clock that stands still."""
    return max(now, before + MILLISECOND)
