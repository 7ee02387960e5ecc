"""The shapes of answers: whether a schema says anything, whether it is a page, and where in it the resource stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.openapi.document.weights import Unreadable
from conformance.target.documents import as_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.openapi.document.pointers import Place

OPENED = 100
"""So many schemas that a schema is made of are looked into; more are more than can be worked with."""
_COMPOSITIONS = ("allOf", "anyOf", "oneOf")
_COMPONENT = "/components/schemas/"


def parts_of_schema(place: Place) -> Iterator[Place]:
    """Give a schema and all that it is made of, references followed; the whole before its parts.

    Raises `Unreadable` where these are too many.
    """
    left = [place.followed()]
    seen: set[str] = set()
    while left:
        part = left.pop(0)
        if part.pointer in seen:
            continue
        seen.add(part.pointer)
        if len(seen) > OPENED:
            raise Unreadable(f"it is made of more than {OPENED} others")
        yield part
        left += members_of(part)


def members_of(place: Place) -> list[Place]:
    """Return the schemas that one names in allOf, anyOf and oneOf, references followed."""
    return [
        place.item(how, index).followed()
        for how in _COMPOSITIONS
        for index in range(len(as_list(place.value.get(how))))
    ]


def says_something(place: Place) -> bool:
    """Tell whether a schema gives a shape: more than any value, any object, any array."""
    return any(map(_has_shape, parts_of_schema(place)))


def _has_shape(part: Place) -> bool:
    schema = part.value
    if schema.get("type") == "array" or "items" in schema:
        return bool(schema.get("items"))
    if "enum" in schema or isinstance(schema.get("additionalProperties"), dict | bool):
        return True
    return bool(part.at("properties").value) or schema.get("type") in {"string", "number", "integer", "boolean"}


def property_of(place: Place, name: str) -> Place | None:
    """Return a property as it is written, of a schema or of one that it is made of; None where none has it.

    Where several have it (a page of anything, and then of what), it is the first that has a shape, of lists one for
    their items, too.
    """
    return max(properties_of(place, name), key=_shaped, default=None)


def properties_of(place: Place, name: str) -> list[Place]:
    """Return all that a schema says of a property, as it is written: itself, and each that it is made of."""
    holders = (part.at("properties") for part in parts_of_schema(place))
    return [holder.raw(name) for holder in holders if name in holder.value]


def _shaped(place: Place) -> tuple[bool, bool]:
    """Tell whether a schema has a shape, and whether its items have one."""
    items = [part.at("items") for part in parts_of_schema(place) if "items" in part.value]
    return says_something(place), any(map(says_something, items))


def is_list(place: Place) -> bool:
    """Tell whether a schema is one of an array."""
    return any(part.value.get("type") == "array" or "items" in part.value for part in parts_of_schema(place))


def is_page(place: Place) -> bool:
    """Tell whether a schema is one of a page (overview › Pagination)."""
    data = property_of(place, "data")
    return data is not None and is_list(data) and property_of(place, "next_cursor") is not None


def resource_in(place: Place) -> Place:
    """Return the schema of the resource in an answer's, as it is written: bare, in data, or an item of data."""
    data = property_of(place, "data")
    if data is None or property_of(place, "id") is not None:
        return place
    items = [part.raw("items") for part in parts_of_schema(data) if "items" in part.value]
    return max(items, key=_shaped) if items else data


def is_component(place: Place) -> bool:
    """Tell whether a schema as it is written is a component, or made of some."""
    left, seen = [place], 0
    while left and seen < OPENED:
        one = left.pop()
        seen += 1
        if (one.reference or "").startswith(f"#{_COMPONENT}"):
            return True
        left += [one.item(how, index) for how in _COMPOSITIONS for index in range(len(as_list(one.value.get(how))))]
    return False
