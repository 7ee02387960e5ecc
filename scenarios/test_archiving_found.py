"""ARC: where an observation is found once it is archived, and once it is restored (observations › Archive, Restore)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from conformance.errors import Missing
from conformance.judging.expect import expect
from conformance.judging.hints import LAGS
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Noted, NotJudged, Violation
from conformance.target.discovery import known_attributes
from conformance.target.reading import read_page, read_resource, with_query
from conformance.target.searching import narrowings, search
from scenarios._listings import expect_listed_alike, returned

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

    from conformance.target.target import Made, Target

LISTS = {
    "newest created first": [("sort", "-created_at"), ("limit", "100")],
    "default order": [("limit", "100")],
}

MOVES = {"archived_at", "updated_at"}
UNSERVED = {403, 404}


@dataclass(frozen=True, slots=True)
class _Life:
    """An observation that was made, archived and restored, and which lists followed, each within the settling time."""

    made: Made
    there: Collection[str]
    gone: Collection[str]
    back: Collection[str]


async def _life(target: Target) -> _Life:
    made = await target.make()
    there = await _orders(target, lambda order: _listed(target, made, order))
    read_resource(await target.archive(made.id))
    gone = await _orders(target, lambda order: _gone(target, made, order))
    read_resource(await target.restore(made.id))
    return _Life(made, there, gone, await _orders(target, lambda order: _listed(target, made, order)))


async def _orders(target: Target, follows: Callable[[str], Awaitable[bool]]) -> Collection[str]:
    """Give the lists, by their orders, that follow in time."""
    found = await asyncio.gather(*(target.eventually(partial(follows, order)) for order in LISTS))
    return [order for order, is_so in zip(LISTS, found, strict=True) if is_so]


@judges("ARC-05", over=LISTS)
async def test_an_archived_observation_leaves_the_list_and_a_restored_one_returns(target: Target, order: str) -> str:
    """What is seen in a default list is gone after archive (within the settling time), and back after restore."""
    life = await target.once("a life in default lists", lambda: _life(target))
    if order not in life.there:
        raise NotJudged(f"a fresh observation is not within reach of the list in {order}", hint=LAGS)
    if order not in life.gone:
        raise Violation(
            "an archived observation is still in the default list",
            expected=f"{life.made.id} not in the list ({order})",
            observed=f"{life.made.id} is there {target.settings.settle:g} s after its archive",
        )
    expect(
        order in life.back,
        "a restored observation is not in the default list again",
        expected=f"{life.made.id} in the list ({order})",
    )
    return "there when made, gone when archived, back when restored"


@judges("ARC-05")
async def test_a_restored_observation_returns_to_narrowed_lists(target: Target) -> str:
    """The lists of its employee, of its type and of its attribute show it again."""
    restored = (await returned(target)).restored
    expect(
        not restored.lost,
        f"a restored observation is not found {', '.join(restored.lost)}",
        expected=f"{restored.resource['id']} there within {target.settings.settle:g} s",
        observed=restored.resource,
    )
    return f"back in {len(restored.items)} narrowed lists when restored"


@judges("ARC-06")
async def test_lists_keep_all_content_of_what_is_archived_and_restored(target: Target) -> str:
    """The list of what is archived, and narrowed lists once it is restored, hold every field as by id."""
    lists = await returned(target)
    expect_listed_alike(lists.archived, but=MOVES)
    return expect_listed_alike(lists.restored, but=MOVES)


@judges("ARC-01")
async def test_the_list_of_what_is_archived_gives_the_same_archived_at(target: Target) -> str:
    """It is that of the archive's answer."""
    archived = (await returned(target)).archived
    return expect_listed_alike(archived, but=archived.resource.keys() - {"archived_at"})


async def _listed(target: Target, made: Made, order: str) -> bool:
    """Look for it on the first pages: whatever the order among others, ours is among the newest."""
    query = LISTS[order]
    for _ in range(3):
        page = read_page(await target.get("/observations", query))
        if made.id in page.ids:
            return True
        if page.next_cursor is None:
            return False
        query = with_query(query, cursor=page.next_cursor)
    return False


async def _gone(target: Target, made: Made, order: str) -> bool:
    return not await _listed(target, made, order)


@judges("ARC-07")
async def test_an_archived_observation_leaves_search_results(target: Target) -> str:
    """What search finds by a word of its texts when made it no longer finds when archived, within the settling time.

    One has every text and an attribute, and was updated, which may index it once more; the other has only the text
    that it must have.
    """
    word = target.chance.word(14)
    told = f"The word to search for is {word}."
    texts = {"observation": f"{target.marker()} {told}"}
    more = {"impact": told, "attribute_ids": await known_attributes(target, 1)}
    full, bare = await asyncio.gather(target.make(**texts, **more), target.make(**texts))
    await target.patch(f"/observations/{full.id}", json={"recommended_action": told})
    found = await _found(target, word, {}, (full.id, bare.id), wanted=2)
    if not found:
        raise NotJudged(
            "search does not find a fresh observation by a word of its text",
            hint="Give --settle more seconds than its search lags behind.",
        )
    await asyncio.gather(*(_archive(target, one) for one in found))
    for narrowed in ({}, *await narrowings(target)):
        left = await _found(target, word, narrowed, found, wanted=0)
        if left:
            where = f" that is narrowed by {urlencode(narrowed)}" if narrowed else ""
            raise Violation(
                f"search{where} still finds an archived observation",
                expected=f"{left[0]} not in the results for {word!r}",
                observed=f"{left[0]} is found {target.settings.settle:g} s after its archive",
            )
    return "found when made, not found when archived"


async def _archive(target: Target, observation_id: str) -> None:
    read_resource(await target.archive(observation_id))


async def _found(
    target: Target, word: str, narrowed: Mapping[str, str], ids: Sequence[str], *, wanted: int
) -> Sequence[str]:
    """Search until `wanted` of `ids` are found, within the settling time; give those that are at last."""
    found: list[str] = []

    async def look() -> bool:
        exchange = await search(target, word, narrowed)
        text = exchange.response.text if exchange.response is not None else ""
        found[:] = [one for one in ids if one in text]
        return len(found) == wanted

    await target.eventually(look)
    return tuple(found)


@judges("ARC-13")
async def test_whether_archived_observations_leave_summaries(target: Target) -> Noted:
    """The documents say that they do, but not how a summary holds an observation: what is seen is recorded."""
    query = [("filter[archived]", "true"), ("limit", "100")]
    archived, summaries = await asyncio.gather(
        target.get("/observations", query), target.get("/summaries", {"limit": "100"})
    )
    if summaries.status in UNSERVED:
        raise Missing("summaries that the key may read", hint="Give the key summaries:read, where there are summaries.")
    ids = [str(one) for one in read_page(archived).ids]
    if not ids or not read_page(summaries).items:
        raise Missing(
            "an archived observation and a summary that were there before",
            hint="Let there be one that a summary holds.",
        )
    held = summaries.response is not None and any(one in summaries.response.text for one in ids)
    return Noted(
        "Summaries hold ids of archived observations."
        if held
        else "No summary holds the id of an archived observation.",
        {"held": held},
    )
