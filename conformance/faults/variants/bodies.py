"""Legal choices in what is taken of a body, refused or changed in it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.publishing import publishes
from conformance.faults.rewriting import is_create, is_update, refusal, sent, with_headers
from conformance.faults.variants import legal, legal_at_the_door

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Behaviour, Handler, Request, Response

READ_ONLY = ("id", "created_at", "updated_at", "archived_at")
TEXTS = {"observation", "impact", "recommended_action"}
KNOWN = {"employee_id", "type", "observation", "impact", "recommended_action", "attribute_ids", "observation_date"}


@legal_at_the_door
async def read_only_fields_refused(request: Request, honest: Handler) -> Response:
    """A write that names a field which only the server sets is refused."""
    return await refusing(request, honest, {name for name in READ_ONLY if name in sent(request)})


@legal_at_the_door
async def unknown_fields_refused(request: Request, honest: Handler) -> Response:
    """A write that names a field which is not documented is refused."""
    return await refusing(request, honest, set(sent(request)) - KNOWN - set(READ_ONLY))


@legal_at_the_door
async def null_lists_refused(request: Request, honest: Handler) -> Response:
    """Null for attribute_ids or for the date is refused."""
    body = sent(request)
    return await refusing(
        request, honest, {name for name in ("attribute_ids", "observation_date") if body.get(name, ...) is None}
    )


async def refusing(request: Request, honest: Handler, fields: set[str]) -> Response:
    """Refuse a write for fields, if there are any, as a validation error that names one of them."""
    if not fields or not (is_create(request) or is_update(request)):
        return await honest(request)
    response = await honest(request.with_json({"type": "neither"}))
    return with_headers(refusal("validation_error", min(fields)), response) if response.status == 400 else response


@legal_at_the_door
async def repeated_attributes_collapse(request: Request, honest: Handler) -> Response:
    """An attribute that is named twice is stored once."""
    ids = sent(request).get("attribute_ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        return await honest(request)
    return await honest(request.with_json({**sent(request), "attribute_ids": list(dict.fromkeys(ids))}))


@legal_at_the_door
async def white_space_trimmed(request: Request, honest: Handler) -> Response:
    """White space around a text is taken away before it is looked at."""
    body = sent(request)
    if not body:
        return await honest(request)
    return await honest(request.with_json({name: _trimmed(name, value) for name, value in body.items()}))


def _trimmed(name: str, value: Any) -> Any:  # noqa: ANN401  # any JSON value
    return value.strip() if isinstance(value, str) and name in TEXTS else value


@legal_at_the_door
async def texts_are_cleaned_of_html(request: Request, honest: Handler) -> Response:
    """Markup is taken out of texts before they are stored."""
    body = sent(request)
    if "<" not in json.dumps(body):
        return await honest(request)
    return await honest(request.with_json({name: _cleaned(value) for name, value in body.items()}))


def _cleaned(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if not isinstance(value, str):
        return value
    kept, inside = [], False
    for character in value:
        inside = (inside or character == "<") and character != ">"
        if not inside and character != ">":
            kept.append(character)
    return "".join(kept)


@legal_at_the_door
async def bodies_need_their_media_type(request: Request, honest: Handler) -> Response:
    """A write that does not say that it is JSON gets 415."""
    if request.method not in {"POST", "PATCH"} or not request.body or request.header("content-type"):
        return await honest(request)
    response = await honest(request.with_json({"type": "neither"}))
    told = {"error": {"code": "unsupported_media_type", "message": "say application/json"}}
    return replace(response.with_json(told), status=415) if response.status == 400 else response


@legal
def actions_look_at_their_bodies() -> Behaviour:
    """An archive or a restore takes no body, and gets 400 with what is no JSON object; the spec tells of neither."""
    return replace(publishes(_without_bad_requests), door=_looking_at_bodies)


def _without_bad_requests(document: Document) -> None:
    for path, item in document["paths"].items():
        if path.endswith(("/archive", "/restore")):
            item["post"]["responses"].pop("400", None)


async def _looking_at_bodies(request: Request, honest: Handler) -> Response:
    acts = request.method == "POST" and request.path.endswith(("/archive", "/restore"))
    if not acts or request.header("Content-Type") is None or sent(request) or request.body == b"{}":
        return await honest(request)
    response = await honest(replace(request, path="/v1/observations/nobody/archive"))
    return with_headers(refusal("validation_error", "body"), response) if response.status == 404 else response
