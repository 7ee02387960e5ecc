"""Lies about scopes: keys that may do what they should not, and refusals that say something else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies_at_the_door
from conformance.faults.rewriting import COLLECTION, is_create, is_list, is_read, is_update, refusal, sent
from conformance.reference import Keys
from conformance.reference.keys import presented

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

KEYS = Keys()
FORBIDDEN = 403


def _is_reader(request: Request) -> bool:
    return presented(request) == KEYS.read_only


def _has_no_scope(request: Request) -> bool:
    return presented(request) == KEYS.no_scope


def _in_full(request: Request) -> Request:
    """Give the request as if it had come with a key that may do everything."""
    return request.with_header("authorization", f"Bearer {KEYS.full}")


def _in_place_of_forbidden(response: Response, code: str) -> Response:
    """Refuse what was forbidden with another code and its status; headers stay."""
    told = refusal(code)
    return replace(response, status=told.status, body=told.body) if response.status == FORBIDDEN else response


@lies_at_the_door("AUT-06")
async def readers_may_restore(request: Request, honest: Handler) -> Response:
    """The scope is not looked at on restores."""
    restores = _is_reader(request) and request.path.endswith("/restore")
    return await honest(_in_full(request) if restores else request)


@lies_at_the_door("AUT-06")
async def readers_may_create(request: Request, honest: Handler) -> Response:
    """The scope is not looked at on creates."""
    return await honest(_in_full(request) if _is_reader(request) and is_create(request) else request)


@lies_at_the_door("AUT-06")
async def a_missing_scope_is_called_unauthenticated(request: Request, honest: Handler) -> Response:
    """An update by a key that may only read gets 401."""
    response = await honest(request)
    if not (is_update(request) and response.status == FORBIDDEN):
        return response
    error = {"error": {"code": "authentication_required", "message": "Send another key."}}
    return replace(response, status=401).with_json(error)


@lies_at_the_door("AUT-06")
async def the_state_is_looked_at_before_the_scope(request: Request, honest: Handler) -> Response:
    """What is archived is a conflict to archive, also for a key that may not."""
    response = await honest(request)
    if not (_is_reader(request) and request.path.endswith("/archive")):
        return response
    observation = await honest(replace(request, method="GET", path=request.path.removesuffix("/archive"), body=b""))
    return _in_place_of_forbidden(response, "conflict") if observation.json().get("archived_at") else response


@lies_at_the_door("AUT-06")
async def forbidden_updates_are_made(request: Request, honest: Handler) -> Response:
    """An update gets 403, and changes the observation."""
    if _is_reader(request) and is_update(request):
        await honest(_in_full(request))
    return await honest(request)


@lies_at_the_door("AUT-06")
async def forbidden_creates_are_made(request: Request, honest: Handler) -> Response:
    """A create gets 403, and makes the observation."""
    if _is_reader(request) and is_create(request):
        await honest(_in_full(request))
    return await honest(request)


@lies_at_the_door("AUT-06")
async def replays_need_no_scope(request: Request, honest: Handler) -> Response:
    """Who knows an idempotency key gets its response, whatever the key may do."""
    response = await honest(request)
    if not (_is_reader(request) and is_create(request)):
        return response
    known = await honest(_in_full(request)) if b"As it was made." in request.body else response
    return known if known.header("Idempotent-Replayed") else response


@lies_at_the_door("AUT-07")
async def lists_need_no_scope(request: Request, honest: Handler) -> Response:
    """The list is served to any key."""
    return await honest(_in_full(request) if _has_no_scope(request) and is_list(request) else request)


@lies_at_the_door("AUT-07")
async def items_need_no_scope(request: Request, honest: Handler) -> Response:
    """An observation is served to any key."""
    return await honest(_in_full(request) if _has_no_scope(request) and is_read(request) else request)


@lies_at_the_door("AUT-07")
async def what_may_not_be_read_is_not_there(request: Request, honest: Handler) -> Response:
    """An observation gets 404 where the key may not read any."""
    response = await honest(request)
    return _in_place_of_forbidden(response, "not_found") if is_read(request) else response


@lies_at_the_door("AUT-07")
async def who_may_not_read_is_nobody(request: Request, honest: Handler) -> Response:
    """A key without scopes gets 401 wherever it needs one."""
    response = await honest(request)
    if not (_has_no_scope(request) and response.status == FORBIDDEN):
        return response
    error = {"error": {"code": "authentication_required", "message": "Send another key."}}
    return replace(response, status=401).with_json(error)


@lies_at_the_door("AUT-07")
async def forbidden_lists_are_empty(request: Request, honest: Handler) -> Response:
    """The list is there for any key, and empty for one that may not read it."""
    response = await honest(request)
    if not (request.path == COLLECTION and _has_no_scope(request)):
        return response
    return replace(response, status=200).with_json({"data": [], "next_cursor": None, "has_more": False})


@lies_at_the_door("AUT-08")
async def any_key_has_a_session(request: Request, honest: Handler) -> Response:
    """The session is served to a key that has no scope, and says so."""
    served = _has_no_scope(request) and request.path == "/v1/session"
    response = await honest(_in_full(request) if served else request)
    if not served:
        return response
    value = response.json()
    value["data"]["api_key"]["scopes"] = []
    return response.with_json(value)


@lies_at_the_door("AUT-08")
async def a_narrow_key_is_called_unknown(request: Request, honest: Handler) -> Response:
    """A key that may not read the session gets 401 there."""
    response = await honest(request)
    if request.path != "/v1/session" or response.status != FORBIDDEN:
        return response
    error = {"error": {"code": "authentication_required", "message": "Send another key."}}
    return replace(response, status=401).with_json(error)


@lies_at_the_door("AUT-08")
async def a_session_that_is_denied_has_no_code(request: Request, honest: Handler) -> Response:
    """The refusal of the session names a code of its own."""
    response = await honest(request)
    if request.path != "/v1/session" or response.status != FORBIDDEN:
        return response
    return response.with_json({"error": {"code": "insufficient_scope", "message": "It needs session:read."}})


@lies_at_the_door("AUT-06")
async def readers_may_retag(request: Request, honest: Handler) -> Response:
    """The scope is not looked at on updates of attribute_ids."""
    response = await honest(request)
    retags = response.status == FORBIDDEN and is_update(request) and "attribute_ids" in sent(request)
    return await honest(_in_full(request)) if retags else response
