"""No legal way of writing a spec is held against it: each is published in the reference's place and judged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from conformance.faults.publishing import operation, properties, publishes, schemas
from conformance.faults.trial import trial
from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.faults.publishing import Document

DECLARED = {f"SPC-{number:02}" for number in (*range(1, 10), 13, 14, 15, 16)}
"""The rules on what a spec declares, but for the one that generates a client."""
METHODS = {"get", "post", "patch", "delete"}


def operations(document: Document) -> list[Document]:
    """Give every operation."""
    return [item[method] for item in document["paths"].values() for method in METHODS & item.keys()]


def parameters_of_paths(document: Document) -> None:
    """Declare the parameters of a path beside its operations, under another name than id."""
    named: Document = {}
    for path, item in document["paths"].items():
        if "{id}" not in path:
            named[path] = item
            continue
        for own in item.values():
            own["parameters"] = [one for one in own["parameters"] if not one.get("$ref", "").endswith("/Id")]
        key = {"name": "resource_key", "in": "path", "required": True, "schema": {"type": "string"}}
        named[path.replace("{id}", "{resource_key}")] = {"parameters": [key], **item}
    document["paths"] = named


def version_in_paths(document: Document) -> None:
    """Write the version segment into the paths, with a trailing slash on lists, and not into the server's URL."""
    document["servers"] = [{"url": "https://api.performanceblocks.com"}]
    document["paths"] = {f"/v1{path}" + ("" if "{" in path else "/"): item for path, item in document["paths"].items()}


def made_of_parts(document: Document) -> None:
    """Make the observation of two others, one of them of references."""
    own = schemas(document)["Observation"]
    stamps = {name: own["properties"].pop(name) for name in ("created_at", "updated_at", "archived_at")}
    schemas(document)["Stamped"] = {"type": "object", "properties": stamps, "required": list(stamps)}
    schemas(document)["Text"] = own["properties"]["observation"]
    own["properties"]["observation"] = {"$ref": "#/components/schemas/Text"}
    own["required"] = [name for name in own["required"] if name not in stamps]
    schemas(document)["Observation"] = {"allOf": [{"$ref": "#/components/schemas/Stamped"}, own]}


def pages_of_anything_first(document: Document) -> None:
    """Make each page of one that holds anything, and of what is in it; and a text of one without a bound."""
    anything = {"type": "array", "items": {"type": "object"}}
    envelope = {"data": anything, "next_cursor": {"type": "string", "nullable": True}, "has_more": {"type": "boolean"}}
    schemas(document)["Page"] = {"type": "object", "required": [*envelope], "properties": envelope}
    for own in operations(document):
        media = own["responses"].get("200", {}).get("content", {}).get("application/json", {})
        schema = media.get("schema", {})
        if "next_cursor" in schema.get("properties", {}):
            data = {"type": "object", "properties": {"data": schema["properties"]["data"]}}
            media["schema"] = {"allOf": [{"$ref": "#/components/schemas/Page"}, data]}
    loose = {"type": "object", "properties": {"observation": {"type": "string"}, "impact": {}}}
    for name in ("Observation", "ObservationCreate", "ObservationUpdate"):
        schemas(document)[name] = {"allOf": [loose, schemas(document)[name]]}


def null_by_alternatives(document: Document) -> None:
    """Allow null by alternatives, one of which is null alone."""
    for name in ("Observation", "ObservationCreate", "ObservationUpdate"):
        text = {"type": "string", "maxLength": 2000}
        own = properties(document, name)
        own["impact"] = {"oneOf": [text, {"type": "object", "nullable": True, "enum": [None]}]}
        own["recommended_action"] = {"anyOf": [{"enum": [None], "nullable": True}, text]}
    moment = {"type": "string", "format": "date-time"}
    schemas(document)["Moment"] = moment
    archived = {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Moment"}]}
    properties(document, "Observation")["archived_at"] = archived


def filters_in_one(document: Document) -> None:
    """Declare the filters as one deepObject, a schema of references."""
    own = operation(document, "GET", "/observations")
    bounds = {"type": "object", "properties": {"gte": {"type": "string"}, "lte": {"type": "string"}}}
    schemas(document)["Bounds"] = bounds
    plain = {name: {"type": "string"} for name in ("employee_id", "manager_id", "type", "attribute_id", "archived")}
    ranges = {name: {"$ref": "#/components/schemas/Bounds"} for name in ("observation_date", "created_at")}
    schemas(document)["Filter"] = {"type": "object", "properties": plain | ranges}
    deep = {"name": "filter", "in": "query", "style": "deepObject", "schema": {"$ref": "#/components/schemas/Filter"}}
    own["parameters"] = [*(one for one in own["parameters"] if "ilter" not in str(one)), deep]


def encoded_brackets(document: Document) -> None:
    """Write the brackets of the filters percent-encoded."""
    named = [one for one in operation(document, "GET", "/observations")["parameters"] if "name" in one]
    for one in named:
        one["name"] = one["name"].replace("[", "%5B").replace("]", "%5D")


def ranges_and_defaults(document: Document) -> None:
    """Declare successes as a range and errors as a default, in operations on observations."""
    for path, item in document["paths"].items():
        if path.startswith("/observations"):
            for own in item.values():
                success = next(one for status, one in own["responses"].items() if status.startswith("2"))
                own["responses"] = {"2XX": success, "default": {"$ref": "#/components/responses/ValidationError"}}


def everything_by_reference(document: Document) -> None:
    """Refer to responses, request bodies and parameters, and from component to component."""
    create = operation(document, "POST", "/observations")
    components = document["components"]
    components["requestBodies"] = {
        "Create": create["requestBody"],
        "Same": {"$ref": "#/components/requestBodies/Create"},
    }
    create["requestBody"] = {"$ref": "#/components/requestBodies/Same"}
    components["responses"]["Made"] = create["responses"]["201"]
    create["responses"]["201"] = {"$ref": "#/components/responses/Made"}
    components["schemas"]["Alias"] = {"$ref": "#/components/schemas/ObservationUpdate"}
    body = operation(document, "PATCH", "/observations/{id}")["requestBody"]
    body["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/Alias"}


def referred_by_path(document: Document) -> None:
    """Refer to a schema where it stands in an operation, with its slashes and braces escaped."""
    where = "#/paths/~1observations~1%7Bid%7D/get/responses/200/content/application~1json/schema"
    answer = operation(document, "POST", "/observations/{id}/restore")["responses"]["200"]
    answer["content"]["application/json"]["schema"] = {"$ref": where}


def a_server_with_variables(document: Document) -> None:
    """Name the version as a variable of the second server."""
    variables = {"version": {"default": "v1", "enum": ["v1", "v2"]}, "region": {"default": "api"}}
    second = {"url": "https://{region}.performanceblocks.com/{version}/", "variables": variables}
    document["servers"] = [{"url": "http://localhost:4010"}, second]


def a_server_beside_the_spec(document: Document) -> None:
    """Name the server by where the spec is."""
    document["servers"] = [{"url": "."}]


def other_ways_in(document: Document) -> None:
    """Give every operation its own security, with an alternative, under another name and in another case."""
    del document["security"]
    schemes = {
        "PAT (v2)": {"type": "http", "scheme": "Bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "s"},
    }
    document["components"]["securitySchemes"] = schemes
    for own in operations(document):
        own["security"] = own.get("security", [{"cookie": []}, {"PAT (v2)": []}])


def resources_in_data(document: Document) -> None:
    """Serve single resources inside a data member."""
    for own in operations(document):
        for status in ("200", "201"):
            media = own["responses"].get(status, {}).get("content", {}).get("application/json", {})
            if "$ref" in media.get("schema", {}):
                media["schema"] = {"type": "object", "required": ["data"], "properties": {"data": media["schema"]}}


def other_media_types(document: Document) -> None:
    """Name the media type with a parameter, and another one before it."""
    for own in operations(document):
        for holder in (*own["responses"].values(), own.get("requestBody", {})):
            content = holder.get("content", {})
            if "application/json" in content:
                holder["content"] = {"text/csv": {}, "application/json; charset=utf-8": content.pop("application/json")}


def bounds_by_pattern(document: Document) -> None:
    """State lengths, types and dates by patterns."""
    for name in ("Observation", "ObservationCreate"):
        own = properties(document, name)
        own["observation"] = {"type": "string", "pattern": r"^[\s\S]{1,4000}$"}
        own["type"] = {"type": "string", "pattern": "^(strength|opportunity)$"}
        own["observation_date"] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def types_one_by_one(document: Document) -> None:
    """State the types as alternatives of one each."""
    for name in ("Observation", "ObservationCreate"):
        either = [{"type": "string", "enum": [one]} for one in ("strength", "opportunity")]
        properties(document, name)["type"] = {"oneOf": either}


def one_schema_for_reading_and_creating(document: Document) -> None:
    """Create by the schema of what is served, in which some properties are read-only or left to the server."""
    own = schemas(document)["Observation"]
    for name in ("id", "created_at", "updated_at", "archived_at"):
        own["properties"][name]["readOnly"] = True
    own["required"] = ["id", "employee_id", "type", "observation", "created_at", "updated_at", "archived_at"]
    content = operation(document, "POST", "/observations")["requestBody"]["content"]
    content["application/json"]["schema"] = {"$ref": "#/components/schemas/Observation"}


def ids_of_their_own(document: Document) -> None:
    """Let ids of people and attributes be UUIDs, as nobody says otherwise."""
    for name in ("Observation", "ObservationCreate", "ObservationUpdate"):
        own = properties(document, name)
        own.get("employee_id", {})["format"] = "uuid"
        own["attribute_ids"]["items"] = {"type": "string", "format": "uuid"}


def the_limit_as_content(document: Document) -> None:
    """Declare limit by a media type, with its default in a part."""
    limit = {"allOf": [{"type": "integer", "minimum": 1}, {"maximum": 101, "exclusiveMaximum": True, "default": 50}]}
    own = document["components"]["parameters"]["Limit"]
    del own["schema"]
    own["content"] = {"application/json": {"schema": limit}}


def titles_as_tags(document: Document) -> None:
    """Call the tags as the documents call the resources, and have none on the spec itself."""
    document["tags"] = []
    for own in operations(document):
        own["tags"] = [own["tags"][0].replace("-", " ").title()]
    del operation(document, "GET", "/openapi.json")["tags"]


def additions(document: Document) -> None:
    """Add what the documents don't name: fields, paths, parameters, statuses, extensions, and data of any look."""
    properties(document, "Observation")["visibility"] = {
        "type": "string",
        "default": "team",
        "example": {"$ref": "#/x"},
    }
    schemas(document)["Observation"]["required"].append("visibility")
    document["x-internal"] = {"$ref": "http://example.com/internal.json"}
    document["paths"]["x-notes"] = {"GET": {"responses": 7}}
    export = {"description": "A file.", "content": {"text/csv": {"schema": {"type": "string"}}}}
    removed = {"description": "Gone."}
    item = {
        "get": {"operationId": "export", "tags": ["exports"], "responses": {"200": export}},
        "delete": {"operationId": "removeExport", "tags": ["exports"], "responses": {"204": removed}},
    }
    document["paths"]["/exports/{id}"] = item | {"parameters": [{"$ref": "#/components/parameters/Id"}]}


def recursive_schemas(document: Document) -> None:
    """Let schemas hold themselves: a tree, and a list of lists."""
    tree = {"type": "array", "items": {"$ref": "#/components/schemas/Comment"}}
    schemas(document)["Comment"] = {"type": "object", "properties": {"replies": tree}}
    properties(document, "Observation")["comments"] = tree


LEGAL = (
    parameters_of_paths,
    version_in_paths,
    made_of_parts,
    pages_of_anything_first,
    null_by_alternatives,
    filters_in_one,
    encoded_brackets,
    ranges_and_defaults,
    everything_by_reference,
    referred_by_path,
    a_server_with_variables,
    a_server_beside_the_spec,
    other_ways_in,
    resources_in_data,
    other_media_types,
    bounds_by_pattern,
    types_one_by_one,
    one_schema_for_reading_and_creating,
    ids_of_their_own,
    the_limit_as_content,
    titles_as_tags,
    additions,
    recursive_schemas,
)


def accused(change: Callable[[Document], object]) -> list[tuple[str, str]]:
    """Judge a changed spec; give what is held against it."""
    checks = asyncio.run(trial(DECLARED, publishes(change)))
    fine = {Verdict.PASS, Verdict.NOT_APPLICABLE}
    return [(check.item, check.message) for check in checks if check.verdict not in fine]


@pytest.mark.parametrize("change", LEGAL, ids=[one.__name__ for one in LEGAL])
def test_a_legal_way_of_writing_is_held_against_nobody(change: Callable[[Any], None]) -> None:
    """Every rule passes, or can't apply."""
    assert accused(change) == []


def test_everything_legal_at_once_is_held_against_nobody() -> None:
    """The ways that don't exclude each other, one after the other."""

    def change(document: Document) -> None:
        own_ways = (everything_by_reference, null_by_alternatives, recursive_schemas, other_ways_in, made_of_parts)
        for way in (*own_ways, resources_in_data, parameters_of_paths, other_media_types, version_in_paths):
            way(document)

    assert accused(change) == []
