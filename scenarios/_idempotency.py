"""What the scenarios of idempotency share: reading what a create made, and finding what was written."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from conformance.contract.resources import CREATE
from conformance.errors import TargetError
from conformance.judging.hints import LAGS
from conformance.judging.verdicts import NotJudged, Undecided
from conformance.openapi.document.parameters import schema_of
from conformance.openapi.document.published import published
from conformance.openapi.document.weights import Unreadable
from conformance.target.reading import Resource, read_page, read_resource, with_query
from conformance.target.windows import window

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.target.windows import Query, Window
    from conformance.wire.exchange import Exchange


def succeeded(exchange: Exchange) -> Exchange:
    """Block unless the first create succeeded: a retry of nothing proves nothing."""
    read_resource(exchange)
    return exchange


def id_of(exchange: Exchange) -> str:
    """Return the id of the resource in an answer; raise `Refused` where there is none."""
    return str(read_resource(exchange)["id"])


async def is_ruled_out(target: Target, key: str) -> bool:
    """Tell whether the published spec rules a key out: which characters one may hold the documents leave open."""
    with suppress(Undecided, TargetError, Unreadable):
        spec = await published(target, schemas=True)
        create = spec.find(CREATE.method, CREATE.path)
        declared = {name.lower(): one for (_, name), one in create.parameters.items()} if create is not None else {}
        if create is not None and "idempotency-key" in declared:
            return not spec.bodies.validator(schema_of(create, declared["idempotency-key"])).is_valid(key)
    return False


def key_window(target: Target) -> Window:
    """Give the days on which creates with a key are dated, so that a list of them alone can be asked for."""
    return window(target, "keys")


async def written(target: Target, texts: set[str], where: Window | None = None) -> list[Resource]:
    """Return the observations that carry one of `texts`, once everything created so far must be listed.

    A list may lag behind writes, so a later sentinel is awaited first. Newest first, ours are on the first pages, also
    where the list is not narrowed to the days on which they are (`where`).
    """
    sentinel = await target.make(**({"observation_date": where.day(1)} if where else {}))
    query = where.query if where else ()
    seen = await target.eventually(lambda: _newest(target, query, until=sentinel.id))
    if not seen:
        raise NotJudged(
            "a fresh observation does not appear in the list, so what is missing there proves nothing",
            hint=LAGS,
        )
    return [item for item in seen if item.get("observation") in texts]


async def _newest(target: Target, narrowed_by: Query, *, until: str) -> list[Resource] | None:
    """Return the newest observations, archived or not, some pages deep; None while `until` is not among them."""
    query = [*narrowed_by, ("sort", "-created_at"), ("limit", "100"), ("filter[archived]", "all")]
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
