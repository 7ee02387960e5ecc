"""The plainest request of each operation, from which all others differ: valid as far as can be told, and harmless.

Reads are of what is there. Writes are creates in collections from which what is made can be removed again, or that may
be left, updates of what was made so, and creates within it. No other write is sent to anything but an id that nobody
has, unless nothing at the target is worth keeping: then a run is lent what was there, a little of it for good.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from conformance.contract.resources import COLLECTIONS, CREATE
from conformance.errors import Missing, TargetError
from conformance.openapi.document.operations import json_schema_of
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.document.shapes import parts_of_schema
from conformance.openapi.document.weights import Unreadable
from conformance.openapi.fuzzing.exemptions import is_update
from conformance.openapi.fuzzing.lending import CHANGES, Lending
from conformance.openapi.fuzzing.questions import Twin
from conformance.openapi.fuzzing.relations import calls, is_action, is_move
from conformance.target.bodies import VARIABLE, Builder, Spot, Unbuildable
from conformance.target.documents import as_object, merged, query_parameter
from conformance.target.made.removal import REACHING_PEOPLE, may_leave_data, ways
from conformance.target.reading import unwrap
from conformance.target.references import is_person, singular
from conformance.target.schemas import kind_of
from conformance.wire.client import SAFE
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.published import Published
    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

UNSENT = frozenset({"HEAD", "OPTIONS", "TRACE", "CONNECT"})
"""Methods of which the documents say nothing."""
_SOUGHT = "conformance"
_CREATABLE = frozenset(one.path for one in COLLECTIONS) - REACHING_PEOPLE


class Twins:
    """Plans the plain request of operations; `items` are ids of the run's own by collection."""

    def __init__(self, target: Target, spec: Published) -> None:
        self._target = target
        self._spec = spec
        self.items: dict[str, str] = {}
        self._spares: dict[str, str] = {}
        self._lending = Lending(target.settings, self.knows)

    async def plan(self, operation: Operation) -> Twin | None:
        """Plan the plain request of an operation; None where none may be sent, or none can be built."""
        if operation.method in UNSENT or (self._target.settings.read_only and operation.method not in SAFE):
            return None
        path = self._path(operation)
        if path is None:
            return None
        if self._lends(operation):
            self._target.lend(path)
        try:
            query = await self._query(operation)
            return Twin(operation, path, query, await self._body(operation))
        except (Missing, TargetError):
            return None

    async def at(self, operation: Operation, path: str) -> Twin | None:
        """Plan the plain read of a path that is known; None where it needs what can't be built."""
        try:
            return Twin(operation, path, await self._query(operation))
        except (Missing, TargetError):
            return None

    async def unsent(self, operation: Operation) -> Twin | None:
        """Plan the plain request of a create that must not be sent as it is: nobody could remove what it makes."""
        if not is_create(operation) or operation.path not in _CREATABLE or self._target.settings.read_only:
            return None
        try:
            return Twin(operation, operation.path, await self._query(operation), await self._body(operation))
        except (Missing, TargetError):
            return None

    def learn(self, twin: Twin, exchange: Exchange | None) -> Twin:
        """Keep what the answer to a plain request tells: an item that was made, or one that is listed."""
        if exchange is None or exchange.response is None or not exchange.response.is_json:
            return replace(twin, exchange=exchange)
        collection, value = twin.operation.path, exchange.response.json
        if is_create(twin.operation) and exchange.status in {200, 201}:
            self.items |= _made(collection, value)
        elif twin.operation.method == "GET" and collection.count("/") == 1:
            self._lending.learn(collection, exchange, self.identifier(collection))
        return replace(twin, exchange=exchange)

    def learn_spare(self, exchange: Exchange) -> None:
        """Keep one more item of ours, for actions: after them nothing may be changed any more."""
        if exchange.status in {200, 201} and exchange.response is not None and exchange.response.is_json:
            self._spares |= _made(exchange.path, exchange.response.json)

    def settle_spares(self) -> None:
        """Let the end of the run remove the spares, however they were moved: answers may have crossed."""
        for one in self._spares.values():
            self._target.journal.restored(one)

    def in_other_states(self, twin: Twin, items: Sequence[Resource]) -> Iterator[Twin]:
        """Plan an operation on what was there for items in other states than that of its own; each is lent."""
        if twin.operation.path.count("{}") != 1 or _collection(twin.operation.path) == CREATE.path:
            return  # which observations may be changed, other rules say, and count on those that are there
        for item in self._lending.in_other_states(twin.operation, _item_of(twin), items):
            path = twin.operation.path.replace("{}", quote(item["id"], safe=""))
            self._target.lend(path)
            held = (
                {name: item[name] for name in twin.body if item.get(name) is not None}
                if isinstance(twin.body, dict)
                else {}
            )
            yield replace(twin, path=path, body=twin.body | held if held else twin.body, exchange=None)

    def alike(self, twin: Twin, items: Sequence[Resource]) -> Sequence[str]:
        """Give the ids of items to which an action can be done as it was to that of its own; each is lent."""
        found = self._lending.alike(twin.operation, _item_of(twin), items)
        for item in found:
            self._target.lend(twin.operation.path.replace("{}", quote(item, safe="")))
        return found

    def gives_up(self, operation: Operation) -> bool:
        """Tell whether an operation may delete what was there, once all else is asked."""
        return self._lending.gives_up(operation)

    def given_up(self, operation: Operation, items: Sequence[Resource], named: Collection[str]) -> Iterator[Twin]:
        """Plan to delete a few items that were there, but none that is `named`, by what was made or by its owner."""
        free = [one for one in items if one["id"] not in named]
        for item in self._lending.given_up(operation, free):
            path = operation.path.replace("{}", item)
            self._target.lend(path, for_good=True)
            yield Twin(operation, path)

    def identifier(self, collection: str) -> str:
        """Name the member by which an item of a collection is found, as its path names it; "id" where there is none."""
        named = (one.path_names for one in self._spec.operations if one.path == f"{collection}/{{}}")
        name = next((names[-1] for names in named if names), "id")
        own = f"{singular(collection)}_id".replace("_", "")
        return "id" if name.lower().replace("_", "") == own else name

    def new_key(self) -> str:
        """Give an Idempotency-Key that nothing was asked with."""
        return self._target.chance.uuid()

    def knows(self, item: str) -> bool:
        """Tell whether the run made an item."""
        return self._target.journal.knows(item)

    def is_ours(self, operation: Operation) -> bool:
        """Tell whether the plain request of an operation is for an item that the run made."""
        return _collection(operation.path) in self.items

    # paths -------------------------------------------------------------------------------------------------

    def _path(self, operation: Operation) -> str | None:
        """Fill the parameters of a path: the first with the id of an item, any other with one that nobody has."""
        parts = operation.path.split("/")
        if "{}" not in parts:
            allowed = operation.method in SAFE or (is_create(operation) and self._may_create(operation.path))
            allowed = allowed or self._lending.lends(operation)
            return operation.path if allowed and "{}" not in operation.path else None
        if parts.index("{}") != 2 or any("{}" in part and part != "{}" for part in parts):  # noqa: PLR2004  # /collection/{}
            return None
        if operation.method == "PUT" and not (self.is_ours(operation) or self._lends(operation)):
            return None  # of an id that nobody has, it may make something
        ids = iter([self._item(operation), *(self._unknown(operation.path) for _ in parts)])
        return "/".join(quote(next(ids), safe="", errors="surrogatepass") if part == "{}" else part for part in parts)

    def _item(self, operation: Operation) -> str:
        """Give the id that stands in a path: of an item of ours, of any where it is read or lent, or of none."""
        collection = _collection(operation.path)
        if operation.method in SAFE:
            found = self.items.get(collection) or self._lending.first(collection)
        else:
            found = self._own(operation) or self._lending.item(operation)
        return found or self._unknown(collection)

    def _own(self, operation: Operation) -> str:
        """Give the id of an item of ours to change, to add to or to move, "" where there is none."""
        collection = _collection(operation.path)
        if is_change(operation) or self._adds(operation):
            return self.items.get(collection, "")
        moved = is_move(operation) or self._lending.tries(operation)
        return self._spares.get(collection, "") if moved else ""

    def _adds(self, operation: Operation) -> bool:
        """Tell whether an operation makes something within an item, which goes with it: there is a list of such."""
        within = self._target.settings.looks_deep and is_action(operation) and not calls(operation.path)
        return within and self._spec.find("GET", operation.path) is not None and not _names_people(operation)

    def _lends(self, operation: Operation) -> bool:
        """Tell whether an operation is done to what was there: it is lent, and nothing of our own would do."""
        if "{}" not in operation.path:
            return self._lending.lends(operation)
        return not self._own(operation) and bool(self._lending.item(operation))

    def _unknown(self, path: str) -> str:
        known = self.items.get(_collection(path)) or self._lending.first(_collection(path)) or "x"
        return self._target.chance.unknown_id(known.partition("_")[0] if "_" in known else "x")

    def _may_create(self, collection: str) -> bool:
        may_leave = may_leave_data(self._target)
        if collection in REACHING_PEOPLE:
            return may_leave and self._target.settings.looks_deep
        if self._lending.opens(collection) and self._spec.find("GET", f"{collection}/{{}}") is not None:
            return True
        return collection in _CREATABLE and (may_leave or bool(ways(self._spec.document, collection)))

    # parts -------------------------------------------------------------------------------------------------

    async def _query(self, operation: Operation) -> Mapping[str, tuple[str, ...]]:
        """Return what has to be asked, and a small limit where one can be."""
        schemas = query_parameters(operation)
        needed = [
            name for (where, name), one in operation.parameters.items() if where == "query" and one.get("required")
        ]
        query = {name: (await self._text(name, schemas[name].value, operation),) for name in needed if name in schemas}
        if operation.method in SAFE and "limit" in schemas and "limit" not in query:
            taken = self._spec.bodies.validator(schemas["limit"])
            query |= {"limit": (str(self._lending.items),)} if taken.is_valid(self._lending.items) else {}
        return query

    async def _text(self, name: str, schema: Resource, operation: Operation) -> str:
        if name == query_parameter(self._spec.document, operation.path):
            return _SOUGHT
        value = await Builder(self._target, self._spec.document).value(Spot(name, schema))
        return ",".join(map(str, value)) if isinstance(value, list) else str(value)

    async def _body(self, operation: Operation) -> Any:  # noqa: ANN401  # any JSON value
        place = json_schema_of(operation.request_body)
        if place is None:
            if operation.request_body.value.get("content"):
                raise Unbuildable("a body that is JSON")
            return ABSENT
        if is_create(operation) and operation.path == CREATE.path:
            return await self._target.body()
        if is_update(operation):
            return {"observation": self._target.marker()}
        builder = Builder(self._target, self._spec.document)
        schema = merged(self._spec.document, place.value)
        body = await (_least(builder, schema) if operation.method == "PATCH" else builder.body({"schema": schema}))
        held = {name: self._lending.value(operation, name) for name in body if self._lends(operation)}
        return body | {name: value for name, value in held.items() if value is not None}


def _names_people(operation: Operation) -> bool:
    """Tell whether a body says whom it is for, or who else: those might hear of it."""
    place = json_schema_of(operation.request_body)
    try:
        parts = [*parts_of_schema(place)] if place is not None else []
    except Unreadable:
        return True
    names = {str(name) for part in parts for name in as_object(part.value.get("properties"))}
    return any(is_person(name) for name in names)


async def _least(builder: Builder, schema: Resource) -> Resource:
    """Build a body of one field that is likely to be changeable: a text, or else another simple value."""
    fields = as_object(schema.get("properties"))
    kinds = {name: kind_of(name, merged(builder.document, one)) for name, one in fields.items()}
    for name in sorted((one for one in kinds if kinds[one] in VARIABLE), key=lambda one: VARIABLE.index(kinds[one])):
        if merged(builder.document, fields[name]).get("readOnly") is not True:
            with suppress(Missing):
                return {name: await builder.value(Spot(name, fields[name]))}
    return {}


def is_create(operation: Operation) -> bool:
    """Tell whether an operation makes an item of a collection."""
    return operation.method == "POST" and operation.path.count("/") == 1


def is_change(operation: Operation) -> bool:
    """Tell whether an operation changes an item as a whole, or a part of it."""
    return operation.method in CHANGES and operation.path == f"{_collection(operation.path)}/{{}}"


def _made(collection: str, value: object) -> dict[str, str]:
    """Return the id of what was made, by its collection; nothing where none is told."""
    made = (unwrap(value) or {}).get("id")
    return {collection: made} if isinstance(made, str) else {}


def _item_of(twin: Twin) -> str:
    return unquote(twin.path.split("/")[2])


def _collection(path: str) -> str:
    return f"/{path.split('/')[1]}"
