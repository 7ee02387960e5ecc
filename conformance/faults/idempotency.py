"""Lies about idempotency keys."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

KEY = "idempotency-key"


def _keyed(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/observations") and bool(request.header(KEY))


def _judging_by(*fields: str) -> Behaviour:
    """Compare payloads by these fields only."""

    def fingerprint(request: Request) -> str:
        try:
            body = json.loads(request.body)
        except ValueError:
            return request.body.hex()
        return repr([body.get(field) for field in fields] if isinstance(body, dict) else body)

    return replace(HONEST, fingerprint=fingerprint)


@lies_at_the_door("IDM-01")
async def keys_are_ignored(request: Request, honest: Handler) -> Response:
    """A retry creates another observation."""
    return await honest(request.without_header(KEY) if _keyed(request) else request)


@lies("IDM-01")
def a_retry_is_a_conflict() -> Behaviour:
    """A retry with the same key and body gets 409."""
    counter = iter(range(10**9))
    return replace(HONEST, fingerprint=lambda _request: str(next(counter)))


@lies("IDM-02")
def a_replay_hides_a_second_create() -> Behaviour:
    """The retry answers with the first observation and creates a second one."""
    seen: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header(KEY)
        if _keyed(request) and key in seen:
            await honest(request.without_header(KEY))
        if _keyed(request) and key:
            seen.add(key)
        return await honest(request)

    return replace(HONEST, door=door)


@lies("IDM-03")
def another_payload_replays_the_first() -> Behaviour:
    """A reused key answers with the first response, whatever the payload."""
    return replace(HONEST, fingerprint=lambda _request: "")


@lies("IDM-03")
def payloads_are_compared_by_length() -> Behaviour:
    """Two payloads of the same length count as one."""
    return replace(HONEST, fingerprint=lambda request: str(len(request.body)))


@lies("IDM-03")
def payloads_are_compared_by_text_alone() -> Behaviour:
    """Only the text is compared, so another type, or a field more, counts as the same payload."""
    return _judging_by("observation")


@lies("IDM-03")
def payloads_are_compared_by_required_fields() -> Behaviour:
    """Optional fields are not compared."""
    return _judging_by("employee_id", "type", "observation")


@lies("IDM-03")
def payloads_are_compared_without_attributes() -> Behaviour:
    """Two payloads that differ in their attributes alone count as one."""
    return _judging_by("employee_id", "type", "observation", "impact", "recommended_action", "observation_date")


@lies("IDM-03")
def payloads_are_compared_without_the_day() -> Behaviour:
    """Two payloads that differ in their day alone count as one."""
    return _judging_by("employee_id", "type", "observation", "impact", "recommended_action", "attribute_ids")


@lies_at_the_door("IDM-09")
async def keys_with_odd_characters_are_ignored(request: Request, honest: Handler) -> Response:
    """A key that holds more than letters, digits, hyphens and colons is ignored."""
    odd = set(request.header(KEY) or "") & set(" /?&=[]|#+%~'")
    return await honest(request.without_header(KEY) if _keyed(request) and odd else request)


@lies_at_the_door("IDM-03")
async def a_reused_key_is_unprocessable(request: Request, honest: Handler) -> Response:
    """A reused key gets 422 instead of 409."""
    response = await honest(request)
    if _keyed(request) and response.status == 409:
        return replace(response.with_json({"error": response.json()["error"] | {"code": "unprocessable"}}), status=422)
    return response


@lies_at_the_door("IDM-04")
async def a_refused_reuse_creates_all_the_same(request: Request, honest: Handler) -> Response:
    """A reused key gets 409, and its payload is created."""
    response = await honest(request)
    if _keyed(request) and response.status == 409:
        await honest(request.without_header(KEY))
    return response


@lies("IDM-04")
def a_refused_reuse_overwrites_the_original() -> Behaviour:
    """A reused key gets 409, and the impact of the first observation is that of the refused payload."""
    made: dict[str, str] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        key = request.header(KEY) or ""
        if _keyed(request) and response.status == 201:
            made[key] = response.json()["id"]
        if _keyed(request) and response.status == 409 and key in made:
            path = f"{request.path}/{made[key]}"
            await honest(replace(request, method="PATCH", path=path).with_json({"impact": "Overwritten."}))
        return response

    return replace(HONEST, door=door)


@lies("IDM-04")
def a_refused_reuse_forgets_the_key() -> Behaviour:
    """After a refused reuse the key creates anew."""
    refused: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header(KEY) or ""
        response = await honest(
            request.with_header(KEY, f"{key}-anew") if _keyed(request) and key in refused else request
        )
        if _keyed(request) and response.status == 409:
            refused.add(key)
        return response

    return replace(HONEST, door=door)


@lies("IDM-05")
def the_body_is_the_key() -> Behaviour:
    """The same body gives the same observation, under whatever key."""

    async def door(request: Request, honest: Handler) -> Response:
        if not _keyed(request):
            return await honest(request)
        return await honest(request.with_header(KEY, hashlib.sha256(request.body).hexdigest()))

    return replace(HONEST, door=door)


@lies("IDM-05")
def without_a_key_the_body_is_the_key() -> Behaviour:
    """Without a key, a body that was seen before gives the earlier observation."""
    seen: dict[bytes, str] = {}

    async def door(request: Request, honest: Handler) -> Response:
        if request.method != "POST" or not request.path.endswith("/observations"):
            return await honest(request)
        key = request.header(KEY)
        if key:
            seen.setdefault(request.body, key)
            return await honest(request)
        known = seen.get(request.body)
        return await honest(request.with_header(KEY, known) if known else request)

    return replace(HONEST, door=door)


@lies_at_the_door("IDM-09")
async def only_uuids_are_keys(request: Request, honest: Handler) -> Response:
    """A key that is no UUID is ignored."""
    key = request.header(KEY) or ""
    return await honest(request.without_header(KEY) if _keyed(request) and len(key) != 36 else request)


@lies_at_the_door("IDM-09")
async def keys_are_cut_at_32_characters(request: Request, honest: Handler) -> Response:
    """Only the first 32 characters of a key count."""
    key = request.header(KEY) or ""
    return await honest(request.with_header(KEY, key[:32]) if _keyed(request) else request)


@lies("IDM-10")
def a_replay_answers_200() -> Behaviour:
    """A replay of a 201 answers 200."""
    return replace(HONEST, replay=lambda stored: replace(stored, status=200))


@lies("IDM-10")
def a_replay_leaves_out_nulls() -> Behaviour:
    """A replay answers without the fields that are null."""

    def replay(stored: Response) -> Response:
        kept: dict[str, Any] = {name: value for name, value in stored.json().items() if value is not None}
        return stored.with_json(kept)

    return replace(HONEST, replay=replay)


@lies("IDM-14")
def a_replay_shows_the_present_state() -> Behaviour:
    """A replay answers with the observation as it is now."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if not (_keyed(request) and response.header("Idempotent-Replayed")):
            return response
        read = await honest(replace(request, method="GET", path=f"{request.path}/{response.json()['id']}", body=b""))
        return response.with_json(read.json())

    return replace(HONEST, door=door)
