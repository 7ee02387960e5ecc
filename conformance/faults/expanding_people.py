"""Lies about expanding that depend on whom it is about, or on what was read before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import edited, is_list, is_read
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

DEACTIVATED = "deactivated"


@lies("EXP-01")
def what_was_expanded_stays_so() -> Behaviour:
    """A read without expand gives what was kept of one with it: the query is no part of what it is kept by."""
    kept: dict[str, Response] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_read(request) and request.param("expand") and response.status == 200:
            kept[request.path] = response
        return kept.get(request.path, response) if is_read(request) and not request.query else response

    return replace(HONEST, door=door)


@lies("EXP-04")
def what_was_read_plainly_stays_so() -> Behaviour:
    """A read with expand=attributes gives what was kept of one without: the query is no part of what it is kept by."""
    kept: dict[str, Response] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_read(request) and not request.query and response.status == 200:
            kept[request.path] = response
        return kept.get(request.path, response) if request.param("expand") == "attributes" else response

    return replace(HONEST, door=door)


@lies_at_the_door("EXP-07")
async def nested_deactivated_people_have_no_title(request: Request, honest: Handler) -> Response:
    """In lists a nested employee who is deactivated lacks the title."""

    def without_title(one: dict[str, Any]) -> dict[str, Any]:
        person = one.get("employee")
        if not isinstance(person, dict) or person.get("status") != DEACTIVATED:
            return one
        return {**one, "employee": {name: value for name, value in person.items() if name != "title"}}

    response = await honest(request)
    return edited(response, without_title) if is_list(request) else response


@lies_at_the_door("EXP-08")
async def deactivated_people_do_not_expand(request: Request, honest: Handler) -> Response:
    """Expand changes nothing in an employee who is deactivated."""
    response = await honest(request)
    by_id = request.path.startswith("/v1/employees/") and request.param("expand") and response.status == 200
    gone = by_id and response.json().get("status") == DEACTIVATED
    return await honest(request.with_query("expand", None)) if gone else response
