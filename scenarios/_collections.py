"""Collections as evidence: first pages, walks in two page sizes and probes, each asked once a run and shared."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.queries import LIMIT_MAX, SORTS
from conformance.contract.resources import RESOURCES, Shape
from conformance.errors import Missing, Refused
from conformance.judging.verdicts import Blocked, NotApplicable, NotJudged
from conformance.target.discovery import observations
from conformance.target.documents import query_parameter, spec
from conformance.target.reading import Page, Resource, read_page
from conformance.target.volume import Standing, crowd, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.target.target import Target
    from conformance.target.windows import Query
    from conformance.wire.exchange import Exchange

OBSERVATIONS, EMPLOYEES, SEARCH = "/observations", "/employees", "/search"
ORDERS = tuple(sign + field for field in SORTS["observations"] for sign in ("", "-"))
NAME_ORDERS = ("last_name,-first_name", "-last_name", "first_name")
"""Orders of observations and of employees that walks are asked for in."""
COLLECTIONS = tuple(resource.path for resource in RESOURCES if resource.shape is not Shape.SINGLE)
"""Every documented collection, and the two resources that may turn out to be one."""
ELSEWHERE = tuple(
    resource.path for resource in RESOURCES if resource.shape is Shape.COLLECTION and resource.path != OBSERVATIONS
)
"""The collections of which the documents give no more than that they are there."""
UNSTATED = frozenset(resource.path for resource in RESOURCES if resource.shape is Shape.UNSTATED)
DASHES = str(uuid.UUID(int=0)).count("-")
PART = 6
"""A page size that cuts through the ties of the observations that nobody touches: three pages of 5, 5 and 2."""
MOST_PAGES = 3
"""A collection is read up to so many pages of 100; of a larger one its beginning is judged."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A walk in pages of `size`. `ended` tells that its last next_cursor was null.

    `refused` is the answer to an issued cursor that was no page; `circles` tells that a cursor came twice.
    """

    size: int
    pages: tuple[Page, ...]
    ended: bool = False
    refused: Exchange | None = None
    circles: bool = False

    @property
    def items(self) -> list[Resource]:
        """All items as they were served, repeats included."""
        return [item for page in self.pages for item in page.items]

    @property
    def keys(self) -> list[str]:
        """What identifies the items, as they were served, repeats included."""
        return [identity(item) for item in self.items]

    @property
    def exchanges(self) -> tuple[int, ...]:
        """The numbers of its exchanges."""
        return tuple(page.exchange.number for page in self.pages)

    def __str__(self) -> str:
        return f"{len(self.pages)} page{'s' * (len(self.pages) != 1)} of {self.size}"


@dataclass(frozen=True, slots=True)
class Pair:
    """One collection walked twice: in pages of 100, and in pages of a size that its last page fills where one does."""

    whole: Trail
    parts: Trail


def identity(item: Resource) -> str:
    """Return an item's id, or all of it where it has none (a setting, something found)."""
    told = item.get("id")
    return told if isinstance(told, str) else json.dumps(item, sort_keys=True)


def repeated(keys: Iterable[str]) -> list[str]:
    """Return what stands in `keys` more than once, in the order of the repeats."""
    seen: set[str] = set()
    return list(dict.fromkeys(key for key in keys if key in seen or seen.add(key)))  # type: ignore[func-returns-value]


async def ground(target: Target, path: str) -> Query:
    """Return the query without which a collection can't be listed: a text for search, nothing for all others."""
    if path != SEARCH:
        return ()
    return await target.once("ground of search", lambda: _search(target))


async def _search(target: Target) -> Query:
    name = query_parameter(await spec(target))
    if name is None:
        raise Missing(
            "the name of the parameter that takes the text to search for",
            hint="The documents don't give it: let /openapi.json declare the parameters of /search.",
        )
    try:
        planted = await standing(target)
    except (Missing, Refused):
        return ((name, await _known_word(target)),)
    query = ((name, planted.word),)
    await target.eventually(lambda: _found(target, query, len(planted.ids)))
    return query


async def _known_word(target: Target) -> str:
    try:
        texts = [str(item.get("observation", "")) for item in await observations(target)]
    except Refused:
        texts = []
    return next((word for text in texts for word in text.split() if word.isalpha()), "feedback")


async def common_word(target: Target) -> str:
    """Return the word that most of a page of observations have, or any word where none can be read."""
    try:
        texts = [set(str(item.get("observation", "")).lower().split()) for item in await observations(target)]
    except Refused:
        texts = []
    words = Counter(word for text in texts for word in sorted(text) if word.isalpha() and len(word) > 2)  # no syllables
    return next((word for word, _ in words.most_common(1)), "feedback")


async def _found(target: Target, query: Query, at_least: int) -> bool:
    exchange = await target.get(SEARCH, [*query, ("limit", str(LIMIT_MAX))])
    try:
        return len(read_page(exchange).items) >= at_least
    except Refused:
        return True  # no list: what it is instead is not judged by waiting


async def opening(target: Target, path: str) -> Exchange:
    """Return the answer to a collection's plain list; undecided where the target or the key does not offer it."""
    query = await ground(target, path)
    name = f"opening of {path}{' with a text' if query else ''}"
    exchange = await target.once(name, lambda: target.get(path, query))
    if exchange.status == 403:
        raise NotJudged(f"the key may not read {path}", hint=f"Give PB_API_KEY the scope to read {path}.")
    if path in UNSTATED and exchange.status == 400:  # which may want a query that no document names (RES-01)
        raise NotJudged(
            f"GET {path} refuses the parameters that it was asked with",
            hint="The documents don't name them: let the spec declare which are required.",
        )
    if exchange.status != 200:
        raise Blocked(f"GET {path} got {exchange.status}, so there is no list to judge")
    if path in UNSTATED and not is_list(exchange):
        raise NotApplicable(f"{path} answers one object, not a list")
    return exchange


def is_list(exchange: Exchange) -> bool:
    """Tell whether an answer holds a list, as a page or by itself."""
    value = exchange.json if exchange.response is not None and exchange.response.is_json else None
    return isinstance(value, list) or (isinstance(value, dict) and isinstance(value.get("data"), list))


async def opening_page(target: Target, path: str) -> Page:
    """Return a collection's first page as asked for without any parameter; undecided where there is none."""
    return read_page(await opening(target, path))


async def unknown_item(target: Target, path: str) -> Exchange:
    """Return the answer to an id that is like those of a collection and was never issued there."""
    ids = (await opening_page(target, path)).ids
    known = next((one for one in ids if isinstance(one, str)), "")
    return await target.once(f"unknown id in {path}", lambda: target.get(f"{path}/{_like(target, known)}"))


def _like(target: Target, known: str) -> str:
    prefix, underscore, _ = known.rpartition("_")
    if underscore and prefix:
        return target.chance.unknown_id(prefix)
    return target.chance.uuid() if known.count("-") == DASHES else target.chance.unknown_id("none")


async def limited(target: Target, path: str, limit: str | int | None) -> Exchange:
    """Return the answer to a list with this limit (None: without); of observations over 100 if they can be had."""
    first = await opening(target, path)
    if path != OBSERVATIONS:
        return first if limit is None else await _limited_elsewhere(target, path, limit)
    query = await crowd(target)
    if limit is None and not query:
        return first
    asked = query if limit is None else (*query, ("limit", str(limit)))
    return await target.once(f"{path} by {limit}", lambda: target.get(path, asked))


async def _limited_elsewhere(target: Target, path: str, limit: str | int) -> Exchange:
    """Return the answer to a list with this limit, from the collection's walks where they asked for it."""
    query = await ground(target, path)
    try:
        walks = await pair(target, path)
    except Refused:  # the limit of one of them was refused, not this one perhaps
        return await target.get(path, [*query, ("limit", str(limit))])
    begun = {trail.size: trail.pages[0].exchange for trail in (walks.parts, walks.whole)}
    if limit in begun:
        return begun[int(limit)]
    return await target.once(f"{path} by {limit}", lambda: target.get(path, [*query, ("limit", str(limit))]))


async def known(target: Target, path: str) -> frozenset[str]:
    """Return what is known to be in the list that `limited` asks for, up to 300 items."""
    await opening(target, path)
    if path != OBSERVATIONS:
        return frozenset((await pair(target, path)).whole.keys)
    return await target.once("known of the crowd", lambda: look(target, path))


async def look(target: Target, path: str) -> frozenset[str]:
    """Look now at what is in the list that `limited` asks for."""
    query = await crowd(target) if path == OBSERVATIONS else await ground(target, path)
    return frozenset((await follow(target, path, query, LIMIT_MAX, at_most=MOST_PAGES)).keys)


async def pair(target: Target, path: str) -> Pair:
    """Return a collection's two walks, under its plain query."""
    await opening(target, path)
    return await target.once(f"walks of {path}", lambda: fresh_pair(target, path))


async def fresh_pair(target: Target, path: str) -> Pair:
    """Walk a collection in pages of 100 and in smaller ones, now."""
    query = await ground(target, path)
    whole = await follow(target, path, query, LIMIT_MAX)
    count = len(whole.keys)
    return Pair(whole, await follow(target, path, query, size_for(count) if whole.ended else 80))


def size_for(count: int) -> int:
    """Return a page size that makes 2 to 6 pages of `count` items, the last one exactly full where that can be."""
    even = [count // pages for pages in (3, 2, 4, 5, 6) if count % pages == 0 and 0 < count // pages < LIMIT_MAX]
    return even[0] if even else max(1, min(-(-count // 3), LIMIT_MAX - 1))


async def follow(target: Target, path: str, query: Query, size: int, *, at_most: int | None = None) -> Trail:
    """Walk in pages of `size` to the end, or as far as MOST_PAGES pages of 100 would reach.

    Raises `Refused` where there is no first page. A later one that is refused is part of the evidence.
    """
    bound = at_most or -(-MOST_PAGES * LIMIT_MAX // size)
    asked = [*query, ("limit", str(size))]
    pages = [await target.page(path, asked)]
    cursors: list[str] = []
    while (cursor := pages[-1].next_cursor) is not None:
        if cursor in cursors or len(pages) >= bound:
            return Trail(size, tuple(pages), circles=cursor in cursors)
        cursors.append(cursor)
        exchange = await target.get(path, [*asked, ("cursor", cursor)])
        try:
            pages.append(read_page(exchange))
        except Refused:
            return Trail(size, tuple(pages), refused=exchange)
    return Trail(size, tuple(pages), ended=True)


async def standing_trail(target: Target, size: int, *more: tuple[str, str]) -> Trail:
    """Return a walk over the observations that nobody touches, in pages of `size`, with `more` in the query."""
    planted = await standing(target)
    query = (*planted.window.query, *more)
    name = "&".join(f"{key}={value}" for key, value in more)
    return await target.once(
        f"standing by {size} {name}", lambda: follow(target, OBSERVATIONS, query, size, at_most=60)
    )


async def expanded_trails(target: Target) -> Sequence[Trail]:
    """Return a walk of the same in small pages with the employees inlined, where that can be had."""
    try:
        return (await standing_trail(target, PART, ("expand", "employee")),)
    except (Missing, Refused):
        return ()  # whether expand is taken at all, other rules ask


async def trails(target: Target, path: str) -> Sequence[Trail]:
    """Return walks of a collection in two page sizes; of observations those of ours, if some can be made."""
    if path == OBSERVATIONS:
        await opening(target, path)
        try:
            return await asyncio.gather(standing_trail(target, LIMIT_MAX), standing_trail(target, PART))
        except Missing:
            pass
    walks = await pair(target, path)
    return walks.whole, walks.parts


async def standing_sorted(target: Target, order: str) -> Sequence[Trail]:
    """Return walks in this order over the observations that nobody touches, in two page sizes."""
    return await asyncio.gather(*(standing_trail(target, size, ("sort", order)) for size in (LIMIT_MAX, PART)))


async def full_trails(target: Target, path: str) -> Sequence[Trail]:
    """Return walks whose last page is exactly full, if the number of items allows; two sizes where it does."""
    await opening(target, path)
    if path != OBSERVATIONS or target.settings.read_only:
        walks = await pair(target, path)
        count = len(walks.whole.keys)
        if not walks.whole.ended or count == 0 or count >= LIMIT_MAX:
            return tuple(trail for trail in (walks.whole, walks.parts) if trail.ended and count % trail.size == 0)
        query = await ground(target, path)
        exact = await target.once(f"{path} on one full page", lambda: follow(target, path, query, count))
        return exact, *((walks.parts,) if count % walks.parts.size == 0 else ())
    count = len((await standing_trail(target, LIMIT_MAX)).keys)
    sizes = {size for size in (count, size_for(count)) if 0 < size <= LIMIT_MAX and count % size == 0}
    return await asyncio.gather(*(standing_trail(target, size) for size in sorted(sizes)))


async def sorted_employees(target: Target, order: str) -> Trail:
    """Return a walk of the employees in this order, in pages of the size of their plain walk."""
    size = (await pair(target, EMPLOYEES)).parts.size
    return await target.once(f"employees by {order}", lambda: follow(target, EMPLOYEES, (("sort", order),), size))


async def narrowed(target: Target) -> Standing:
    """Return the observations that nobody touches; block unless the date filter narrows the list to them."""
    await opening(target, OBSERVATIONS)
    await opening(target, OBSERVATIONS)
    planted = await standing(target)
    trail = await standing_trail(target, LIMIT_MAX)
    if not all(planted.window.holds(item) for item in trail.items):
        raise Blocked("the date filters let other dates through, so no walk is narrowed to what stands still")
    return planted
