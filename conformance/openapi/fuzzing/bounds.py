"""How far fuzzing goes: so many requests, so many seconds, and a share of the run's budget at most."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.openapi.fuzzing.drawing import NO_END

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARE = 4
"""At most one in so many requests of a --request-budget is for fuzzing."""
ODD_SHARE = 8
"""Of the requests that there are, one in so many is odd before anything else is asked; later one in four."""
READING_SHARE = 30
"""Of the requests that there are, one in so many reads items that are there before anything odd is asked."""
DRAWING_SHARE = 0.5
"""Of the seconds that there are, so many may be spent on drawing value by value."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`requests` and `seconds` at most; `rounds` of requests by chance, `at_once` operations in each (0: all).

    `sequences` are drawn, and `ending` seconds left for them and the usual ones. Without `draws` only what failed in
    earlier runs is asked.
    """

    requests: int
    seconds: float
    rounds: int
    at_once: int = 0
    sequences: int = 0
    ending: float = 15.0
    draws: bool = True


BOUNDS: Mapping[str, Bounds] = {
    "quick": Bounds(requests=137, seconds=180, rounds=1, at_once=12),
    "deep": Bounds(requests=30_000, seconds=190, rounds=NO_END, sequences=60, ending=45),
    "again": Bounds(requests=600, seconds=180, rounds=0, draws=False),
}
"""By the value of --fuzz."""


class Allowance:
    """What is left of the bounds."""

    def __init__(self, bounds: Bounds, budget: int | None = None) -> None:
        self.requests = bounds.requests if budget is None else min(bounds.requests, budget // SHARE)
        self._kept = 0
        self._ending = bounds.ending
        self._ends = time.monotonic() + bounds.seconds

    @property
    def seconds(self) -> float:
        """The seconds left, 0 where none are; what requests are kept for has its own."""
        return max(0.0, self._ends - (self._ending if self._kept else 0.0) - time.monotonic())

    @property
    def is_spent(self) -> bool:
        """Whether nothing more may be asked."""
        return self.requests <= self._kept or not self.seconds

    def keep(self, requests: int) -> None:
        """Keep so many requests for later; 0 gives free what was kept."""
        self._kept = requests

    def grant(self, requests: int) -> None:
        """Add so many requests."""
        self.requests += requests

    def take(self) -> bool:
        """Take a request out of the allowance; tell whether there was one."""
        if self.is_spent:
            return False
        self.requests -= 1
        return True
