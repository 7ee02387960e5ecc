"""Lies in the published spec: its version, its validity, what it describes and what it leaves out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.publishing import operation, publishes, schemas
from conformance.reference.http import answer

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Behaviour, Handler, Request, Response

SPEC = "/v1/openapi.json"
LIST = ("GET", "/observations")


@lies("SPC-01")
def declares_openapi_3_1() -> Behaviour:
    """The spec declares OpenAPI 3.1.0."""
    return publishes(lambda document: document.update(openapi="3.1.0"))


@lies("SPC-01")
def declares_swagger_2_0() -> Behaviour:
    """The spec declares Swagger 2.0 and no OpenAPI."""

    def change(document: Document) -> None:
        del document["openapi"]
        document["swagger"] = "2.0"

    return publishes(change)


@lies_at_the_door("SPC-01")
async def the_spec_is_yaml(request: Request, honest: Handler) -> Response:
    """The spec is served as YAML."""
    response = await honest(request)
    if request.path != SPEC:
        return response
    lines = [f"{name}: {json.dumps(value)}" for name, value in response.json().items()]
    return replace(response.with_header("Content-Type", "application/yaml"), body="\n".join(lines).encode())


@lies_at_the_door("SPC-01")
async def the_spec_is_nowhere(request: Request, honest: Handler) -> Response:
    """There is no spec, but a 404."""
    if request.path != SPEC:
        return await honest(request)
    return answer(404, {"error": {"code": "not_found", "message": "There is no such thing."}})


@lies("SPC-02")
def the_spec_has_no_title() -> Behaviour:
    """Info has no title."""
    return publishes(lambda document: document["info"].pop("title"))


@lies("SPC-02")
def a_reference_leads_to_another_host() -> Behaviour:
    """One property of one schema refers to a schema on another host."""
    elsewhere = {"$ref": "https://schemas.example.com/tone.json"}
    return publishes(lambda document: schemas(document)["Attribute"]["properties"].update(tone=elsewhere))


@lies("SPC-02")
def a_reference_leads_nowhere() -> Behaviour:
    """The answer to one status refers to a component that is not there."""
    nowhere = {"$ref": "#/components/responses/Gone"}
    return publishes(lambda document: operation(document, "GET", "/summaries")["responses"].update({"400": nowhere}))


@lies("SPC-02")
def references_lead_in_a_circle() -> Behaviour:
    """Two component schemas are nothing but references to each other."""
    circle = {"Egg": {"$ref": "#/components/schemas/Hen"}, "Hen": {"$ref": "#/components/schemas/Egg"}}
    return publishes(lambda document: schemas(document).update(circle))


@lies("SPC-02")
def two_operations_have_one_id() -> Behaviour:
    """Archive and restore have the same operationId."""
    path = "/observations/{id}/restore"
    return publishes(lambda document: operation(document, "POST", path).update(operationId="archiveObservation"))


@lies("SPC-02")
def a_path_parameter_is_not_declared() -> Behaviour:
    """The id in the path of archive is not declared."""
    return publishes(lambda document: operation(document, "POST", "/observations/{id}/archive").pop("parameters"))


@lies("SPC-03")
def archive_is_not_described() -> Behaviour:
    """The spec has no path for archive."""
    return publishes(lambda document: document["paths"].pop("/observations/{id}/archive"))


@lies("SPC-03")
def update_is_described_as_put() -> Behaviour:
    """An observation is updated by PUT, as the spec has it."""

    def change(document: Document) -> None:
        item = document["paths"]["/observations/{id}"]
        item["put"] = item.pop("patch")

    return publishes(change)


@lies("SPC-03")
def preferences_are_not_described() -> Behaviour:
    """The spec has no path for the preferences."""
    return publishes(lambda document: document["paths"].pop("/preferences"))


@lies("SPC-04")
def a_list_has_no_schema() -> Behaviour:
    """The list of review items has a media type without a schema."""

    def change(document: Document) -> None:
        content = operation(document, "GET", "/review-items")["responses"]["200"]["content"]
        content["application/json"] = {}

    return publishes(change)


@lies("SPC-04")
def restore_answers_any_object() -> Behaviour:
    """The schema of what restore answers says that it is an object, and nothing more."""

    def change(document: Document) -> None:
        content = operation(document, "POST", "/observations/{id}/restore")["responses"]["200"]["content"]
        content["application/json"] = {"schema": {"type": "object"}}

    return publishes(change)


@lies("SPC-04")
def create_takes_no_body() -> Behaviour:
    """The create of an observation has no request body."""
    return publishes(lambda document: operation(document, "POST", "/observations").pop("requestBody"))


@lies("SPC-04")
def an_update_elsewhere_takes_no_body() -> Behaviour:
    """The update of a webhook has no request body."""
    return publishes(lambda document: operation(document, "PATCH", "/webhooks/{id}").pop("requestBody"))


def _without_parameter(name: str) -> Behaviour:
    def change(document: Document) -> None:
        own = operation(document, *LIST)
        own["parameters"] = [one for one in own["parameters"] if one.get("name") != name]

    return publishes(change)


@lies("SPC-05")
def an_upper_bound_is_not_declared() -> Behaviour:
    """The list of observations does not declare filter[observation_date][lte]."""
    return _without_parameter("filter[observation_date][lte]")


@lies("SPC-05")
def the_filter_by_manager_is_not_declared() -> Behaviour:
    """The list of observations does not declare filter[manager_id]."""
    return _without_parameter("filter[manager_id]")


@lies("SPC-05")
def a_deep_object_lacks_a_field() -> Behaviour:
    """The filters are one deepObject, which has no archived."""

    def change(document: Document) -> None:
        own = operation(document, *LIST)
        bounds = {"type": "object", "properties": {"gte": {"type": "string"}, "lte": {"type": "string"}}}
        plain = {name: {"type": "string"} for name in ("employee_id", "manager_id", "type", "attribute_id")}
        schema = {"type": "object", "properties": {**plain, "observation_date": bounds, "created_at": bounds}}
        kept = [one for one in own["parameters"] if "ilter" not in str(one)]
        deep = {"name": "filter", "in": "query", "style": "deepObject", "explode": True, "schema": schema}
        own["parameters"] = [*kept, deep]

    return publishes(change)


@lies("SPC-05")
def the_cursor_is_a_header() -> Behaviour:
    """The list of observations takes the cursor as a header, as the spec has it."""

    def change(document: Document) -> None:
        document["components"]["parameters"]["Cursor"]["in"] = "header"

    return publishes(change)


def _with_limit(path: str, schema: Document) -> Behaviour:
    def change(document: Document) -> None:
        own = operation(document, "GET", path)
        own["parameters"] = [{"name": "limit", "in": "query", "schema": schema}, *own["parameters"][1:]]

    return publishes(change)


@lies("SPC-06")
def limit_defaults_to_20() -> Behaviour:
    """The default of every limit is 20, as the spec has it."""
    return publishes(lambda document: document["components"]["parameters"]["Limit"]["schema"].update(default=20))


@lies("SPC-06")
def one_limit_has_no_maximum() -> Behaviour:
    """The limit of team summaries has no maximum."""
    return _with_limit("/team-summaries", {"type": "integer", "default": 50, "minimum": 1})


@lies("SPC-06")
def one_limit_ends_below_100() -> Behaviour:
    """The limit of conversations must be less than 100."""
    return _with_limit("/conversations", {"type": "integer", "default": 50, "maximum": 100, "exclusiveMaximum": True})


@lies("SPC-06")
def one_limit_is_a_number() -> Behaviour:
    """The limit of webhooks may be a fraction."""
    return _with_limit("/webhooks", {"type": "number", "default": 50, "maximum": 100})


@lies("SPC-06")
def one_limit_is_missing() -> Behaviour:
    """Assignments declare no limit."""

    def change(document: Document) -> None:
        del operation(document, "GET", "/assignments")["parameters"][0]

    return publishes(change)


@lies("SPC-07")
def summary_goes_by_another_name() -> Behaviour:
    """The schema of a summary is called SummaryOut."""

    def change(document: Document) -> None:
        text = json.dumps(document["paths"]).replace('schemas/Summary"', 'schemas/SummaryOut"')
        document["paths"] = json.loads(text)
        schemas(document)["SummaryOut"] = schemas(document).pop("Summary")

    return publishes(change)


@lies("SPC-07")
def employee_says_nothing() -> Behaviour:
    """The schema of an employee allows anything."""
    return publishes(lambda document: schemas(document).update(Employee={}))


@lies("SPC-09")
def the_key_is_an_api_key() -> Behaviour:
    """The scheme is an API key in the header Authorization."""
    scheme = {"type": "apiKey", "in": "header", "name": "Authorization"}
    return publishes(lambda document: document["components"]["securitySchemes"].update(bearerKey=scheme))


@lies("SPC-09")
def archive_needs_no_key() -> Behaviour:
    """Archive requires no security, as the spec has it."""
    path = "/observations/{id}/archive"
    return publishes(lambda document: operation(document, "POST", path).update(security=[]))


@lies("SPC-09")
def the_key_is_optional_for_the_session() -> Behaviour:
    """The session may be asked for without a key, as the spec has it."""
    either: list[Document] = [{"bearerKey": []}, {}]
    return publishes(lambda document: operation(document, "GET", "/session").update(security=either))


@lies("SPC-09")
def an_operation_elsewhere_needs_another_scheme() -> Behaviour:
    """The update of an employee requires basic authentication."""

    def change(document: Document) -> None:
        document["components"]["securitySchemes"]["basic"] = {"type": "http", "scheme": "basic"}
        operation(document, "PATCH", "/employees/{id}")["security"] = [{"basic": []}]

    return publishes(change)
