"""What the scenarios of idempotency share: reading what a create made, and finding what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.hints import LAGS
from conformance.judging.verdicts import NotJudged
from conformance.target.reading import Resource, read_page, read_resource, with_query

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


def succeeded(exchange: Exchange) -> Exchange:
    """Block unless the first create succeeded: a retry of nothing proves nothing."""
    read_resource(exchange)
    return exchange


def id_of(exchange: Exchange) -> str:
    """Return the id of the resource in an answer; raise `Refused` where there is none."""
    return str(read_resource(exchange)["id"])


async def written(target: Target, texts: set[str]) -> list[Resource]:
    """Return the observations that carry one of `texts`, once everything created so far must be listed.

    A list may lag behind writes, so a later sentinel is awaited first. Newest first, ours are on the first pages.
    """
    sentinel = await target.make()
    seen = await target.eventually(lambda: _newest(target, until=sentinel.id))
    if not seen:
        raise NotJudged(
            "a fresh observation does not appear in the list, so what is missing there proves nothing",
            hint=LAGS,
        )
    return [item for item in seen if item.get("observation") in texts]


async def _newest(target: Target, *, until: str) -> list[Resource] | None:
    """Return the newest observations, archived or not, some pages deep; None while `until` is not among them."""
    query = [("sort", "-created_at"), ("limit", "100"), ("filter[archived]", "all")]
    items: list[Resource] = []
    for _ in range(5):
        page = read_page(await target.get("/observations", query))
        items += page.items
        if page.next_cursor is None:
            break
        if len(items) >= 300 and any(item.get("id") == until for item in items):  # ours are newest
            break
        query = with_query(query, cursor=page.next_cursor)
    return items if any(item.get("id") == until for item in items) else None
