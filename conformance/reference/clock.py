"""The reference's own clock, which a test can advance, and instants as whole microseconds since the Unix epoch."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000


class TimeSource(Protocol):
    """What a reference tells the time by."""

    def now(self) -> datetime:
        """Give the current time, with its offset."""

    def advance(self, seconds: float) -> None:
        """Move the time forward."""


class Clock:
    """The system's time plus what it was advanced by."""

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> datetime:
        """Give the current time in UTC."""
        return datetime.fromtimestamp(time.time() + self._offset, UTC)

    def advance(self, seconds: float) -> None:
        """Move the time forward by that many seconds."""
        self._offset += seconds


class StoppedClock:
    """A clock that moves only when it is advanced."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Give the time it stands at."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the time forward by that many seconds."""
        self._now += timedelta(seconds=seconds)


def microseconds(moment: datetime) -> int:
    """Give a moment's whole microseconds since the epoch, also where its UTC lies outside the calendar."""
    offset = moment.utcoffset() or timedelta()
    return (moment.replace(tzinfo=UTC) - EPOCH) // MICROSECOND - offset // MICROSECOND


def to_datetime(instant: int) -> datetime:
    """Give the moment of an instant, in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def to_milliseconds(instant: int) -> int:
    """Cut an instant to the precision in which the reference serves it."""
    return instant - instant % 1000


@lru_cache(maxsize=8192)
def iso_milliseconds(instant: int) -> str:
    """Write an instant as the documents' examples do (observations, Resource shape)."""
    return to_datetime(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_date(instant: int) -> str:
    """Give an instant's day in UTC, as YYYY-MM-DD."""
    return to_datetime(instant).date().isoformat()
