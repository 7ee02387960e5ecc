"""What a target may add without a new version, laid over copies of what it served (overview › Versioning)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD
from conformance.contract.resources import OPERATIONS, RESOURCES, SPEC_PATH
from conformance.target.documents import as_object, paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.target.reading import Resource
    from conformance.wire.exchange import JSON, Exchange

ADDED = {"added_since": {"version": 2, "tags": ["new", None], "note": "Not in your documents."}, "added_flag": None}
"""Members that no document names, of several types."""
HEADER = ("Added-Since", "2")
ALIKE = 12
"""So many exchanges of one operation and status are enough to show what its judges make of additions."""
EXPANDED = frozenset({"employee", "attributes", "manager"})
"""What stands in an observation that was expanded, as the documents say."""
_DOCUMENTED = frozenset(path.replace("{id}", "{}") for path in (*(one.path for one in OPERATIONS), SPEC_PATH))
_ROOTS = tuple(one.path for one in RESOURCES)


def examples(exchanges: Iterable[Exchange]) -> Sequence[Exchange]:
    """Pick some exchanges of each operation and status, in their order."""
    seen: Counter[tuple[str, str, int | None]] = Counter()
    picked = []
    for exchange in exchanges:
        kind = (exchange.method, exchange.path.split("/")[1], exchange.status)
        seen[kind] += 1
        if seen[kind] <= ALIKE:
            picked.append(exchange)
    return picked


def added_to(exchange: Exchange) -> Exchange:
    """Give a copy of an exchange whose answer has more headers, and more members in every object of its body."""
    response = exchange.response
    if response is None:
        return exchange
    headers = (*response.headers, HEADER)
    body = json.dumps(enriched(response.json)).encode() if response.is_json else response.body
    return replace(exchange, response=replace(response, headers=headers, body=body))


def enriched(value: JSON) -> JSON:
    """Add members to every object within a JSON value."""
    if isinstance(value, list):
        return [enriched(one) for one in value]
    if isinstance(value, dict):
        return {name: enriched(one) for name, one in value.items()} | ADDED
    return value


def served_additions(exchanges: Iterable[Exchange]) -> tuple[str, ...]:
    """Name what the target itself adds: members of observations, and paths in its published spec."""
    found: dict[str, None] = {}
    for exchange in exchanges:
        value = exchange.response.json if exchange.response is not None and exchange.response.is_json else None
        if exchange.path == SPEC_PATH:
            found |= dict.fromkeys(_undocumented_paths(as_object(value)))
        for item in observations_in(value):
            found |= dict.fromkeys(f"{name} of an observation" for name in item if name not in FIELD.keys() | EXPANDED)
    return tuple(found)


def _undocumented_paths(document: Resource) -> Iterator[str]:
    for path in paths(document):
        root = f"/{path.split('/')[1]}"
        if path not in _DOCUMENTED and path not in {f"{one}{rest}" for one in _ROOTS for rest in ("", "/{}")}:
            yield path if root not in _ROOTS else f"{path} below {root}"


def observations_in(value: Any) -> Iterator[Resource]:  # noqa: ANN401  # any JSON value
    """Give the observations in an answer: it may be one, a list or a page of them."""
    if isinstance(value, list):
        for one in value:
            yield from observations_in(one)
    elif isinstance(value, dict):
        if str(value.get("id")).startswith("obs_") and "observation" in value:
            yield value
        elif isinstance(value.get("data"), list | dict):
            yield from observations_in(value["data"])
