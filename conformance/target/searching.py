"""Searching a target: the documents name /search and not its parameters, so the target's own spec is asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.target.documents import USUAL, query_parameter, spec

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


async def search(target: Target, text: str) -> Exchange:
    """Search for `text`; raise `Missing` where it is not known how, or the key may not."""
    name = query_parameter(await spec(target)) or USUAL[0]
    exchange = await target.get("/search", {name: text})
    if exchange.status != 200:  # noqa: PLR2004  # RFC 9110: OK
        raise Missing(
            f"a search that answers (GET /search?{name}=... got {exchange.status})",
            hint="Let the spec declare /search with its query parameter, and the key search.",
        )
    return exchange
