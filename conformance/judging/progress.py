"""How far a run is: checks and families that are done, requests that were sent, and about how long it will go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SOON = 3.0
"""Seconds after which there is something to estimate by."""
STEP = 5
"""An estimate is told in steps of so many seconds."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run: what is done, of how much; `expected` are the requests that it is likely to send in all.

    `budget` is what it may send, None without a bound; `seconds` passed since its first request.
    """

    checks: int
    of_checks: int
    families: int
    of_families: int
    requests: int
    expected: int
    seconds: float
    budget: int | None = None

    @property
    def part(self) -> float:
        """How much of the run is done, from 0 to 1: checks end late and together, requests are spent early."""
        checks = self.checks / self.of_checks if self.of_checks else 1.0
        requests = min(self.requests / self.expected, 1.0) if self.expected else 1.0
        return (checks + requests) / 2

    @property
    def seconds_left(self) -> int | None:
        """About how long it will go on, in steps; None where it is too early to tell."""
        if self.seconds < SOON or self.part < 0.1:  # noqa: PLR2004  # what little was done says nothing of the rest
            return None
        left = self.seconds * (1 - self.part) / self.part
        return max(STEP, round(left / STEP) * STEP)

    @property
    def words(self) -> Sequence[str]:
        """What to tell, the most telling first: where there is little room the rest is left out."""
        left = self.seconds_left
        return [
            f"{self.checks:,}/{self.of_checks:,} checks",
            *([] if left is None else [f"~{_time(left)} left"]),
            f"{self.requests:,}{'' if self.budget is None else f'/{self.budget:,}'} requests",
            f"{self.families}/{self.of_families} families",
        ]


def _time(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{round(seconds / 60)} min"  # noqa: PLR2004  # a minute
