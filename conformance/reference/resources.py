"""The endpoints that every resource shares: list, get, create, update, delete, driven by the spec's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import FromClause, delete, insert, select, update

from conformance.reference import listing
from conformance.reference.call import Call, Endpoint
from conformance.reference.errors import Problem, Refusal
from conformance.reference.http import Response, answer
from conformance.reference.representing import Item, find, represent, represent_all, single
from conformance.reference.spec import Resource, Schema, specification
from conformance.reference.storage import TABLES, Row
from conformance.reference.validation import read_body

# Completes or refuses what is about to be written: the call, the new values, and the row as it is (None on create).
Guard = Callable[[Call, dict[str, Any], Row | None], None]


def leave(_call: Call, _values: dict[str, Any], _row: Row | None) -> None:
    """Write what was sent as it is."""


def keep_quiet(_call: Call, _change: str, _item: Item) -> None:
    """Announce nothing."""


@dataclass(frozen=True)
class Collection:
    """A resource's endpoints: the guard of its writes, its filters beyond comparison, its announcements."""

    name: str
    guard: Guard = leave
    filters: Mapping[str, listing.SpecialFilter] = field(default_factory=dict)
    announce: Callable[[Call, str, Item], None] = keep_quiet

    @property
    def resource(self) -> Resource:
        """Give the resource that it serves."""
        return specification().resources[self.name]

    def endpoints(self) -> dict[str, Endpoint]:
        """Give the endpoint of each operation, by the first word of its operationId."""
        return {
            "list": self.browse,
            "get": self.get,
            "create": self.create,
            "update": self.update,
            "delete": self.delete,
        }

    def browse(self, call: Call) -> Response:
        """Answer with a page."""
        table = TABLES[self.name]
        visible = call.behaviour.visible("list", table, call.organization_id)
        return paged(call, table, [visible, *listing.conditions(call, table, self.filters)])

    def get(self, call: Call) -> Response:
        """Answer with one resource."""
        return single(call, 200, represent_all(call, self.resource, [find(call, self.resource)])[0])

    def create(self, call: Call) -> Response:
        """Make a resource."""
        body = read_body(call.operation, call.request, call.behaviour.text_length)
        refer(call, body)
        values = {name: body.get(name, initial(schema)) for name, schema in properties(call).items()}
        values |= {"id": call.behaviour.mint(self.resource.prefix, call.now), "organization_id": call.organization_id}
        values |= {"created_at": call.now, "updated_at": call.now}
        self.guard(call, values, None)
        call.connection.execute(insert(TABLES[self.name]).values(**values))
        item = represent(call, self.resource, read(call, self.name, values["id"]))
        self.announce(call, "created", item)
        secret = {"secret": values["secret"]} if "secret" in values else {}
        return single(call, 201, {**item, **secret}, ("Location", f"{call.request.path}/{values['id']}"))

    def update(self, call: Call) -> Response:
        """Change a resource."""
        row = find(call, self.resource)
        body = read_body(call.operation, call.request, call.behaviour.text_length)
        self.guard(call, body, row)
        refer(call, body)
        changed = {name: value for name, value in body.items() if row[name] != value}
        if changed:
            row = change(call, row, "update", name=self.name, values=changed)
        item = represent_all(call, self.resource, [row])[0]
        if changed:
            self.announce(call, "updated", item)
        return single(call, 200, item)

    def delete(self, call: Call) -> Response:
        """Remove a resource, and answer with what it was."""
        item = represent(call, self.resource, find(call, self.resource))
        table = TABLES[self.name]
        call.connection.execute(delete(table).where(table.c.id == call.id))
        return single(call, 200, item)


def paged(call: Call, source: FromClause, filters: list[listing.Condition]) -> Response:
    """Answer with one page of a table, or of what stands in for one."""
    found = listing.page(call, source, filters)
    resource = specification().resources[specification().of_tag[call.operation.tag]]
    data = represent_all(call, resource, found.rows)
    more = found.next_cursor is not None
    return answer(200, {"data": data, "next_cursor": found.next_cursor, "has_more": more})


def change(call: Call, row: Row, action: str, *, name: str, values: Mapping[str, Any]) -> Row:
    """Write a change to a row, and give the row as it is then."""
    table = TABLES[name]
    touched = call.behaviour.touched(action, row["updated_at"], call.now)
    statement = update(table).where(table.c.id == row["id"]).values(**values, updated_at=touched)
    call.connection.execute(statement)
    return read(call, name, row["id"])


def read(call: Call, name: str, identifier: str) -> Row:
    """Fetch the row of an identifier that is known to exist."""
    table = TABLES[name]
    return call.connection.execute(select(table).where(table.c.id == identifier)).mappings().one()


def initial(schema: Schema) -> Any:  # noqa: ANN401 - as its schema types it
    """Give what a property is where a create leaves it out: the spec's default, an empty list, or null."""
    return schema.get("default", [] if schema["type"] == "array" else None)


def properties(call: Call) -> Mapping[str, Schema]:
    """Give the fields that the operation's body can have."""
    return (call.operation.body or {})["properties"]  # type: ignore[no-any-return]


def refer(call: Call, values: Mapping[str, Any]) -> None:
    """Refuse references to what the organization does not have (observations, Common error responses)."""
    problems = []
    for name, value in values.items():
        schema = properties(call)[name]
        target = schema.get("x-references") or schema.get("items", {}).get("x-references")
        named = set(value if isinstance(value, list) else [value]) - {None}
        if target and named and not known(call, target, named):
            problems.append(Problem(name, "unknown_reference", f"names no {target.lower()} of this organization"))
    if problems:
        raise Refusal("unprocessable", "a referenced resource is not in this organization", problems)


def known(call: Call, target: str, identifiers: set[str]) -> bool:
    """Tell whether all of these exist where the organization can refer to them."""
    table = TABLES[target]
    visible = call.behaviour.visible("reference", table, call.organization_id)
    found = call.connection.execute(select(table.c.id).where(table.c.id.in_(identifiers), visible)).scalars()
    return identifiers <= set(found)
