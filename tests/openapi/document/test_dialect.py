"""Schemas of OpenAPI 3.0 mean as JSON Schema what they mean there, and can always be worked with or told not to."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.openapi.document.dialect import Dialect
from conformance.openapi.document.pointers import Place
from conformance.openapi.document.weights import Unreadable


def takes(schema: dict[str, Any], value: object, *, writing: bool = False, **components: Any) -> bool:  # noqa: ANN401  # schemas
    """Tell whether a value is valid by a schema of a document with these component schemas."""
    document = {"components": {"schemas": {"Own": schema, **components}}}
    place = Place(document, schema, "/components/schemas/Own")
    return Dialect(document, writing=writing).validator(place).is_valid(value)


NULLABLE = [
    ({"type": "string"}, False),
    ({"type": "string", "nullable": True}, True),
    ({"type": "string", "nullable": True, "enum": ["a"]}, True),
    ({"type": "string", "nullable": False}, False),
    ({"oneOf": [{"type": "string"}, {"type": "object", "nullable": True, "enum": [None]}]}, True),
    ({"anyOf": [{"type": "string"}, {"enum": [None]}]}, True),
    ({"nullable": True, "allOf": [{"type": "string"}]}, True),
    ({"nullable": True, "oneOf": [{"type": "string"}, {"type": "integer"}]}, True),
    ({"allOf": [{"type": "string"}]}, False),
    ({}, True),
]


@pytest.mark.parametrize(("schema", "expected"), NULLABLE)
def test_null_is_valid_where_a_schema_says_so_in_any_way(schema: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    """By nullable, by an alternative that is null alone, or by saying nothing."""
    assert takes(schema, None) is expected


def test_beside_a_reference_nothing_counts() -> None:
    """OpenAPI 3.0 ignores what stands beside a $ref."""
    text = {"type": "string"}
    assert takes({"$ref": "#/components/schemas/Text", "nullable": True}, None, Text=text) is False


@pytest.mark.parametrize(
    ("schema", "inside", "outside"),
    [
        ({"minimum": 1}, 1, 0),
        ({"minimum": 1, "exclusiveMinimum": True}, 2, 1),
        ({"maximum": 5, "exclusiveMaximum": True}, 4, 5),
        ({"maximum": 5, "exclusiveMaximum": False}, 5, 6),
        ({"multipleOf": 0.5}, 1.5, 1.2),
        ({"type": "integer", "format": "int32"}, 2**31 - 1, 2**31),
        ({"type": "string", "format": "date"}, "2026-02-28", "2026-02-30"),
        ({"type": "string", "format": "date-time"}, "2026-02-28T10:00:00Z", "2026-02-28 10:00"),
        ({"type": "string", "format": "byte"}, "YQ==", "a"),
        ({"type": "string", "format": "no such format"}, "a", 1),
        ({"type": "string", "pattern": "^a"}, "ab", "ba"),
        ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, ["a"], ["a", "a"]),
        ({"not": {"type": "string"}}, 1, "a"),
        ({"additionalProperties": {"type": "integer"}}, {"a": 1}, {"a": "1"}),
    ],
)
def test_a_bound_holds(schema: dict[str, Any], inside: object, outside: object) -> None:
    """Each keyword takes one value and refuses another."""
    assert (takes(schema, inside), takes(schema, outside)) == (True, False)


def test_what_is_written_only_is_not_required_of_an_answer() -> None:
    """And what is read-only is not required of a request, also where the property is a reference."""
    schema = {
        "required": ["id", "secret"],
        "properties": {"id": {"$ref": "#/components/schemas/Id"}, "secret": {"type": "string", "writeOnly": True}},
    }
    parts = {"Id": {"type": "string", "readOnly": True}}
    assert takes(schema, {"id": "a"}, **parts)
    assert takes(schema, {"secret": "a"}, writing=True, **parts)
    assert not takes(schema, {"secret": "a"}, **parts)


def test_a_discriminator_decides_which_schema_holds() -> None:
    """By a mapping or by the schema's own name; another value is refused."""
    cat = {"type": "object", "required": ["lives"], "properties": {"lives": {"type": "integer"}}}
    options = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
    told_by = {"propertyName": "kind", "mapping": {"dog": "#/components/schemas/Dog"}}
    schema = {"oneOf": options, "discriminator": told_by}
    values = [{"kind": "Cat", "lives": 9}, {"kind": "dog", "lives": 9}, {"kind": "Cat"}, {"kind": "cow"}, {}]
    taken = [takes(schema, value, Cat=cat, Dog={"type": "object"}) for value in values]
    assert taken == [True, True, False, False, False]


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "text"},
        {"type": ["string", "null"]},
        {"maxLength": "ten", "minLength": -1, "minimum": "low", "multipleOf": 0},
        {"pattern": "("},
        {"required": "name", "properties": [], "items": [], "enum": "a", "allOf": {}},
    ],
)
def test_what_is_malformed_says_nothing(broken: dict[str, Any]) -> None:
    """A keyword of another type is left out."""
    assert takes(broken, "anything at all")


@pytest.mark.parametrize("reference", ["http://127.0.0.1:9/a.json", "file:///etc/passwd", "#/nowhere"])
def test_a_reference_that_does_not_resolve_makes_a_schema_unreadable(reference: str) -> None:
    """What it says can't be known, for it is never followed out of the document."""
    with pytest.raises(Unreadable):
        takes({"properties": {"a": {"$ref": reference}}}, {})


def test_a_schema_may_hold_itself() -> None:
    """A tree is valid at every depth."""
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/Own"}}},
    }
    assert (takes(tree, {"children": [{"children": []}]}), takes(tree, {"children": [{"children": [1]}]})) == (
        True,
        False,
    )


def _doubling(levels: int) -> dict[str, Any]:
    named = {f"S{level}": {"allOf": [{"$ref": f"#/components/schemas/S{level + 1}"}] * 2} for level in range(levels)}
    return {**named, f"S{levels}": {"type": "string"}}


@pytest.mark.parametrize(
    "parts",
    [
        {"S0": {"allOf": [{"$ref": "#/components/schemas/S0"}]}},
        {"S0": {"$ref": "#/components/schemas/S0"}},
        {"S0": {"oneOf": [{"$ref": "#/components/schemas/S1"}]}, "S1": {"not": {"$ref": "#/components/schemas/S0"}}},
        _doubling(40),
    ],
)
def test_what_has_no_end_is_told(parts: dict[str, Any]) -> None:
    """A schema made of itself, or of more others than can be counted, is not begun with."""
    with pytest.raises(Unreadable):
        takes({"properties": {"a": {"$ref": "#/components/schemas/S0"}}}, {"a": "x"}, **parts)


def test_a_place_is_named_as_it_is_in_the_document() -> None:
    """What a validator says of a schema leads to where it stands."""
    document = {"components": {"schemas": {"A/b": {"properties": {"c%20": {"$ref": "#/components/schemas/~0D"}}}}}}
    document["components"]["schemas"]["~D"] = {"type": "string"}  # type: ignore[dict-item]  # a smaller schema
    place = Place(document, document["components"]["schemas"]["A/b"], "/components/schemas/A~1b")
    (error,) = Dialect(document).validator(place).iter_errors({"c%20": 1})
    assert error.schema_path == ["$defs", "/components/schemas/~0D", "type"]
