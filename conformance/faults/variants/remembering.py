"""Legal choices in what an Idempotency-Key is, and in what is remembered of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.idempotency_later import forget, when_late
from conformance.faults.publishing import publishes
from conformance.faults.rewriting import is_create, refusal, with_headers
from conformance.faults.variants import legal
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Handler, Request, Response

_PLAIN_KEY = re.compile("^[A-Za-z0-9_:-]{1,255}$")


@legal
def keys_of_each_api_key() -> Behaviour:
    """Idempotency-Keys belong to an API key, not to its organization."""
    return replace(HONEST, idempotency_owner=lambda key: key.id)


@legal
def payloads_compared_by_octets() -> Behaviour:
    """A retry has to send the same octets: the same JSON written otherwise is another payload."""
    return replace(HONEST, fingerprint=_of_octets)


def _of_octets(request: Request) -> str:
    return hashlib.sha256(f"{request.method} {request.path} ".encode() + request.body).hexdigest()


@legal
def refusals_are_remembered() -> Behaviour:
    """A key whose first use was refused stays with that payload: another one is a conflict."""
    refused: dict[str, bytes] = {}

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header("idempotency-key") if is_create(request) else None
        if key is not None and refused.get(key, request.body) != request.body:
            response = await honest(request.with_json({"type": "neither"}))
            return (
                with_headers(refusal("conflict", "Idempotency-Key"), response) if response.status == 400 else response
            )
        response = await honest(request)
        if key is not None and response.status == 400:
            refused[key] = request.body
        return response

    return replace(HONEST, door=door)


@legal
def replays_unmarked() -> Behaviour:
    """A replay is not marked as one."""
    return replace(HONEST, replay=lambda stored: stored)


@legal
def keys_remembered_for_a_week() -> Behaviour:
    """Idempotency-Keys are remembered for longer than a day."""
    return replace(HONEST, retention=7 * 24 * 60 * 60)


@legal
def keys_remembered_since_their_last_use() -> Behaviour:
    """Each retry keeps an Idempotency-Key for another day."""
    return replace(when_late(24, forget, since_last_use=True), retention=7 * 24 * 60 * 60)


@legal
def keys_of_letters_and_digits() -> Behaviour:
    """An Idempotency-Key has letters, digits and - _ : alone, as the spec says; any other gets 400."""
    return replace(publishes(_with_plain_keys), door=_taking_plain_keys)


def _with_plain_keys(document: Document) -> None:
    document["components"]["parameters"]["IdempotencyKey"]["schema"]["pattern"] = _PLAIN_KEY.pattern


async def _taking_plain_keys(request: Request, honest: Handler) -> Response:
    key = request.header("Idempotency-Key")
    odd = request.method == "POST" and key is not None and not _PLAIN_KEY.search(key)
    return await honest(replace(request, body=b"{") if odd else request)  # what is no JSON gets 400
