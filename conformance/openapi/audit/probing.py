"""What a schema takes and what it refuses, found out by asking it with values, however it is written.

A field may be inline, a reference, part of an allOf, nullable in one of several ways: the answers are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.dialect import Dialect, compiled
from conformance.openapi.document.shapes import OPENED, parts_of_schema
from conformance.openapi.document.weights import Unreadable
from conformance.target.documents import as_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import jsonschema_rs

    from conformance.openapi.document.dialect import Schema
    from conformance.openapi.document.pointers import Place

FORM = frozenset({"pattern", "format", "minLength", "maxLength"})
"""Keywords on what a text looks like, beyond being one."""


@dataclass(frozen=True, slots=True)
class Question:
    """A schema that can be asked: whether it takes a value, some kinds of refusals aside."""

    validator: jsonschema_rs.Draft202012Validator

    def takes(self, value: object, *, but_for: Collection[str] = ()) -> bool:
        """Tell whether a value is valid, or refused by keywords in `but_for` alone."""
        if not but_for:
            return self.validator.is_valid(value)
        return all(_aside(error, but_for) for error in self.validator.iter_errors(value))


def _aside(error: Any, but_for: Collection[str]) -> bool:  # noqa: ANN401  # jsonschema_rs names no type of contexts
    """Tell whether a refusal is by these keywords alone, in one of the alternatives at least."""
    branches = getattr(error.kind, "context", None)
    if branches is None:
        return error.kind.name in but_for
    return any(branch and all(_aside(one, but_for) for one in branch) for branch in branches)


@dataclass
class Fields:
    """The fields of an object schema, each to be asked alone: what an object must have or may not is left aside."""

    dialect: Dialect
    place: Place
    _opened: int = field(default=0)

    def __post_init__(self) -> None:
        opened = self._open(self.place)
        self._question = Question(compiled(self.dialect.bundled(opened)))

    def takes(self, name: str, value: object, *, but_for: Collection[str] = ()) -> bool:
        """Tell whether a field takes a value."""
        return self._question.takes({name: value}, but_for=but_for)

    def declares(self, name: str) -> bool:
        """Tell whether the schema, or one that it is made of, has this property."""
        return any(name in holder.at("properties").value for holder in self._holders())

    def choices(self, name: str) -> list[Any]:
        """Return the values that enums in the field's schema name, wherever in it."""
        left = [holder.at("properties").at(name) for holder in self._holders()]
        found: list[Any] = []
        for start in left:
            for place in parts_of_schema(start):
                found += as_list(place.value.get("enum"))
        return found

    def _holders(self) -> Iterator[Place]:
        yield from parts_of_schema(self.place)

    def _open(self, place: Place) -> Schema:
        """Rewrite the properties of an object schema and of all that it is made of, and nothing else of it."""
        self._opened += 1
        if self._opened > OPENED:
            raise Unreadable(f"it is made of more than {OPENED} schemas")
        own = place.followed()
        opened: Schema = {"properties": {name: self._refer(own, name) for name in own.at("properties").value}}
        kind = self.dialect.rewritten({name: own.value.get(name) for name in ("type", "nullable")})
        all_of = self._members(own, "allOf")
        all_of += [{"anyOf": members} for how in ("anyOf", "oneOf") if (members := self._members(own, how))]
        return {**kind, **opened, **({"allOf": all_of} if all_of else {})}

    def _members(self, own: Place, how: str) -> list[Schema]:
        return [self._open(own.item(how, index)) for index in range(len(as_list(own.value.get(how))))]

    def _refer(self, own: Place, name: str) -> Schema:
        return self.dialect.refer(own.at("properties").raw(name))
