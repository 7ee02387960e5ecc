"""PAG: a cursor is good for the walk it was issued in, and nothing else is a cursor (overview › Pagination)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.judging.expect import expect_refusal
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Noted
from conformance.target.reading import read_page
from scenarios._collections import (
    EMPLOYEES,
    OBSERVATIONS,
    PART,
    Trail,
    narrowed,
    trails,
)
from scenarios._others import judges_each
from scenarios._walking import (
    broken_off,
    require,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


@judges_each("PAG-14")
async def test_a_cursor_that_was_never_issued_is_refused(target: Target, path: str) -> str:
    """Made-up text and an issued cursor shortened or altered get 400 validation_error; the issued one gives a page."""
    trail = (await trails(target, path))[-1]
    found = broken_off(trail)
    require(found is None, found.message if found else "")
    query = [one for one in trail.pages[0].exchange.request.query if one[0] != "cursor"]
    forged = forgeries(trail.pages[0].next_cursor, every_place=path in (OBSERVATIONS, EMPLOYEES))
    exchanges = await asyncio.gather(*(target.get(path, [*query, ("cursor", cursor)]) for cursor in forged))
    refused = 0
    for cursor, exchange in zip(forged, exchanges, strict=True):
        if exchange.status == 200 and (_is_same(exchange, trail) or _was_issued(target, cursor)):
            continue
        expect_refusal(exchange, 400, "validation_error")
        refused += 1
    require(refused, "every cursor that was made up is as good as the issued one")
    return f"{refused} cursors that were never issued are refused"


def forgeries(cursor: str | None, *, every_place: bool) -> list[str]:
    """Make up a cursor, and where `every_place` is asked for shorten an issued one and alter it in several places."""
    made_up = "never-issued-by-this-api"
    if cursor is None or not every_place:
        return [made_up]
    last, middle = max(len(cursor.rstrip("=")) - 1, 0), len(cursor) // 2
    altered = [_altered(cursor, place) for place in sorted({0, middle, last})]
    return [made_up, *([cursor[:middle]] if middle else []), *altered]


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


@judges("PAG-16")
async def test_what_a_cursor_gets_in_another_request(target: Target) -> Noted:
    """The documents don't say what a cursor gets with another limit, reordered parameters or other filters."""
    planted = await narrowed(target)
    whole, trail = await trails(target, OBSERVATIONS)
    cursor = trail.pages[0].next_cursor
    require(cursor, "the walk has one page only")
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
