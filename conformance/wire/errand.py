"""A request on its way, from the moment it is asked for until it has its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from conformance.wire.exchange import Attempt
    from conformance.wire.outgoing import Outgoing

OnThrottling: TypeAlias = Literal["wait", "return"]


@dataclass
class Errand:
    """One request under way: what is sent, for whom, and the attempts so far.

    `put_off` counts the attempts that were throttled, `kept` those that are on record; `sent_at` (epoch seconds)
    is set while one is open; `connected` once any of them got a connection.
    """

    outgoing: Outgoing = field(repr=False)
    asked_by: str
    retriable: bool
    on_throttling: OnThrottling
    attempts: list[Attempt] = field(default_factory=list)
    put_off: int = 0
    connected: bool = False
    sent_at: float | None = None
    kept: int = 0

    @property
    def role(self) -> str:
        """The role whose key is sent, "" for none."""
        return self.outgoing.request.role
