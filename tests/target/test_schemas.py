"""Single values are made to fit what a schema says of them."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.target.schemas import a_number, a_time, alternatives, fits, kind_of, texts

KINDS = [
    ("type", {"type": "string", "enum": ["a"]}, "enum"),
    ("employee_id", {"type": "string", "format": "uuid"}, "reference"),
    ("email", {"type": "string"}, "email"),
    ("callback_url", {"type": "string"}, "uri"),
    ("due", {"type": "string", "format": "date"}, "date"),
    ("due_date", {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}, "date"),
    ("hired_on", {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}, "date"),
    ("heard", {"type": "string", "pattern": r"^[0-9TZ:.-]+$"}, "date-time"),
    ("date", {"type": "string", "pattern": r"^[0-9TZ:.-]+$"}, "date"),
    ("paid_at", {"type": "string", "pattern": r"^[A-Z]{3}$"}, "text"),
    ("starts_at", {"type": "string"}, "date-time"),
    ("format", {"type": "string"}, "text"),
    ("phone", {"type": "string", "format": "phone"}, "formatted"),
    ("title", {"type": ["null", "string"]}, "text"),
    ("title", {}, "text"),
    ("what", {"properties": {}}, "object"),
    ("what", {"items": {}}, "array"),
]


@pytest.mark.parametrize(("name", "schema", "expected"), KINDS)
def test_a_kind_is_told_by_schema_and_name(name: str, schema: dict[str, Any], expected: str) -> None:
    """An enum comes before a reference, a reference before a format, a name before plain text."""
    assert kind_of(name, schema) == expected


NUMBERS = [
    ({}, 1),
    ({"default": 7}, 7),
    ({"minimum": 3, "maximum": 5}, 3),
    ({"maximum": -2}, -2),
    ({"minimum": 0, "maximum": 0}, 0),
    ({"minimum": 4, "exclusiveMinimum": True}, 5),
    ({"exclusiveMinimum": 4}, 5),
    ({"exclusiveMaximum": 1}, 0),
    ({"minimum": 11, "multipleOf": 10}, 20),
    ({"minimum": 2, "maximum": 1}, None),
    ({"minimum": 11, "maximum": 19, "multipleOf": 10}, None),
]


@pytest.mark.parametrize(("schema", "expected"), NUMBERS)
def test_an_integer_keeps_its_bounds(schema: dict[str, Any], expected: int | None) -> None:
    """Bounds of OpenAPI 3.0 and 3.1, inclusive and exclusive; None where nothing lies between them."""
    assert a_number(schema, whole=True) == expected


def test_another_number_is_another_one_within_the_bounds() -> None:
    """At the upper bound it counts downwards."""
    schema = {"minimum": 0, "maximum": 1, "default": 1}
    assert [a_number(schema, nth, whole=True) for nth in (0, 1)] == [1, 0]


def test_a_number_may_lie_between_two_integers() -> None:
    """A number needs no whole step to fit."""
    assert a_number({"minimum": 0.1, "maximum": 0.5}, whole=False) == 0.5


FITTING = [
    ({"maxLength": 10}, True),
    ({"maxLength": 4}, False),
    ({"minLength": 6}, False),
    ({"pattern": "^[a-z]+$"}, True),
    ({"pattern": "^[A-Z]+$"}, False),
    ({"pattern": "("}, False),
]


@pytest.mark.parametrize(("schema", "expected"), FITTING)
def test_a_text_fits_its_length_and_pattern(schema: dict[str, Any], expected: bool) -> None:  # noqa: FBT001  # a table
    """A pattern that Python can't read fits nothing."""
    assert fits("hello", schema) is expected


@pytest.mark.parametrize(
    "schema",
    [{}, {"minLength": 200}, {"maxLength": 8}, {"pattern": "^[A-Z]{2,5}$", "maxLength": 5}, {"pattern": "^[0-9]+$"}],
)
def test_some_free_text_fits_usual_schemas(schema: dict[str, Any]) -> None:
    """Long, short, upper case or digits: one of the candidates does."""
    assert any(fits(text, schema) for text in texts("Made by a test.", "0123456789abcdef" * 2, schema))


def test_a_period_begins_before_it_ends() -> None:
    """Names tell a beginning from an end, and both from a term."""
    times = [a_time(name, whole_days=True) for name in ("period_start", "period_end", "due_date")]
    assert times == sorted(set(times))


def test_alternatives_are_told_from_what_holds_beside_them() -> None:
    """Without oneOf or anyOf there are none."""
    assert alternatives({"anyOf": [{}], "type": "object"}) == ([{}], {"type": "object"})
    assert alternatives({"type": "object"}) == ([], {"type": "object"})
