"""Lies about scopes on the collections other than observations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.faults.model import lies_at_the_door
from conformance.faults.rewriting import is_create, refusal
from conformance.reference import Keys
from conformance.reference.keys import presented

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

KEYS = Keys()


def _by_a_reader(request: Request) -> bool:
    return request.method == "POST" and presented(request) == KEYS.read_only


def _by_a_reader_of_items(request: Request) -> bool:
    return request.path.startswith("/v1/webhooks/") and presented(request) == KEYS.read_only


def _in_full(request: Request) -> Request:
    """Give the request as if it had come with a key that may do everything."""
    return request.with_header("authorization", f"Bearer {KEYS.full}")


@lies_at_the_door("AUT-12")
async def only_observations_have_scopes(request: Request, honest: Handler) -> Response:
    """Any key may create anything but observations."""
    return await honest(_in_full(request) if _by_a_reader(request) and not is_create(request) else request)


@lies_at_the_door("AUT-12")
async def readers_may_subscribe(request: Request, honest: Handler) -> Response:
    """A read-only key may create webhooks."""
    subscribes = _by_a_reader(request) and request.path == "/v1/webhooks"
    return await honest(_in_full(request) if subscribes else request)


@lies_at_the_door("AUT-12")
async def readers_may_unsubscribe(request: Request, honest: Handler) -> Response:
    """A read-only key may remove webhooks."""
    removes = _by_a_reader_of_items(request) and request.method == "DELETE"
    return await honest(_in_full(request) if removes else request)


@lies_at_the_door("AUT-12")
async def readers_may_change_webhooks(request: Request, honest: Handler) -> Response:
    """A read-only key may update webhooks."""
    changes = _by_a_reader_of_items(request) and request.method == "PATCH"
    return await honest(_in_full(request) if changes else request)


@lies_at_the_door("AUT-12")
async def readers_may_change_conversations(request: Request, honest: Handler) -> Response:
    """A read-only key may update conversations."""
    changes = request.method == "PATCH" and request.path.startswith("/v1/conversations/")
    return await honest(_in_full(request) if changes and presented(request) == KEYS.read_only else request)


@lies_at_the_door("AUT-12")
async def readers_summaries_are_not_found(request: Request, honest: Handler) -> Response:
    """A create of a summary by a key that may not gets 404."""
    response = await honest(request)
    hidden = _by_a_reader(request) and request.path == "/v1/summaries" and response.status == 403
    return refusal("not_found") if hidden else response


@lies_at_the_door("AUT-12")
async def forbidden_conversations_have_another_code(request: Request, honest: Handler) -> Response:
    """A create of a conversation by a key that may not gets 403 forbidden."""
    response = await honest(request)
    if not (_by_a_reader(request) and request.path == "/v1/conversations"):
        return response
    return response.with_json({"error": {"code": "forbidden", "message": "It lacks a scope."}})
