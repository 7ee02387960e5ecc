"""AUT: items of another organization, where the documents say little of items (overview › What the API is for)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.contract.resources import COLLECTIONS
from conformance.errors import Refused
from conformance.judging.expect import asked, expect, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import NotJudged, Undecided
from conformance.target.reading import Resource, read_page, unwrap
from conformance.wire.roles import OTHER_ORG, variable_of
from scenarios._collections import opening_page
from scenarios._organizations import require_two
from scenarios._resources import is_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

ELSEWHERE = {"employees", "observations", "attributes", "webhooks"}
"""Theirs are asked for by scenarios that know more of them."""
PATHS = [one.path for one in COLLECTIONS if one.name not in ELSEWHERE]


@judges("AUT-11")
async def test_items_that_another_organization_lists_are_not_read(target: Target) -> str:
    """What the other key lists, and the first one does not, is not served to the first key by its id.

    It is one item of each collection; those that the other key may not list, or that hold nothing there, are left out.
    """
    await require_two(target)
    theirs = dict(zip(PATHS, await asyncio.gather(*(_theirs(target, path) for path in PATHS)), strict=True))
    found = {path: items[0] for path, items in theirs.items() if items}
    if not found:
        hint = f"Let it have items, and give {variable_of(OTHER_ORG)} the scopes to read them."
        raise NotJudged(f"the other organization lists nothing of its own in {', '.join(PATHS)}", hint=hint)
    asks = (target.get(f"{path}/{quote(str(item['id']), safe='')}") for path, item in found.items())
    for item, exchange in zip(found.values(), await asyncio.gather(*asks), strict=True):
        expect(
            exchange.status != 200 or not _is(exchange, item),
            f"{asked(exchange)} gives what another organization's key lists",
            expected="404 not_found",
            observed=shown(exchange),
        )
    return f"the other key lists an item in {', '.join(found)}, and none is served to the first key"


async def _theirs(target: Target, path: str) -> Sequence[Resource]:
    """Give the items of a first page that is listed to the other key, but for those listed to the first key, too."""
    try:
        page = read_page(await target.get(path, {"limit": "5"}, role=OTHER_ORG))
        own = (await opening_page(target, path)).items
    except (Refused, Undecided):
        return ()
    return [item for item in page.items if is_id(item.get("id")) and len(item) > 1 and item not in own]


def _is(exchange: Exchange, theirs: Resource) -> bool:
    """Tell whether an answer holds all of an item: its id alone may be another's, where each organization counts."""
    response = exchange.response
    served = unwrap(response.json) if response is not None and response.is_json else None
    return served is not None and all(served.get(name, ...) == value for name, value in theirs.items())
