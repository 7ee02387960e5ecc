"""Lies in the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies_at_the_door

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response


async def _with(request: Request, honest: Handler, part: str, **members: object) -> Response:
    """Change members of data.api_key or data.organization in the session; `...` leaves one out."""
    response = await honest(request)
    if not request.path.endswith("/session") or response.status != 200:
        return response
    data: dict[str, Any] = response.json()["data"]
    changed = {name: value for name, value in (data[part] | members).items() if value is not ...}
    return response.with_json({"data": data | {part: changed}})


async def _for_lesser_keys(request: Request, honest: Handler, part: str, **members: object) -> Response:
    """Change members in the session of a key that may write nothing."""
    response = await honest(request)
    is_lesser = request.path.endswith("/session") and b":write" not in response.body
    return await _with(request, honest, part, **members) if is_lesser else response


@lies_at_the_door("SES-01")
async def session_is_bare(request: Request, honest: Handler) -> Response:
    """The session comes without its data member."""
    response = await honest(request)
    bare = request.path.endswith("/session") and response.status == 200
    return response.with_json(response.json()["data"]) if bare else response


@lies_at_the_door("SES-01")
async def session_names_no_organization(request: Request, honest: Handler) -> Response:
    """The organization has no name."""
    return await _with(request, honest, "organization", name=...)


@lies_at_the_door("SES-01")
async def session_key_has_no_scopes(request: Request, honest: Handler) -> Response:
    """The key's scopes are left out."""
    return await _with(request, honest, "api_key", scopes=...)


@lies_at_the_door("SES-01")
async def keys_that_do_not_write_see_no_plan(request: Request, honest: Handler) -> Response:
    """The session of a key without a write scope leaves the plan out."""
    return await _for_lesser_keys(request, honest, "organization", plan=...)


@lies_at_the_door("SES-02")
async def session_key_id_is_a_number_in_text(request: Request, honest: Handler) -> Response:
    """The key's id is a bare number."""
    return await _with(request, honest, "api_key", id="17")


@lies_at_the_door("SES-02")
async def session_organization_id_has_a_long_prefix(request: Request, honest: Handler) -> Response:
    """The organization's id begins with organization_."""
    return await _with(request, honest, "organization", id="organization_01HXX9YK7Z8N2P3Q4R5S6T7V8W")


@lies_at_the_door("SES-02")
async def keys_that_do_not_write_have_ids_in_capitals(request: Request, honest: Handler) -> Response:
    """The id of a key without a write scope begins with KEY_."""
    return await _for_lesser_keys(request, honest, "api_key", id="KEY_01HXX9YK7Z")


@lies_at_the_door("SES-03")
async def session_scopes_are_one_text(request: Request, honest: Handler) -> Response:
    """The scopes are one string with spaces."""
    return await _with(request, honest, "api_key", scopes="observations:read observations:write")


@lies_at_the_door("SES-03")
async def session_scopes_are_objects(request: Request, honest: Handler) -> Response:
    """Each scope is an object."""
    return await _with(request, honest, "api_key", scopes=[{"resource": "observations", "action": "read"}])


@lies_at_the_door("SES-03")
async def scopes_of_keys_that_do_not_write_are_one_text(request: Request, honest: Handler) -> Response:
    """The scopes of a key without a write scope are one string."""
    return await _for_lesser_keys(request, honest, "api_key", scopes="all:read")


@lies_at_the_door("SES-04")
async def session_plan_is_team(request: Request, honest: Handler) -> Response:
    """The plan is team."""
    return await _with(request, honest, "organization", plan="team")


@lies_at_the_door("SES-04")
async def keys_that_do_not_write_are_on_the_team_plan(request: Request, honest: Handler) -> Response:
    """The session of a key without a write scope tells the plan team."""
    response = await honest(request)
    return response if b":write" in response.body else await _with(request, honest, "organization", plan="team")


@lies_at_the_door("SES-05")
async def session_scopes_have_dots(request: Request, honest: Handler) -> Response:
    """One of the scopes is written with a dot."""
    return await _with(request, honest, "api_key", scopes=["observations:read", "observations.write"])
