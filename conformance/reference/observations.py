"""Observations in full depth (the observations document)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select

from conformance.reference.call import Call, Event
from conformance.reference.errors import Problem, Refusal, invalid
from conformance.reference.representing import Item, find, represent, single
from conformance.reference.resources import Collection, change
from conformance.reference.spec import specification
from conformance.reference.storage import TABLES, Row
from conformance.reference.validation import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.reference.http import Response

TABLE = TABLES["Observation"]
EMPLOYEES = TABLES["Employee"]


def reporting_lines(call: Call) -> Mapping[str, Sequence[str]]:
    """Give the direct reports of every manager of the organization."""
    statement = select(EMPLOYEES.c.id, EMPLOYEES.c.manager_id).where(
        EMPLOYEES.c.organization_id == call.organization_id, EMPLOYEES.c.manager_id.is_not(None)
    )
    lines: dict[str, list[str]] = {}
    for employee_id, manager_id in call.connection.execute(statement):
        lines.setdefault(manager_id, []).append(employee_id)
    return lines


def reports_of(call: Call, manager_id: str) -> frozenset[str]:
    """Give the direct and indirect reports of a manager."""
    return call.behaviour.reports(reporting_lines(call), manager_id)


def of_manager(call: Call, manager_id: str) -> ColumnElement[bool]:
    """Select what concerns any report of a manager, direct or indirect."""
    return TABLE.c.employee_id.in_(reports_of(call, manager_id))


def tagged(_call: Call, attribute_ids: Sequence[str]) -> ColumnElement[bool]:
    """Select what is tagged with any of these attributes."""
    tag = func.json_each(TABLE.c.attribute_ids).table_valued("value")
    return select(tag.c.value).where(tag.c.value.in_(attribute_ids)).exists()


def archived(call: Call, choice: str) -> ColumnElement[bool] | None:
    """Select active ones, archived ones or both."""
    return call.behaviour.archived(TABLE.c.archived_at, choice)


def guard(call: Call, values: dict[str, Any], row: Row | None) -> None:
    """Hold what is written against the rules that the spec's schemas cannot state."""
    if row is None:
        values["observation_date"] = values["observation_date"] or call.behaviour.today(call.now)
        values["archived_at"] = None
    else:
        keep_fixed(call, row)
        permit(call, "update", row)
    day = values.get("observation_date")
    if day and call.behaviour.in_future(day, call.now):
        raise invalid(Problem("observation_date", "in_future", "must not be in the future"))


def keep_fixed(call: Call, row: Row) -> None:
    """Refuse to change the subject or the kind of an observation (observations, Restrictions)."""
    sent = read_json(call.request.body)
    fixed = sorted(name for name in call.behaviour.immutable if name in sent and sent[name] != row[name])
    if fixed:
        raise invalid(*(Problem(name, "immutable", "cannot be changed") for name in fixed))


REASONS = {
    "update": "an archived observation cannot be updated; restore it first",
    "archive": "the observation is already archived",
    "restore": "the observation is not archived",
}


def permit(call: Call, action: str, row: Row) -> None:
    """Refuse an action that the observation's state does not allow."""
    if not call.behaviour.permitted(action, row):
        raise Refusal("conflict", REASONS[action])


def announce(call: Call, change_made: str, item: Item) -> None:
    """Announce a change with the observation as it is after it."""
    event = call.behaviour.announce(Event(f"observation.{change_made}", item))
    if event is not None:
        call.events.append(event)


def archive(call: Call) -> Response:
    """Archive an observation."""
    return move(call, "archive", {"archived_at": call.now})


def restore(call: Call) -> Response:
    """Restore an archived observation."""
    return move(call, "restore", {"archived_at": None})


def move(call: Call, action: str, values: Mapping[str, Any]) -> Response:
    """Move an observation in or out of the archive."""
    resource = specification().resources["Observation"]
    row = find(call, resource)
    permit(call, action, row)
    item = represent(call, resource, change(call, row, action, name="Observation", values=values))
    announce(call, f"{action}d", item)
    return single(call, 200, item)


COLLECTION = Collection(
    "Observation",
    guard=guard,
    filters={"archived": archived, "manager_id": of_manager, "attribute_id": tagged},
    announce=announce,
)
