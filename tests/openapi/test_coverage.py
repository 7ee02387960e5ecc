"""What a run saw of a spec is counted: operations, statuses, parameters, values, and both sides of each bound."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.openapi.coverage import PROMISES, coverage
from conformance.openapi.document.published import Published
from conformance.wire.exchange import Exchange, Request, Response

ORDER = {"type": "array", "items": {"type": "string", "enum": ["up", "down"]}}
LIST = {
    "parameters": [
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
        {"name": "sort", "in": "query", "style": "form", "explode": False, "schema": ORDER},
        {
            "name": "filter",
            "in": "query",
            "style": "deepObject",
            "schema": {"type": "object", "properties": {"kind": {"type": "string", "enum": ["a", "b"]}}},
        },
    ],
    "responses": {"200": {"description": ""}, "4XX": {"description": ""}},
}
THING = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 3, "nullable": True},
        "tags": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
    },
}
CREATE = {
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
    "responses": {"201": {"description": ""}},
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "paths": {"/v1/things": {"get": LIST, "post": CREATE}, "/openapi.json": {"get": {"responses": {}}}},
    "components": {"schemas": {"Thing": THING}},
}


def asked(method: str, status: int, *query: tuple[str, str], body: object = None, path: str = "/things") -> Exchange:
    """Make an exchange as it is recorded."""
    content = b"" if body is None else json.dumps(body).encode()
    request = Request(method, f"http://target.test/v1{path}", path, query=query, body=content)
    return Exchange(1, request, Response(status))


def seen(*exchanges: Exchange) -> dict[str, Any]:
    """Count what was seen of each operation, by label."""
    spec = Published(DOCUMENT, asked("GET", 200))
    return {one["operation"]: one for one in coverage(spec, exchanges)["operations"]}


def test_operations_and_statuses_are_counted() -> None:
    """A range counts what falls into it; what is not declared stands apart, and so does another path."""
    others = (asked("POST", 500), asked("GET", 200, path="/others"))
    told = seen(asked("GET", 200), asked("GET", 404), asked("GET", 409), *others)
    assert [(one["answers"], one["statuses"], one["undeclared"]) for one in told.values()] == [
        (3, {"200": 1, "4XX": 2}, {}),
        (1, {"201": 0}, {"500": 1}),
    ]


def test_an_operation_that_only_refuses_was_never_served() -> None:
    """Any status of success counts, declared or not."""
    told = coverage(Published(DOCUMENT, asked("GET", 200)), [asked("GET", 404), asked("POST", 202)])
    assert (told["summary"]["operations"]["seen"], told["never_seen"]["served"]) == (2, ["GET /v1/things"])


def test_the_spec_itself_is_no_promise() -> None:
    """Nor is what a run never asked left out."""
    assert list(seen()) == ["GET /v1/things", "POST /v1/things"]


@pytest.mark.parametrize(
    ("value", "at", "beyond"),
    [("100", (0, 1), (0, 0)), ("1", (1, 0), (0, 0)), ("101", (0, 0), (0, 1)), ("x", (0, 0), (0, 0))],
)
def test_a_bound_is_reached_or_crossed(value: str, at: tuple[int, int], beyond: tuple[int, int]) -> None:
    """The lower and the upper one of a number, as a query spells it."""
    bounds = seen(asked("GET", 200, ("limit", value)))["GET /v1/things"]["inputs"]["limit"]["bounds"]
    told = [bounds[name] for name in ("minimum", "maximum")]
    assert ([one["at"] for one in told], [one["beyond"] for one in told]) == (list(at), list(beyond))


def test_values_of_an_enum_are_counted_one_by_one() -> None:
    """Also those of a list with commas, and of a property of a deepObject."""
    query = (("sort", "up,down"), ("sort", "up"), ("filter[kind]", "a"), ("filter[kind]", "c"))
    inputs = seen(asked("GET", 200, *query))["GET /v1/things"]["inputs"]
    told = {name: (inputs[name]["sent"], inputs[name]["values"]) for name in ("sort", "filter[kind]")}
    assert told == {"sort": (2, {"up": 2, "down": 1}), "filter[kind]": (2, {"a": 1, "b": 0})}


def test_members_of_a_body_are_inputs_too() -> None:
    """Lengths of texts, counts of items, and null."""
    bodies = ({"name": "abc", "tags": ["a", "b", "c"]}, {"name": "", "tags": []}, {"name": None}, ["no object"])
    inputs = seen(*(asked("POST", 201, body=body) for body in bodies))["POST /v1/things"]["inputs"]
    name = {"minLength": {"value": 1, "at": 0, "beyond": 1}, "maxLength": {"value": 3, "at": 1, "beyond": 0}}
    assert inputs == {
        "body.name": {"sent": 3, "values": {"null": 1}, "bounds": name},
        "body.tags": {"sent": 2, "bounds": {"maxItems": {"value": 2, "at": 0, "beyond": 1}}},
    }


def test_what_was_never_seen_is_named() -> None:
    """In the words of the spec; the sum says how much that is."""
    told = coverage(Published(DOCUMENT, asked("GET", 200)), [asked("GET", 200, ("limit", "100"))])
    assert told["summary"]["operations"] == {"of": 2, "seen": 1}
    assert told["never_seen"]["operations"] == ["POST /v1/things"]
    assert told["never_seen"]["served"] == ["POST /v1/things"]
    assert told["never_seen"]["statuses"] == ["GET /v1/things 4XX", "POST /v1/things 201"]
    assert "GET /v1/things limit beyond maximum 100" in told["never_seen"]["bounds"]


def test_a_hostile_schema_leaves_its_inputs_out() -> None:
    """The operation itself is still counted."""
    parts = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}]} for n in range(300)}
    document = DOCUMENT | {
        "components": {"schemas": {"Thing": {"$ref": "#/components/schemas/S0"}, **parts, "S300": {}}}
    }
    told = coverage(Published(document, asked("GET", 200)), [asked("POST", 201, body={"name": "a"})])
    assert [(one["answers"], one["inputs"]) for one in told["operations"] if "POST" in one["operation"]] == [(1, {})]


def test_an_endless_enum_leaves_inputs_out_and_says_so() -> None:
    """Also those of the operations after it, which are still counted themselves."""
    endless = {"name": "kind", "in": "query", "schema": {"enum": list(range(PROMISES))}}
    document = DOCUMENT | {"paths": {"/v1/all": {"get": {**LIST, "parameters": [endless]}}, **DOCUMENT["paths"]}}
    told = coverage(Published(document, asked("GET", 200)), [asked("GET", 200)])["operations"]
    assert [(one["answers"], one["inputs"], "more than" in one["unread"]) for one in told] == [
        (0, {}, True),
        (1, {}, True),
        (0, {}, True),
    ]
