"""PAG: lists come in pages, and next_cursor leads through all of them (overview › Pagination)."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from conformance.contract.queries import LIMIT_DEFAULT, LIMIT_MAX, LIMIT_MIN, SORTS
from conformance.errors import Missing, Refused
from conformance.judging.expect import (
    asked,
    expect,
    expect_page,
    expect_refusal,
    require_accepted,
    shown,
)
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, Noted, NotJudged, Violation
from conformance.target.reading import Page, read_page
from conformance.target.volume import plant, settled, window
from scenarios._collections import (
    COLLECTIONS,
    EMPLOYEES,
    OBSERVATIONS,
    PART,
    Trail,
    follow,
    full_trails,
    known,
    limited,
    look,
    narrowed,
    opening,
    size_for,
    sorted_employees,
    standing_sorted,
    standing_trail,
    trails,
)
from scenarios._ordering import times_out_of_order
from scenarios._walking import accuse, broken_off, judged_pair, misvisited, misvisited_pair, reordered, reordered_pair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.target.volume import Window
    from conformance.wire.exchange import JSON, Exchange
    from scenarios._collections import Pair

BAD_LIMITS = ("0", "-1", "abc", "1.5", "")
BAD_LIMITS_ONCE = ("10abc",)
"""Asked of the observations only: what reads a number as far as it goes is not written for each collection."""
OVER = (LIMIT_MAX + 1, 10_000_000_000)
"""One too many, and more than 32 bits hold."""
LIMITS = {OBSERVATIONS: (LIMIT_MIN, 2, 37, LIMIT_MAX - 1, LIMIT_MAX)}
"""Limits asked for where there are items enough; elsewhere the least, the greatest and one between."""
NAME_ORDERS = ("last_name,-first_name", "-last_name")
ORDERS = tuple(sign + field for field in SORTS["observations"] for sign in ("", "-"))


def _envelope(exchange: Exchange) -> dict[str, JSON]:
    value = exchange.json if exchange.response is not None and exchange.response.is_json else None
    return value if isinstance(value, dict) else {}


async def _pages(target: Target, path: str) -> Sequence[Exchange]:
    """Return the opening page and all pages of a collection's walks."""
    first = await opening(target, path)
    try:
        return (first, *(page.exchange for trail in await trails(target, path) for page in trail.pages))
    except Refused:
        return (first,)


@judges("PAG-01", over=COLLECTIONS)
async def test_a_list_answers_an_object_with_a_data_array(target: Target, path: str) -> str:
    """GET of a collection answers a JSON object whose data is an array."""
    exchange = await opening(target, path)
    data = _envelope(exchange).get("data")
    expect(
        isinstance(data, list),
        f"{path} answers no data array",
        expected="an object with an array data",
        observed=shown(exchange),
    )
    return f"an object with {len(data or ())} items in data"


@judges("PAG-02", over=COLLECTIONS)
async def test_every_page_carries_next_cursor(target: Target, path: str) -> str:
    """next_cursor is a non-empty string or null on every page, the first and the last ones included."""
    exchanges = await _pages(target, path)
    for exchange in exchanges:
        cursor = _envelope(exchange).get("next_cursor", ...)
        expect(
            cursor is None or (isinstance(cursor, str) and cursor),
            f"{asked(exchange)} has {'no next_cursor' if cursor is ... else f'next_cursor {cursor!r}'}",
            expected="a non-empty string or null",
            observed=shown(exchange),
        )
    more = sum(_envelope(exchange).get("next_cursor") is not None for exchange in exchanges)
    return f"a string on {more} pages, null on {len(exchanges) - more}"


@judges("PAG-03", over=COLLECTIONS)
async def test_every_page_carries_has_more(target: Target, path: str) -> str:
    """has_more is a boolean on every page."""
    exchanges = await _pages(target, path)
    for exchange in exchanges:
        told = _envelope(exchange).get("has_more", "(absent)")
        expect(
            isinstance(told, bool),
            f"{asked(exchange)} has has_more {told!r}",
            expected="a boolean",
            observed=shown(exchange),
        )
    return f"a boolean on {len(exchanges)} pages"


@judges("PAG-04")
def test_has_more_agrees_with_next_cursor(exchange: Exchange) -> bool:
    """On every page of the run has_more is true exactly when next_cursor is not null."""
    page = _envelope(exchange)
    if exchange.status != 200 or not isinstance(page.get("data"), list) or "next_cursor" not in page:
        return False
    if not isinstance(page.get("has_more"), bool):
        return False
    cursor = page["next_cursor"]
    expect(
        page["has_more"] is (cursor is not None),
        f"has_more is {page['has_more']} where next_cursor is {'null' if cursor is None else 'a cursor'}",
        expected="has_more true exactly when next_cursor is not null",
        observed=shown(exchange),
    )
    return True


@judges("PAG-04")
async def test_has_more_is_false_on_a_full_last_page(target: Target) -> str:
    """Where the last page is exactly full, has_more agrees with next_cursor too."""
    full = await full_trails(target, OBSERVATIONS)
    _require_full(full, OBSERVATIONS)
    judged = [test_has_more_agrees_with_next_cursor(page.exchange) for trail in full for page in trail.pages]
    if not any(judged):
        raise NotApplicable("no page has has_more (PAG-03 asks for it)")
    return f"has_more agrees on {sum(judged)} pages of walks that end on a full page"


@judges("PAG-05", over=COLLECTIONS)
async def test_a_page_without_limit_holds_50_items(target: Target, path: str) -> str:
    """Without limit a page holds 50 items where as many match."""
    there = await known(target, path)
    page = expect_page(await limited(target, path, None))
    await _expect_size(target, path, (page, None))
    if len(there) < LIMIT_DEFAULT:
        raise NotJudged(
            f"the default of {LIMIT_DEFAULT} shows on {LIMIT_DEFAULT} items, {path} holds {len(there)}",
            hint=f"Put {LIMIT_DEFAULT} items into {path}.",
        )
    return f"{len(page.items)} of at least {len(there)} items"


@judges("PAG-06", over=COLLECTIONS)
async def test_a_limit_gives_that_many_items(target: Target, path: str) -> str:
    """A limit from 1 to 100 gives that many items where as many match, and never more."""
    for limit in (LIMIT_MIN, LIMIT_MAX):
        expect_page(await limited(target, path, limit))
    there = await known(target, path)
    limits = LIMITS.get(path) or sorted({LIMIT_MIN, size_for(len(there)), LIMIT_MAX})
    exchanges = await asyncio.gather(*(limited(target, path, limit) for limit in limits))
    for limit, exchange in zip(limits, exchanges, strict=True):
        await _expect_size(target, path, (expect_page(exchange), limit))
    for trail in await trails(target, path):
        _expect_full_pages(trail)
    if len(there) < 2:
        raise NotJudged(f"a limit shows on 2 items, {path} holds {len(there)}", hint=f"Put items into {path}.")
    return f"limits {', '.join(map(str, limits))} over at least {len(there)} items"


async def _expect_size(target: Target, path: str, asked_for: tuple[Page, int | None]) -> None:
    """Expect as many items as the limit says, or as there are; a page that is too short is asked for again."""
    page, limit = asked_for
    wanted = LIMIT_DEFAULT if limit is None else limit
    short = Violation(
        f"{asked(page.exchange)} gives {len(page.items)} items",
        expected=f"{wanted} items where as many match, and never more",
        observed=shown(page.exchange),
    )
    if len(page.items) > wanted:
        raise short
    if len(page.items) >= min(wanted, len(await known(target, path))):
        return
    before = await look(target, path)
    query = page.exchange.request.query
    again = expect_page(await target.get(path, query))
    after = await look(target, path)
    if len(again.items) < min(wanted, len(before & after)):
        raise short


def _expect_full_pages(trail: Trail) -> None:
    """Expect every page of a walk to be full where further items follow, and never more than full."""
    for page, following in zip_longest(trail.pages, trail.pages[1:]):
        count, more = len(page.items), following is not None and following.items
        expect(
            count <= trail.size and (count == trail.size or not more),
            f"{asked(page.exchange)} gives {count} items" + (" although more follow" if more else ""),
            expected=f"{trail.size} items where as many match, and never more",
            observed=shown(page.exchange),
        )


@judges("PAG-07", over=COLLECTIONS)
async def test_a_limit_above_100_gives_no_larger_page(target: Target, path: str) -> str:
    """Limits above 100 are refused with 400 validation_error, or give 100 items at most."""
    require_accepted(await limited(target, path, LIMIT_MAX), 200)
    exchanges = await asyncio.gather(*(limited(target, path, limit) for limit in OVER))
    served = [exchange for exchange in exchanges if exchange.status == 200]
    for exchange in exchanges:
        if exchange not in served:
            expect_refusal(exchange, 400, "validation_error")
            continue
        count = len(read_page(exchange).items)
        expect(
            count <= LIMIT_MAX,
            f"{asked(exchange)} gives {count} items",
            expected="100 at most",
            observed=shown(exchange),
        )
    there = await known(target, path)
    if len(served) == len(OVER) and len(there) <= LIMIT_MAX:
        raise NotJudged(
            f"a page above 100 takes more items, {path} holds {len(there)}", hint=f"Put 101 items into {path}."
        )
    words = ("is refused", "gives 100 at most")
    return ", ".join(f"limit={limit} {words[one in served]}" for limit, one in zip(OVER, exchanges, strict=True))


@judges("PAG-08", over=COLLECTIONS)
async def test_a_limit_that_is_no_positive_integer_is_refused(target: Target, path: str) -> str:
    """0, -1, abc, 1.5 and an empty limit get 400 validation_error; 1 is accepted."""
    require_accepted(await limited(target, path, 1), 200)
    bad = (*BAD_LIMITS, *(BAD_LIMITS_ONCE if path == OBSERVATIONS else ()))
    exchanges = await asyncio.gather(*(limited(target, path, limit) for limit in bad))
    for exchange in exchanges:
        expect_refusal(exchange, 400, "validation_error")
    return f"{len(exchanges)} limits are refused, limit=1 is accepted"


@judges("PAG-09", over=COLLECTIONS)
async def test_a_walk_visits_every_item_once(target: Target, path: str) -> str:
    """Following next_cursor visits every matching item once, in pages of any size."""
    if path == OBSERVATIONS:
        try:
            return await _visits_standing(target)
        except Missing:
            pass
    walks = await judged_pair(target, path, misvisited_pair)
    return f"{walks.whole} and {walks.parts} visit the same {len(walks.whole.keys)} items once"


async def _visits_standing(target: Target) -> str:
    planted = await narrowed(target)
    orders = await asyncio.gather(*(standing_sorted(target, order) for order in ORDERS))
    plain = (*await full_trails(target, OBSERVATIONS), *await trails(target, OBSERVATIONS))
    for trail in (*plain, *chain(*orders)):
        accuse(misvisited(trail, planted.ids))
    everything = await standing_trail(target, PART, ("filter[archived]", "all"))
    accuse(misvisited(everything, planted.ids | planted.archived_ids))
    return f"walks in 5 orders and up to 4 page sizes visit {len(planted.ids)} known items once"


@judges("PAG-09")
async def test_a_sorted_walk_of_employees_visits_everybody_once(target: Target) -> str:
    """A walk sorted by names, in mixed directions too, visits the same employees as one without sort."""
    walks = await judged_pair(target, EMPLOYEES, misvisited_pair)
    judged = [order for order in NAME_ORDERS if await _visits_everybody(target, order, walks)]
    if not judged:
        raise Blocked("employees can't be sorted by name (SRT-01 and SRT-05 ask for it)")
    return f"{len(judged)} sorted walks in pages of {walks.parts.size} visit {len(walks.whole.keys)} employees once"


async def _visits_everybody(target: Target, order: str, walks: Pair) -> bool:
    """Judge one sorted walk; False where employees can't be sorted so."""
    everybody = set(walks.whole.keys) if walks.whole.ended else set()
    try:
        trail = await sorted_employees(target, order)
    except Refused:
        return False
    if misvisited(trail, everybody) is not None:
        before = await look(target, EMPLOYEES)
        again = await follow(target, EMPLOYEES, (("sort", order),), walks.parts.size)
        accuse(misvisited(again, everybody & before & await look(target, EMPLOYEES)))
    return True


@judges("PAG-10", over=COLLECTIONS)
async def test_the_page_size_does_not_change_the_order(target: Target, path: str) -> str:
    """Two page sizes give the same order, also among items that tie on the sort key."""
    if path == OBSERVATIONS:
        try:
            return await _same_order_standing(target)
        except Missing:
            pass
    walks = await judged_pair(target, path, reordered_pair)
    return f"{walks.whole} and {walks.parts} give {len(walks.whole.keys)} items in the same order"


async def _same_order_standing(target: Target) -> str:
    planted = await narrowed(target)
    plain = (*await trails(target, OBSERVATIONS), *await full_trails(target, OBSERVATIONS))
    orders = await asyncio.gather(*(standing_sorted(target, order) for order in ORDERS))
    for first, *others in (plain, *orders):
        for other in others:
            accuse(reordered(first, other, planted.ids))
    _require(len(planted.ids & set(plain[0].keys)) > 1, "the observations that were made are not listed")
    return f"{len(planted.ids)} items on 3 days keep their order in 5 orders and up to 4 page sizes"


def _require(holds: object, otherwise: str) -> None:
    if not holds:
        raise Blocked(otherwise)


@judges("PAG-11", over=COLLECTIONS)
async def test_a_full_last_page_has_no_next_cursor(target: Target, path: str) -> str:
    """The page that holds the last item has a null next_cursor, also where that page is exactly full."""
    full = await full_trails(target, path)
    _require_full(full, path)
    for trail in full:
        if _leads_nowhere(trail):
            query = [pair for pair in trail.pages[0].exchange.request.query if pair[0] != "limit"]
            accuse(_leads_nowhere(await follow(target, path, tuple(query), trail.size)))
    return " and ".join(f"{trail} with {len(trail.keys)} items" for trail in full)


def _require_full(full: Sequence[Trail], path: str) -> None:
    if not full or not full[0].keys:
        raise NotJudged(f"no walk of {path} ends on a full page", hint=f"Put some items into {path}, 100 at most.")


def _leads_nowhere(trail: Trail) -> Violation | None:
    if len(trail.pages) == 1 or trail.pages[-1].items:
        return None
    last, empty = trail.pages[-2:]
    return Violation(
        f"{asked(last.exchange)} holds the last item and has a next_cursor that leads to an empty page",
        expected="next_cursor null",
        observed=shown(last.exchange),
        exchanges=(last.exchange.number, empty.exchange.number),
    )


@judges("PAG-12")
async def test_a_query_that_matches_nothing_gives_an_empty_page(target: Target) -> str:
    """A filter that no item meets gets 200 with an empty data array and a null next_cursor."""
    _require(await known(target, OBSERVATIONS), "the observation list is empty without a filter too")
    where = window(target, "empty")
    queries = [(*where.query, *more) for more in ((), (("sort", "created_at"), ("limit", "1")))]
    for exchange in await asyncio.gather(*(target.get(OBSERVATIONS, query) for query in queries)):
        page = expect_page(exchange) if isinstance(_envelope(exchange).get("data"), list) else None
        if page is not None and page.items:
            _require(all(map(where.holds, page.items)), "the date filters let other dates through")
            raise NotJudged(f"there are observations from {where.day(0)} on")
        expect(
            page is not None and exchange.status == 200 and _envelope(exchange).get("next_cursor", ...) is None,
            f"a query that matches nothing got {exchange.status}" + ("" if page else " without a data array"),
            expected="200 with data [] and next_cursor null",
            observed=shown(exchange),
        )
    return "2 filtered lists without a match are empty, the unfiltered one is not"


@judges("PAG-13")
async def test_filters_hold_on_every_page(target: Target) -> str:
    """With its parameters repeated, a walk gives only items that match, on every page."""
    planted = await narrowed(target)
    person = planted.active[0].sent["employee_id"]
    walks = (
        ("type", "strength", (("filter[type]", "strength"), ("sort", "observation_date")), 2),
        (
            "employee_id",
            person,
            (("filter[employee_id]", person), ("filter[archived]", "all"), ("sort", "-created_at")),
            2,
        ),
        ("archived_at", None, (), PART),
    )
    for field, value, query, size in walks:
        trail = await standing_trail(target, size, *query)
        _require(len(trail.pages) > 1, f"a walk by {field} has one page only")
        for number, page in enumerate(trail.pages):
            strange = [item for item in page.items if item.get(field) != value or not planted.window.holds(item)]
            _require(not strange or number, f"the filter by {field} does not hold on the first page")
            expect(
                not strange,
                f"{asked(page.exchange)} gives items that its filters leave out",
                expected=f"{field} {value}, dated within the filter's bounds",
                observed=strange[:3],
            )
    return f"{len(walks)} filtered walks in pages of 2 and {PART} give only what matches"


@judges("PAG-13")
async def test_the_order_holds_across_pages(target: Target) -> str:
    """With its parameters repeated, a walk gives one order over all its pages."""
    planted = await narrowed(target)
    for order in ORDERS:
        _, trail = await standing_sorted(target, order)
        field = order.removeprefix("-")
        values = [[item.get(field) for item in page.items if item.get("id") in planted.ids] for page in trail.pages]
        falls = order.startswith("-")
        _require(
            not any(map(partial(times_out_of_order, descending=falls), values[:1])),
            f"sort={order} does not hold on a page",
        )
        found = times_out_of_order([*chain(*values)], descending=falls)
        expect(
            found is None,
            f"sort={order} is lost after the first page: {' stands before '.join(map(str, found or ()))}",
            expected="one order over all pages",
            observed=values,
        )
    return f"{len(ORDERS)} orders hold over 3 pages of {PART}"


@judges("PAG-14", over=COLLECTIONS)
async def test_a_cursor_that_was_never_issued_is_refused(target: Target, path: str) -> str:
    """Made-up text and an issued cursor shortened or altered get 400 validation_error; the issued one gives a page."""
    trail = (await trails(target, path))[-1]
    found = broken_off(trail)
    _require(found is None, found.message if found else "")
    query = [one for one in trail.pages[0].exchange.request.query if one[0] != "cursor"]
    forged = forgeries(trail.pages[0].next_cursor)
    exchanges = await asyncio.gather(*(target.get(path, [*query, ("cursor", cursor)]) for cursor in forged))
    refused = 0
    for cursor, exchange in zip(forged, exchanges, strict=True):
        if exchange.status == 200 and (_is_same(exchange, trail) or _was_issued(target, cursor)):
            continue
        expect_refusal(exchange, 400, "validation_error")
        refused += 1
    _require(refused, "every cursor that was made up is as good as the issued one")
    return f"{refused} cursors that were never issued are refused"


def forgeries(cursor: str | None) -> list[str]:
    """Make up cursors: plain text, and an issued one shortened and altered at its beginning, middle and end."""
    made_up = "never-issued-by-this-api"
    if cursor is None:
        return [made_up]
    last = len(cursor.rstrip("=")) - 1
    altered = [_altered(cursor, place) for place in sorted({0, len(cursor) // 2, max(last, 0)})]
    return [made_up, *([cursor[: len(cursor) // 2]] if len(cursor) > 1 else []), *altered]


def _altered(cursor: str, place: int) -> str:
    """Replace one character by another of its kind, so that the cursor keeps its looks."""
    old = cursor[place]
    kinds = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789")
    kind = next((kind for kind in kinds if old in kind), "AB")
    new = kind[(kind.find(old) + len(kind) // 2) % len(kind)]
    return cursor[:place] + new + cursor[place + 1 :]


def _is_same(exchange: Exchange, trail: Trail) -> bool:
    """Tell whether a page is the one that the issued cursor gives: base 64 has bits without meaning."""
    return len(trail.pages) > 1 and read_page(exchange).ids == trail.pages[1].ids


def _was_issued(target: Target, cursor: str) -> bool:
    """Tell whether the target happens to have issued this cursor elsewhere in the run."""
    answers = (one.response for one in target.client.recorder.exchanges if one.response is not None)
    return any(f'"{cursor}"' in answer.text for answer in answers)


@judges("PAG-15")
async def test_changes_meanwhile_neither_repeat_nor_hide_items(target: Target) -> str:
    """Creates and archives between the pages of a walk, of its last item too, repeat and hide nothing that stays."""
    where = window(target, "moving")
    made = await plant(target, [{"observation_date": where.day(2 + number // 2)} for number in range(8)])
    ids = {one.id for one in made}
    listed = await settled(target, where, shown=frozenset(ids), hidden=frozenset())
    _require(all(map(where.holds, listed)), "the date filters let other dates through")
    _require(ids <= {item.get("id") for item in listed}, "the observations that were made are not listed")
    trail, gone = await _walk_among_changes(target, where, ids)
    accuse(misvisited(trail, ids - gone))
    return f"{len(ids - gone)} items stay and are visited once while {len(gone)} are archived and 2 created"


async def _walk_among_changes(target: Target, where: Window, ids: set[str]) -> tuple[Trail, set[str]]:
    """Walk in pages of 3; after the first page create in front of it, after the second archive what was visited."""
    query = [*where.query, ("limit", "3")]
    pages = [await target.page(OBSERVATIONS, query)]
    gone: set[str] = set()
    while (cursor := pages[-1].next_cursor) is not None and len(pages) < 12:
        if len(pages) == 1:
            new = await asyncio.gather(*(target.make(observation_date=where.day(6)) for _ in range(2)))
            await settled(target, where, shown=frozenset(one.id for one in new), hidden=frozenset())
        elif len(pages) == 2:
            gone = {*pages[0].ids, pages[1].ids[-1]} & ids if pages[1].items else set()
            await asyncio.gather(*map(target.archive, sorted(gone)))
            await settled(target, where, shown=frozenset(), hidden=frozenset(gone))
        exchange = await target.get(OBSERVATIONS, [*query, ("cursor", cursor)])
        try:
            pages.append(read_page(exchange))
        except Refused:
            return Trail(3, tuple(pages), refused=exchange), gone
    return Trail(3, tuple(pages), ended=pages[-1].next_cursor is None), gone


@judges("PAG-16")
async def test_what_a_cursor_gets_in_another_request(target: Target) -> Noted:
    """The documents don't say what a cursor gets with another limit, reordered parameters or other filters."""
    planted = await narrowed(target)
    whole, trail = await trails(target, OBSERVATIONS)
    cursor = trail.pages[0].next_cursor
    _require(cursor, "the walk has one page only")
    base = [*planted.window.query, ("limit", str(PART)), ("cursor", str(cursor))]
    queries = {
        "another limit": [("limit", "4") if name == "limit" else (name, value) for name, value in base],
        "reordered parameters": base[::-1],
        "another filter": [*base, ("filter[type]", "strength")],
    }
    rest = whole.items[PART:]
    value = {what: _fate(await target.get(OBSERVATIONS, query), rest) for what, query in queries.items()}
    return Noted("A cursor " + ", ".join(f"with {what} {fate}" for what, fate in value.items()) + ".", value)


def _fate(exchange: Exchange, rest: Sequence[Resource]) -> str:
    """Say what became of a cursor, given the items that come after it in the walk that it belongs to."""
    if exchange.status != 200:
        return f"is refused with {exchange.status}"
    ids = read_page(exchange).ids
    strengths = [item.get("id") for item in rest if item.get("type") == "strength"]
    if "filter[type]" in dict(exchange.request.query) and ids == strengths[: len(ids)] and ids:
        return "goes on under the new filter"
    if ids == [item.get("id") for item in rest][: len(ids)] and ids:
        return "goes on in its walk"
    return "gives another page" if ids else "gives an empty page"
