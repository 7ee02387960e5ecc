"""What a spec says of one difference, read from what is really sent: valid, invalid, or neither surely.

A generator's word for it would not do: a number as a text in a query, an empty header, a parameter that is sent twice
are not on the wire what they were when they were drawn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.operations import json_schema_of
from conformance.openapi.document.parameters import query_parameters, schema_of
from conformance.openapi.document.security import wrong_with
from conformance.openapi.document.shapes import is_list, parts_of_schema, properties_of, property_of
from conformance.openapi.document.weights import Unreadable
from conformance.openapi.fuzzing.questions import NOBODY, SAME_TYPES, TYPE, WHOLE
from conformance.target.documents import as_object, merged
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.pointers import Place
    from conformance.openapi.document.published import Published
    from conformance.openapi.fuzzing.questions import Difference, Question, Slot, Twin
    from conformance.target.reading import Resource

_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,15})?", re.ASCII)
UNREAD = (Unreadable, ValueError)
"""A schema that defeats us, or a value that is too deep for it, or that no UTF-8 can write."""
SECURITY = "security"
"""What a request without a key breaks of a spec, as the other keywords of schemas."""
_WORDS = {"true": True, "false": False}


class Reading(Enum):
    """What a spec says of a value in its place."""

    VALID = "valid"
    INVALID = "invalid"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Read:
    """A difference, read: by which keyword it is invalid ("" where it is not), and the schema of its place, merged.

    `schema` has that of its items merged, too. `declared` is what the spec says of a parameter beside its schema;
    `part` is the value that breaks the keyword, which may lie within the difference's, at a `path` with an
    `inner` schema.
    """

    difference: Difference
    operation: Operation
    reading: Reading
    schema: Resource
    keyword: str = ""
    part: Any = None
    declared: Resource | None = None
    inner: Resource | None = None
    path: tuple[Any, ...] = ()

    @property
    def place(self) -> str:
        """Where what breaks the keyword is: a slot, and the names on the way from there."""
        names = ("[]" if isinstance(one, int) else f".{one}" for one in self.path)
        return str(self.slot) + "".join(names)

    @property
    def at_fault(self) -> Resource:
        """The schema of what breaks the keyword, merged."""
        return self.schema if self.inner is None else self.inner

    @property
    def slot(self) -> Slot:
        """Its place."""
        return self.difference.slot

    @property
    def is_list(self) -> bool:
        """Whether the place takes several values."""
        return self.schema.get("type") == "array" or "items" in self.schema


NOTES = ("readOnly", "deprecated")
"""What any part of a schema may say beside its shape, so that the whole is so."""


class Oracle:
    """Reads differences by one spec; what its schemas say too much or too little of is unclear."""

    def __init__(self, spec: Published) -> None:
        self._spec = spec
        self._queries: dict[str, Mapping[str, Place]] = {}

    def read(self, question: Question, twin: Twin) -> Sequence[Read]:
        """Read each difference of a question."""
        body = [one for one in question.differences if one.slot.where == "body"]
        others = [self._other(question.operation, one) for one in question.differences if one not in body]
        return [*others, *self._body(question.operation, body, twin)]

    # parameters --------------------------------------------------------------------------------------------

    def _other(self, operation: Operation, difference: Difference) -> Read:
        """Read a parameter, a key or a body's type.

        Nothing is read into other headers, but that an Idempotency-Key is too long, which nobody on the way would
        shorten: some are dropped there, joined, or cleared of white space.
        """
        if difference.slot.where == "key" and difference.value == NOBODY and not wrong_with(operation):
            return Read(difference, operation, Reading.INVALID, {}, SECURITY)
        if difference.slot == TYPE and difference.value in SAME_TYPES:
            return Read(difference, operation, Reading.VALID, {})
        try:
            if difference.slot.where == "query":
                return self._query(operation, difference)
            if difference.slot.where == "path":
                return self._text(operation, difference)
            if difference.slot.name.lower() == "idempotency-key":
                told = self._text(operation, difference)
                return told if told.keyword == "maxLength" else replace(told, reading=Reading.UNCLEAR)
        except UNREAD:
            pass
        return Read(difference, operation, Reading.UNCLEAR, {})

    def _query(self, operation: Operation, difference: Difference) -> Read:
        if operation.label not in self._queries:
            self._queries[operation.label] = query_parameters(operation)
        place = self._queries[operation.label].get(difference.slot.name)
        declared = operation.parameters.get(("query", difference.slot.name), {})
        if place is None:
            return Read(difference, operation, Reading.UNCLEAR, {})
        told = Read(difference, operation, Reading.UNCLEAR, _schema(self._spec, place), declared=declared)
        if difference.value is ABSENT:
            return _broken(told, "required", None) if declared.get("required") is True else told
        if is_list(place):
            return self._listed(place, told)
        return self._fitting(place, told, [*_values(*difference.value)]) if len(difference.value) == 1 else told

    def _listed(self, place: Place, told: Read) -> Read:
        """Read the texts of an array: each sent by itself, or all in one with commas."""
        texts = list(told.difference.value)
        declared = told.declared or {}
        if declared.get("style", "form") != "form":
            return told
        if declared.get("explode", True) is False:
            if len(texts) != 1:
                return told
            texts = texts[0].split(",")
        elif any("," in text for text in texts):
            return told
        return self._fitting(place, told, [texts, [[*_values(text)][-1] for text in texts]])

    def _text(self, operation: Operation, difference: Difference) -> Read:
        declared = operation.parameters.get((difference.slot.where, difference.slot.name), {})
        place = schema_of(operation, declared)
        told = Read(difference, operation, Reading.UNCLEAR, _schema(self._spec, place), declared=declared)
        return self._fitting(place, told, [*_values(difference.value)])

    def _fitting(self, place: Place, told: Read, values: Sequence[Any]) -> Read:
        """Read the values that what is sent can stand for: one that fits is enough."""
        validator = self._spec.bodies.validator(place)
        if any(map(validator.is_valid, values)):
            return Read(told.difference, told.operation, Reading.VALID, told.schema, declared=told.declared)
        errors = [[*validator.iter_errors(value)] for value in values[::-1]]
        of_its_type = (some for some in errors if all(one.kind.name != "type" for one in some))
        error = next(of_its_type, errors[-1])[0]
        return _broken(told, error.kind.name, error.instance)

    # bodies ------------------------------------------------------------------------------------------------

    def _body(self, operation: Operation, differences: Sequence[Difference], twin: Twin) -> Sequence[Read]:
        if not differences:
            return ()
        try:
            return self._validated(operation, differences, twin)
        except UNREAD:
            return [Read(one, operation, Reading.UNCLEAR, {}) for one in differences]

    def _validated(self, operation: Operation, differences: Sequence[Difference], twin: Twin) -> Sequence[Read]:
        """Read the fields of a body by what the spec says of the whole; of a twin that it refuses, nothing is clear."""
        place = json_schema_of(operation.request_body)
        validator = self._spec.bodies.validator(place) if place is not None else None
        if place is None or validator is None or not validator.is_valid(twin.body):
            return [Read(one, operation, Reading.UNCLEAR, {}) for one in differences]
        broken = dict(_by_field(validator.iter_errors(twin.changed(differences).body)))
        return [self._field(operation, one, place, broken) for one in differences]

    def _field(self, operation: Operation, difference: Difference, place: Place, broken: Mapping[str, Any]) -> Read:
        name = difference.slot.name
        declared = place.followed() if name == WHOLE else property_of(place, name)
        schema = _schema(self._spec, declared) if declared is not None else {}
        whole = [merged(self._spec.document, one.value) for one in properties_of(place, name)]
        schema |= {note: True for note in NOTES if any(one.get(note) is True for one in whole)}
        error = broken.get(name)
        if error is not None:
            path = tuple(error.instance_path)[name != WHOLE :]
            inner = self._inner(schema, path)
            reading = Reading.UNCLEAR if inner is None else Reading.INVALID
            return Read(difference, operation, reading, schema, error.kind.name, error.instance, None, inner, path)
        unclear = declared is None or WHOLE in broken or difference.value is ABSENT
        return Read(difference, operation, Reading.UNCLEAR if unclear else Reading.VALID, schema)

    def _inner(self, schema: Resource, path: Sequence[Any]) -> Resource | None:
        """Return the schema of a part of a value, None where that is one of several."""
        kept: Resource = {}
        for step in path:
            parts = schema.get("items") if isinstance(step, int) else as_object(schema.get("properties")).get(step)
            found = schema.get("additionalProperties") if parts is None and isinstance(step, str) else parts
            if not isinstance(found, dict):
                return None
            schema = merged(self._spec.document, found)
            kept |= {name: True for name in NOTES if schema.get(name) is True}
        return schema | kept


def _broken(told: Read, keyword: str, part: Any) -> Read:  # noqa: ANN401  # any JSON value
    return Read(told.difference, told.operation, Reading.INVALID, told.schema, keyword, part, told.declared)


def _values(text: str) -> Iterator[Any]:
    """Give the values that a text in a query can stand for: itself, and a number or a truth value."""
    yield text
    if text in _WORDS:
        yield _WORDS[text]
    elif _INTEGER.fullmatch(text):
        yield int(text)
    elif _NUMBER.fullmatch(text):
        yield float(text)


def _by_field(errors: Iterator[Any]) -> Iterator[tuple[str, Any]]:
    """Give the first error of each field of a body, and that of the body as a whole under WHOLE."""
    found: dict[str, Any] = {}
    for error in errors:
        path = [*error.instance_path]
        name = str(path[0]) if path else getattr(error.kind, "property", WHOLE)
        found.setdefault(name, error)
    yield from found.items()


def _schema(spec: Published, place: Place) -> Resource:
    """Return the schema of a place, merged, and that of its items."""
    schema = merged(spec.document, place.value)
    return schema | ({"items": merged(spec.document, schema["items"])} if "items" in schema else {})


def required_fields(operation: Operation) -> frozenset[str]:
    """Return the fields that the spec wants in every body of an operation."""
    place = json_schema_of(operation.request_body)
    parts = parts_of_schema(place) if place is not None else ()
    return frozenset(str(name) for part in parts for name in part.value.get("required") or ())
