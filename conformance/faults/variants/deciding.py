"""Legal choices in what is accepted, refused, ignored and remembered."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.idempotency_later import forget, when_late
from conformance.faults.publishing import operation, publishes
from conformance.faults.rewriting import COLLECTION, hits_of_their_own, is_create, is_list, is_update, refusal, sent
from conformance.faults.variants import legal, legal_at_the_door, warned_under
from conformance.reference import HONEST, Behaviour
from conformance.reference.listing import page_size

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Handler, Request, Response

_PLAIN_KEY = re.compile("^[A-Za-z0-9_:-]{1,255}$")
READ_ONLY = ("id", "created_at", "updated_at", "archived_at")
TEXTS = {"observation", "impact", "recommended_action"}
KNOWN = {"employee_id", "type", "observation", "impact", "recommended_action", "attribute_ids", "observation_date"}


@legal
def large_limits_clamped() -> Behaviour:
    """A limit above 100 is served with 100 items."""
    return replace(
        HONEST, page_size=lambda text: page_size("100" if (text or "").isdigit() and int(text or 0) > 100 else text)
    )


@legal_at_the_door
async def unknown_types_match_nothing(request: Request, honest: Handler) -> Response:
    """filter[type] with another value than the two matches nothing, without a complaint."""
    kind = request.param("filter[type]")
    if not is_list(request) or kind in {None, "strength", "opportunity"}:
        return await honest(request)
    asked = request.with_query("filter[type]", "strength").with_query("filter[employee_id]", "emp_nobody")
    return await honest(asked)


@legal_at_the_door
async def one_sort_field_only(request: Request, honest: Handler) -> Response:
    """Observations are sorted by one field; a list of them is refused."""
    several = is_list(request) and "," in (request.param("sort") or "")
    response = await honest(request)
    return (
        _with_headers(refusal("validation_error", "sort"), response) if several and response.status == 200 else response
    )


@legal_at_the_door
async def html_is_not_acceptable(request: Request, honest: Handler) -> Response:
    """What accepts no JSON gets 406, of which the spec says nothing."""
    response = await honest(request)
    accepted = request.header("Accept") or "*/*"
    if "json" in accepted or "*/*" in accepted:
        return response
    error = {"code": "not_acceptable", "message": "There is JSON only."}
    return replace(response.with_json({"error": error}), status=406)


@legal_at_the_door
async def malformed_ids_are_invalid(request: Request, honest: Handler) -> Response:
    """An id that can't be one gets 400 instead of 404."""
    name = request.path.removeprefix(f"{COLLECTION}/").partition("/")[0]
    asks_one = request.path.startswith(f"{COLLECTION}/")
    response = await honest(request)
    malformed = asks_one and response.status == 404 and not (name.startswith("obs_") and len(name) == 30)
    return _with_headers(refusal("validation_error", "id"), response) if malformed else response


def _with_headers(told: Response, honest: Response) -> Response:
    kept = tuple(pair for pair in honest.headers if pair[0].lower() != "content-type")
    return replace(told, headers=(*told.headers, *kept))


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
    return _with_headers(refusal("validation_error", min(fields)), response) if response.status == 400 else response


@legal_at_the_door
async def repeated_attributes_collapse(request: Request, honest: Handler) -> Response:
    """An attribute that is named twice is stored once."""
    ids = sent(request).get("attribute_ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        return await honest(request)
    return await honest(request.with_json({**sent(request), "attribute_ids": list(dict.fromkeys(ids))}))


@legal_at_the_door
async def archived_refuse_updates_as_unprocessable(request: Request, honest: Handler) -> Response:
    """An update of an archived observation gets 422 instead of 409."""
    response = await honest(request)
    if not is_update(request) or response.status != 409:
        return response
    return _with_headers(refusal("unprocessable"), response)


@legal
def archiving_is_no_update() -> Behaviour:
    """updated_at stays where an observation is archived or restored."""
    return replace(
        HONEST,
        touched=lambda action, before, now: HONEST.touched(action, before, now) if action == "update" else before,
    )


@legal_at_the_door
async def white_space_trimmed(request: Request, honest: Handler) -> Response:
    """White space around a text is taken away before it is looked at."""
    body = sent(request)
    if not body:
        return await honest(request)
    return await honest(request.with_json({name: _trimmed(name, value) for name, value in body.items()}))


def _trimmed(name: str, value: Any) -> Any:  # noqa: ANN401  # any JSON value
    return value.strip() if isinstance(value, str) and name in TEXTS else value


@legal
def tomorrow_is_not_the_future() -> Behaviour:
    """A date counts as future once no time zone has reached it."""
    day = 24 * 60 * 60 * 1_000_000
    return replace(HONEST, in_future=lambda text, now: HONEST.in_future(text, now + day))


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
                _with_headers(refusal("conflict", "Idempotency-Key"), response) if response.status == 400 else response
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
def cursors_of_another_form() -> Behaviour:
    """A cursor is long, and holds characters that a query has to encode."""
    return replace(
        HONEST,
        seal=lambda position, secret: f"c+/=&{'x' * 600}:{HONEST.seal(position, secret)}",
        unseal=lambda text, secret: HONEST.unseal(_unpacked(text), secret),
    )


def _unpacked(text: str) -> str:
    head, _, cursor = text.rpartition(":")
    if head != f"c+/=&{'x' * 600}":
        raise ValueError("not a cursor of this API")
    return cursor


@legal
def ties_in_another_order() -> Behaviour:
    """What ties on the sort key comes in an order of its own, the same each time."""
    return replace(
        HONEST, tie_break=lambda terms, identifier: HONEST.tie_break(terms, identifier)[:-1] + _other(terms, identifier)
    )


def _other(terms: Any, identifier: Any) -> tuple[Any, ...]:  # noqa: ANN401  # as Behaviour.tie_break
    last = HONEST.tie_break(terms, identifier)[-1]
    return (replace(last, descending=not last.descending),)


@legal
def unknown_expansions_refused() -> Behaviour:
    """Of a list of observations what the published spec does not name can't be expanded: it gets 400."""
    return replace(publishes(_expanding_little), door=_refusing_expansions)


EXPANDED = ("employee", "attributes")


async def _refusing_expansions(request: Request, honest: Handler) -> Response:
    response = await honest(request)
    paths = set((request.param("expand") or "").split(",")) - {""}
    if is_list(request) and paths - {*EXPANDED} and response.status == 200:
        return _with_headers(refusal("validation_error", "expand"), response)
    return response


def _expanding_little(document: Document) -> None:
    parameters = operation(document, "get", "/observations")["parameters"]
    (expand,) = [one for one in parameters if one.get("name") == "expand"]
    expand["schema"]["items"]["enum"] = [*EXPANDED]


@legal_at_the_door
async def unknown_parameters_ignored_with_a_warning(request: Request, honest: Handler) -> Response:
    """A filter that is not supported is ignored, and a header says so."""
    response = await honest(request)
    return (
        response.with_header("Warning", '299 - "a filter was ignored"') if "filter" in request.raw_query else response
    )


@legal_at_the_door
async def bodies_need_their_media_type(request: Request, honest: Handler) -> Response:
    """A write that does not say that it is JSON gets 415."""
    if request.method not in {"POST", "PATCH"} or not request.body or request.header("content-type"):
        return await honest(request)
    response = await honest(request.with_json({"type": "neither"}))
    told = {"error": {"code": "unsupported_media_type", "message": "say application/json"}}
    return replace(response.with_json(told), status=415) if response.status == 400 else response


@legal_at_the_door
async def other_methods_not_found(request: Request, honest: Handler) -> Response:
    """A method that a path does not take gets 404 instead of 405."""
    response = await honest(request)
    if response.status != 405:
        return response
    return _with_headers(refusal("not_found"), response.without_header("allow"))


@legal_at_the_door
async def few_codes_for_all_errors(request: Request, honest: Handler) -> Response:
    """A method that a path does not take gets 405 with a code of the table: there are no others."""
    response = await honest(request)
    if response.status != 405 or not response.body:
        return response
    return response.with_json({"error": {**response.json()["error"], "code": "not_found"}})


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


@legal
def preferences_of_somebody_alone() -> Behaviour:
    """The preferences are read of one user, whom the query has to name, as the spec says."""
    return replace(publishes(_naming_a_user), door=_of_a_user)


def _naming_a_user(document: Document) -> None:
    named = {"name": "user_id", "in": "query", "required": True, "schema": {"type": "string"}}
    operation(document, "get", "/preferences")["parameters"].append(named)


async def _of_a_user(request: Request, honest: Handler) -> Response:
    named = request.param("user_id") is not None
    response = await honest(request.with_query("user_id", None))
    plainly = (request.method, request.path) == ("GET", "/v1/preferences") and response.status == 200  # RFC 9110: OK
    return _with_headers(refusal("validation_error", "user_id"), response) if plainly and not named else response


@legal
def search_knows_no_order() -> Behaviour:
    """What is found comes in an order of its own: the spec gives search no sort, and one that is sent is ignored."""
    return replace(publishes(_without_an_order), door=_ignoring_orders)


def _without_an_order(document: Document) -> None:
    search = operation(document, "get", "/search")
    search["parameters"] = [one for one in search["parameters"] if one.get("name") != "sort"]


async def _ignoring_orders(request: Request, honest: Handler) -> Response:
    return await honest(request.with_query("sort", None) if request.path == "/v1/search" else request)


@legal
@warned_under("TRN-06")
def summaries_are_made_later() -> Behaviour:
    """A create of a summary gets 202, so that a warning is due, and the summary comes to be."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        made = (request.method, request.path, response.status) == ("POST", "/v1/summaries", 201)  # RFC 9110: Created
        return replace(response, status=202) if made else response  # RFC 9110: Accepted

    return replace(publishes(_making_summaries_later), door=door)


def _making_summaries_later(document: Document) -> None:
    responses = operation(document, "post", "/summaries")["responses"]
    responses["202"] = responses["201"]


@legal_at_the_door
async def hits_have_ids_of_their_own(request: Request, honest: Handler) -> Response:
    """A hit of a search is a thing with an id of its own, and names what it found in another member."""
    return await hits_of_their_own(request, honest)


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
    return _with_headers(refusal("validation_error", "body"), response) if response.status == 404 else response
