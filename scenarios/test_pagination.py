"""PAG: lists come in pages, and next_cursor leads through all of them (overview › Pagination)."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from conformance.contract.queries import LIMIT_DEFAULT, LIMIT_MAX, LIMIT_MIN
from conformance.contract.resources import COLLECTIONS
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
from conformance.judging.verdicts import NotApplicable, NotJudged, Violation
from conformance.target.reading import Page, read_page
from conformance.target.searching import search
from conformance.target.windows import window
from scenarios._answers import has_own_parameters
from scenarios._collections import (
    EMPLOYEES,
    NAME_ORDERS,
    OBSERVATIONS,
    ORDERS,
    SEARCH,
    Trail,
    common_word,
    expanded_trails,
    full_trails,
    ground,
    known,
    limited,
    look,
    opening,
    size_for,
    sorted_employees,
    standing_sorted,
    trails,
)
from scenarios._others import judges_each
from scenarios._walking import (
    require,
    require_full,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import JSON, Exchange

BAD_LIMITS = ("0", "-1", "abc")
BAD_LIMITS_DETAILED = ("1.5", "")
BAD_LIMITS_ONCE = ("10abc",)
"""Asked of the observations only: how numbers are read is not written for each collection.

Other spellings of a positive integer (+5, 5.0, 1e1) are left alone: the documents don't say that they are none."""
PATHS = frozenset(one.path for one in COLLECTIONS)
_LIMIT = re.compile(r"[1-9][0-9]?|100")
OVER = (LIMIT_MAX + 1, 10_000_000_000)
"""One too many, and more than 32 bits hold; the latter is asked of two collections only, as it is read in one place."""
LIMITS = {OBSERVATIONS: (LIMIT_MIN, 2, 37, LIMIT_MAX - 1, LIMIT_MAX)}
"""Limits asked for where there are items enough; elsewhere the least, the greatest and one between."""
MORE_LIMITS = {"/employees": 3, "/conversations": 10, "/summaries": 25, "/team-summaries": 75}
"""One more in some collections: sizes that clients choose, each in one place."""


NARROWER = (
    ("filter[type]", "strength"),
    ("filter[archived]", "all"),
    ("expand", "employee,attributes"),
    ("sort", "created_at"),
    ("limit", "1"),
)
"""What a list without a match is asked for, too: whatever it is beside, it is empty."""


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


@judges_each("PAG-01")
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


@judges_each("PAG-02")
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


@judges_each("PAG-03")
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


@judges("PAG-03")
async def test_an_empty_page_carries_has_more(target: Target) -> str:
    """has_more is a boolean on a page without items, too."""
    exchange = (await _without_match(target))[0]
    if read_page(exchange).items:
        raise NotJudged("no list is known to be empty", hint="Run again: it looks at other days.")
    told = _envelope(exchange).get("has_more", "(absent)")
    expect(
        isinstance(told, bool), f"an empty page has has_more {told!r}", expected="a boolean", observed=shown(exchange)
    )
    return "a boolean on an empty page"


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
        f"has_more is {str(page['has_more']).lower()} where next_cursor is {'null' if cursor is None else 'a cursor'}",
        expected="has_more true exactly when next_cursor is not null",
        observed=shown(exchange),
    )
    return True


@judges("PAG-04")
async def test_has_more_is_false_on_a_full_last_page(target: Target) -> str:
    """Where the last page is exactly full, has_more agrees with next_cursor too."""
    full = await full_trails(target, OBSERVATIONS)
    require_full(full, OBSERVATIONS)
    judged = [test_has_more_agrees_with_next_cursor(page.exchange) for trail in full for page in trail.pages]
    if not any(judged):
        raise NotApplicable("no page has has_more (PAG-03 asks for it)")
    return f"has_more agrees on {sum(judged)} pages of walks that end on a full page"


@judges_each("PAG-05")
async def test_a_page_without_limit_holds_50_items(target: Target, path: str) -> str:
    """Without limit a page holds 50 items where as many match."""
    there = await known(target, path)
    page = expect_page(await limited(target, path, None))
    await _expect_size(target, path, (page, None))
    if path == OBSERVATIONS:
        await _expect_full(target, path, await _among_others(target))
    if path == SEARCH and len(there) < LIMIT_DEFAULT:
        page = await _plenty_found(target)
        if len(page.items) == LIMIT_DEFAULT:
            return f"{LIMIT_DEFAULT} items of a search that finds as many"
    if len(there) < LIMIT_DEFAULT:
        raise NotJudged(
            f"the default of {LIMIT_DEFAULT} shows on {LIMIT_DEFAULT} items, {path} holds {len(there)}",
            hint=f"Put {LIMIT_DEFAULT} items into {path}.",
        )
    return f"{len(page.items)} of at least {len(there)} items"


async def _plenty_found(target: Target) -> Page:
    """Search for a word that many observations have, and expect a page to be full where another one follows it."""
    return await _expect_full(target, SEARCH, await search(target, await common_word(target)))


async def _among_others(target: Target, **limit: str) -> Exchange:
    """List observations with whatever else a list takes; without expand where that is refused, as to some keys."""
    query = {"filter[archived]": "all", "sort": "created_at", **limit}
    expanded = await target.get(OBSERVATIONS, query | {"expand": "employee"})
    return expanded if expanded.status == 200 else await target.get(OBSERVATIONS, query)


async def _expect_full(target: Target, path: str, exchange: Exchange, size: int = LIMIT_DEFAULT) -> Page:
    """Expect no more items than `size`, and no fewer where another page follows."""
    page = expect_page(exchange)
    trail = Trail(size, (page,))
    if page.next_cursor is not None and len(page.items) < size:
        query = [*page.exchange.request.query, ("cursor", page.next_cursor)]
        trail = Trail(size, (page, read_page(await target.get(path, query))))
    _expect_full_pages(trail)
    return page


@judges_each("PAG-06")
async def test_a_limit_gives_that_many_items(target: Target, path: str) -> str:
    """A limit from 1 to 100 gives that many items where as many match, and never more."""
    for limit in (LIMIT_MIN, LIMIT_MAX):
        expect_page(await limited(target, path, limit))
    there = await known(target, path)
    between = {size_for(len(there)), MORE_LIMITS.get(path, LIMIT_MIN)}
    limits = LIMITS.get(path) or sorted({LIMIT_MIN, *between, LIMIT_MAX})
    exchanges = await asyncio.gather(*(limited(target, path, limit) for limit in limits))
    for limit, exchange in zip(limits, exchanges, strict=True):
        await _expect_size(target, path, (expect_page(exchange), limit))
    for trail in (*await trails(target, path), *await _more_trails(target, path)):
        _expect_full_pages(trail)
    if path == OBSERVATIONS:
        await _expect_full(target, path, await _among_others(target, limit=str(LIMIT_MAX)), LIMIT_MAX)
    if len(there) < 2:
        raise NotJudged(f"a limit shows on 2 items, {path} holds {len(there)}", hint=f"Put items into {path}.")
    return f"limits {', '.join(map(str, limits))} over at least {len(there)} items"


@judges("PAG-06")
def test_no_page_holds_more_items_than_its_limit(exchange: Exchange) -> bool:
    """Whatever else a list is asked for; what a cursor makes of another limit is left open (PAG-16)."""
    limits = [value for name, value in exchange.request.query if name in {"limit", "cursor"}]
    page = _envelope(exchange)
    items = page.get("data")
    if (exchange.method, exchange.status) != ("GET", 200) or exchange.path not in PATHS or has_own_parameters(exchange):
        return False
    if len(limits) != 1 or not _LIMIT.fullmatch(limits[0]) or not isinstance(items, list) or "next_cursor" not in page:
        return False
    expect(
        len(items) <= int(limits[0]),
        f"{asked(exchange)} gives {len(items)} items",
        expected=f"{limits[0]} at most",
        observed=shown(exchange),
    )
    return True


async def _more_trails(target: Target, path: str) -> Sequence[Trail]:
    """Return the walks that are asked for more than their size, which others judge, too."""
    if path == EMPLOYEES:
        with suppress(Refused):  # SRT-01 and SRT-05 ask for it
            return [await sorted_employees(target, order) for order in NAME_ORDERS]
    if path == OBSERVATIONS:
        with suppress(Missing):
            orders = await asyncio.gather(*(standing_sorted(target, order) for order in ORDERS))
            return [*chain(*orders), *await expanded_trails(target)]
    return ()


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


@judges_each("PAG-07")
async def test_a_limit_above_100_gives_no_larger_page(target: Target, path: str) -> str:
    """Limits above 100 are refused with 400 validation_error, or give 100 items at most."""
    require_accepted(await limited(target, path, LIMIT_MAX), 200)
    over = OVER if path in (OBSERVATIONS, EMPLOYEES) else OVER[:1]
    exchanges = await asyncio.gather(*(limited(target, path, limit) for limit in over))
    served = [exchange for exchange in exchanges if exchange.status == 200]
    beside = {"limit": str(over[0]), "filter[archived]": "all", "sort": "created_at"}
    for exchange in [*exchanges, *([await target.get(path, beside)] if path == OBSERVATIONS else [])]:
        if exchange.status != 200:
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
    if len(served) == len(over) and len(there) <= LIMIT_MAX:
        raise NotJudged(
            f"a page above 100 takes more items, {path} holds {len(there)}", hint=f"Put 101 items into {path}."
        )
    words = ("is refused", "gives 100 at most")
    return ", ".join(f"limit={limit} {words[one in served]}" for limit, one in zip(over, exchanges, strict=True))


@judges_each("PAG-08")
async def test_a_limit_that_is_no_positive_integer_is_refused(target: Target, path: str) -> str:
    """0, -1, abc (and, where the documents go into detail, 1.5 and an empty limit) get 400; 1 is accepted."""
    require_accepted(await limited(target, path, 1), 200)
    more = {OBSERVATIONS: (*BAD_LIMITS_DETAILED, *BAD_LIMITS_ONCE), EMPLOYEES: BAD_LIMITS_DETAILED}
    bad = (*BAD_LIMITS, *more.get(path, ()))
    exchanges = await asyncio.gather(*(limited(target, path, limit) for limit in bad))
    for exchange in exchanges:
        expect_refusal(exchange, 400, "validation_error")
    return f"{len(exchanges)} limits are refused, limit=1 is accepted"


async def _without_match(target: Target) -> Sequence[Exchange]:
    """Share lists of days on which nothing is made: as it comes, and narrowed, expanded and sorted in pages of one."""
    queries = [(*window(target, "empty").query, *more) for more in ((), NARROWER)]

    async def ask() -> Sequence[Exchange]:
        return await asyncio.gather(*(target.get(OBSERVATIONS, query) for query in queries))

    return await target.once("lists without a match", ask)


@judges("PAG-12")
async def test_a_query_that_matches_nothing_gives_an_empty_page(target: Target) -> str:
    """A filter that no item meets gets 200 with an empty data array and a null next_cursor."""
    if not await known(target, OBSERVATIONS):
        raise NotJudged("the observation list is empty without a filter too", hint=f"Put an item into {OBSERVATIONS}.")
    where = window(target, "empty")
    for exchange in await _without_match(target):
        page = expect_page(exchange) if isinstance(_envelope(exchange).get("data"), list) else None
        if page is not None and page.items:
            require(all(map(where.holds, page.items)), "the date filters let other dates through")
            raise NotJudged(f"there are observations from {where.day(0)} on", hint="Run again: it looks at other days.")
        expect(
            page is not None and exchange.status == 200 and _envelope(exchange).get("next_cursor", ...) is None,
            f"a query that matches nothing got {exchange.status}" + ("" if page else " without a data array"),
            expected="200 with data [] and next_cursor null",
            observed=shown(exchange),
        )
    return "2 filtered lists without a match are empty, the unfiltered one is not"


@judges("PAG-12")
async def test_a_search_that_finds_nothing_gives_an_empty_page(target: Target) -> str:
    """A search for a word that nothing holds gets 200 with an empty data array and a null next_cursor."""
    found = await opening(target, SEARCH)
    ((name, word), *_) = await ground(target, SEARCH)
    nowhere = target.chance.word(24)
    exchange = await target.get(SEARCH, {name: nowhere})
    envelope = _envelope(exchange)
    if exchange.status == found.status and envelope.get("data"):
        raise NotApplicable("search finds something that is alike for any word, and no document says how it matches")
    expect(
        exchange.status == found.status and envelope.get("data") == [] and envelope.get("next_cursor", ...) is None,
        f"a search that finds nothing got {exchange.status}, one for {word} got {found.status}",
        expected="200 with data [] and next_cursor null",
        observed=shown(exchange),
    )
    return "a search for a word that nothing holds gives an empty page"
