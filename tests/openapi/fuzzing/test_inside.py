"""Fields that nest are filled by their schema, and one part of them is changed at a time."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.assessing import Expected, assess
from conformance.openapi.fuzzing.inside import INSIDE, LEAVES, full, inside, near_misses, plain_value
from conformance.openapi.fuzzing.oracle import Oracle
from conformance.openapi.fuzzing.questions import Difference, Question, Slot, Twin
from conformance.wire.outgoing import ABSENT
from tests.openapi.fuzzing.conftest import RESPONSES, answer

CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
HOURS = {
    "type": "object",
    "required": ["start"],
    "properties": {
        "start": {"type": "string", "pattern": CLOCK},
        "owner_id": {"type": "string"},
        "made": {"type": "string", "readOnly": True},
        "kind": {"type": "string", "enum": ["quiet", "loud"]},
    },
}
RESULT = {"type": "object", "properties": {"target": {"type": "number", "minimum": 0}, "note": {"type": "string"}}}
FIELDS: dict[str, Any] = {
    "hours": HOURS,
    "results": {"type": "array", "maxItems": 3, "items": {"$ref": "#/components/schemas/Result"}},
    "labels": {"type": "object", "maxProperties": 4, "additionalProperties": {"type": "string", "maxLength": 9}},
    "tags": {"type": "array", "maxItems": 5, "items": {"type": "string"}},
    "title": {"type": "string"},
}
CREATE = {
    "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": FIELDS}}}},
    "responses": RESPONSES,
}
SPEC = Published(
    {
        "openapi": "3.0.3",
        "paths": {"/things": {"post": CREATE}},
        "components": {"schemas": {"Result": RESULT}},
    },
    answer(),
)
TWIN = Twin(SPEC.operations[0], "/things", body={}, exchange=answer())


def values(name: str) -> list[Any]:
    """Give the values of a field."""
    told = [one.differences[0] for one in inside(TWIN, SPEC.document, FIELDS)]
    return [one.value for one in told if one.slot.name == name]


def expected(name: str, value: object) -> tuple[Expected, str]:
    """Tell what is expected of a field's value, and the keyword that it breaks."""
    question = Question(TWIN.operation, INSIDE, (Difference(Slot("body", name), value),))
    told = assess(question, TWIN, Oracle(SPEC))
    return told.expected, "".join(one.keyword for one in told.blamed)


def test_a_field_is_filled_with_all_that_it_describes() -> None:
    """But for what refers to others, and what a client does not write."""
    assert plain_value(HOURS, SPEC.document, "hours") == {"start": "12:30", "kind": "quiet"}


def test_what_the_spec_shows_is_taken_first() -> None:
    """Its example, and then its default: a time zone is no text."""
    shown = {"type": "object", "properties": {"zone": {"type": "string", "default": "UTC"}}}
    assert plain_value(shown, SPEC.document, "at") == {"zone": "UTC"}
    assert plain_value({**shown, "example": {"zone": "Europe/London"}}, SPEC.document, "at") == {
        "zone": "Europe/London"
    }


def test_what_refers_to_itself_comes_to_an_end() -> None:
    """However many of its parts are like it."""
    names = [f"part_{place}" for place in range(10)]
    node = {"type": "object", "properties": {name: {"$ref": "#/components/schemas/Node"} for name in names}}
    node["properties"]["name"] = {"type": "string"}
    document = {**SPEC.document, "components": {"schemas": {"Node": node}}}
    assert 0 < len([*inside(TWIN, document, {"tree": node})]) <= LEAVES * 20


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "required": ["owner_id"], "properties": HOURS["properties"]},
        {"type": "array", "items": {"type": "string", "pattern": r"^\p{Lu}{3}$"}},
        {"type": "integer", "minimum": 3, "maximum": 2},
    ],
)
def test_what_can_not_be_told_is_not_there(schema: dict[str, Any]) -> None:
    """Rather than wrong."""
    assert plain_value(schema, SPEC.document, "some") is ABSENT


def test_one_part_is_changed_at_a_time() -> None:
    """In an object, and in the items of a list; a field without parts is none of this."""
    assert {"start": "24:30", "kind": "quiet"} in values("hours")
    assert [{"target": 2**53, "note": "Conformance"}] in values("results")
    assert (values("title"), values("tags")) == ([], [])


def test_a_part_is_read_by_its_own_schema() -> None:
    """A number as a text may be read as one, and a time that no clock shows is none."""
    found = [expected("results", [{"target": one}]) for one in ("7", "much", -1)]
    assert found == [(Expected.ANYTHING, ""), (Expected.REFUSAL, "type"), (Expected.REFUSAL, "minimum")]
    assert expected("results", [{"note": None}]) == (Expected.ANYTHING, "")
    assert expected("hours", {"start": "12:30", "made": 7}) == (Expected.ANYTHING, "")
    assert expected("hours", {"start": "24:30"}) == (Expected.REFUSAL, "pattern")
    assert expected("hours", {"start": " 12:30"}) == (Expected.ANYTHING, "")


def test_lists_and_objects_are_filled_to_their_bounds_and_beyond() -> None:
    """What has one more is to be refused."""
    told = {(one.differences[0].slot.name, len(one.differences[0].value)) for one in full(TWIN, SPEC.document, FIELDS)}
    assert told == {("labels", 4), ("labels", 5), ("tags", 5), ("tags", 6)}
    labels = [{f"k{place}": "a" for place in range(many)} for many in (4, 5)]
    assert [expected("labels", one)[0] for one in labels] == [Expected.ANYTHING, Expected.REFUSAL]


def test_a_text_that_just_does_not_fit_is_told_for_a_pattern() -> None:
    """None of them fits."""
    told = [*near_misses(HOURS["properties"]["start"])]
    assert ("24:30" in told, "00:000" in told, [*near_misses({"type": "string"})]) == (True, True, [])
