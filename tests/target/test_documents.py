"""The published spec is read whatever its habits are, and never beyond itself."""

from __future__ import annotations

import time
from typing import Any

import pytest

from conformance.target.documents import (
    demanded_scopes,
    json_content,
    merged,
    operation,
    path_item,
    query_parameter,
    resolve,
    response_schema,
)

POST: dict[str, Any] = {"summary": "Create."}


@pytest.mark.parametrize("template", ["/employees/{id}", "/v1/employees/{employee_id}", "/api/v1/employees/{id}/"])
def test_a_path_is_found_however_it_is_written(template: str) -> None:
    """A version segment before it and the name of its parameter make no difference."""
    assert path_item({"paths": {template: {"post": POST}}}, "/employees/{id}") == {"post": POST}


def test_a_path_below_another_resource_is_another_path() -> None:
    """/teams/{id}/employees is not /employees."""
    assert path_item({"paths": {"/teams/{id}/employees": {"post": POST}}}, "/employees") == {}


def test_an_operation_that_is_not_declared_is_none() -> None:
    """A path may have a GET and no POST."""
    assert operation({"paths": {"/search": {"get": {}}}}, "POST", "/search") is None


@pytest.mark.parametrize("reference", ["file:///etc/passwd", "https://example.com/a.json", "#/nowhere", "#/self"])
def test_a_reference_that_leads_nowhere_within_the_document_is_empty(reference: str) -> None:
    """Files and hosts are never asked, and a circle ends."""
    assert resolve({"self": {"$ref": "#/self"}}, {"$ref": reference}) == {}


def test_a_reference_is_read_with_its_escapes() -> None:
    """A slash in a name is written ~1, a brace may be percent-encoded."""
    document = {"paths": {"/a/{id}": {"get": POST}}}
    assert resolve(document, {"$ref": "#/paths/~1a~1%7Bid%7D"}) == {"get": POST}


def test_all_of_is_one_schema() -> None:
    """Properties and what is required unite across references."""
    document = {"base": {"required": ["a"], "properties": {"a": {"type": "string"}}}}
    schema = {"allOf": [{"$ref": "#/base"}, {"required": ["b"], "properties": {"b": {}}}], "type": "object"}
    properties = {"a": {"type": "string"}, "b": {}}
    assert merged(document, schema) == {"type": "object", "required": ["a", "b"], "properties": properties}


def test_a_schema_within_itself_ends() -> None:
    """A schema that is all of itself is read as far as it says something."""
    document = {"loop": {"type": "object", "allOf": [{"$ref": "#/loop"}]}}
    assert merged(document, {"$ref": "#/loop"}) == {"type": "object"}


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "*/*"])
def test_a_json_body_is_found_by_its_media_type(media_type: str) -> None:
    """Parameters of a media type make no difference, nor does a range that holds JSON."""
    media = {"schema": {"type": "object"}}
    assert json_content({}, {"requestBody": {"content": {"text/csv": {}, media_type: media}}}) == media


def test_scopes_are_those_of_the_operation_before_those_of_the_document() -> None:
    """An operation's own security requirements replace the document's."""
    document = {"security": [{"oauth": ["all"]}]}
    own = {"security": [{"oauth": ["employees:write"]}]}
    assert (demanded_scopes(document, own), demanded_scopes(document, {})) == (("employees:write",), ("all",))


def test_the_search_parameter_is_the_usual_one_or_the_required() -> None:
    """A name that searches usually have comes first."""
    required = {"name": "needle", "in": "query", "required": True}
    usual = {"name": "text", "in": "query"}
    documents = [{"paths": {"/search": {"get": {"parameters": one}}}} for one in ([required, usual], [required], [])]
    assert [query_parameter(document) for document in documents] == ["text", "needle", None]


@pytest.mark.parametrize("broken", [{}, {"paths": []}, {"paths": {"/employees": 1}}, {"paths": {"/employees": []}}])
def test_a_malformed_spec_declares_nothing(broken: dict[str, Any]) -> None:
    """What is of another type reads as absent."""
    assert operation(broken, "POST", "/employees") is None


def test_of_parts_the_whole_has_the_last_word() -> None:
    """What a schema says itself comes after its parts, and a later part after an earlier one."""
    schema = {"title": "whole", "allOf": [{"title": "a", "maxLength": 1}, {"title": "b", "maxLength": 2}]}
    assert merged({}, schema) == {"title": "whole", "maxLength": 2}


def test_schemas_made_of_each_other_end() -> None:
    """Eight levels of twenty parts each are more than can be merged; what is read is read at once."""
    levels = {f"s{level}": {"allOf": [{"$ref": f"#/s{level + 1}"}] * 20} for level in range(9)}
    began = time.perf_counter()
    merged({**levels, "s9": {"type": "object"}}, {"$ref": "#/s0"})
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("status", ["200", "2XX", "default"])
def test_the_schema_of_an_answer_is_found_by_status_class_or_default(status: str) -> None:
    """References to components are followed."""
    page = {"type": "object", "properties": {"data": {"type": "array"}}}
    content = {"application/json; charset=utf-8": {"schema": {"$ref": "#/components/schemas/Page"}}}
    document = {"components": {"schemas": {"Page": page}, "responses": {"Ok": {"content": content}}}}
    declared = {"responses": {status: {"$ref": "#/components/responses/Ok"}}}
    assert response_schema(document, declared) == page


def test_an_answer_without_json_has_no_schema() -> None:
    """Nothing is told of it."""
    assert response_schema({}, {"responses": {"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}}}) == {}
