"""Reading answers as any client must: pages, walks and single resources, with nothing assumed that is not documented.

What can't be read raises `Refused`: a scenario that builds on it is blocked, for the rule that says how it
must look has a scenario of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.wire.exchange import Exchange

Resource = dict[str, Any]


def id_of(item: Resource) -> Any:  # noqa: ANN401  # a text, where the target keeps to it
    """Return an item's id, None without one; of one that is no text its spelling, which can be counted all the same."""
    value = item.get("id")
    return value if value is None or isinstance(value, str) else repr(value)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a collection (overview › Pagination). `next_cursor` is None at the end."""

    items: tuple[Resource, ...]
    next_cursor: str | None
    exchange: Exchange

    @property
    def ids(self) -> list[Any]:
        """The ids of the items, in their order."""
        return list(map(id_of, self.items))


@dataclass(frozen=True, slots=True)
class Walk:
    """A collection followed by next_cursor. `ended` is False where the walk was cut off or ran in a circle."""

    pages: tuple[Page, ...]
    ended: bool

    @property
    def items(self) -> list[Resource]:
        """All items, in the order in which they were served, repeats included."""
        return [item for page in self.pages for item in page.items]

    @property
    def ids(self) -> list[Any]:
        """The ids of all items, in the order in which they were served, repeats included."""
        return list(map(id_of, self.items))


def read_json(exchange: Exchange) -> Any:  # noqa: ANN401  # any JSON value
    """Return the JSON value of a successful answer; raise `Refused` where there is none."""
    response = exchange.response
    if response is None or not 200 <= response.status < 300:  # noqa: PLR2004  # RFC 9110: 2xx is success
        raise Refused(f"{exchange} was expected to succeed", exchange=exchange)
    if not response.is_json:
        raise Refused(f"{exchange} gave no JSON", exchange=exchange)
    return response.json


def read_page(exchange: Exchange) -> Page:
    """Read a page: an object with an array `data` of objects; `next_cursor` may be absent here (PAG-02 judges that)."""
    value = read_json(exchange)
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise Refused(f"{exchange} gave no page: no array of objects in data", exchange=exchange)
    cursor = value.get("next_cursor")
    return Page(tuple(data), cursor if isinstance(cursor, str) and cursor else None, exchange)


def unwrap(value: object) -> Resource | None:
    """Return the resource in `value`, bare or inside a data member (RES-05: the documents show both)."""
    if not isinstance(value, dict):
        return None
    inner = value.get("data")
    if isinstance(inner, dict) and "id" not in value:
        return inner
    return value


def read_resource(exchange: Exchange) -> Resource:
    """Read a single resource, bare or in data; raise `Refused` where there is no object with an id."""
    resource = unwrap(read_json(exchange))
    if resource is None or not isinstance(resource.get("id"), str):
        raise Refused(f"{exchange} gave no resource with an id", exchange=exchange)
    return resource


def with_query(query: Mapping[str, str] | Sequence[tuple[str, str]], **more: str | None) -> list[tuple[str, str]]:
    """Return `query` as pairs with `more` in place of what it had under those names; None removes."""
    pairs = list(query.items()) if hasattr(query, "items") else list(query)
    kept = [(name, value) for name, value in pairs if name not in more]
    return kept + [(name, value) for name, value in more.items() if value is not None]
