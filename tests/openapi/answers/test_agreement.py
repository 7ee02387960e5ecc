"""Two readings of OpenAPI 3.0 agree: JSON Schema in bulk, and openapi-core, which has the last word on a breach."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import pytest

from conformance.openapi.answers.second_opinion import ask
from conformance.openapi.document.dialect import Dialect
from conformance.openapi.document.pointers import Place

CAT: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "lives"],
    "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}},
}
DOG: dict[str, Any] = {"type": "object", "properties": {"kind": {"type": "string"}, "lives": {"type": "string"}}}
TREE: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
}
EITHER = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
SCHEMAS: dict[str, dict[str, Any]] = {
    "anything": {},
    "text": {"type": "string"},
    "nullable text": {"type": "string", "nullable": True},
    "short text": {"type": "string", "minLength": 1, "maxLength": 3},
    "nullable short text": {"type": "string", "maxLength": 3, "nullable": True},
    "enum": {"type": "string", "enum": ["a", "bb"]},
    "nullable enum": {"type": "string", "enum": ["a", None], "nullable": True},
    "enum of all kinds": {"enum": ["a", 1, None, [], {"a": 1}]},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "nullable date-time": {"type": "string", "format": "date-time", "nullable": True},
    "uuid": {"type": "string", "format": "uuid"},
    "byte": {"type": "string", "format": "byte"},
    "password": {"type": "string", "format": "password"},
    "unknown format": {"type": "string", "format": "ulid"},
    "integer": {"type": "integer"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "number": {"type": "number"},
    "bounded": {"type": "integer", "minimum": 0, "maximum": 10},
    "open bounds": {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 7, "exclusiveMaximum": True},
    "not quite open": {"type": "number", "minimum": 0, "exclusiveMinimum": False},
    "multiple": {"type": "integer", "multipleOf": 7},
    "boolean": {"type": "boolean"},
    "array": {"type": "array", "items": {"type": "string"}},
    "bounded array": {"type": "array", "items": {}, "minItems": 1, "maxItems": 2},
    "unique array": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    "object": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
    "nullable object": {"type": "object", "nullable": True, "properties": {"a": {"type": "string"}}},
    "closed object": {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}},
    "open map": {"type": "object", "additionalProperties": True},
    "bounded object": {"type": "object", "minProperties": 1, "maxProperties": 1},
    "reference": {"$ref": "#/components/schemas/Cat"},
    "all of": {"allOf": [{"$ref": "#/components/schemas/Dog"}, {"required": ["kind"]}]},
    "any of": {"anyOf": [{"type": "string", "maxLength": 1}, {"type": "integer", "maximum": 7}]},
    "one of": {"oneOf": [{"type": "string", "maxLength": 3}, {"type": "string", "minLength": 2}, {"type": "integer"}]},
    "one of with null": {"oneOf": [{"type": "integer"}, {"type": "object", "nullable": True, "enum": [None]}]},
    "not": {"not": {"type": "string"}},
    "not null": {"type": "object", "not": {"required": ["a"]}},
    "discriminated": {"oneOf": EITHER, "discriminator": {"propertyName": "kind"}},
    "mapped": {
        "oneOf": EITHER,
        "discriminator": {"propertyName": "kind", "mapping": {"puss": "#/components/schemas/Cat"}},
    },
    "tree": {"$ref": "#/components/schemas/Tree"},
    "write-only": {
        "type": "object",
        "required": ["a", "b"],
        "properties": {"a": {"type": "string"}, "b": {"type": "string", "writeOnly": True}},
    },
    "read-only": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "readOnly": True}}},
}
VALUES: list[Any] = [
    *(None, True, False, 0, 1, 7, 10, 11, -1, 14, 2**31, 2**63, 0.5, 6.999, 7.5, -0.1),
    *("", "a", "bb", "abc", "abcd", "äöü", "日本語字", "2026-02-28", "2026-02-30", "2026-2-3", "YQ==", "="),
    *("2026-02-28T10:00:00Z", "2026-02-28T10:00:00.123+02:00", "2026-02-28T10:00:00", "2026-02-28 10:00:00Z"),
    *("6f4a4f64-7c2b-4f4e-a8e1-9a8e9d2c1e10", "6f4a4f64"),
    *([], ["a"], ["a", "a"], ["a", "b", "c"], [1], [None], [["a"]], {}, {"a": "x"}, {"a": 1}, {"a": None}, {"b": "x"}),
    *({"a": "x", "c": 1}, {"a": [{"a": []}]}, {"a": [{"a": [1]}]}),
    *({"kind": "Cat", "lives": 9}, {"kind": "Cat", "lives": "9"}, {"kind": "Dog", "lives": "1"}, {"kind": "puss"}),
    *({"kind": "puss", "lives": 9}, {"kind": "cow"}, {"lives": 9}, {"kind": "Dog", "lives": 1}),
]
KNOWN: dict[str, dict[str, Any]] = {
    "nullable enum without null": {"type": "string", "enum": ["a", "bb"], "nullable": True},
    "nullable of another type": {"nullable": True, "allOf": [{"type": "string"}]},
    "written only": {"type": "object", "properties": {"a": {"type": "string", "writeOnly": True}}},
    "e-mail address": {"type": "string", "format": "email"},
}
"""Schemas that tools read differently: the bulk takes what openapi-core refuses, but for the last, where only what both
refuse is a breach."""
DIFFERING: list[tuple[str, Any, tuple[bool, bool]]] = [
    ("nullable enum without null", None, (True, False)),
    ("nullable of another type", None, (True, False)),
    ("written only", {"a": "x"}, (True, False)),
    ("integer", 1.0, (True, False)),
    ("e-mail address", "@", (False, True)),
    ("e-mail address", "a", (False, False)),
]


def document() -> dict[str, Any]:
    """Write a document with an operation for each schema, under its number."""
    every = SCHEMAS | KNOWN
    answers = [
        {"200": {"description": "A value.", "content": {"application/json": {"schema": one}}}} for one in every.values()
    ]
    return {
        "openapi": "3.0.3",
        "info": {"title": "Corpus", "version": "1"},
        "paths": {f"/{number}": {"get": {"responses": one}} for number, one in enumerate(answers)},
        "components": {"schemas": {"Cat": CAT, "Dog": DOG, "Tree": TREE}},
    }


def verdicts(asked: list[tuple[str, Any]]) -> list[tuple[bool, bool]]:
    """Ask both about values, each by a schema's name: whether it is valid in bulk, and by openapi-core."""
    whole, every = document(), SCHEMAS | KNOWN
    dialect, numbers = Dialect(whole), {name: number for number, name in enumerate(every)}
    bulk, cases = [], []
    for name, value in asked:
        where = f"/paths/~1{numbers[name]}/get/responses/200/content/application~1json/schema"
        bulk.append(dialect.validator(Place(whole, every[name], where)).is_valid(value))
        headers, body = [["Content-Type", "application/json"]], json.dumps(value)
        cases.append({"method": "GET", "path": f"/{numbers[name]}", "status": 200, "headers": headers, "body": body})
    said = asyncio.run(ask(whole, cases))
    return [(valid, told == []) for valid, told in zip(bulk, said, strict=True)]


@pytest.mark.slow
def test_both_agree_on_every_schema_and_value() -> None:
    """No value is valid for one of them alone."""
    asked = list(itertools.product(SCHEMAS, VALUES))
    told = zip(asked, verdicts(asked), strict=True)
    assert [pair for pair, (bulk, core) in told if bulk != core] == []


def test_they_differ_where_they_are_known_to() -> None:
    """By a value for each of the readings."""
    asked = [(name, value) for name, value, _ in DIFFERING]
    assert verdicts(asked) == [expected for _, _, expected in DIFFERING]
