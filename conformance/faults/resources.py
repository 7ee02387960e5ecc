"""Lies about paths: where nothing is, what is read there, and which methods do something."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import COLLECTION, id_of, is_create, is_read, refusal
from conformance.reference import HONEST, Behaviour
from conformance.reference.http import answer

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

UNKNOWN = "/v1/no-such-resource"


def _gets(request: Request, path: str) -> bool:
    return request.method == "GET" and request.path == path


def _on_an_observation(request: Request, method: str) -> bool:
    return request.method == method and request.path.startswith(f"{COLLECTION}/")


@lies_at_the_door("RES-01")
async def team_summaries_are_nowhere(request: Request, honest: Handler) -> Response:
    """A documented resource is under another path."""
    moved = _gets(request, "/v1/team-summaries")
    return await honest(replace(request, path="/v1/team_summaries") if moved else request)


@lies_at_the_door("RES-01")
async def search_takes_posts_only(request: Request, honest: Handler) -> Response:
    """A GET of the search gets 405."""
    response = await honest(request)
    return replace(response, status=405) if _gets(request, "/v1/search") else response


@lies_at_the_door("RES-01")
async def review_items_want_a_query(request: Request, honest: Handler) -> Response:
    """A collection gets 400 where nothing is asked for."""
    response = await honest(request)
    return replace(response, status=400) if _gets(request, "/v1/review-items") and not request.query else response


@lies_at_the_door("RES-02")
async def unknown_paths_are_forbidden(request: Request, honest: Handler) -> Response:
    """What is not there may not be read."""
    response = await honest(request)
    return replace(response, status=403) if request.path == UNKNOWN and response.status == 404 else response


@lies_at_the_door("RES-02")
async def what_is_below_nowhere_has_a_code_of_its_own(request: Request, honest: Handler) -> Response:
    """A path that is nowhere gets 404 route_not_found."""
    response = await honest(request)
    if not request.path.startswith(f"{UNKNOWN}/") or response.status != 404:
        return response
    return response.with_json({"error": {"code": "route_not_found", "message": "there is no such route"}})


@lies_at_the_door("RES-02")
async def what_is_below_the_session_is_the_session(request: Request, honest: Handler) -> Response:
    """Only the beginning of a path is looked at."""
    below = request.path.startswith("/v1/session/")
    return await honest(replace(request, path="/v1/session") if below else request)


@lies_at_the_door("RES-02")
async def what_is_below_an_observation_is_the_observation(request: Request, honest: Handler) -> Response:
    """Whatever follows an observation's id is overlooked."""
    path = "/".join(request.path.split("/")[:4])
    below = request.method == "GET" and request.path.startswith(f"{COLLECTION}/")
    return await honest(replace(request, path=path) if below else request)


@lies_at_the_door("RES-03")
async def conversations_are_listed_only(request: Request, honest: Handler) -> Response:
    """One collection has no items that can be read by id."""
    response = await honest(request)
    by_id = request.method == "GET" and request.path.startswith("/v1/conversations/")
    return replace(response, status=404) if by_id else response


@lies_at_the_door("RES-03")
async def summaries_have_another_id_by_themselves(request: Request, honest: Handler) -> Response:
    """A summary that is read by its id has an id without prefix."""
    response = await honest(request)
    if request.method != "GET" or not request.path.startswith("/v1/summaries/") or response.status != 200:
        return response
    item = response.json()
    return response.with_json(item | {"id": item["id"].partition("_")[2]})


@lies_at_the_door("RES-03")
async def people_read_as_the_first_of_their_manager(request: Request, honest: Handler) -> Response:
    """A read of an employee gives the first one that is listed of the same manager."""
    response = await honest(request)
    if (
        request.method != "GET" or request.path.count("/") != 3 or "/employees/" not in request.path
    ):  # /v1/employees/{id}
        return response
    everybody = (await honest(replace(request, path="/v1/employees", query=(("limit", "100"),)))).json()
    manager = response.json().get("manager_id") if response.status == 200 else None
    first = next((one for one in everybody["data"] if manager and one["manager_id"] == manager), None)
    return response.with_json(first) if first else response


@lies_at_the_door("RES-03")
async def deactivated_people_are_listed_only(request: Request, honest: Handler) -> Response:
    """A deactivated employee is not found by their id."""
    response = await honest(request)
    by_id = request.method == "GET" and request.path.startswith("/v1/employees/") and response.status == 200
    gone = by_id and response.json().get("status") == "deactivated"
    return refusal("not_found") if gone else response


@lies("RES-03")
def what_was_made_reads_as_what_was_made_before() -> Behaviour:
    """A read of an observation that was just made gives the one that is listed first."""
    made: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        if is_read(request) and id_of(request) in made:
            listed = await honest(replace(request, path="/v1/observations"))
            return listed.with_json(listed.json()["data"][0])
        response = await honest(request)
        made.update([response.json()["id"]] if is_create(request) and response.status == 201 else [])
        return response

    return replace(HONEST, door=door)


@lies_at_the_door("RES-04")
async def put_is_taken_for_patch(request: Request, honest: Handler) -> Response:
    """PUT updates an observation."""
    return await honest(replace(request, method="PATCH") if _on_an_observation(request, "PUT") else request)


@lies_at_the_door("RES-04")
async def put_is_refused_and_done(request: Request, honest: Handler) -> Response:
    """PUT gets 405, and updates the observation all the same."""
    if _on_an_observation(request, "PUT"):
        await honest(replace(request, method="PATCH"))
    return await honest(request)


@lies_at_the_door("RES-04")
async def delete_archives(request: Request, honest: Handler) -> Response:
    """DELETE of an observation archives it."""
    if not _on_an_observation(request, "DELETE"):
        return await honest(request)
    return await honest(replace(request, method="POST", path=f"{request.path}/archive"))


@lies_at_the_door("RES-04")
async def delete_is_accepted_without_effect(request: Request, honest: Handler) -> Response:
    """DELETE of an observation gets 200, and nothing happens."""
    return answer(200, {}) if _on_an_observation(request, "DELETE") else await honest(request)


@lies_at_the_door("RES-04")
async def a_link_archives(request: Request, honest: Handler) -> Response:
    """GET of the archive action archives."""
    archives = is_read(request) and request.path.endswith("/archive")
    return await honest(replace(request, method="POST") if archives else request)
