"""What makes a document no OpenAPI 3.0 is found, said with its place, and agreed on by another validator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator
from openapi_spec_validator.schemas import get_schema_content

from conformance.openapi.audit.validity import _official, broken_references, invalid
from conformance.reference.publishing import published

if TYPE_CHECKING:
    from collections.abc import Callable

Document = dict[str, Any]


@pytest.fixture
def document() -> Document:
    """Give a valid document of some size."""
    copy: Document = json.loads(json.dumps(published("localhost")))
    return copy


def test_a_valid_document_has_no_problem(document: Document) -> None:
    """Neither by schema nor by its references."""
    assert ([*invalid(document), *broken_references(document)]) == []


def test_the_official_schema_is_the_one_of_the_validator() -> None:
    """It is read from that distribution's files without importing it."""
    official = get_schema_content("3.0")
    assert _official().is_valid({}) is False
    assert official["id"].startswith("https://spec.openapis.org/oas/3.0/schema/")


def _list(document: Document) -> Document:
    found: Document = document["paths"]["/observations"]["get"]
    return found


BROKEN: dict[str, tuple[Callable[[Document], object], str]] = {
    "no title": (lambda one: one["info"].pop("title"), '/info: "title" is a required property'),
    "no responses": (
        lambda one: _list(one).pop("responses"),
        '/paths/~1observations/get: "responses" is a required property',
    ),
    "a parameter without a place": (
        lambda one: _list(one)["parameters"].append({"name": "a", "schema": {}}),
        '/paths/~1observations/get/parameters/24: "in" is a required property',
    ),
    "an unknown type": (
        lambda one: one["components"]["schemas"]["Department"]["properties"]["name"].update(type="text"),
        "/components/schemas/Department/properties/name/type: ",
    ),
    "two operations of one id": (
        lambda one: _list(one).update(operationId="listEmployees"),
        "/paths: 2 operations have the operationId 'listEmployees': GET /employees, GET /observations",
    ),
    "one path twice": (
        lambda one: one["paths"].update({"/summaries/{key}": {}}),
        "/paths: these are one path: /summaries/{id}, /summaries/{key}",
    ),
    "an undeclared path parameter": (
        lambda one: one["paths"]["/summaries/{id}"]["get"].pop("parameters"),
        "/paths/~1summaries~1{id}/get: the path parameter 'id' is not declared",
    ),
    "a path parameter too many": (
        lambda one: _list(one)["parameters"].append({"$ref": "#/components/parameters/Id"}),
        "/paths/~1observations/get: the path parameter 'id' is not in the path",
    ),
    "a parameter twice": (
        lambda one: _list(one)["parameters"].append({"name": "limit", "in": "query", "schema": {"type": "integer"}}),
        "/paths/~1observations/get/parameters: the query parameter 'limit' is declared 2 times",
    ),
    "a tag twice": (lambda one: one["tags"].append({"name": "search"}), "/tags: the tag 'search' is declared 2 times"),
    "an undeclared scheme": (
        lambda one: one.update(security=[{"oauth": []}]),
        "/security: the security scheme 'oauth' is not declared",
    ),
    "an array of anything": (
        lambda one: one["components"]["schemas"].update(Many={"type": "array"}),
        "/components/schemas/Many: an array has no items",
    ),
    "a default of another type": (
        lambda one: one["components"]["parameters"]["Limit"]["schema"].update(default="50"),
        "/components/parameters/Limit/schema: the default '50' is not of the type that is declared",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_told_with_its_place(name: str, document: Document) -> None:
    """A JSON pointer, and what is wrong there."""
    change, told = BROKEN[name]
    change(document)
    assert any(str(problem).startswith(told) for problem in invalid(document))


AGREED = (
    "an undeclared path parameter",
    "a default of another type",
    "no title",
    "no responses",
    "an unknown type",
    "two operations of one id",
    "a parameter twice",
)
"""What the other validator looks at, too."""


@pytest.mark.parametrize("name", AGREED)
def test_another_validator_agrees(name: str, document: Document) -> None:
    """openapi-spec-validator refuses the same documents."""
    BROKEN[name][0](document)
    assert list(OpenAPIV30SpecValidator(document).iter_errors()) != []


REFERENCES = {
    "https://example.com/a.json": "leads out of the document",
    "file:///etc/passwd": "leads out of the document",
    "other.json#/components/schemas/A": "leads out of the document",
    "#/components/schemas/Nowhere": "leads nowhere",
    "#/components/schemas/Ring": "leads in a circle",
    "#/components/responses/NotFound": "leads to one of responses, where a schema has to stand",
    "#/info/title": "leads to what is no object",
}


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_reference_that_does_not_resolve_is_told(reference: str, document: Document) -> None:
    """Outside, nowhere, in a circle, or to something else."""
    document["components"]["schemas"]["Ring"] = {"$ref": "#/components/schemas/Ring"}
    document["components"]["schemas"]["A"] = {"$ref": reference}
    told = {problem.pointer: problem.text for problem in broken_references(document)}
    assert told["/components/schemas/A"] == f"$ref {reference!r} {REFERENCES[reference]}"


def test_the_target_of_a_discriminator_is_a_reference(document: Document) -> None:
    """A name of a schema is none that could break."""
    mapping = {"a": "#/components/schemas/Nowhere", "b": "Error", "c": "#/components/schemas/Error"}
    schema = {"oneOf": [], "discriminator": {"propertyName": "kind", "mapping": mapping}}
    document["components"]["schemas"]["Either"] = schema
    assert [problem.pointer for problem in broken_references(document)] == [
        "/components/schemas/Either/discriminator/mapping/a"
    ]


def test_data_holds_no_references(document: Document) -> None:
    """Examples, defaults, enums and extensions may look like some."""
    looks = {"$ref": "#/nowhere"}
    schema = {"type": "object", "example": looks, "default": looks, "enum": [looks], "x-origin": looks}
    document["components"]["schemas"]["Odd"] = schema
    document["x-origin"] = looks
    assert list(broken_references(document)) == []


def test_a_property_may_be_called_ref(document: Document) -> None:
    """It is a schema then, as any other property."""
    document["components"]["schemas"]["Odd"] = {"properties": {"$ref": {"$ref": "#/components/schemas/Error"}}}
    assert ([*invalid(document), *broken_references(document)]) == []
