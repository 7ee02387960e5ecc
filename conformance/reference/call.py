"""What an endpoint is given: the request as read, on whose behalf, and the world it acts in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.reference.http import Request, Response

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from conformance.reference.behaviour import Behaviour
    from conformance.reference.keys import ApiKey
    from conformance.reference.spec import Operation


@dataclass(frozen=True)
class Event:
    """Something that happened, with the resource as it is after it (observations, Webhook events)."""

    type: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One request to one operation, inside the transaction that it runs in.

    now is the reference's time in microseconds since the epoch; events collects what the endpoint announces.
    """

    request: Request
    operation: Operation
    parameters: Mapping[str, Any]
    id: str
    key: ApiKey
    connection: Connection
    behaviour: Behaviour
    now: int
    secret: bytes
    events: list[Event] = field(default_factory=list)

    @property
    def organization_id(self) -> str:
        """Give the organization in whose context the call runs."""
        return self.key.organization_id


Endpoint = Callable[[Call], Response]
