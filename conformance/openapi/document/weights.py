"""How much work a schema is: made of each other, a handful of them can be more than a computer can work out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.judging.verdicts import Blocked
from conformance.openapi.document.pointers import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]
MOST = 2_000
"""So many schemas may hold for one value at once."""
LONGEST = 60
"""Schemas may refer to each other, for one value, so many times in a row."""
_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("not", "if", "then", "else")


class Unreadable(Blocked):
    """A schema that means nothing, or more than can be worked out; SPC-02 judges what is no schema."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"a schema of the spec can't be worked with: {reason}")


def weigh(bundle: Schema) -> None:
    """Raise `Unreadable` where some value would be held against too many of a bundle's schemas, or endlessly many."""
    scales = _Scales(bundle.get("$defs", {}))
    for schema in _schemas_in(bundle):
        if scales.weight(schema) > MOST:
            raise Unreadable(f"more than {MOST} schemas hold for one value at once")


class _Scales:
    """Weighs schemas; what several of them refer to is weighed once."""

    def __init__(self, definitions: dict[str, Schema]) -> None:
        self._definitions = definitions
        self._known: dict[str, int] = {}
        self._open: list[str] = []

    def weight(self, schema: object) -> int:
        """Count the schemas that hold for a value where this one does, MOST + 1 where there is no end."""
        if not isinstance(schema, dict):
            return 0
        total = 1 + sum(self.weight(part) for part in _in_place(schema))
        reference = schema.get("$ref")
        return min(total + (self._named(tokens_of(reference)[-1]) if isinstance(reference, str) else 0), MOST + 1)

    def _named(self, name: str) -> int:
        if name in self._open or len(self._open) > LONGEST:
            return MOST + 1
        if name not in self._known:
            self._open.append(name)
            self._known[name] = self.weight(self._definitions[name])
            self._open.pop()
        return self._known[name]


def _in_place(schema: Schema) -> Iterator[object]:
    """Give the parts of a schema that hold for the same value as it does."""
    for name in _LISTS:
        yield from schema.get(name, ())
    for name in _SINGLE:
        if name in schema:
            yield schema[name]


def _schemas_in(bundle: Schema) -> Iterator[Schema]:
    """Give every schema of a bundle: itself, its definitions, and what lies in them."""
    left: list[object] = [bundle, *bundle.get("$defs", {}).values()]
    while left:
        schema = left.pop()
        if isinstance(schema, dict):
            yield schema
            left += [*_in_place(schema), *schema.get("properties", {}).values()]
            left += [schema[name] for name in ("items", "additionalProperties") if name in schema]
