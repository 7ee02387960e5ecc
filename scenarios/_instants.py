"""Days of the calendar, and how far the clocks that one target shows may stand apart."""

from __future__ import annotations

import re
from datetime import date, timedelta

PROXY = timedelta(hours=1)
"""Date is often written by a proxy with a clock of its own; further off than this, the timestamps are wrong."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_date(value: object) -> bool:
    """Tell whether a value is a day of the calendar, in which ISO 8601 has a year 0000, and Python has none."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(f"2000{value[4:]}" if value.startswith("0000") else value)  # a leap year, as it would be
    except ValueError:
        return False
    return True
