"""Searching a target: the documents name /search and not its parameters, so the target's own spec is asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.errors import Missing

if TYPE_CHECKING:
    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

USUAL = ("q", "query", "search", "text", "term", "filter[q]", "keyword")
"""Names that search parameters usually have, most usual first."""


async def spec(target: Target) -> Resource:
    """Return the published spec; {} where none is served as a JSON object."""
    exchange = await target.once("spec", lambda: target.get("/openapi.json", role=None))
    value = exchange.json if exchange.response is not None and exchange.response.is_json else None
    return value if isinstance(value, dict) else {}


def query_parameter(document: Resource, path: str = "/search") -> str | None:
    """Return the name of the parameter that takes the text to search for, as the spec declares it."""
    item = _object(_object(document.get("paths")).get(path))
    declared = [*_list(item.get("parameters")), *_list(_object(item.get("get")).get("parameters"))]
    resolved = [_resolve(document, parameter) for parameter in declared]
    named = {str(one.get("name")): one for one in resolved if one.get("in") == "query"}
    usual = next((name for name in USUAL if name in named), None)
    return usual or next((name for name, one in named.items() if one.get("required")), None)


def _resolve(document: Resource, value: object) -> Resource:
    parameter = _object(value)
    reference = parameter.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return parameter
    found: Any = document
    for part in reference[2:].split("/"):
        found = _object(found).get(part.replace("~1", "/").replace("~0", "~"))
    return _object(found)


def _object(value: object) -> Resource:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


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
