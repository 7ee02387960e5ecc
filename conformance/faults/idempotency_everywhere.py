"""Lies about idempotency keys on the collections other than observations."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import refusal
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

KEY = "idempotency-key"


def _creates(request: Request, collection: str) -> bool:
    return request.method == "POST" and request.path == f"/v1/{collection}" and bool(request.header(KEY))


@lies_at_the_door("IDM-11")
async def only_observations_have_keys(request: Request, honest: Handler) -> Response:
    """Keys are ignored everywhere but on observations."""
    return await honest(request if _creates(request, "observations") else request.without_header(KEY))


@lies_at_the_door("IDM-11")
async def webhooks_have_no_keys(request: Request, honest: Handler) -> Response:
    """A retried subscription is a second subscription."""
    return await honest(request.without_header(KEY) if _creates(request, "webhooks") else request)


@lies("IDM-11")
def employees_are_kept_apart_by_address_alone() -> Behaviour:
    """A retried employee is refused as a duplicate, with the status and code of a reused key."""
    seen: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        if not _creates(request, "employees"):
            return await honest(request)
        address = request.json().get("email")
        known = address in seen
        seen.add(address)
        return refusal("conflict", "email") if known else await honest(request.without_header(KEY))

    return replace(HONEST, door=door)


@lies("IDM-11")
def any_summary_replays_the_first() -> Behaviour:
    """A reused key answers with the summary that it made first, whatever the payload."""
    first: dict[str, bytes] = {}

    async def door(request: Request, honest: Handler) -> Response:
        if not _creates(request, "summaries"):
            return await honest(request)
        return await honest(replace(request, body=first.setdefault(request.header(KEY) or "", request.body)))

    return replace(HONEST, door=door)


@lies_at_the_door("IDM-11")
async def another_conversation_is_another_key(request: Request, honest: Handler) -> Response:
    """A reused key with another payload makes another conversation."""
    if not _creates(request, "conversations"):
        return await honest(request)
    return await honest(request.with_header(KEY, hashlib.sha256(request.body).hexdigest()))


@lies_at_the_door("IDM-11")
async def a_reused_key_of_a_review_item_is_unprocessable(request: Request, honest: Handler) -> Response:
    """A reused key with another payload gets 422, not 409."""
    response = await honest(request)
    return refusal("unprocessable") if _creates(request, "review-items") and response.status == 409 else response


@lies_at_the_door("IDM-11")
async def a_retried_objective_answers_200(request: Request, honest: Handler) -> Response:
    """A replay of a 201 answers 200."""
    response = await honest(request)
    replayed = _creates(request, "employee-objectives") and response.header("Idempotent-Replayed")
    return replace(response, status=200) if replayed else response


@lies_at_the_door("IDM-11")
async def a_retried_assignment_leaves_a_twin(request: Request, honest: Handler) -> Response:
    """A retry answers with the first assignment and makes a second one."""
    response = await honest(request)
    if _creates(request, "assignments") and response.header("Idempotent-Replayed"):
        await honest(request.without_header(KEY))
    return response


@lies_at_the_door("IDM-11")
async def a_refused_objective_is_made_all_the_same(request: Request, honest: Handler) -> Response:
    """A reused key with another payload gets 409, and the other payload makes an objective."""
    response = await honest(request)
    if _creates(request, "manager-objectives") and response.status == 409:
        await honest(request.without_header(KEY))
    return response
