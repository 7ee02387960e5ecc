"""PAG: next_cursor leads to everything once, in one order, whatever happens meanwhile (overview › Pagination)."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from conformance.contract.observation import TYPES
from conformance.errors import Missing, Refused
from conformance.judging.expect import asked, expect, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotJudged, Violation
from conformance.target.reading import id_of, read_page
from conformance.target.volume import plant, settled
from conformance.target.windows import window
from scenarios._collections import (
    EMPLOYEES,
    NAME_ORDERS,
    OBSERVATIONS,
    ORDERS,
    PART,
    Trail,
    expanded_trails,
    follow,
    full_trails,
    look,
    narrowed,
    opening,
    sorted_employees,
    standing_sorted,
    standing_trail,
    trails,
)
from scenarios._narrowing import narrowings
from scenarios._ordering import times_out_of_order
from scenarios._others import judges_each
from scenarios._walking import (
    accuse,
    broken_off,
    judged_pair,
    misvisited,
    misvisited_pair,
    reordered,
    reordered_pair,
    require,
    require_full,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.target.windows import Query, Window
    from scenarios._collections import Pair
    from scenarios._narrowing import Narrowing

PAGES = 3
"""A filter that is forgotten after the first page shows on the next ones."""


@judges_each("PAG-09")
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
    for trail in (*plain, *chain(*orders), *await expanded_trails(target)):
        accuse(misvisited(trail, planted.ids))
    both = planted.ids | planted.archived_ids
    everything = await standing_trail(target, len(both) - 1, ("filter[archived]", "all"))  # a last page of one item
    accuse(misvisited(everything, both))
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


@judges_each("PAG-10")
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
    require(len(planted.ids & set(plain[0].keys)) > 1, "the observations that were made are not listed")
    return f"{len(planted.ids)} items on 3 days keep their order in 5 orders and up to 4 page sizes"


@judges_each("PAG-11")
async def test_a_full_last_page_has_no_next_cursor(target: Target, path: str) -> str:
    """The page that holds the last item has a null next_cursor, also where that page is exactly full."""
    full = await full_trails(target, path)
    require_full(full, path)
    for trail in full:
        if _leads_nowhere(trail):
            query = [pair for pair in trail.pages[0].exchange.request.query if pair[0] != "limit"]
            accuse(_leads_nowhere(await follow(target, path, tuple(query), trail.size)))
    return " and ".join(f"{trail} with {len(trail.keys)} items" for trail in full)


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


@judges("PAG-13")
async def test_filters_hold_on_every_page(target: Target) -> str:
    """With its parameters repeated, a walk gives only items that match, on every page."""
    planted = await narrowed(target)
    person = planted.active[0]["employee_id"]
    archived = (("filter[employee_id]", person), ("filter[archived]", "true"), ("sort", "-created_at"))
    walks: Sequence[tuple[str, Callable[[Resource], bool], Query, int]] = (
        (
            "type",
            lambda one: one.get("type") == TYPES[0],
            (("filter[type]", TYPES[0]), ("filter[archived]", "all"), ("sort", "observation_date")),
            4,
        ),
        ("employee_id", lambda one: one.get("employee_id") == person, archived, 1),
        ("archived=true", lambda one: one.get("archived_at") is not None, archived, 1),
        ("archived", lambda one: one.get("archived_at") is None, (), PART),
    )
    for name, matches, query, size in walks:
        trail = await standing_trail(target, size, *query)
        require(len(trail.pages) > 1, f"a walk by {name} has one page only")
        for number, page in enumerate(trail.pages):
            strange = [item for item in page.items if not (matches(item) and planted.window.holds(item))]
            require(not strange or number, f"the filter by {name} does not hold on the first page")
            expect(
                not strange,
                f"{asked(page.exchange)} gives items that its filters leave out",
                expected=f"what the filter by {name} keeps, dated within the filter's bounds",
                observed=strange[:3],
            )
    return f"{len(walks)} filtered walks in pages of 1, 4 and {PART} give only what matches"


@judges("PAG-13")
async def test_filters_on_what_is_not_ours_hold_on_every_page(target: Target) -> str:
    """The filters by manager, by attribute and by the time of creation hold after the first page, too."""
    planted = await narrowed(target)
    judged = [one for one in await narrowings(target, planted) if await _holds_throughout(target, one)]
    if not judged:
        raise NotJudged("no filter leaves several pages", hint="Run in an organization with managers and attributes.")
    return f"what is filtered by {', '.join(one.name for one in judged)} matches on every page of 2"


async def _holds_throughout(target: Target, by: Narrowing) -> bool:
    """Judge a narrowed walk in pages of 2; False where the filter is refused, fails at once or leaves one page."""
    try:
        trail = await target.once(
            f"narrowed by {by.name}", lambda: follow(target, OBSERVATIONS, by.query, 2, at_most=PAGES)
        )
    except Refused:
        return False
    if len(trail.pages) < 2 or not all(map(by.holds, trail.pages[0].items)):
        return False
    if _let_through(trail, by) is not None:  # by chance of a change just now perhaps, so it is asked again
        accuse(_let_through(await follow(target, OBSERVATIONS, by.query, 2, at_most=PAGES), by))
    return True


def _let_through(trail: Trail, by: Narrowing) -> Violation | None:
    """Accuse a walk of items that its filter leaves out, or of breaking off."""
    for page in trail.pages[1:]:
        strange = [item for item in page.items if not by.holds(item)]
        if strange:
            return Violation(
                f"{asked(page.exchange)} gives items that its filter by {by.name} leaves out",
                expected="only what matches, as on the first page",
                observed=strange,
            )
    return broken_off(trail)


@judges("PAG-13")
async def test_the_order_holds_across_pages(target: Target) -> str:
    """With its parameters repeated, a walk gives one order over all its pages."""
    planted = await narrowed(target)
    for order in ORDERS:
        _, trail = await standing_sorted(target, order)
        field = order.removeprefix("-")
        values = [[item.get(field) for item in page.items if item.get("id") in planted.ids] for page in trail.pages]
        falls = order.startswith("-")
        require(
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


@judges("PAG-15")
async def test_changes_meanwhile_neither_repeat_nor_hide_items(target: Target) -> str:
    """Creates and archives between the pages of a walk, of its last item too, repeat and hide nothing that stays."""
    await opening(target, OBSERVATIONS)
    where = window(target, "moving")
    made = await plant(target, [{"observation_date": where.day(2 + number // 2)} for number in range(7)])
    ids = {one.id for one in made}
    listed = await settled(target, where, shown=frozenset(ids), hidden=frozenset())
    require(all(map(where.holds, listed)), "the date filters let other dates through")
    require(ids <= set(map(id_of, listed)), "the observations that were made are not listed")
    trails, gone = await _walk_among_changes(target, where, ids)
    for trail in trails:
        accuse(misvisited(trail, ids - gone))
    return f"{len(ids - gone)} items stay and are visited once while {len(gone)} are archived and 2 created"


async def _walk_among_changes(target: Target, where: Window, ids: set[str]) -> tuple[list[Trail], set[str]]:
    """Walk in two orders, in pages of 3; after the first pages create in front, after the second archive the visited.

    What was made last has the latest days, so that both orders begin with it.
    """
    queries = [[*where.query, ("limit", "3"), *order] for order in ((), [("sort", "-created_at")])]
    walks = [[page] for page in await asyncio.gather(*(target.page(OBSERVATIONS, query) for query in queries))]
    trails: dict[int, Trail] = {}
    gone: set[str] = set()
    for step in range(12):
        if step == 0:
            new = await asyncio.gather(*(target.make(observation_date=where.day(6)) for _ in range(2)))
            await settled(target, where, shown=frozenset(one.id for one in new), hidden=frozenset())
        elif step == 1:
            first, second = (*walks[0], *walks[0][:1])[:2]
            gone = {*first.ids, *second.ids[-1:]} & ids
            await asyncio.gather(*map(target.archive, sorted(gone)))
            await settled(target, where, shown=frozenset(), hidden=frozenset(gone))
        for number, (query, pages) in enumerate(zip(queries, walks, strict=True)):
            if (cursor := pages[-1].next_cursor) is None or number in trails:
                continue
            exchange = await target.get(OBSERVATIONS, [*query, ("cursor", cursor)])
            try:
                pages.append(read_page(exchange))
            except Refused:
                trails[number] = Trail(3, tuple(pages), refused=exchange)
    ended = [Trail(3, tuple(pages), ended=pages[-1].next_cursor is None) for pages in walks]
    return [trails.get(number, trail) for number, trail in enumerate(ended)], gone
