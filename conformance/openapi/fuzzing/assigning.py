"""Fields that an API sets itself, written as a client would never write them.

Whoever stores a body as it comes stores them, too, and shows them from then on: as what the spec says they never are.
Refusing and ignoring them are both fine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.openapi.document.operations import json_schema_of
from conformance.openapi.document.shapes import parts_of_schema, resource_in
from conformance.openapi.document.weights import Unreadable
from conformance.openapi.fuzzing.mutating import NARROW, NONSENSE, fields_of
from conformance.openapi.fuzzing.questions import Difference, Slot
from conformance.target.documents import as_object, merged
from conformance.target.references import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.questions import Twin
    from conformance.target.reading import Resource

KEPT = frozenset(
    {"id", "uuid", "key", "slug", "number", "self", "url", "href", "organization", "organisation", "tenant", "owner"}
)
"""What an item is found by: without it nobody could remove it again."""


def assigned(twin: Twin, document: Resource) -> Iterator[Sequence[Difference]]:
    """Write each field that an item has and a body has not, of creates all at once: each makes something."""
    settable = fields_of(twin, document)
    written = [
        Difference(Slot("body", name), _misfit(schema))
        for name, schema in _shown(twin.operation, document).items()
        if name not in KEPT and not is_reference(name)
        if name not in settable or settable[name].get("readOnly") is True
    ]
    if written:
        yield from [written] if twin.operation.method == "POST" else ([one] for one in written)


def _shown(operation: Operation, document: Resource) -> dict[str, Resource]:
    """Return the schemas of what an answer shows of an item, by the names of its fields."""
    places = [json_schema_of(success) for success in operation.successes]
    try:
        parts = [part for place in places if place is not None for part in parts_of_schema(resource_in(place))]
    except Unreadable:
        return {}
    properties = [as_object(part.value.get("properties")) for part in parts]
    return {str(name): merged(document, one) for some in properties for name, one in some.items()}


def _misfit(schema: Resource) -> Any:  # noqa: ANN401  # any JSON value
    """Give a value that is none of a field's: a text wherever that is one, which the most readers take."""
    return 1 if schema.get("type") == "string" and not NARROW & set(schema) else NONSENSE
