"""A document part by part, each known for what it is by where it stands: a schema, a parameter, a reference to one.

What is data (an example, a default, an extension) is no part, whatever it looks like.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.operations import METHODS
from conformance.openapi.document.pointers import pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Members = dict[str, str]
"""Kinds of the members of an object; "map schema" is an object of schemas by name, "list schema" an array of them."""

_SCHEMAS: Members = {
    "properties": "map schema",
    "items": "schema",
    "additionalProperties": "schema",
    "not": "schema",
    "allOf": "list schema",
    "anyOf": "list schema",
    "oneOf": "list schema",
}
_CARRIERS: Members = {"schema": "schema", "content": "map media", "examples": "map example"}
COMPONENTS: Members = {
    "schemas": "schema",
    "responses": "response",
    "parameters": "parameter",
    "examples": "example",
    "requestBodies": "requestBody",
    "headers": "header",
    "securitySchemes": "securityScheme",
    "links": "link",
    "callbacks": "callback",
}
"""The kinds of components, by the name under which they stand."""
_MEMBERS: Mapping[str, Members] = {
    "document": {"paths": "map pathItem", "components": "components"},
    "components": {name: f"map {kind}" for name, kind in COMPONENTS.items()},
    "pathItem": {"parameters": "list parameter", **dict.fromkeys(METHODS, "operation")},
    "operation": {
        "parameters": "list parameter",
        "requestBody": "requestBody",
        "responses": "map response",
        "callbacks": "map callback",
    },
    "parameter": _CARRIERS,
    "header": _CARRIERS,
    "requestBody": {"content": "map media"},
    "response": {"headers": "map header", "content": "map media", "links": "map link"},
    "media": {"schema": "schema", "examples": "map example", "encoding": "map encoding"},
    "encoding": {"headers": "map header"},
    "schema": _SCHEMAS,
}
_EXTENDED = frozenset({"pathItem", "response"})
"""Kinds that stand in maps in which extensions may stand, too."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document: what kind it is of, its value, and the JSON pointer to it."""

    kind: str
    value: dict[str, Any] = field(repr=False)
    pointer: str

    @property
    def reference(self) -> str | None:
        """What it refers to, None where it is no reference."""
        reference = self.value.get("$ref")
        return reference if isinstance(reference, str) else None


def parts_of(document: dict[str, Any]) -> Iterator[Part]:
    """Give every part of a document; what stands beside a reference is ignored, as OpenAPI says."""
    left = [Part("document", document, "")]
    while left:
        part = left.pop()
        yield part
        if part.reference is None:
            left += list(_within(part))[::-1]


def _within(part: Part) -> Iterator[Part]:
    if part.kind == "callback":
        yield from _members("map pathItem", part.value, part.pointer)
        return
    for name, kind in _MEMBERS.get(part.kind, {}).items():
        yield from _members(kind, part.value.get(name), f"{part.pointer}{pointer(name)}")


def _members(kind: str, value: object, where: str) -> Iterator[Part]:
    how, _, of = kind.rpartition(" ")
    if how == "map" and isinstance(value, dict):
        named = ((name, one) for name, one in value.items() if of not in _EXTENDED or not name.startswith("x-"))
        yield from (Part(of, one, f"{where}{pointer(name)}") for name, one in named if isinstance(one, dict))
    elif how == "list" and isinstance(value, list):
        numbered = enumerate(value)
        yield from (Part(of, one, f"{where}{pointer(index)}") for index, one in numbered if isinstance(one, dict))
    elif not how and isinstance(value, dict):
        yield Part(of, value, where)
