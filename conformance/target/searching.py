"""Searching a target: the documents name /search and not its parameters, so the target's own spec is asked for them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.target.documents import USUAL, as_list, in_query, merged, query_parameter, spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


NOTHING: Mapping[str, str] = MappingProxyType({})
OBSERVATIONS = frozenset({"observation", "observations"})


async def search(target: Target, text: str, narrowed: Mapping[str, str] = NOTHING) -> Exchange:
    """Search for `text`; raise `Missing` where it is not known how, or the key may not."""
    name = query_parameter(await spec(target)) or USUAL[0]
    exchange = await target.get("/search", {name: text, **narrowed})
    if exchange.status != 200:  # noqa: PLR2004  # RFC 9110: OK
        raise Missing(
            f"a search that answers (GET /search?{name}=... got {exchange.status})",
            hint="Let the spec declare /search with its query parameter, and the key search.",
        )
    return exchange


async def narrowings(target: Target) -> Sequence[Mapping[str, str]]:
    """Give the ways in which a search is narrowed to observations, as the spec declares them."""
    document = await spec(target)
    schemas = {name: merged(document, one.get("schema")) for name, one in in_query(document, "/search").items()}
    taken = {name: as_list(schema.get("enum")) for name, schema in schemas.items()}
    return [{name: one} for name, values in taken.items() for one in values if one in OBSERVATIONS]
