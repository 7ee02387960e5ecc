"""From rows to the JSON that a client sees, and its relations inlined where it asks (overview, Expanding)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from conformance.reference.errors import Refusal
from conformance.reference.http import Response, answer
from conformance.reference.spec import Relation, Resource, specification
from conformance.reference.storage import TABLES, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.reference.call import Call

Item = dict[str, Any]


def represent(call: Call, resource: Resource, row: Row) -> Item:
    """Write a row as its resource's JSON object, without relations and without secrets."""
    item = {name: row[name] for name in resource.served}
    for name in resource.instants:
        if item[name] is not None:
            item[name] = call.behaviour.timestamp(item[name])
    return item


def represent_all(call: Call, resource: Resource, rows: Iterable[Row]) -> list[Item]:
    """Write rows as JSON objects, with what the request wants expanded."""
    items = [represent(call, resource, row) for row in rows]
    if resource.name == "Summary":
        leave_archived_out(call, items)
    expand(call, resource, items, paths=call.parameters.get("expand", ()))
    return items


def leave_archived_out(call: Call, summaries: Sequence[Item]) -> None:
    """Leave archived observations out of summaries (observations, Archive an observation)."""
    observations = TABLES["Observation"]
    wanted = {identifier for summary in summaries for identifier in summary["observation_ids"]}
    statement = select(observations.c.id).where(observations.c.id.in_(wanted), call.behaviour.findable(observations))
    active = set(call.connection.execute(statement).scalars()) if wanted else set()
    for summary in summaries:
        summary["observation_ids"] = [each for each in summary["observation_ids"] if each in active]


def expand(call: Call, resource: Resource, items: Sequence[Item], *, paths: Iterable[str]) -> None:
    """Put related objects in the place of their identifiers, with their own relations one level deep."""
    nested: dict[str, set[str]] = {}
    for path in paths:
        head, _, rest = path.partition(".")
        if head not in resource.relations:
            # The overview's own example: manager, on an observation, is its employee's.
            head, rest = "employee", head
        nested.setdefault(head, set()).update({rest} - {""})
    for name, deeper in nested.items():
        inline(call, resource.relations[name], items, deeper=deeper)


def inline(call: Call, relation: Relation, items: Sequence[Item], *, deeper: Iterable[str]) -> None:
    """Replace one relation's field in all items, with one query for all of them."""
    values = [item.pop(relation.field) for item in items]
    wanted = {one for value in values for one in (value if relation.many else [value]) if one is not None}
    found = load(call, relation.target, wanted)
    expand(call, specification().resources[relation.target], list(found.values()), paths=deeper)
    for item, value in zip(items, values, strict=True):
        related = [found[one] for one in value if one in found] if relation.many else found.get(value)
        item[relation.name] = related


def load(call: Call, name: str, identifiers: Iterable[str]) -> dict[str, Item]:
    """Fetch objects by identifier, as far as the organization may see them."""
    table = TABLES[name]
    visible = call.behaviour.visible("expand", table, call.organization_id)
    statement = select(table).where(table.c.id.in_(list(identifiers)), visible)
    rows = call.connection.execute(statement).mappings()
    return {row["id"]: represent(call, specification().resources[name], row) for row in rows}


def find(call: Call, resource: Resource) -> Row:
    """Fetch the row that the request's path names; a refusal where the organization has none such."""
    table = TABLES[resource.name]
    visible = call.behaviour.visible("get", table, call.organization_id)
    row = call.connection.execute(select(table).where(table.c.id == call.id, visible)).mappings().first()
    if row is None:
        raise Refusal("not_found", f"there is no such {resource.name.lower()}")
    return row


def single(call: Call, status: int, item: Item, *headers: tuple[str, str]) -> Response:
    """Answer with one resource."""
    return answer(status, call.behaviour.envelope(item), *headers)
