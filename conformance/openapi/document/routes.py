"""Which operation of a spec a request was for."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.openapi.document.operations import Operation

_PARAMETERS = re.compile(r"(?:\{\})+")


class Routes:
    """Finds operations by method and path; of several the one that says most of the path by itself."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_length: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation]]] = defaultdict(list)
        self._known: dict[tuple[str, str], Operation | None] = {}
        for operation in sorted(operations, key=lambda one: one.path.count("{}")):
            self._by_length[operation.method, operation.path.count("/")].append((_pattern(operation.path), operation))

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request to a path below the base URL is for; None where none is declared."""
        if (method, path) not in self._known:
            candidates = self._by_length[method, path.count("/")]
            found = (operation for pattern, operation in candidates if pattern.fullmatch(path))
            self._known[method, path] = next(found, None)
        return self._known[method, path]


def _pattern(path: str) -> re.Pattern[str]:
    """Write a path as a pattern that matches in a time that grows with the path alone, however many parameters it has.

    Each parameter but the last ends for good where what follows it comes first; parameters next to each other are one.
    """
    start, *literals = map(re.escape, _PARAMETERS.split(path))
    inner = "".join(f"(?>[^/]+?{literal})" for literal in literals[:-1])
    return re.compile(start + inner + "".join(f"[^/]+{literal}" for literal in literals[-1:]))
