"""What a run has beside its keys: ways to reach what the API itself does not offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.target.clock import TargetClock
    from conformance.target.failures import Failures
    from conformance.target.listening.listener import Listener


@dataclass(frozen=True, slots=True)
class Means:
    """What a run was lent: each is None, or False, where it was not.

    `clock` moves the target's clock; `listener` receives its webhooks; `spend_quota` is leave to spend the rate limit
    of a key; `failures` is where it is remembered which fuzzed requests failed.
    """

    clock: TargetClock | None = None
    listener: Listener | None = None
    spend_quota: bool = False
    failures: Failures | None = None


NONE = Means()
