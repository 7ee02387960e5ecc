"""Some days of the past for each purpose of a run, so that no scenario finds what another one makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.target import Target

Query = tuple[tuple[str, str], ...]

EARLIEST = date(1994, 3, 1)
WINDOWS = ("standing", "moving", "crowd", "empty", "keys")
"""What the windows of a run are for; no two of them share a day."""
RUNS = 96
"""So many runs have windows of their own before years begin to be shared: 96 times 10 weeks, up to 2012."""
LENGTH = timedelta(days=8)
_APART = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Window:
    """Some days in a row, one more on either side than is used: inclusive bounds are another rule's matter."""

    first: date

    @property
    def query(self) -> Query:
        """The filters that narrow the observation list to it."""
        last = self.first + LENGTH
        return (
            ("filter[observation_date][gte]", self.first.isoformat()),
            ("filter[observation_date][lte]", last.isoformat()),
        )

    def date(self, number: int) -> date:
        """Give its day of that number, 1 to 7."""
        return self.first + timedelta(days=number)

    def day(self, number: int) -> str:
        """Give its day of that number as it is written, YYYY-MM-DD."""
        return self.date(number).isoformat()

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Tell whether an observation is dated within it."""
        told = item.get("observation_date")
        return isinstance(told, str) and self.first.isoformat() <= told <= (self.first + LENGTH).isoformat()


def window(target: Target, purpose: str) -> Window:
    """Give the window for one of WINDOWS: the same within a run, most likely another in the next."""
    run = Random(target.run_id).randrange(RUNS)  # noqa: S311  # dates, not secrets
    return Window(EARLIEST + (run * len(WINDOWS) + WINDOWS.index(purpose)) * _APART)
