"""What a walk must not do: repeat, skip, circle, break off, change its order. Suspicions are confirmed on new walks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.expect import asked, shown
from conformance.judging.hints import BUSY
from conformance.judging.verdicts import Blocked, NotJudged, Violation
from scenarios._collections import Pair, Trail, fresh_pair, identity, pair, repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from conformance.target.target import Target


def accuse(found: Violation | None) -> None:
    """Raise what was found, if anything was."""
    if found is not None:
        raise found


def broken_off(trail: Trail) -> Violation | None:
    """Accuse a walk on which an issued cursor was refused or came twice."""
    if trail.refused is not None:
        return Violation(
            f"an issued cursor was refused: {asked(trail.refused)} got {trail.refused.status}",
            expected="the next page",
            observed=shown(trail.refused),
            exchanges=(*trail.exchanges[-1:], trail.refused.number),
        )
    if trail.circles:
        return Violation(
            f"a walk in {trail} runs in a circle: a next_cursor came twice",
            expected="a new next_cursor, or null",
            exchanges=trail.exchanges,
        )
    return None


def misvisited(trail: Trail, expected: Collection[str]) -> Violation | None:
    """Accuse a walk that repeats any item, or skips one of `expected`."""
    twice = repeated(trail.keys)
    if twice:
        return Violation(
            f"a walk in {trail} repeats {len(twice)} items",
            expected="every item once",
            observed={"repeated": twice[:5]},
            exchanges=trail.exchanges,
        )
    skipped = sorted(set(expected) - set(trail.keys))
    if skipped:
        return Violation(
            f"a walk in {trail} skips {len(skipped)} of {len(expected)} items",
            expected="every item once",
            observed={"skipped": skipped[:5]},
            exchanges=trail.exchanges,
        )
    return broken_off(trail)


def misvisited_pair(walks: Pair) -> Violation | None:
    """Accuse a collection's two walks where one repeats or breaks off, or where they don't visit the same items."""
    whole, parts = walks.whole, walks.parts
    if not whole.ended:
        reach = whole.keys[: len(parts.keys)]
        return misvisited(whole, ()) or misvisited(parts, reach)
    return misvisited(whole, parts.keys) or misvisited(parts, whole.keys)


def reordered(one: Trail, other: Trail, judged: Collection[str]) -> Violation | None:
    """Accuse two walks that visit what both have of `judged` in different orders."""
    common = set(judged) & set(one.keys) & set(other.keys)
    first, second = ([key for key in dict.fromkeys(trail.keys) if key in common] for trail in (one, other))
    place = next((place for place, both in enumerate(zip(first, second, strict=True)) if len(set(both)) > 1), None)
    if place is None:
        return None
    return Violation(
        f"{one} and {other} give different orders, first at item {place + 1} of {len(first)}",
        expected=f"the same order whatever the page size: {first[place]} at {place + 1}",
        observed=second[place],
        exchanges=(*one.exchanges, *other.exchanges),
    )


def reordered_pair(walks: Pair) -> Violation | None:
    """Accuse a collection's two walks of different orders, among the items that nobody changed between them."""
    before = {identity(item): item for item in walks.whole.items}
    unchanged = [key for item in walks.parts.items if before.get(key := identity(item)) == item]
    return reordered(walks.whole, walks.parts, unchanged)


async def judged_pair(target: Target, path: str, suspect: Callable[[Pair], Violation | None]) -> Pair:
    """Return a collection's walks if `suspect` finds nothing in them; else walk afresh, and raise what it finds then.

    Raises `NotJudged` where the collection holds less than two items or changes while it is walked.
    """
    walks = await pair(target, path)
    if suspect(walks) is None:
        _require_items(path, walks.whole.keys)
        return walks
    again = await fresh_pair(target, path)
    if set(again.whole.keys) != set(walks.whole.keys):
        raise NotJudged(f"{path} changes while it is walked", hint=BUSY)
    accuse(suspect(again))
    return again


def _require_items(path: str, keys: Sequence[str]) -> None:
    if len(keys) < 2:
        raise NotJudged(
            f"a walk of several pages takes 2 items, {path} holds {len(keys)}", hint=f"Put items into {path}."
        )


def require(holds: object, otherwise: str) -> None:
    """Block unless that holds on which a check is built."""
    if not holds:
        raise Blocked(otherwise)


def require_full(full: Sequence[Trail], path: str) -> None:
    """Leave a check undecided that takes a walk whose last page is exactly full, where there is none."""
    if not full or not full[0].keys:
        raise NotJudged(f"no walk of {path} ends on a full page", hint=f"Put some items into {path}, 100 at most.")
