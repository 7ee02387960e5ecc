"""Lies about pages, limits and cursors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.querying import asks, names
from conformance.faults.rewriting import is_list
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response
    from conformance.reference.http import Pairs

Envelope = dict[str, Any]


def collection(request: Request) -> str:
    """Give the name of the collection that a request lists, "" for any other request."""
    _, _, name, *rest = [*request.path.split("/"), "", ""][:5]
    return name if request.method == "GET" and not any(rest) and name not in {"session", "openapi.json"} else ""


async def rewrite(request: Request, honest: Handler, edit: Callable[[Envelope], Any]) -> Response:
    """Answer a list with its page rewritten, anything else as it is."""
    response = await honest(request)
    if not collection(request) or response.status != 200:
        return response
    return response.with_json(edit(response.json()))


@lies_at_the_door("PAG-01")
async def bare_array_of_notifications(request: Request, honest: Handler) -> Response:
    """One collection answers a bare array."""
    return await rewrite(request, honest, lambda page: page["data"] if "notifications" in request.path else page)


@lies_at_the_door("PAG-01")
async def data_keyed_by_id(request: Request, honest: Handler) -> Response:
    """The data member is an object of items by their ids."""
    return await rewrite(request, honest, lambda page: page | {"data": {one["id"]: one for one in page["data"]}})


def _without(page: Envelope, name: str) -> Envelope:
    return {key: value for key, value in page.items() if key != name}


@lies_at_the_door("PAG-02")
async def last_page_leaves_out_next_cursor(request: Request, honest: Handler) -> Response:
    """The last page has no next_cursor instead of a null one."""
    return await rewrite(request, honest, lambda page: page if page["next_cursor"] else _without(page, "next_cursor"))


@lies_at_the_door("PAG-02")
async def last_page_has_an_empty_next_cursor(request: Request, honest: Handler) -> Response:
    """The last page has the empty string as its next_cursor."""
    return await rewrite(request, honest, lambda page: page | {"next_cursor": page["next_cursor"] or ""})


@lies_at_the_door("PAG-03")
async def has_more_is_left_out_at_the_end(request: Request, honest: Handler) -> Response:
    """Only pages with a next one have has_more."""
    return await rewrite(request, honest, lambda page: page if page["has_more"] else _without(page, "has_more"))


@lies_at_the_door("PAG-03")
async def has_more_is_a_number(request: Request, honest: Handler) -> Response:
    """The has_more member is 0 or 1."""
    return await rewrite(request, honest, lambda page: page | {"has_more": int(page["has_more"])})


@lies_at_the_door("PAG-04")
async def has_more_is_never_true(request: Request, honest: Handler) -> Response:
    """Every page says that it is the last."""
    return await rewrite(request, honest, lambda page: page | {"has_more": False})


@lies_at_the_door("PAG-04")
async def has_more_after_a_full_last_page(request: Request, honest: Handler) -> Response:
    """A page that is exactly full always says that there is more."""
    limit = request.param("limit")
    return await rewrite(
        request, honest, lambda page: page | {"has_more": page["has_more"] or str(len(page["data"])) == limit}
    )


def _default(size: int) -> Behaviour:
    return replace(HONEST, page_size=lambda text: size if text is None else HONEST.page_size(text))


@lies("PAG-05")
def pages_of_20_by_default() -> Behaviour:
    """Without limit a page holds 20 items."""
    return _default(20)


@lies("PAG-05")
def pages_of_51_by_default() -> Behaviour:
    """Without limit a page holds one item too many."""
    return _default(51)


@lies("PAG-05")
def pages_of_100_by_default_beside_a_filter() -> Behaviour:
    """Without limit a page of what a filter keeps holds 100 items."""

    def asked(query: Pairs) -> Pairs:
        given = names(query)
        return (*query, ("limit", "100")) if "filter[archived]" in given and "limit" not in given else query

    return asks(asked)


@lies("PAG-05")
def pages_of_20_by_default_in_an_order() -> Behaviour:
    """Without limit a page holds 20 items where it is sorted."""
    return asks(lambda query: (*query, ("limit", "20")) if {"sort", "limit"} & names(query) == {"sort"} else query)


@lies("PAG-06")
def limit_stops_at_99() -> Behaviour:
    """A limit of 100 gives 99 items."""
    return replace(HONEST, page_size=lambda text: min(HONEST.page_size(text), 99))


@lies("PAG-06")
def limit_of_1_gives_2() -> Behaviour:
    """A limit of 1 gives 2 items."""
    return replace(HONEST, page_size=lambda text: max(HONEST.page_size(text), 2))


@lies_at_the_door("PAG-06")
async def largest_page_of_observations_lacks_one(request: Request, honest: Handler) -> Response:
    """Only a page of 100 observations lacks its last item."""
    full = collection(request) == "observations" and request.param("limit") == "100"
    return await rewrite(request, honest, lambda page: page | {"data": page["data"][:99] if full else page["data"]})


@lies_at_the_door("PAG-06")
async def limit_is_ignored_beside_a_filter(request: Request, honest: Handler) -> Response:
    """A filtered list takes no limit."""
    filtered = collection(request) and any(name.startswith("filter") for name, _ in request.query)
    return await honest(request.with_query("limit", None) if filtered else request)


@lies_at_the_door("PAG-06")
async def pages_end_at_50_where_expanded(request: Request, honest: Handler) -> Response:
    """Beside expand a limit above 50 gives 50 items."""
    above = is_list(request) and (request.param("limit") or "").isdigit() and int(request.param("limit") or 0) > 50
    return await honest(request.with_query("limit", "50") if above and request.param("expand") else request)


@lies_at_the_door("PAG-06")
async def limit_is_ignored_beside_expand(request: Request, honest: Handler) -> Response:
    """An expanded list takes no limit."""
    return await honest(request.with_query("limit", None) if request.param("expand") else request)


@lies("PAG-06")
def sizes_come_in_steps() -> Behaviour:
    """Beyond 10 a page holds whole tens, except for the ends."""
    steps = {25: 20, 75: 70}
    return replace(HONEST, page_size=lambda text: steps.get(HONEST.page_size(text), HONEST.page_size(text)))


@lies_at_the_door("PAG-06")
async def limit_of_3_gives_4_people(request: Request, honest: Handler) -> Response:
    """The smallest page of employees holds 4."""
    small = collection(request) == "employees" and request.param("limit") == "3"
    return await honest(request.with_query("limit", "4") if small else request)


@lies_at_the_door("PAG-06")
async def limit_of_100_is_refused(request: Request, honest: Handler) -> Response:
    """A limit of 100 counts as too large."""
    return await honest(request.with_query("limit", "101") if request.param("limit") == "100" else request)


@lies("PAG-07")
def no_greatest_limit() -> Behaviour:
    """A limit above 100 gives as many items as it says."""
    return replace(
        HONEST,
        page_size=lambda text: int(text) if text and text.isdigit() and int(text) > 100 else HONEST.page_size(text),
    )


@lies_at_the_door("PAG-07")
async def no_greatest_limit_among_all(request: Request, honest: Handler) -> Response:
    """With filter[archived]=all a limit of 101 gives 101 items."""
    if not is_list(request) or (request.param("limit"), request.param("filter[archived]")) != ("101", "all"):
        return await honest(request)
    first = await honest(request.with_query("limit", "100"))
    page = first.json()
    if page["next_cursor"] is None:
        return first
    second = await honest(request.with_query("limit", "1").with_query("cursor", page["next_cursor"]))
    return second.with_json(second.json() | {"data": [*page["data"], *second.json()["data"]]})


@lies("PAG-07")
def greatest_limit_is_101() -> Behaviour:
    """A limit of 101 gives 101 items, a larger one is refused."""
    return replace(HONEST, page_size=lambda text: 101 if text == "101" else HONEST.page_size(text))


@lies_at_the_door("PAG-07")
async def too_large_a_limit_is_unprocessable(request: Request, honest: Handler) -> Response:
    """A limit above 100 gets 422."""
    response = await honest(request)
    limit = request.param("limit") or ""
    return replace(response, status=422) if limit.isdigit() and int(limit) > 100 else response


def _taken(limit: str, name: str = "") -> Behaviour:
    """Take one bad limit for none, in one collection or in all."""

    async def door(request: Request, honest: Handler) -> Response:
        if request.param("limit") == limit and (not name or collection(request) == name):
            return await honest(request.with_query("limit", None))
        return await honest(request)

    return replace(HONEST, door=door)


@lies("PAG-08")
def limit_0_is_taken_for_none() -> Behaviour:
    """limit=0 gives a page of the default size."""
    return _taken("0")


@lies("PAG-08")
def negative_limit_in_one_place() -> Behaviour:
    """limit=-1 gives a page, of team summaries only."""
    return _taken("-1", "team-summaries")


@lies("PAG-08")
def fractional_limit_is_taken() -> Behaviour:
    """limit=1.5 gives a page."""
    return _taken("1.5")


@lies("PAG-08")
def number_with_a_tail_is_taken() -> Behaviour:
    """limit=10abc gives a page."""
    return _taken("10abc")


@lies("PAG-08")
def empty_limit_is_taken() -> Behaviour:
    """An empty limit gives a page."""
    return _taken("")


@lies_at_the_door("PAG-12")
async def nothing_found_is_404(request: Request, honest: Handler) -> Response:
    """A query that matches nothing gets 404."""
    response = await honest(request)
    if not collection(request) or response.status != 200 or response.json()["data"]:
        return response
    return replace(response, status=404).with_json({"error": {"code": "not_found", "message": "Nothing matches."}})


@lies_at_the_door("PAG-12")
async def an_empty_search_is_404(request: Request, honest: Handler) -> Response:
    """Only a search that finds nothing gets 404."""
    response = await honest(request)
    if collection(request) != "search" or response.status != 200 or response.json()["data"]:
        return response
    return replace(response, status=404).with_json({"error": {"code": "not_found", "message": "Nothing found."}})


@lies_at_the_door("PAG-12")
async def nothing_found_is_null(request: Request, honest: Handler) -> Response:
    """A query that matches nothing gets null in place of an empty array."""
    return await rewrite(request, honest, lambda page: page | {"data": page["data"] or None})


@lies_at_the_door("PAG-12")
async def nothing_found_leads_on(request: Request, honest: Handler) -> Response:
    """An empty page has a next_cursor."""
    return await rewrite(request, honest, lambda page: page if page["data"] else page | {"next_cursor": "again"})
