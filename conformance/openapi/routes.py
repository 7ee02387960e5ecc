"""Which operation of a spec a request was for."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.openapi.operations import Operation

_PARAMETER = re.compile(r"\{\}")


class Routes:
    """Finds operations by method and path; of several the one that says most of the path by itself."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_length: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation]]] = defaultdict(list)
        self._known: dict[tuple[str, str], Operation | None] = {}
        for operation in sorted(operations, key=lambda one: one.path.count("{}")):
            pattern = "[^/]+".join(map(re.escape, _PARAMETER.split(operation.path)))
            self._by_length[operation.method, operation.path.count("/")].append((re.compile(pattern), operation))

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request to a path below the base URL is for; None where none is declared."""
        if (method, path) not in self._known:
            candidates = self._by_length[method, path.count("/")]
            found = (operation for pattern, operation in candidates if pattern.fullmatch(path))
            self._known[method, path] = next(found, None)
        return self._known[method, path]
