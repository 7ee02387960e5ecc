"""What dates and moments of an observation may look like."""

from __future__ import annotations

import pytest

from scenarios._instants import is_date


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("2024-02-29", True), ("0000-01-01", True), ("2023-02-29", False), ("2024-13-01", False), ("2024-1-1", False)],
)
def test_a_date_is_a_day_of_the_calendar(text: str, *, is_so: bool) -> None:
    """ISO 8601 knows a year 0000."""
    assert is_date(text) is is_so
