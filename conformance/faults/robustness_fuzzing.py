"""Lies about what the published spec allows: what it forbids is served, or what it allows is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.querying import asks
from conformance.faults.rewriting import id_of, is_list, is_read, is_update, refusal, resent, sent
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response
    from conformance.reference.http import Pairs

REVIEW_ITEMS = "/v1/review-items/"
TEAM_SUMMARIES = "/v1/team-summaries"


# what breaks the spec is served ----------------------------------------------------------------------------


@lies("ROB-02")
def an_exclusive_bound_that_is_no_date_is_overlooked() -> Behaviour:
    """Of all date filters, those with [gt] and [lt] are left out where they are no date."""

    def change(query: Pairs) -> Pairs:
        return tuple((name, text) for name, text in query if not name.endswith(("[gt]", "[lt]")) or text[:2] == "20")

    return asks(change)


@lies_at_the_door("ROB-02")
async def one_character_too_many_is_cut_off(request: Request, honest: Handler) -> Response:
    """An update whose impact has 2001 characters is served, with the last one cut off."""
    if not is_update(request):
        return await honest(request)
    return await resent(request, honest, lambda body: body | _cut(body.get("impact")))


def _cut(impact: object) -> dict[str, str]:
    return {"impact": impact[:-1]} if isinstance(impact, str) and len(impact) == 2001 else {}


@lies_at_the_door("ROB-02")
async def an_update_takes_whatever_is_sent(request: Request, honest: Handler) -> Response:
    """An invalid update of a review item gets 200 and the item as it was."""
    response = await honest(request)
    if request.method != "PATCH" or not request.path.startswith(REVIEW_ITEMS) or response.status != 400:
        return response
    return await honest(replace(request, method="GET", body=b""))


@lies_at_the_door("ROB-02")
async def a_query_that_cannot_be_read_is_overlooked(request: Request, honest: Handler) -> Response:
    """The list of team summaries answers an invalid query as if there were none."""
    response = await honest(request)
    if request.method != "GET" or request.path != TEAM_SUMMARIES or response.status != 400:
        return response
    return await honest(replace(request, query=(), raw_query=""))


# what the spec allows is refused ---------------------------------------------------------------------------


@lies_at_the_door("ROB-03")
async def one_order_is_refused(request: Request, honest: Handler) -> Response:
    """Of the four orders of observations that the spec names, the ascending observation_date gets 400."""
    refused = is_list(request) and request.param("sort") == "observation_date"
    return refusal("validation_error", "sort") if refused else await honest(request)


@lies_at_the_door("ROB-03")
async def the_greatest_limit_is_refused(request: Request, honest: Handler) -> Response:
    """A list of observations with limit=100 gets 400."""
    refused = is_list(request) and request.param("limit") == "100"
    return refusal("validation_error", "limit") if refused else await honest(request)


@lies_at_the_door("ROB-03")
async def the_longest_text_of_an_update_is_refused(request: Request, honest: Handler) -> Response:
    """An update with an observation of exactly 4000 characters gets 400."""
    text = sent(request).get("observation") if is_update(request) else None
    refused = isinstance(text, str) and len(text) == 4000
    return refusal("validation_error", "observation") if refused else await honest(request)


@lies_at_the_door("ROB-03")
async def an_expansion_of_one_item_is_unprocessable(request: Request, honest: Handler) -> Response:
    """One observation with expand=attributes gets 422, though a list of them is served so."""
    refused = is_read(request) and request.param("expand") == "attributes"
    return refusal("unprocessable", "expand") if refused else await honest(request)


@lies_at_the_door("ROB-03")
async def an_order_and_a_filter_exclude_each_other(request: Request, honest: Handler) -> Response:
    """A list of observations that is both sorted and filtered gets 400."""
    names = {name.partition("[")[0] for name, _ in request.query}
    refused = is_list(request) and {"sort", "filter"} <= names and request.param("limit") == "1"
    return refusal("validation_error", "sort") if refused else await honest(request)


@lies_at_the_door("ROB-03")
async def a_described_operation_is_not_there(request: Request, honest: Handler) -> Response:
    """The list of attributes, which the spec describes, gets 405."""
    response = await honest(request)
    return replace(response, status=405) if request.path == "/v1/attributes" else response


# what only a sequence shows --------------------------------------------------------------------------------


@lies("ROB-03")
def a_deleted_subscription_is_still_served() -> Behaviour:
    """DELETE of a subscription gets 200, and the subscription is read as if nothing had been."""

    async def door(request: Request, honest: Handler) -> Response:
        deleted = request.method == "DELETE" and request.path.startswith("/v1/webhooks/")
        return await honest(replace(request, method="GET") if deleted else request)

    return replace(HONEST, door=door)


@lies("ROB-01")
def what_is_restored_can_no_longer_be_changed() -> Behaviour:
    """The first update after a restore gets 500."""
    restored: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if request.path.endswith("/restore") and response.status == 200:
            restored.add(id_of(request))
        if is_update(request) and id_of(request) in restored:
            restored.discard(id_of(request))
            return replace(response, status=500)
        return response

    return replace(HONEST, door=door)
