"""Lies about archive and restore."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import true

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import id_of, is_list, is_update
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response


def _is(request: Request, action: str) -> bool:
    return request.method == "POST" and request.path.endswith(f"/{action}")


async def _edit(request: Request, honest: Handler, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    """Answer honestly, then change the resource in a successful answer."""
    response = await honest(request)
    return response.with_json(change(response.json())) if response.status == 200 else response


@lies_at_the_door("ARC-01")
async def archive_answers_201(request: Request, honest: Handler) -> Response:
    """Archive answers 201 instead of 200."""
    response = await honest(request)
    return replace(response, status=201) if _is(request, "archive") and response.status == 200 else response


@lies_at_the_door("ARC-01")
async def archived_at_is_midnight(request: Request, honest: Handler) -> Response:
    """Archive answers with the day, not the time, of the archive."""
    if not _is(request, "archive"):
        return await honest(request)
    return await _edit(request, honest, lambda one: one | {"archived_at": f"{one['archived_at'][:10]}T00:00:00.000Z"})


@lies_at_the_door("ARC-01")
async def archived_at_only_in_the_answer(request: Request, honest: Handler) -> Response:
    """A read after the archive shows another archived_at than the archive answered."""
    response = await honest(request)
    archived = request.method == "GET" and response.status == 200 and b'"archived_at":"2' in response.body
    if not archived or request.path.count("/") != 3 or "/observations/" not in request.path:
        return response
    return response.with_json(response.json() | {"archived_at": "2020-01-01T00:00:00.000Z"})


@lies("ARC-02")
def archive_again_and_again() -> Behaviour:
    """Archiving what is archived succeeds."""
    return replace(HONEST, permitted=lambda action, one: action == "archive" or HONEST.permitted(action, one))


@lies_at_the_door("ARC-02")
async def archive_conflict_without_its_code(request: Request, honest: Handler) -> Response:
    """The second archive gets 409 with the code unprocessable."""
    response = await honest(request)
    return _recoded(response) if _is(request, "archive") and response.status == 409 else response


def _recoded(response: Response) -> Response:
    error = response.json()["error"]
    return response.with_json({"error": error | {"code": "unprocessable"}})


@lies_at_the_door("ARC-02")
async def refused_archive_moves_archived_at(request: Request, honest: Handler) -> Response:
    """The refused archive is a conflict, and moves archived_at all the same."""
    response = await honest(request)
    if _is(request, "archive") and response.status == 409:
        await honest(replace(request, path=request.path.replace("/archive", "/restore"), body=b""))
        await asyncio.sleep(0.005)
        await honest(request)
    return response


@lies_at_the_door("ARC-03")
async def restore_keeps_archived_at(request: Request, honest: Handler) -> Response:
    """Restore answers 200 and changes nothing."""
    if not _is(request, "restore"):
        return await honest(request)
    observation = replace(request, method="GET", path=request.path.removesuffix("/restore"))
    read = await honest(observation)
    return read if read.status == 200 and read.json().get("archived_at") else await honest(request)


@lies_at_the_door("ARC-03")
async def restore_empties_archived_at(request: Request, honest: Handler) -> Response:
    """Restore answers an empty text for archived_at instead of null."""
    if not _is(request, "restore"):
        return await honest(request)
    return await _edit(request, honest, lambda one: one | {"archived_at": ""})


@lies("ARC-04")
def restore_what_is_not_archived() -> Behaviour:
    """Restoring what is not archived succeeds."""
    return replace(HONEST, permitted=lambda action, one: action == "restore" or HONEST.permitted(action, one))


@lies_at_the_door("ARC-04")
async def restore_conflict_is_a_validation_error(request: Request, honest: Handler) -> Response:
    """Restoring what is not archived gets 400 instead of 409."""
    response = await honest(request)
    return replace(response, status=400) if _is(request, "restore") and response.status == 409 else response


@lies("ARC-05")
def archived_ones_stay_in_lists() -> Behaviour:
    """The default list keeps archived observations."""
    return replace(
        HONEST, archived=lambda column, choice: None if choice == "false" else HONEST.archived(column, choice)
    )


@lies_at_the_door("ARC-05")
async def archived_ones_stay_in_sorted_lists(request: Request, honest: Handler) -> Response:
    """Only a list sorted by created_at keeps archived observations."""
    if request.param("sort") == "-created_at" and request.param("filter[archived]") is None:
        return await honest(request.with_query("filter[archived]", "all"))
    return await honest(request)


@lies_at_the_door("ARC-05")
async def restored_ones_stay_away(request: Request, honest: Handler) -> Response:
    """What was restored is never listed again."""
    response = await honest(request)
    if request.method != "GET" or not request.path.endswith("/observations") or response.status != 200:
        return response
    page = response.json()
    return response.with_json(page | {"data": [one for one in page["data"] if one["id"] not in _restored(page)]})


def _restored(page: dict[str, Any]) -> set[str]:
    """Find those whose last change is no update: only a restore moves updated_at and nothing else of ours."""
    return {
        one["id"] for one in page["data"] if one["created_at"] != one["updated_at"] and "number" in one["observation"]
    }


@lies_at_the_door("ARC-06")
async def archive_drops_the_impact(request: Request, honest: Handler) -> Response:
    """An archived observation is answered without its impact."""
    if not _is(request, "archive"):
        return await honest(request)
    return await _edit(request, honest, lambda one: one | {"impact": None})


@lies_at_the_door("ARC-06")
async def restored_as_of_today(request: Request, honest: Handler) -> Response:
    """Restore gives the observation a new created_at."""
    if not _is(request, "restore"):
        return await honest(request)
    return await _edit(request, honest, lambda one: one | {"created_at": "2031-01-01T00:00:00.000Z"})


@lies_at_the_door("ARC-06")
async def archive_fills_in_what_is_null(request: Request, honest: Handler) -> Response:
    """An archived observation is answered with an empty text for an impact of null."""
    if not _is(request, "archive"):
        return await honest(request)
    return await _edit(request, honest, lambda one: one | {"impact": one["impact"] or ""})


@lies_at_the_door("ARC-06")
async def restore_clears_what_is_empty(request: Request, honest: Handler) -> Response:
    """A restored observation is answered with null for an empty recommended_action."""
    if not _is(request, "restore"):
        return await honest(request)
    return await _edit(request, honest, lambda one: one | {"recommended_action": one["recommended_action"] or None})


async def _with_archived(
    request: Request, honest: Handler, response: Response, is_found: Callable[[dict[str, Any]], bool]
) -> Response:
    """Add to what a search found the archived observations with its text for which `is_found`."""
    query = (("filter[archived]", "true"), ("sort", "-created_at"), ("limit", "100"))
    archived = (await honest(replace(request, path="/v1/observations", query=query))).json()["data"]
    found = [one for one in archived if is_found(one) and str(request.param("q")) in one["observation"]]
    return response.with_json(response.json() | {"data": [*response.json()["data"], *found]})


@lies("ARC-07")
def archived_ones_are_found() -> Behaviour:
    """Search finds archived observations."""
    return replace(HONEST, findable=lambda _table: true())


@lies_at_the_door("ARC-07")
async def archived_ones_are_found_among_observations(request: Request, honest: Handler) -> Response:
    """Search that is narrowed to observations finds archived ones, too."""
    response = await honest(request)
    if request.path != "/v1/search" or request.param("filter[type]") is None or response.status != 200:
        return response
    return await _with_archived(request, honest, response, lambda _: True)


@lies_at_the_door("ARC-07")
async def what_says_little_is_found_for_good(request: Request, honest: Handler) -> Response:
    """Search finds archived observations that have no impact: they never leave its index."""
    response = await honest(request)
    if request.path != "/v1/search" or response.status != 200:
        return response
    return await _with_archived(request, honest, response, lambda one: not one["impact"])


@lies("ARC-07")
def what_was_updated_is_found_for_good() -> Behaviour:
    """Search finds an archived observation that was updated before: it stands in the index twice."""
    twice: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_update(request) and response.status == 200:
            twice.add(id_of(request))
        if request.path != "/v1/search" or response.status != 200:
            return response
        return await _with_archived(request, honest, response, lambda one: one["id"] in twice)

    return replace(HONEST, door=door)


@lies_at_the_door("ARC-08")
async def simultaneous_archives_all_succeed(request: Request, honest: Handler) -> Response:
    """Archives are checked before and done later, so those sent at once all succeed."""
    return await _late(request, honest, "archive")


@lies_at_the_door("ARC-08")
async def simultaneous_restores_all_succeed(request: Request, honest: Handler) -> Response:
    """Restores are checked before and done later, so those sent at once all succeed."""
    return await _late(request, honest, "restore")


async def _late(request: Request, honest: Handler, action: str) -> Response:
    if not _is(request, action):
        return await honest(request)
    observation = replace(request, method="GET", path=request.path.removesuffix(f"/{action}"))
    before = await honest(observation)
    await asyncio.sleep(0.03)
    response = await honest(request)
    allowed = before.status == 200 and bool(before.json().get("archived_at")) is (action == "restore")
    return await honest(observation) if allowed and response.status == 409 else response


@lies_at_the_door("ARC-09")
async def archive_of_an_unknown_id_succeeds(request: Request, honest: Handler) -> Response:
    """Archiving an id that does not exist gets 200."""
    response = await honest(request)
    if _is(request, "archive") and response.status == 404:
        return replace(response.with_json({"id": request.path.split("/")[3]}), status=200)
    return response


@lies_at_the_door("ARC-09")
async def restore_of_an_unknown_id_is_a_conflict(request: Request, honest: Handler) -> Response:
    """Restoring an id that does not exist gets 409 instead of 404."""
    response = await honest(request)
    if _is(request, "restore") and response.status == 404:
        return replace(response.with_json({"error": response.json()["error"] | {"code": "conflict"}}), status=409)
    return response


@lies_at_the_door("ARC-10")
async def archive_wants_a_body(request: Request, honest: Handler) -> Response:
    """Archive without a request body gets 400."""
    if _is(request, "archive") and not request.body:
        refused = await honest(replace(request, path="/v1/observations", body=b"{"))
        return refused.with_json(json.loads(refused.body))
    return await honest(request)


@lies("ARC-11")
def restored_thrice_is_not_listed() -> Behaviour:
    """What was restored three times does not come back to lists."""
    restored: Counter[str] = Counter()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if _is(request, "restore"):
            restored[request.path.split("/")[-2]] += response.status == 200
        if not is_list(request) or response.status != 200:
            return response
        page = response.json()
        return response.with_json(page | {"data": [one for one in page["data"] if restored[one["id"]] < 3]})

    return replace(HONEST, door=door)


@lies("ARC-11")
def archive_only_once_in_a_life() -> Behaviour:
    """What was restored can't be archived again."""
    archived: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        if not _is(request, "archive"):
            return await honest(request)
        if request.path in archived:
            await honest(request)
            return await honest(request)
        archived.add(request.path)
        return await honest(request)

    return replace(HONEST, door=door)
