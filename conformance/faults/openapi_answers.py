"""Lies between the published spec and what is served: either the one is changed, or the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.publishing import of_property, operation, publishes, schemas
from conformance.faults.rewriting import edited, is_create, is_list, is_read
from conformance.reference.http import answer

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Behaviour, Handler, Request, Response

ARCHIVE = ("POST", "/observations/{id}/archive")


def _is_archive(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/archive")


@lies_at_the_door("SPC-10")
async def attributes_are_served_as_a_text(request: Request, honest: Handler) -> Response:
    """attribute_ids are one text with commas in it in the list."""
    response = await honest(request)
    join: Any = lambda one: one | {"attribute_ids": ",".join(one.get("attribute_ids", ()))}  # noqa: E731  # short
    return edited(response, join) if is_list(request) else response


@lies_at_the_door("SPC-10")
async def a_required_field_is_missing_in_lists(request: Request, honest: Handler) -> Response:
    """The list serves observations without recommended_action, which the spec requires."""
    response = await honest(request)
    if not is_list(request):
        return response
    return edited(response, lambda one: {name: value for name, value in one.items() if name != "recommended_action"})


@lies_at_the_door("SPC-10")
async def one_item_of_a_page_is_not_as_the_rest(request: Request, honest: Handler) -> Response:
    """The last item of a page of summaries has a number for its id."""
    response = await honest(request)
    if request.path != "/v1/summaries" or response.status != 200:
        return response
    page = response.json()
    page["data"] = [*page["data"][:-1], *({**one, "id": 7} for one in page["data"][-1:])]
    return response.with_json(page)


@lies_at_the_door("SPC-10")
async def the_cursor_is_empty_instead_of_null(request: Request, honest: Handler) -> Response:
    """The last page of employees has an empty next_cursor, for which the spec has null."""
    response = await honest(request)
    if request.path != "/v1/employees" or response.status != 200:
        return response
    page = response.json()
    return response.with_json(page | {"next_cursor": page["next_cursor"] or ""})


@lies_at_the_door("SPC-10")
async def an_error_has_another_shape(request: Request, honest: Handler) -> Response:
    """A conflict has its code beside the error instead of in it."""
    response = await honest(request)
    if response.status != 409:
        return response
    return response.with_json({"code": "conflict", "error": {"message": "It is so already."}})


@lies_at_the_door("SPC-10")
async def a_declared_header_is_missing(request: Request, honest: Handler) -> Response:
    """A create comes without Location, which the spec requires."""
    response = await honest(request)
    return response.without_header("Location") if is_create(request) else response


@lies_at_the_door("SPC-10")
async def a_header_is_no_number(request: Request, honest: Handler) -> Response:
    """An archive comes with a quota that is no number."""
    response = await honest(request)
    return response.with_header("X-RateLimit-Limit", "plenty") if _is_archive(request) else response


@lies_at_the_door("SPC-10")
async def the_session_is_of_another_media_type(request: Request, honest: Handler) -> Response:
    """The session comes as application/vnd.api+json, which the spec does not declare."""
    response = await honest(request)
    told = request.path == "/v1/session" and response.status == 200
    return response.with_header("Content-Type", "application/vnd.api+json") if told else response


@lies_at_the_door("SPC-10")
async def moments_have_no_offset_where_they_are_read(request: Request, honest: Handler) -> Response:
    """created_at has no offset where an observation is read, so that it is no date-time."""
    response = await honest(request)
    return edited(response, lambda one: one | {"created_at": one["created_at"][:-1]}) if is_read(request) else response


@lies("SPC-10")
def a_flag_is_a_text() -> Behaviour:
    """A webhook is active in words, as the spec has it, and a boolean in truth."""
    return of_property("Webhook", "active", type="string")


@lies("SPC-10")
def the_spec_allows_no_other_field() -> Behaviour:
    """The session has no other fields than three, as the spec has it, and a fourth that is served."""

    def change(document: Document) -> None:
        data = schemas(document)["Session"]["properties"]["data"]["properties"]["organization"]
        data["properties"] = {name: data["properties"][name] for name in ("id", "name")}
        data["required"] = ["id", "name"]
        data["additionalProperties"] = False

    return publishes(change)


@lies("SPC-10")
def archived_at_is_required_to_be_null() -> Behaviour:
    """archived_at is null, as the spec has it, also of what is archived."""
    return of_property("Observation", "archived_at", enum=[None])


@lies("SPC-10")
def the_spec_is_strict_by_default() -> Behaviour:
    """Refused creates have a number as error code, as the spec has it by default."""

    def change(document: Document) -> None:
        responses = operation(document, "POST", "/observations")["responses"]
        schema = {"type": "object", "properties": {"error": {"properties": {"code": {"type": "integer"}}}}}
        responses.pop("400")
        responses["default"] = {"description": "An error.", "content": {"application/json": {"schema": schema}}}

    return publishes(change)


@lies("SPC-11")
def a_conflict_is_not_declared() -> Behaviour:
    """Archive has no 409, as the spec has it."""
    return publishes(lambda document: operation(document, *ARCHIVE)["responses"].pop("409"))


@lies("SPC-11")
def a_create_is_declared_as_200() -> Behaviour:
    """A create answers 200, as the spec has it, and 201 in truth."""

    def change(document: Document) -> None:
        responses = operation(document, "POST", "/observations")["responses"]
        responses["200"] = responses.pop("201")

    return publishes(change)


@lies("SPC-11")
def refusals_are_not_declared() -> Behaviour:
    """The session has successes only, as the spec has it."""

    def change(document: Document) -> None:
        own = operation(document, "GET", "/session")
        own["responses"] = {"2XX": own["responses"]["200"]}

    return publishes(change)


@lies_at_the_door("SPC-11")
async def an_unknown_id_is_gone(request: Request, honest: Handler) -> Response:
    """An unknown observation is answered with 410, which the spec does not declare."""
    response = await honest(request)
    if not is_read(request) or response.status != 404:
        return response
    return replace(answer(410, response.json()), headers=response.headers)
