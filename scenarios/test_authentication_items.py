"""AUT: an item of another organization, where the documents say little of items (overview › What the API is for)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.contract.resources import resource
from conformance.errors import Refused
from conformance.judging.expect import asked, expect, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import NotJudged
from conformance.target.reading import Resource, read_page, unwrap
from conformance.wire.roles import OTHER_ORG, variable_of
from scenarios._organizations import require_two
from scenarios._resources import is_id

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

SUMMARIES = resource("summaries").path
"""One collection for all: it holds what is said of people, and a key of either organization is likely to read it."""


@judges("AUT-11")
async def test_an_item_that_another_organization_lists_is_not_read(target: Target) -> str:
    """A summary that the other key lists is not served to the first key by its id."""
    await require_two(target)
    theirs = await _listed(target)
    exchange = await target.get(f"{SUMMARIES}/{quote(str(theirs['id']), safe='')}")
    expect(
        exchange.status != 200 or not _is(exchange, theirs),
        f"{asked(exchange)} gives what another organization's key lists",
        expected="404 not_found",
        observed=shown(exchange),
    )
    return f"{asked(exchange)} gets {exchange.status}, though the other key lists that item"


async def _listed(target: Target) -> Resource:
    try:
        page = read_page(await target.get(SUMMARIES, {"limit": "1"}, role=OTHER_ORG))
    except Refused as refused:
        raise NotJudged(refused.message, hint=f"Give {variable_of(OTHER_ORG)} the scope to read {SUMMARIES}.") from None
    found = next((item for item in page.items if is_id(item.get("id")) and len(item) > 1), None)
    if found is None:
        raise NotJudged(f"the other organization lists nothing in {SUMMARIES}", hint="Let it have an item there.")
    return found


def _is(exchange: Exchange, theirs: Resource) -> bool:
    """Tell whether an answer holds all of an item: its id alone may be another's, where each organization counts."""
    response = exchange.response
    served = unwrap(response.json) if response is not None and response.is_json else None
    return served is not None and all(served.get(name, ...) == value for name, value in theirs.items())
