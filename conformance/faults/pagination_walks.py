"""Lies about walks and cursors."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.pagination import collection, rewrite
from conformance.reference import HONEST, Behaviour
from conformance.reference.http import without
from conformance.reference.listing import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement

    from conformance.reference import Handler, Request, Response
    from conformance.reference.cursors import Value


@lies("PAG-09")
def ties_are_skipped_at_the_border() -> Behaviour:
    """What ties with the last item of a page on the sort key is not on the next."""

    def keyset(terms: Sequence[Term], values: Sequence[Value]) -> ColumnElement[bool]:
        return HONEST.keyset(terms[:-1], values[:-1])

    return replace(HONEST, keyset=keyset)


@lies("PAG-09")
def ties_are_skipped_in_one_order() -> Behaviour:
    """Only in ascending order what ties with the last item of a page is not on the next."""

    def keyset(terms: Sequence[Term], values: Sequence[Value]) -> ColumnElement[bool]:
        cut = len(terms) - (not terms[0].descending)
        return HONEST.keyset(terms[:cut], values[:cut])

    return replace(HONEST, keyset=keyset)


@lies("PAG-09")
def border_items_are_repeated() -> Behaviour:
    """A page begins with the last item of the one before."""

    def keyset(terms: Sequence[Term], values: Sequence[Value]) -> ColumnElement[bool]:
        return or_(HONEST.keyset(terms, values), terms[-1].column == values[-1])

    return replace(HONEST, keyset=keyset)


@lies("PAG-09")
def mixed_directions_lose_people() -> Behaviour:
    """After the first page all sort fields are compared in the direction of the first."""

    def keyset(terms: Sequence[Term], values: Sequence[Value]) -> ColumnElement[bool]:
        return HONEST.keyset([Term(term.column, terms[0].descending) for term in terms], values)

    return replace(HONEST, keyset=keyset)


@lies_at_the_door("PAG-09")
async def walk_ends_on_its_second_page(request: Request, honest: Handler) -> Response:
    """The second page of a walk is always said to be the last."""
    ends = {"next_cursor": None, "has_more": False} if request.param("cursor") else {}
    return await rewrite(request, honest, lambda page: page | ends)


@lies_at_the_door("PAG-09")
async def issued_cursors_of_assignments_are_refused(request: Request, honest: Handler) -> Response:
    """One collection refuses the cursors that it issues."""
    if collection(request) == "assignments" and request.param("cursor"):
        return await honest(request.with_query("cursor", "stale"))
    return await honest(request)


@lies_at_the_door("PAG-09")
async def second_page_leads_to_itself(request: Request, honest: Handler) -> Response:
    """The next_cursor of a second page is the one that led to it."""
    cursor = request.param("cursor")
    return await rewrite(request, honest, lambda page: page | {"next_cursor": cursor or page["next_cursor"]})


@lies("PAG-10")
def ties_turn_with_the_page_size() -> Behaviour:
    """What ties on the sort key comes the other way round on pages of 100."""
    size = [0]

    def page_size(text: str | None) -> int:
        size[0] = HONEST.page_size(text)
        return size[0]

    def tie_break(terms: Sequence[Term], identifier: ColumnElement[Any]) -> tuple[Term, ...]:
        return (*terms, Term(identifier, terms[-1].descending == (size[0] < 100)))

    return replace(HONEST, page_size=page_size, tie_break=tie_break)


@lies_at_the_door("PAG-10")
async def small_pages_are_upside_down(request: Request, honest: Handler) -> Response:
    """Pages of at most 10 items are turned upside down, each by itself."""
    return await rewrite(
        request, honest, lambda page: page | {"data": page["data"][::-1] if len(page["data"]) <= 10 else page["data"]}
    )


END = "the-end"


@lies_at_the_door("PAG-11")
async def full_last_page_has_a_cursor(request: Request, honest: Handler) -> Response:
    """A last page that is exactly full has a next_cursor, which leads to an empty page."""
    if collection(request) and request.param("cursor") == END:
        empty = await honest(request.with_query("cursor", None))
        return empty.with_json({"data": [], "next_cursor": None, "has_more": False})
    limit = request.param("limit")
    return await rewrite(
        request,
        honest,
        lambda page: (
            page | {"next_cursor": END, "has_more": True}
            if not page["next_cursor"] and str(len(page["data"])) == limit
            else page
        ),
    )


@lies_at_the_door("PAG-13")
async def later_pages_forget_the_type(request: Request, honest: Handler) -> Response:
    """From the second page on filter[type] is forgotten."""
    return await _mixed(request, honest, "filter[type]")


@lies_at_the_door("PAG-13")
async def later_pages_forget_the_type_among_all(request: Request, honest: Handler) -> Response:
    """From the second page on filter[type] is forgotten beside filter[archived]."""
    beside = request.param("filter[archived]") is not None
    return await (_mixed(request, honest, "filter[type]") if beside else honest(request))


@lies_at_the_door("PAG-13")
async def later_pages_forget_the_employee(request: Request, honest: Handler) -> Response:
    """From the second page on filter[employee_id] is forgotten."""
    return await _mixed(request, honest, "filter[employee_id]")


@lies_at_the_door("PAG-13")
async def later_pages_forget_the_manager(request: Request, honest: Handler) -> Response:
    """From the second page on filter[manager_id] is forgotten."""
    return await _forgetful(request, honest, "filter[manager_id]")


@lies_at_the_door("PAG-13")
async def later_pages_forget_the_attribute(request: Request, honest: Handler) -> Response:
    """From the second page on filter[attribute_id] is forgotten."""
    return await _forgetful(request, honest, "filter[attribute_id]")


@lies_at_the_door("PAG-13")
async def later_pages_forget_the_time_of_creation(request: Request, honest: Handler) -> Response:
    """From the second page on the lower bound of created_at is forgotten."""
    return await _forgetful(request, honest, "filter[created_at][gte]")


@lies_at_the_door("PAG-13")
async def later_pages_forget_the_latest_creation(request: Request, honest: Handler) -> Response:
    """From the second page on the upper bound of created_at is forgotten."""
    return await _forgetful(request, honest, "filter[created_at][lte]")


async def _forgetful(request: Request, honest: Handler, name: str) -> Response:
    """Put what a filter leaves out in place of the last item of a later page."""
    if not (request.param("cursor") and request.param(name)):
        return await honest(request)
    first = request.with_query("cursor", None).with_query("limit", "100")
    matching = (await honest(first)).json()["data"]
    everything = (await honest(first.with_query(name, None))).json()["data"]
    others = [one for one in everything if one not in matching]
    return await rewrite(request, honest, lambda page: page | {"data": [*page["data"][:-1], *others[:1]]})


@lies_at_the_door("PAG-09")
async def border_items_are_lost_beside_expand(request: Request, honest: Handler) -> Response:
    """A later page of an expanded list lacks its first item."""
    later = request.param("expand") and request.param("cursor")
    return await rewrite(request, honest, lambda page: page | {"data": page["data"][1:]} if later else page)


@lies_at_the_door("PAG-09")
async def first_names_lose_one_at_the_border(request: Request, honest: Handler) -> Response:
    """A later page of employees by first_name lacks its first item."""
    later = request.param("sort") == "first_name" and request.param("cursor")
    return await rewrite(request, honest, lambda page: page | {"data": page["data"][1:]} if later else page)


async def _mixed(request: Request, honest: Handler, name: str) -> Response:
    """Put what the same list gives without that filter in place of the last item of a later page."""
    if not (request.param("cursor") and request.param(name)):
        return await honest(request)
    unfiltered = replace(request, query=without(without(request.query, name), "cursor")).with_query("limit", "100")
    everything = (await honest(unfiltered)).json()["data"]
    others = [one for one in everything if request.param(name) not in one.values()]
    return await rewrite(request, honest, lambda page: page | {"data": [*page["data"][:-1], *others[:1]]})


@lies("PAG-13")
def later_pages_show_archived_ones() -> Behaviour:
    """From the second page on archived observations are listed too."""
    later = ContextVar("later", default=False)

    async def door(request: Request, honest: Handler) -> Response:
        later.set(request.param("cursor") is not None)
        return await honest(request)

    def archived(column: ColumnElement[Any], choice: str) -> ColumnElement[bool] | None:
        return HONEST.archived(column, "all" if later.get() and choice == "false" else choice)

    return replace(HONEST, door=door, archived=archived)


@lies_at_the_door("PAG-13")
async def later_pages_forget_the_order(request: Request, honest: Handler) -> Response:
    """From the second page on items come in ascending order of their dates."""
    later = bool(request.param("cursor"))
    return await rewrite(
        request,
        honest,
        lambda page: page | {"data": sorted(page["data"], key=str) if later else page["data"]},
    )


def _forged(accepts: Callable[[str, set[str]], bool]) -> Behaviour:
    """Begin anew for a cursor that was not issued, where `accepts` says so of it and of those that were."""
    issued: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        cursor = request.param("cursor")
        if cursor is not None and cursor not in issued and accepts(cursor, issued):
            request = request.with_query("cursor", None)
        response = await honest(request)
        if collection(request) and response.status == 200:
            issued.add(response.json()["next_cursor"] or "")
        return response

    return replace(HONEST, door=door)


@lies("PAG-14")
def unknown_cursors_begin_anew() -> Behaviour:
    """Any cursor that was not issued gives the first page."""
    return _forged(lambda _cursor, _issued: True)


@lies("PAG-14")
def altered_end_is_taken() -> Behaviour:
    """A cursor of which only the last third is altered gives a page."""
    return _forged(
        lambda cursor, issued: any(
            len(cursor) == len(known) and cursor[: len(known) * 2 // 3] == known[: len(known) * 2 // 3]
            for known in issued
        )
    )


@lies("PAG-14")
def shortened_cursor_is_taken() -> Behaviour:
    """The beginning of an issued cursor gives a page."""
    return _forged(lambda cursor, issued: any(known.startswith(cursor) for known in issued if known))


@lies_at_the_door("PAG-14")
async def garbage_cursor_breaks_the_server(request: Request, honest: Handler) -> Response:
    """A cursor that can't be read gets 500."""
    response = await honest(request)
    broken = request.param("cursor") is not None and response.status == 400
    return replace(response, status=500) if broken else response


@lies("PAG-15")
def page_numbers_in_disguise() -> Behaviour:
    """A cursor says only how many items were passed."""

    async def door(request: Request, honest: Handler) -> Response:
        if collection(request) != "observations" or not (request.param("limit") or "").isdigit():
            return await honest(request)
        passed, size = int(request.param("cursor") or "0"), int(request.param("limit") or "0")
        whole = await honest(request.with_query("cursor", None).with_query("limit", "100"))
        if whole.status != 200:
            return whole
        items = whole.json()["data"]
        more = len(items) > passed + size
        cursor = {"next_cursor": str(passed + size) if more else None, "has_more": more}
        return whole.with_json({"data": items[passed : passed + size]} | cursor)

    return replace(HONEST, door=door)


@lies("PAG-15")
def cursor_dies_with_its_item() -> Behaviour:
    """A cursor is refused once the last item of its page is archived."""
    anchors: dict[str, str] = {}
    archived: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        if request.path.endswith("/archive"):
            archived.add(request.path.split("/")[3])
        if anchors.get(request.param("cursor") or "") in archived:
            return await honest(request.with_query("cursor", "dead"))
        response = await honest(request)
        if collection(request) == "observations" and response.status == 200 and response.json()["next_cursor"]:
            anchors[response.json()["next_cursor"]] = response.json()["data"][-1]["id"]
        return response

    return replace(HONEST, door=door)
