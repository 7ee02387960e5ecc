"""Spans: two values of which one is meant to come before the other, in a query or in a body.

filter[day][gte] ── filter[day][lte]        start ── end        quiet_hours.from ── quiet_hours.to

Each is asked for the wrong way round, from a moment to the same moment, and as it should be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.fuzzing.inside import plain_value
from conformance.openapi.fuzzing.questions import Difference, Slot
from conformance.target.documents import as_list, as_object, merged
from conformance.target.schemas import a_number, fits, time_of
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.openapi.fuzzing.questions import Twin
    from conformance.target.reading import Resource

    Span = Mapping[str, Any]

_LOWER = re.compile(r"filter\[(\w+)\]\[(gte?)\]")
_WORD = re.compile(r"[A-Z]?[a-z]+")
_LAST = {
    "start": ("end", "stop", "finish"),
    "starts": ("ends",),
    "starting": ("ending",),
    "begin": ("end",),
    "begins": ("ends",),
    "from": ("to", "until", "till"),
    "since": ("until",),
    "after": ("before",),
    "min": ("max",),
    "minimum": ("maximum",),
    "lower": ("upper",),
    "opens": ("closes",),
}
"""What a name says of the other end of a span, by the word for its beginning."""
_TIMES = {"date": ("2024-02-01", "2024-03-01"), "date-time": ("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")}
_OF_A_DAY = ("07:00", "22:00")


def in_query(twin: Twin, document: Resource) -> Iterator[Sequence[Difference]]:
    """Ask for the ranges of each field that is filtered by both its ends."""
    places = query_parameters(twin.operation)
    for name, place in places.items():
        lower = _LOWER.fullmatch(name)
        upper = f"filter[{lower[1]}][{lower[2].replace('g', 'l')}]" if lower else ""
        if upper in places:
            schema = merged(document, place.value)
            less, more = _TIMES.get(time_of(name, schema), ("2", "3"))
            for first, last in ((more, less), (less, less), (less, more)):
                yield [Difference(Slot("query", name), (first,)), Difference(Slot("query", upper), (last,))]


def in_body(fields: Mapping[str, Resource], document: Resource) -> Iterator[Sequence[Difference]]:
    """Ask for the spans of a body's fields, and of what lies in one of them."""
    for span in _spans(fields):
        yield [Difference(Slot("body", name), value) for name, value in span.items()]
    for name, schema in fields.items():
        of = schema if schema.get("properties") else merged(document, as_object(schema.get("items")))
        inner = {part: merged(document, one) for part, one in as_object(of.get("properties")).items()}
        spans = [*_spans(inner)]
        whole: Any = plain_value(of, document, name) if spans else ABSENT
        for span in spans if isinstance(whole, dict) else ():
            changed = {**whole, **span}
            yield [Difference(Slot("body", name), changed if of is schema else [changed])]


def _spans(fields: Mapping[str, Resource]) -> Iterator[Span]:
    for name, schema in fields.items():
        last = next((one for one in _other_ends(name) if one in fields), "")
        values = _ordered(name, schema) if last else ()
        for first, second in ((1, 0), (0, 0), (0, 1)) if values else ():
            yield {name: values[first], last: values[second]}


def _other_ends(name: str) -> Iterator[str]:
    """Give what the other end may be called of what begins with a name, in its own spelling."""
    for word in _WORD.finditer(name):
        for other in _LAST.get(word[0].lower(), ()):
            yield name[: word.start()] + (other.title() if word[0][0].isupper() else other) + name[word.end() :]


def _ordered(name: str, schema: Resource) -> Sequence[Any]:
    """Return two values of a schema, the lesser first; none where no order is known."""
    kind = schema.get("type")
    if kind in {"integer", "number"}:
        numbers = [a_number(schema, nth, whole=kind == "integer") for nth in range(2)]
        return [] if None in numbers else sorted(numbers)
    if kind != "string" or "enum" in schema:
        return as_list(schema.get("enum"))[:2] if len(as_list(schema.get("enum"))) > 1 else []
    told = _TIMES.get(time_of(name, schema))
    return told or (_OF_A_DAY if all(fits(one, schema) for one in _OF_A_DAY) else ())
