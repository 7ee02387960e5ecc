"""What was there before a run, lent to it where nothing at the target is worth keeping.

It is changed and acted on, and never deleted; a run that made items of its own in a collection needs none of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.contract.resources import RESOURCES, Shape
from conformance.openapi.fuzzing.questions import items_of
from conformance.target.reading import unwrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.target.reading import Resource
    from conformance.target.settings import Settings
    from conformance.wire.exchange import Exchange

CHANGES = frozenset({"PATCH", "PUT"})
ACTION = "POST"
_ENTRANCE = re.compile("session|key|token|auth|log-?in|log-?out|password|secret|account|organi[sz]ation|billing|user")
"""What a path is called by which a run could lock itself out; what the documents call so is a session alone."""
_DOCUMENTED = frozenset(one.path for one in RESOURCES if one.shape is not Shape.SINGLE)


class Lending:
    """Tells what an operation may change. `served` is what was seen of a resource: its first items, or the whole."""

    def __init__(self, settings: Settings) -> None:
        self._is_open = settings.is_disposable and settings.looks_deep and not settings.read_only
        self.served: dict[str, Sequence[Resource]] = {}

    @property
    def items(self) -> int:
        """So many items of a list have to be seen: one to change, one for actions, which may put an end to changes."""
        return 2 if self._is_open else 1

    def learn(self, path: str, exchange: Exchange) -> None:
        """Keep what a resource holds."""
        whole = unwrap(exchange.response.json) if exchange.response is not None else None
        self.served[path] = items_of(exchange) or ([whole] if whole else [])

    def first(self, collection: str) -> str:
        """Give the id of an item that was served, "" where there was none."""
        return next((one["id"] for one in self.served.get(collection, ()) if isinstance(one.get("id"), str)), "")

    def lends(self, operation: Operation) -> bool:
        """Tell whether an operation on a resource as a whole, or on an item, may be done to what was there."""
        collection = f"/{operation.path.split('/')[1]}"
        is_create = operation.method == ACTION and operation.path == collection
        writes = operation.method in {*CHANGES, ACTION} and not is_create
        return writes and self.opens(operation.path)

    def opens(self, path: str) -> bool:
        """Tell whether anything may be made or changed at a path, because nothing there is worth keeping."""
        documented = f"/{path.split('/')[1]}" in _DOCUMENTED
        return self._is_open and (documented or _ENTRANCE.search(path.lower()) is None)

    def item(self, operation: Operation) -> str:
        """Give the id of the item to do it to, "" where none is lent."""
        ids = [one["id"] for one in self.served.get(operation.path.partition("/{}")[0], ()) if "id" in one]
        texts = [one for one in ids if isinstance(one, str)]
        return (texts[0] if operation.method in CHANGES else texts[-1]) if texts and self.lends(operation) else ""

    def value(self, operation: Operation, name: str) -> Any:  # noqa: ANN401  # any JSON value
        """Give what a field of it holds, None where that is not known: it may surely be set to the same again."""
        served = self.served.get(operation.path.partition("/{}")[0], ()) if self.lends(operation) else ()
        return served[0].get(name) if served and operation.method in CHANGES else None
