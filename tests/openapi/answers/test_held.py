"""Answers are held against what the spec declares of them, however it does so; nothing redacted is a finding."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.openapi.answers.findings import place_of
from conformance.openapi.answers.held import Answers
from conformance.openapi.document.published import Published
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from conformance.openapi.answers.held import Held

THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "pattern": "^[a-z]+$"}}}
JSON = "application/json"


def exchange(
    value: object, status: int = 200, *, path: str = "/things/a", method: str = "GET", **headers: str
) -> Exchange:
    """Make an exchange as it is recorded."""
    named = {"Content-Type": JSON} | {name.replace("_", "-"): text for name, text in headers.items()}
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    request = Request(method, f"http://target.test/v1{path}", path)
    return Exchange(1, request, Response(status, tuple(named.items()), body))


def spec_of(responses: dict[str, Any], **paths: Any) -> Published:  # noqa: ANN401  # path items
    """Write a spec of one operation with these responses, and of others."""
    item = {"get": {"responses": responses}}
    document = {
        "openapi": "3.0.3",
        "paths": {"/v1/things/{id}": item, **{f"/{name}": one for name, one in paths.items()}},
        "components": {"schemas": {"Thing": THING}},
    }
    return Published(document, exchange({}))


def content(schema: dict[str, Any], media_type: str = JSON) -> dict[str, Any]:
    """Write a response with a schema."""
    return {"description": "An answer.", "content": {media_type: {"schema": schema}}}


REFERRED = content({"$ref": "#/components/schemas/Thing"})


def held(responses: dict[str, Any], *exchanges: Exchange) -> Held:
    """Hold answers against a spec of one operation."""
    return Answers(spec_of(responses)).hold(exchanges)


def told(responses: dict[str, Any], *exchanges: Exchange) -> list[str]:
    """Say what is found."""
    return [str(finding) for finding in held(responses, *exchanges).findings.values()]


def test_a_finding_is_one_place_of_the_spec_however_many_answers_show_it() -> None:
    """The first of them is what a report cites."""
    found = told({"200": REFERRED}, exchange({"id": "A"}), exchange({"id": "B"}), exchange({"id": "a"}))
    place = "#/components/schemas/Thing/properties/id/pattern"
    assert found == [f'GET /v1/things/{{id}} 200: /id: "A" does not match "^[a-z]+$", by {place} (2 times)']


@pytest.mark.parametrize("declared", ["200", "2XX", "2xx", "default"])
def test_a_status_is_declared_by_itself_its_range_or_by_default(declared: str) -> None:
    """Each has its schema held against the answer."""
    assert len(told({declared: REFERRED}, exchange({}))) == 1


def test_the_nearest_declaration_holds() -> None:
    """Before the range, and the range before the default."""
    responses = {
        "default": content({"type": "array", "items": {}}),
        "2XX": content({"type": "string"}),
        "200": REFERRED,
    }
    assert told(responses, exchange({"id": "a"}), exchange("made", 201), exchange([], 404)) == []


@pytest.mark.parametrize(
    "declared", [JSON, "application/json; charset=utf-8", "application/*", "*/*", "Application/JSON"]
)
def test_a_media_type_is_declared_in_any_way(declared: str) -> None:
    """Parameters and case make no difference."""
    responses = {"200": content({"type": "string"}, declared)}
    assert [len(told(responses, exchange(value, Content_Type=f"{JSON};charset=UTF-8"))) for value in ("a", 1)] == [0, 1]


def test_another_media_type_is_found() -> None:
    """Also where there is none at all."""
    responses = {"200": content({}, JSON)}
    assert [len(told(responses, exchange(b"", Content_Type=one))) for one in ("text/html", "")] == [1, 1]


def test_a_body_that_is_no_json_is_found() -> None:
    """Its media type says that it is."""
    assert "the body is no JSON" in told({"200": REFERRED}, exchange(b"{"))[0]


def test_where_no_content_is_declared_none_is_judged() -> None:
    """The rule on shapes judges that."""
    assert told({"200": {"description": "Done."}}, exchange({"id": 1})) == []


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"type": "integer"}, "12", True),
        ({"type": "integer"}, "1.5", False),
        ({"type": "integer", "minimum": 1}, "0", False),
        ({"type": "number"}, "1.5", True),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "yes", False),
        ({"type": "array", "items": {"type": "integer"}}, "1, 2", True),
        ({"type": "array", "items": {"type": "integer"}}, "1, b", False),
        ({"type": "string", "format": "date-time"}, "today", False),
    ],
)
def test_a_header_is_read_as_its_schema_wants_it(schema: dict[str, Any], value: str, fits: bool) -> None:  # noqa: FBT001
    """A text that can't be read so is refused by the schema."""
    responses = {"200": {"description": "", "headers": {"x-count": {"schema": schema}}}}
    assert (told(responses, exchange({}, X_Count=value)) == []) is fits


@pytest.mark.parametrize(("required", "findings"), [(True, 1), (False, 0)])
def test_a_header_may_be_required(required: bool, findings: int) -> None:  # noqa: FBT001
    """It is found missing then, and only then."""
    responses = {"200": {"description": "", "headers": {"X-Count": {"required": required, "schema": {}}}}}
    assert len(told(responses, exchange({}))) == findings


def test_what_was_redacted_is_not_held_against_a_pattern() -> None:
    """The target did not write the placeholder."""
    values = ("[redacted_secret]", "whsec [PB_API_KEY]", "plain TEXT")
    assert [len(told({"200": REFERRED}, exchange({"id": value}))) for value in values] == [0, 0, 1]


def test_what_the_spec_does_not_describe_is_left_aside() -> None:
    """Another path, another method, another status."""
    others = (exchange(1, path="/other"), exchange(1, method="PATCH"), exchange(1, 500))
    assert held({"200": REFERRED}, *others).counts == {}


def test_an_undeclared_status_is_known_as_such() -> None:
    """By operation and status."""
    answers = Answers(spec_of({"200": REFERRED}))
    found = answers.undeclared([exchange(1, 500), exchange({"id": "a"}), exchange(1, path="/other")])
    assert [(operation.label, status) for operation, status in found] == [("GET /v1/things/{id}", 500)]


def test_a_schema_that_cannot_be_worked_with_is_told() -> None:
    """No finding and no pass: the reason."""
    result = held({"200": content({"$ref": "http://example.com/a.json"})}, exchange({}))
    reasons = list(result.unreadable.values())
    assert (result.findings, ["does not resolve inside" in reason for reason in reasons]) == ({}, [True])


def test_a_body_that_nests_endlessly_is_left_alone() -> None:
    """It would take the process with it."""
    tree = {
        "type": "array",
        "items": {"$ref": "#/paths/~1v1~1things~1{id}/get/responses/200/content/application~1json/schema"},
    }
    assert told({"200": content(tree)}, exchange(b"[" * 900 + b"1" + b"]" * 900)) == []


def test_the_path_that_says_most_wins() -> None:
    """A literal segment before a parameter, and a parameter within a segment."""
    me, one, file = ({"get": {"responses": {}}} for _ in range(3))
    spec = spec_of({}, **{"people/me": me, "people/{id}": one, "people/{id}.json": file})
    routes = Answers(spec).routes
    found = [routes.find("GET", path) for path in ("/people/me", "/people/a", "/people", "/people/", "/things/a")]
    templates = [operation and operation.template for operation in found]
    assert templates == ["/people/me", "/people/{id}", None, None, "/v1/things/{id}"]


def test_a_place_leads_past_what_rewriting_put_between() -> None:
    """The pointer is one into the document as it was published."""
    schema = {"nullable": True, "allOf": [{"type": "string"}]}
    document = {"components": {"schemas": {"A": schema}}}
    path = ["$defs", "/components/schemas/A", "else", "allOf", 0, "type"]
    assert place_of(document, path) == "/components/schemas/A/allOf/0/type"
