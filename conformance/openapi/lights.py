"""The three lights in which one thing is seen: the documents, the spec, and what came in a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.openapi.operations import ENDPOINTS, Operation
from conformance.openapi.routes import Routes
from conformance.target.documents import below_base

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.openapi.published import Published
    from conformance.wire.exchange import Exchange

NOT_SAID = "not said"
NOT_SEEN = "not seen"
ABSENT = "not there"
SUCCESS = range(200, 300)
BAD_REQUEST = 400
UNAUTHENTICATED = 401


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
    """The exchanges of a run by the documented endpoint that they were for."""

    def __init__(self, spec: Published, exchanges: Sequence[Exchange]) -> None:
        self.by_endpoint: dict[str, list[Exchange]] = defaultdict(list)
        routes = Routes(_documented(spec))
        for exchange in exchanges:
            operation = routes.find(exchange.method, exchange.path)
            if operation is not None:
                self.by_endpoint[operation.label].append(exchange)

    def statuses(self, endpoint: str) -> Counter[int]:
        """Count the statuses that an endpoint answered with."""
        return Counter(one.status for one in self.by_endpoint[endpoint] if one.status is not None)


def _documented(spec: Published) -> Iterator[Operation]:
    """Give the documented endpoints as operations, whatever the spec makes of them."""
    for endpoint in ENDPOINTS.values():
        yield Operation(endpoint.method, endpoint.path, below_base(endpoint.path), {}, {}, spec.document)
