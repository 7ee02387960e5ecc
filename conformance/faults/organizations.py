"""Lies about organizations: what one may see, change, refer to and have replayed of another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import true

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import (
    COLLECTION,
    hits_of_their_own,
    is_create,
    is_list,
    is_read,
    is_update,
    refusal,
    sent,
)
from conformance.reference import HONEST, Behaviour, Keys
from conformance.reference.deciding import visible
from conformance.reference.keys import presented
from conformance.reference.storage import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

    from conformance.reference import Handler, Request, Response

KEYS = Keys()
EMPTY = b'"data":[]'


def _open(purpose: str, name: str) -> Behaviour:
    """Show every organization's things of one kind, for one purpose."""

    def seen(what_for: str, table: Table, organization_id: str) -> ColumnElement[bool]:
        is_open = what_for == purpose and table is TABLES[name]
        return true() if is_open else visible(what_for, table, organization_id)

    return replace(HONEST, visible=seen)


def _is_first(request: Request) -> bool:
    return presented(request) == KEYS.full


def _by_the_other(request: Request) -> Request:
    """Give the request as if it had come from the other organization."""
    return request.with_header("authorization", f"Bearer {KEYS.other_org}")


async def _elsewhere(request: Request, honest: Handler) -> Response:
    """Read the observation that a path names in the other organization; 404 where it is not there."""
    path = "/".join(request.path.split("/")[:4])
    return await honest(replace(_by_the_other(request), method="GET", path=path, query=(), body=b""))


async def _list_of_either(request: Request, honest: Handler) -> Response:
    """List what the other organization has where the first has nothing."""
    response = await honest(request)
    if not (is_list(request) and _is_first(request) and EMPTY in response.body):
        return response
    return await honest(_by_the_other(request))


@lies("AUT-09")
def any_observation_is_found_by_its_id() -> Behaviour:
    """Whoever has an observation's id reads and changes it, whosever it is."""
    return _open("get", "Observation")


@lies("AUT-09")
def every_observation_is_listed() -> Behaviour:
    """Lists hold the observations of all organizations."""
    return _open("list", "Observation")


@lies_at_the_door("AUT-09")
async def the_list_of_a_foreign_employee_is_served(request: Request, honest: Handler) -> Response:
    """Who filters by another organization's employee is served its observations."""
    asked = request.param("filter[employee_id]") is not None
    return await (_list_of_either(request, honest) if asked else honest(request))


@lies_at_the_door("AUT-09")
async def what_is_foreign_is_forbidden(request: Request, honest: Handler) -> Response:
    """A read of another organization's observation gets 403, which tells that it is there."""
    response = await honest(request)
    if not (is_read(request) and response.status == 404 and _is_first(request)):
        return response
    known = (await _elsewhere(request, honest)).status == 200
    return refusal("permission_denied") if known else response


@lies_at_the_door("AUT-09")
async def the_state_of_what_is_foreign_is_told(request: Request, honest: Handler) -> Response:
    """A restore of another organization's active observation gets 409 conflict."""
    response = await honest(request)
    if not (request.path.endswith("/restore") and response.status == 404 and _is_first(request)):
        return response
    found = await _elsewhere(request, honest)
    return refusal("conflict") if found.status == 200 and not found.json()["archived_at"] else response


@lies_at_the_door("AUT-09")
async def foreign_updates_are_made(request: Request, honest: Handler) -> Response:
    """An update of another organization's observation gets 404, and is made."""
    if is_update(request) and _is_first(request):
        await honest(_by_the_other(request))
    return await honest(request)


@lies_at_the_door("AUT-09")
async def foreign_restores_are_made(request: Request, honest: Handler) -> Response:
    """A restore of another organization's observation gets 404, and is made."""
    if request.path.endswith("/restore") and _is_first(request):
        await honest(_by_the_other(request))
    return await honest(request)


@lies("AUT-11")
def any_employee_is_found_by_id() -> Behaviour:
    """Whoever has an employee's id reads them, whosever they are."""
    return _open("get", "Employee")


@lies("AUT-11")
def every_employee_is_listed() -> Behaviour:
    """The list of employees holds those of all organizations."""
    return _open("list", "Employee")


@lies("AUT-11")
def any_summary_is_found_by_its_id() -> Behaviour:
    """Whoever has a summary's id reads it, whosever it is."""
    return _open("get", "Summary")


@lies("AUT-11")
def any_review_item_is_found_by_its_id() -> Behaviour:
    """Whoever has a review item's id reads it, whosever it is."""
    return _open("get", "ReviewItem")


@lies("AUT-11")
def every_summary_is_listed() -> Behaviour:
    """The list of summaries holds those of all organizations."""
    return _open("list", "Summary")


@lies("AUT-11")
def any_attribute_is_found_by_its_id() -> Behaviour:
    """Whoever has an attribute's id reads it, whosever it is."""
    return _open("get", "Attribute")


@lies("AUT-11")
def the_search_is_one_for_all() -> Behaviour:
    """A search finds the observations of all organizations."""
    return _open("search", "Observation")


@lies("AUT-11")
def the_search_of_all_has_hits_of_its_own() -> Behaviour:
    """A search finds the observations of all organizations, and names them beside ids of its own."""
    return replace(_open("search", "Observation"), door=hits_of_their_own)


@lies_at_the_door("AUT-11")
async def the_list_of_a_foreign_manager_is_served(request: Request, honest: Handler) -> Response:
    """Who filters by another organization's manager is served its observations."""
    asked = request.param("filter[manager_id]") is not None
    return await (_list_of_either(request, honest) if asked else honest(request))


@lies_at_the_door("AUT-11")
async def what_is_expanded_is_found_anywhere(request: Request, honest: Handler) -> Response:
    """A read that expands finds the observation of any organization."""
    response = await honest(request)
    asked = is_read(request) and request.param("expand") is not None
    return await honest(_by_the_other(request)) if asked and response.status == 404 else response


@lies_at_the_door("AUT-11")
async def a_refusal_quotes_what_is_foreign(request: Request, honest: Handler) -> Response:
    """The 404 of another organization's observation holds its text."""
    response = await honest(request)
    if not (is_read(request) and response.status == 404 and _is_first(request)):
        return response
    found = await _elsewhere(request, honest)
    if found.status != 200:
        return response
    error = response.json()["error"]
    return response.with_json({"error": error | {"details": [found.json()["observation"]]}})


@lies("OBC-10")
def any_employee_can_be_written_about() -> Behaviour:
    """A create about another organization's employee is accepted."""
    return _open("reference", "Employee")


@lies_at_the_door("OBC-10")
async def a_foreign_employee_is_not_found(request: Request, honest: Handler) -> Response:
    """A create about another organization's employee gets 404."""
    response = await honest(request)
    return refusal("not_found") if is_create(request) and response.status == 422 else response


@lies_at_the_door("OBC-10")
async def feedback_is_planted_elsewhere(request: Request, honest: Handler) -> Response:
    """A create about another organization's employee gets 422, and is made there."""
    response = await honest(request)
    if is_create(request) and _is_first(request) and response.status == 422:
        await honest(_by_the_other(request.with_json(sent(request) | {"attribute_ids": []})))
    return response


@lies("OBC-18")
def any_attribute_can_be_tagged() -> Behaviour:
    """Attributes of another organization are accepted."""
    return _open("reference", "Attribute")


@lies_at_the_door("OBC-18")
async def foreign_attributes_are_dropped_on_update(request: Request, honest: Handler) -> Response:
    """An update leaves out what attributes the organization does not have, and succeeds."""
    response = await honest(request)
    if not (is_update(request) and response.status == 422):
        return response
    tags = sent(request).get("attribute_ids", [])
    for kept in ([one for one in tags if one != tag] for tag in tags):
        response = await honest(request.with_json({"attribute_ids": kept}))
        if response.status == 200:
            return response
    return response


@lies_at_the_door("OBC-18")
async def only_the_first_attribute_is_looked_up(request: Request, honest: Handler) -> Response:
    """A create is accepted if its first attribute is one of the organization's."""
    response = await honest(request)
    tags = sent(request).get("attribute_ids", [])
    if not (is_create(request) and response.status == 422 and len(tags) > 1):
        return response
    return await honest(request.with_json(sent(request) | {"attribute_ids": tags[:1]}))


@lies_at_the_door("OBC-18")
async def a_foreign_attribute_clears_all(request: Request, honest: Handler) -> Response:
    """An update with another organization's attribute gets 422, and changes something else."""
    response = await honest(request)
    if is_update(request) and response.status == 422:
        await honest(request.with_json({"impact": "Something went wrong."}))
    return response


@lies("IDM-12")
def idempotency_keys_are_everybodys() -> Behaviour:
    """One organization's key replays to any other."""
    return replace(HONEST, idempotency_owner=lambda _: "everybody")


@lies("IDM-12")
def a_key_replays_whatever_is_sent() -> Behaviour:
    """Keys are shared by all organizations, and bodies are not compared."""
    return replace(HONEST, idempotency_owner=lambda _: "everybody", fingerprint=lambda request: request.path)


@lies("IDM-12")
def the_first_organization_is_replayed_to() -> Behaviour:
    """The other organization's responses replay to the first, not the other way round."""
    seen: dict[str, Response] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        key = request.header("idempotency-key") or ""
        if presented(request) == KEYS.other_org and response.status == 201:
            seen[key] = response
        return seen.get(key, response) if _is_first(request) and request.path == COLLECTION else response

    return replace(HONEST, door=door)


@lies("IDM-12")
def a_conflict_names_what_the_other_made() -> Behaviour:
    """A key that another organization used is a conflict, which tells the id of what it made."""
    made: dict[str, str] = {}

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header("idempotency-key") or ""
        if key in made and presented(request) == KEYS.other_org:
            told = refusal("conflict")
            return told.with_json({"error": told.json()["error"] | {"message": f"It made {made[key]}."}})
        response = await honest(request)
        if is_create(request) and response.status == 201 and key:
            made.setdefault(key, response.json()["id"])
        return response

    return replace(HONEST, door=door)
