"""Idempotency keys: a retried create gets the first response again (overview, Idempotency keys for POSTs)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from conformance.reference.clock import SECOND
from conformance.reference.errors import Refusal
from conformance.reference.http import Pairs, Request, Response
from conformance.reference.storage import IDEMPOTENCY
from conformance.reference.validation import read_json

if TYPE_CHECKING:
    from conformance.reference.call import Call, Endpoint

RETENTION = 24 * 60 * 60
HEADER = "Idempotency-Key"


def fingerprint(request: Request) -> str:
    """Digest what a request asks for: its target and its JSON value, however that is serialized."""
    canonical = json.dumps(read_json(request.body), sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.path} {canonical}".encode()).hexdigest()


def remembered(response: Response) -> bool:
    """Decide which responses are kept: those that made something. A refused request may be corrected and retried."""
    return response.status == 201  # noqa: PLR2004 - Created


def replay(stored: Response) -> Response:
    """Answer a retry: the stored response, marked as such."""
    return stored.with_header("Idempotent-Replayed", "true")


def once(call: Call, endpoint: Endpoint) -> Response:
    """Run a creating endpoint, or answer with what it answered when its key was first used.

    The lock of the storage is held throughout, so that retries sent at the same time wait for the first.
    """
    key = call.parameters.get(HEADER)
    if key is None:
        return endpoint(call)
    asked = call.behaviour.fingerprint(call.request)
    stored = recall(call, key)
    if stored is None:
        response = endpoint(call)
        if call.behaviour.remembered(response):
            store(call, {"key": key, "fingerprint": asked}, response)
        return response
    if stored["fingerprint"] != asked:
        raise Refusal("conflict", "this idempotency key was used for a different request")
    headers: Pairs = tuple((name, value) for name, value in stored["headers"])
    return call.behaviour.replay(Response(stored["status"], headers, stored["body"]))


def recall(call: Call, key: str) -> Any:  # noqa: ANN401 - a row of the table, or None
    """Find what is kept for a key and is not too old."""
    oldest = call.now - int(call.behaviour.retention * SECOND)
    statement = select(IDEMPOTENCY).where(
        IDEMPOTENCY.c.owner == call.behaviour.idempotency_owner(call.key),
        IDEMPOTENCY.c.key == key,
        IDEMPOTENCY.c.created_at > oldest,
    )
    return call.connection.execute(statement).mappings().first()


def store(call: Call, entry: dict[str, str], response: Response) -> None:
    """Keep the response to the first use of a key, in the place of one that is too old."""
    call.connection.execute(
        insert(IDEMPOTENCY)
        .prefix_with("OR REPLACE")
        .values(
            **entry,
            owner=call.behaviour.idempotency_owner(call.key),
            created_at=call.now,
            status=response.status,
            headers=[list(pair) for pair in response.headers],
            body=response.body,
        )
    )
