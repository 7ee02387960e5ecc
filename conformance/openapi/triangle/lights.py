"""The three lights in which one thing is seen: the documents, the spec, and what came in a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.operations import ENDPOINTS, Operation
from conformance.openapi.document.routes import Routes
from conformance.target.documents import below_base

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.wire.exchange import Exchange

NOT_SAID = "not said"
NOT_SEEN = "not seen"
ABSENT = "not there"
UNREAD = "could not be read"
"""What stands for the spec where there is none, or no schema that can be worked with: it differs from nothing."""
SUCCESS = range(200, 300)
ERRORS = range(400, 600)
BAD_REQUEST = 400
_NO_ANSWER = frozenset({414, 431})
"""A server that gives up on an overlong request line or header never had a request for the API."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in three lights, each in words, and which of them differ ("documents/spec" and so on)."""

    kind: str
    subject: str
    documents: str
    spec: str
    observed: str
    differ: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the row as plain values."""
        return {
            "kind": self.kind,
            "subject": self.subject,
            "documents": self.documents,
            "spec": self.spec,
            "observed": self.observed,
            "differ": list(self.differ),
        }


class Seen:
    """The answers of a run by the documented endpoint that they came from."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self.by_endpoint: dict[str, list[Exchange]] = defaultdict(list)
        routes = Routes(_documented())
        for exchange in exchanges:
            operation = routes.find(exchange.method, exchange.path) if _is_answer(exchange) else None
            if operation is not None:
                self.by_endpoint[operation.label].append(exchange)

    def statuses(self, endpoint: str) -> Counter[int]:
        """Count the statuses that an endpoint answered with."""
        return Counter(one.status for one in self.by_endpoint[endpoint] if one.status is not None)


def differing(*, spec: bool = False, observed: bool = False, between: bool = False) -> tuple[str, ...]:
    """Name the pairs that differ: the documents and the spec, the documents and the run, spec and run `between`."""
    pairs = (("documents/spec", spec), ("spec/observed", between), ("documents/observed", observed))
    return tuple(name for name, differs in pairs if differs)


def _documented() -> Iterator[Operation]:
    """Give the documented endpoints as operations, whatever the spec makes of them."""
    for endpoint in ENDPOINTS.values():
        yield Operation(endpoint.method, endpoint.path, below_base(endpoint.path), {}, {}, {})


def _is_answer(exchange: Exchange) -> bool:
    status = exchange.status
    return status is not None and (status in SUCCESS or status in ERRORS) and status not in _NO_ANSWER
