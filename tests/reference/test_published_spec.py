"""The published spec is valid, complete and true: two validators agree, and Schemathesis finds nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from openapi_core import OpenAPI
from openapi_spec_validator import OpenAPIV30SpecValidator
from openapi_spec_validator.schemas import get_schema_content

import conformance.reference
from conformance.reference import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference.conftest import Caller

SETTINGS = Path(conformance.reference.__file__).with_name("schemathesis.toml")
SECONDS = 40
RESOURCES = {
    *("employees", "observations", "conversations", "summaries", "team-summaries", "employee-objectives"),
    *("manager-objectives", "assignments", "review-items", "notifications", "preferences", "search", "webhooks"),
    *("session", "openapi.json"),
}


@pytest.fixture
def document(api: Caller) -> dict[str, Any]:
    """Give the spec as it is published."""
    return dict(api.get("/openapi.json"))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every operation with its path."""
    return ((path, operation) for path, item in document["paths"].items() for operation in item.values())


def references(part: object) -> Iterator[str]:
    """Give every reference in a part of the document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_openapi_spec_validator_agrees(document: dict[str, Any]) -> None:
    """The validator of the specification's own schema and semantics finds nothing."""
    assert list(OpenAPIV30SpecValidator(document).iter_errors()) == []


def test_an_independent_validator_agrees(document: dict[str, Any]) -> None:
    """A validator in another language holds it against the same official schema and finds nothing."""
    official = get_schema_content("3.0")
    assert [error.message for error in jsonschema_rs.validator_for(official).iter_errors(document)] == []


def test_a_server_library_loads_it(document: dict[str, Any]) -> None:
    """A library that builds servers and clients from specs takes it, and finds its version in it."""
    version = OpenAPI.from_dict(document).version
    assert (version.major, version.minor) == ("3", "0")


def test_every_component_schema_is_a_schema(document: dict[str, Any]) -> None:
    """Each component schema compiles where its references resolve, and takes no nonsense for itself."""
    for name in document["components"]["schemas"]:
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        assert not jsonschema_rs.Draft4Validator(schema).is_valid(["nonsense"])


def test_every_reference_stays_inside(document: dict[str, Any]) -> None:
    """The document refers to nothing but its own components."""
    assert [each for each in references(document) if not each.startswith("#/components/")] == []


def test_every_component_is_used(document: dict[str, Any]) -> None:
    """No component lies idle."""
    used = set(references(document))
    kinds = ("schemas", "parameters", "headers", "responses")
    idle = [f"{kind}/{name}" for kind in kinds for name in document["components"][kind]]
    assert [each for each in idle if f"#/components/{each}" not in used] == []


def test_every_documented_resource_is_there(document: dict[str, Any]) -> None:
    """The paths cover the overview's list of resources."""
    assert {path.strip("/").split("/")[0] for path in document["paths"]} >= RESOURCES


def test_every_operation_is_named_tagged_and_described(document: dict[str, Any]) -> None:
    """Each operation has an identifier, one declared tag, a summary and a description."""
    declared = {tag["name"] for tag in document["tags"]}
    wanting = [
        operation["operationId"]
        for _, operation in operations(document)
        if len(operation["tags"]) != 1
        or operation["tags"][0] not in declared
        or not (operation["summary"] and operation["description"])
    ]
    assert wanting == []


def test_every_operation_but_the_specs_own_needs_a_key(document: dict[str, Any]) -> None:
    """The bearer scheme holds everywhere, and is lifted for the spec alone."""
    lifted = [path for path, operation in operations(document) if operation.get("security") == []]
    assert (document["security"], lifted) == ([{"bearerKey": []}], ["/openapi.json"])


def test_every_object_says_what_is_required(document: dict[str, Any]) -> None:
    """What is served has its required properties stated; what a client may change has none."""
    schemas = document["components"]["schemas"]
    loose = [name for name, schema in schemas.items() if schema["type"] == "object" and not schema.get("required")]
    assert [name for name in loose if not name.endswith("Update")] == ["Nothing"]


def test_every_list_is_paged_alike(document: dict[str, Any]) -> None:
    """Every list takes limit, with default 50 and maximum 100, and a cursor."""
    bare = [
        operation["operationId"]
        for _, operation in operations(document)
        if operation["operationId"].startswith(("list", "search"))
        and [each.get("$ref", "").rsplit("/", 1)[-1] for each in operation["parameters"][:2]] != ["Limit", "Cursor"]
    ]
    limit = document["components"]["parameters"]["Limit"]["schema"]
    assert (bare, limit) == ([], {"type": "integer", "minimum": 1, "maximum": 100, "default": 50})


@pytest.mark.slow
def test_schemathesis_finds_nothing(api: Caller) -> None:
    """Schemathesis's own command line, with all its checks and phases, passes within its time."""
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(SETTINGS), "run"]
    options = ["--max-time", str(SECONDS), "--workers", "2", "--max-examples", "10"]
    with serving(api.reference) as base:
        done = subprocess.run(
            [*command, f"{base}/openapi.json", *options],
            env={**os.environ, "PB_API_KEY": api.key},
            cwd=SETTINGS.parents[2],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS * 3,
        )
    passed = re.search(r"(\d+) passed", done.stdout)
    assert (done.returncode, passed is not None) == (0, True), done.stdout + done.stderr
