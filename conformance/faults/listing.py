"""Lies that only lists tell: of what was changed, archived and restored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import edited, id_of, is_create, is_list, is_update
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response

    Item = dict[str, Any]


async def _listing(
    request: Request, honest: Handler, parameter: tuple[str, str | None], change: Callable[[Item], Item]
) -> Response:
    """Change the items of lists that are asked for with a parameter (of any value where None is given)."""
    response = await honest(request)
    value = request.param(parameter[0])
    told = is_list(request) and value is not None and parameter[1] in {None, value}
    return edited(response, change) if told else response


@lies("OBU-01")
def lists_keep_what_was_before_an_update() -> Behaviour:
    """Lists serve an observation as it was created, whatever updates it took."""
    before: dict[str, Item] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_create(request) and response.status == 201:
            before[response.json()["id"]] = response.json()
        return edited(response, lambda one: before.get(one["id"], one)) if is_list(request) else response

    return replace(HONEST, door=door)


@lies_at_the_door("OBS-07")
async def lists_by_type_lack_the_recommended_action(request: Request, honest: Handler) -> Response:
    """Lists that are filtered by type give recommended_action as null."""
    return await _listing(request, honest, ("filter[type]", None), lambda one: one | {"recommended_action": None})


@lies_at_the_door("OBS-07")
async def lists_give_an_empty_text_for_null(request: Request, honest: Handler) -> Response:
    """Lists give an impact of null as an empty text."""
    response = await honest(request)
    return edited(response, lambda one: one | {"impact": one["impact"] or ""}) if is_list(request) else response


@lies_at_the_door("OBS-07")
async def lists_compose_characters(request: Request, honest: Handler) -> Response:
    """Lists give an observation with its combining characters composed."""
    response = await honest(request)
    composed: Callable[[Item], Item] = lambda one: one | {"observation": normalize("NFC", one["observation"])}  # noqa: E731  # typed so
    return edited(response, composed) if is_list(request) else response


@lies_at_the_door("ARC-06")
async def archived_is_listed_without_its_impact(request: Request, honest: Handler) -> Response:
    """The list of what is archived gives impact as null."""
    return await _listing(request, honest, ("filter[archived]", "true"), lambda one: one | {"impact": None})


@lies_at_the_door("ARC-01")
async def archived_is_listed_as_archived_at_creation(request: Request, honest: Handler) -> Response:
    """The list of what is archived gives created_at for archived_at."""
    change: Callable[[Item], Item] = lambda one: one | {"archived_at": one["created_at"]}  # noqa: E731  # typed so
    return await _listing(request, honest, ("filter[archived]", "true"), change)


@lies("OBU-01")
def updated_is_left_out_of_lists() -> Behaviour:
    """What was updated stands in no list."""
    updated: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_update(request) and response.status == 200:
            updated.add(id_of(request))
        return _without(response, updated) if is_list(request) else response

    return replace(HONEST, door=door)


def _without(response: Response, ids: set[str]) -> Response:
    if response.status != 200:
        return response
    page = response.json()
    return response.with_json(page | {"data": [one for one in page["data"] if one["id"] not in ids]})


def _unlisting(parameter: str) -> Behaviour:
    """Give a behaviour that leaves what was restored out of lists with this parameter."""
    restored: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if request.path.endswith("/restore") and response.status == 200:
            restored.add(id_of(request))
        told = is_list(request) and request.param(parameter) is not None
        return _without(response, restored) if told else response

    return replace(HONEST, door=door)


@lies("ARC-05")
def restored_is_left_out_of_lists_by_type() -> Behaviour:
    """What was restored stays out of lists that are filtered by type."""
    return _unlisting("filter[type]")


@lies("ARC-05")
def restored_is_left_out_of_lists_by_manager() -> Behaviour:
    """What was restored stays out of lists that are filtered by a manager."""
    return _unlisting("filter[manager_id]")


@lies("ARC-05")
def restored_is_left_out_of_lists_by_employee() -> Behaviour:
    """What was restored stays out of lists that are filtered by employee."""
    return _unlisting("filter[employee_id]")
