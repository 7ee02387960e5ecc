"""Legal choices in what is accepted, refused and ignored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.publishing import operation, publishes
from conformance.faults.rewriting import COLLECTION, hits_of_their_own, is_list, is_update, refusal, with_headers
from conformance.faults.variants import legal, legal_at_the_door, warned_under
from conformance.reference import HONEST, Behaviour
from conformance.reference.listing import page_size

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Handler, Request, Response


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
        with_headers(refusal("validation_error", "sort"), response) if several and response.status == 200 else response
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
    return with_headers(refusal("validation_error", "id"), response) if malformed else response


@legal_at_the_door
async def archived_refuse_updates_as_unprocessable(request: Request, honest: Handler) -> Response:
    """An update of an archived observation gets 422 instead of 409."""
    response = await honest(request)
    if not is_update(request) or response.status != 409:
        return response
    return with_headers(refusal("unprocessable"), response)


@legal
def archiving_is_no_update() -> Behaviour:
    """updated_at stays where an observation is archived or restored."""
    return replace(
        HONEST,
        touched=lambda action, before, now: HONEST.touched(action, before, now) if action == "update" else before,
    )


@legal
def tomorrow_is_not_the_future() -> Behaviour:
    """A date counts as future once no time zone has reached it."""
    day = 24 * 60 * 60 * 1_000_000
    return replace(HONEST, in_future=lambda text, now: HONEST.in_future(text, now + day))


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
        return with_headers(refusal("validation_error", "expand"), response)
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
async def other_methods_not_found(request: Request, honest: Handler) -> Response:
    """A method that a path does not take gets 404 instead of 405."""
    response = await honest(request)
    if response.status != 405:
        return response
    return with_headers(refusal("not_found"), response.without_header("allow"))


@legal_at_the_door
async def few_codes_for_all_errors(request: Request, honest: Handler) -> Response:
    """A method that a path does not take gets 405 with a code of the table: there are no others."""
    response = await honest(request)
    if response.status != 405 or not response.body:
        return response
    return response.with_json({"error": {**response.json()["error"], "code": "not_found"}})


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
    return with_headers(refusal("validation_error", "user_id"), response) if plainly and not named else response


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
