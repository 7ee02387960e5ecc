"""The query parameters that an operation declares, one by one or as properties of a deepObject."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from conformance.openapi.document.pointers import Place, pointer
from conformance.openapi.document.shapes import parts_of_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.openapi.document.operations import Operation

DEPTH = 3
"""filter[created_at][gte] is a deepObject within a deepObject: no name has more brackets."""
NAMES = 1_000
"""So many names are read of one parameter; a schema that has itself for every property has no end of them."""


def query_parameters(operation: Operation) -> dict[str, Place]:
    """Return the schemas of the query parameters by name; a deepObject gives a name for each of its properties."""
    found: dict[str, Place] = {}
    for (where, name), declared in operation.parameters.items():
        if where == "query":
            found |= dict(islice(_named(unquote(name), schema_of(operation, declared), DEPTH), NAMES))
    return found


def schema_of(operation: Operation, declared: dict[str, object]) -> Place:
    """Return the schema of a parameter, which may stand in the one media type of its content."""
    place = Place(operation.document, declared, operation.place + pointer("parameters", str(declared.get("name"))))
    if "schema" in declared:
        return place.raw("schema")
    content = place.at("content")
    return next((content.at(name).raw("schema") for name in content.value), place.raw("schema"))


def _named(name: str, schema: Place, depth: int) -> Iterator[tuple[str, Place]]:
    yield name, schema
    if depth:
        for part in parts_of_schema(schema):
            properties = part.at("properties")
            for inner in properties.value:
                yield from _named(f"{name}[{inner}]", properties.raw(inner), depth - 1)
