"""Resources as evidence: each asked for at its own path, and one item of each collection by its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.errors import Missing, TargetError
from conformance.judging.hints import BUSY
from conformance.judging.verdicts import Blocked, NotJudged, Undecided
from conformance.target.discovery import looks_deactivated, plainly
from conformance.target.made.removal import GONE
from conformance.target.reading import read_page
from conformance.target.references import is_reference
from scenarios._collections import UNSTATED, is_list, opening_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

SESSION = "/session"
BARE, IN_DATA = "bare", "in data"
UNDECIDED = (Undecided, Missing, TargetError)
"""How evidence about one resource can fail without a word on the others."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item as its collection lists it, and the answer to a GET of its id."""

    listed: Resource
    exchange: Exchange


async def an_item(target: Target, path: str) -> Item:
    """Read an item of a collection by its id; undecided where there is none, or none with an id."""
    return await target.once(f"an item of {path}", lambda: _an_item(target, path))


async def _an_item(target: Target, path: str) -> Item:
    page = await opening_page(target, path)
    if not page.items:
        raise NotJudged(f"{path} holds no item", hint=f"Put an item into {path}.")
    items = [item for item in page.items if is_id(item.get("id"))]
    if not items:
        raise NotJudged(f"the items of {path} show no id by which to read one", hint="Let them have one.")
    listed = _most_telling(items)
    return Item(listed, await target.get(f"{path}/{quote(str(listed['id']), safe='', errors='surrogatepass')}"))


async def require_there(target: Target, path: str, item: Item) -> None:
    """Don't judge by an item that is not found because it is not listed any more either."""
    if item.exchange.status in GONE and item.listed["id"] not in [
        one.get("id") for one in read_page(await target.get(path)).items
    ]:
        raise NotJudged(f"the item of {path} that was to be read has gone meanwhile", hint=BUSY)


def _most_telling(items: Sequence[Resource]) -> Resource:
    """Choose which item to read: one between two that belong to the same as it does, whom it could be mistaken for.

    Otherwise one before such a one, or the last: newest come first, and the oldest are the least likely to be removed.
    Of several that do, one that is no longer in use, which a read may overlook.
    """
    places = range(len(items) - 1, -1, -1)
    before_another = [place for place in places if any(_are_kin(items[place], one) for one in items[place + 1 :])]
    between = [place for place in before_another if any(_are_kin(items[place], one) for one in items[:place])]
    found = between or before_another or [len(items) - 1]
    return items[next((place for place in found if looks_deactivated(items[place])), found[0])]


def _are_kin(one: Resource, other: Resource) -> bool:
    """Tell whether two items belong to the same person or thing."""
    return any(isinstance(one[name], str) and one[name] == other.get(name) for name in one if is_reference(name))


def is_id(value: object) -> bool:
    """Tell whether a value can stand in a path as an id; only those of observations are documented to be texts."""
    return (isinstance(value, str) and value != "") or (isinstance(value, int) and not isinstance(value, bool))


async def shape(target: Target, path: str) -> str:
    """Tell how a single resource is served: bare, or in data. Undecided where none is."""
    exchange = await _single(target, path)
    value: Any = exchange.json if exchange.response is not None and exchange.response.is_json else None
    if exchange.status != 200 or not isinstance(value, dict):
        raise Blocked(f"{exchange}: no resource was served")
    return IN_DATA if isinstance(value.get("data"), dict) and "id" not in value else BARE


async def _single(target: Target, path: str) -> Exchange:
    if path == SESSION or path in UNSTATED:
        exchange = await plainly(target, path)
        if exchange.status == 403:
            raise NotJudged(f"the key may not read {path}", hint=f"Give PB_API_KEY the scope to read {path}.")
        if path in UNSTATED and exchange.status == 400:
            raise NotJudged(f"GET {path} wants a query that no document names", hint="Judge it by hand.")
        if not is_list(exchange):
            return exchange
    item = await an_item(target, path)
    await require_there(target, path, item)
    return item.exchange
