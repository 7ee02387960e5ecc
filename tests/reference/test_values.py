"""Instants, identifiers and request values."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest

from conformance.reference import Request, Response
from conformance.reference.clock import Clock, iso_milliseconds, microseconds, utc_date
from conformance.reference.identifiers import minter, ulid
from conformance.reference.validation import formats, is_date, read_instant


def test_an_instant_counts_microseconds_in_any_offset() -> None:
    """A moment is the same number whatever offset it is written in."""
    moment = datetime(2026, 1, 15, 12, 0, 0, 5, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert (microseconds(moment), microseconds(elsewhere)) == (1_768_478_400_000_005, 1_768_478_400_000_005)


def test_an_instant_is_written_with_milliseconds() -> None:
    """An instant is written as the documents' examples are, and its day is the day in UTC."""
    instant = 1_768_478_400_045_000
    assert (iso_milliseconds(instant), utc_date(instant)) == ("2026-01-15T12:00:00.045Z", "2026-01-15")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-01-15T12:00:00+05:30", "2026-01-15T06:30:00Z"),
        ("2026-01-15t12:00:00z", "2026-01-15T12:00:00Z"),
        ("2026-01-15T12:00:00.1234567Z", "2026-01-15T12:00:00.123456Z"),
        ("2026-01-15T12:00:00-00:00", "2026-01-15T12:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"),
    ],
)
def test_a_date_time_is_read_as_rfc_3339_says(text: str, same: str) -> None:
    """Offsets, lower case, fine fractions and leap seconds are read."""
    assert read_instant(text) == read_instant(same)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_date_time_may_lie_outside_the_calendar_in_utc(text: str) -> None:
    """The first and the last day of the calendar are read in every offset."""
    assert abs(read_instant(text)) > 6 * 10**16


@pytest.mark.parametrize(
    "text",
    [
        *("2026-01-15", "2026-01-15T12:00:00", "2026-01-15 12:00:00Z", "2026-02-30T12:00:00Z", "2026-01-15T24:00:00Z"),
        *("2026-01-15T12:00Z", "20260115T120000Z", "2026-01-15T12:00:00+0530", "2026-01-15T12:00:00.Z", "", "now"),
    ],
)
def test_what_is_no_date_time_is_not_read(text: str) -> None:
    """What RFC 3339 does not call a date-time is none."""
    assert not formats.conforms(text, "date-time")


@pytest.mark.parametrize(("text", "valid"), [("2024-02-29", True), ("20240229", False), ("2024-W01-1", False)])
def test_a_date_is_read_as_rfc_3339_says(text: str, *, valid: bool) -> None:
    """Python reads more forms of ISO 8601 than a full date, which is the only one here."""
    assert is_date(text) == valid


def test_an_advanced_clock_is_ahead() -> None:
    """What a clock was advanced by is on top of the time."""
    clock = Clock()
    before = clock.now()
    clock.advance(3600)
    assert clock.now() - before >= timedelta(hours=1)


def test_ulids_sort_by_time() -> None:
    """A later ULID is the greater text, whatever its chance."""
    assert ulid(1, 2**80 - 1) < ulid(2, 0)


def test_identifiers_come_from_their_source_of_chance() -> None:
    """The same source gives the same identifiers."""
    made = [minter(random.Random(7))("obs", 10**15) for _ in range(2)]
    assert made[0] == made[1]


def test_a_request_is_changed_by_copies() -> None:
    """Setting a parameter, a header or a body leaves the request as it was."""
    request = Request("POST", "/v1/observations", (("limit", "5"),), (("accept", "x"),))
    changed = request.with_query("limit", None).with_header("Accept", "y").with_json({"a": 1})
    assert (changed.param("limit"), changed.header("ACCEPT"), changed.json()) == (None, "y", {"a": 1})
    assert (request.param("limit"), request.header("accept"), request.body) == ("5", "x", b"")


def test_a_response_is_changed_by_copies() -> None:
    """Setting or removing a header of a response goes by its name in any case."""
    response = Response(200, (("X-Request-ID", "a"),))
    changed = response.with_header("x-request-id", "b")
    assert (changed.headers, changed.without_header("X-REQUEST-ID").headers) == ((("x-request-id", "b"),), ())
