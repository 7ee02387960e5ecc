"""Points in time are read as a target tells them, and its clock is its Date header."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from conformance.target.instants import instant, precision, target_now
from conformance.wire.exchange import Attempt, Exchange, Pairs, Request, Response

NOON = datetime(2026, 4, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-12T12:00:00Z", NOON),
        ("2026-04-12T12:00:00.000Z", NOON),
        ("2026-04-12T12:00:00.000001z", NOON + timedelta(microseconds=1)),
        ("2026-04-12T12:00:00,5Z", NOON + timedelta(seconds=0.5)),
        ("2026-04-12T14:00:00+02:00", NOON),
        ("2026-04-12T07:00:00-0500", NOON),
        ("2026-04-12 12:00:00", NOON),
    ],
)
def test_every_spelling_of_a_moment_is_read(text: str, moment: datetime) -> None:
    """Precision, offset and separator are the target's choice; without an offset it is UTC."""
    assert instant(text) == moment


@pytest.mark.parametrize("value", ["2026-04-12", "2026-02-30T12:00:00Z", "12:00:00Z", "soon", "", None, 1775995200])
def test_what_is_no_date_time_is_none(value: object) -> None:
    """Dates, impossible days and numbers are no moments."""
    assert instant(value) is None


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("2026-04-12T12:00:00Z", timedelta(seconds=1)),
        ("2026-04-12T12:00:00.000Z", timedelta(milliseconds=1)),
        ("2026-04-12T12:00:00.123456Z", timedelta(microseconds=1)),
        ("2026-04-12T12:00:00.123456789Z", timedelta(microseconds=1)),
        ("no time", timedelta(seconds=1)),
    ],
)
def test_precision_is_the_step_of_the_last_digit(text: str, step: timedelta) -> None:
    """A clock can't be seen to move by less."""
    assert precision(text) == step


def answered(headers: Pairs, *, status: int = 200) -> Exchange:
    """Make an exchange that was sent at noon by our clock and took two seconds."""
    attempt = Attempt(NOON.timestamp(), 2.0, status)
    return Exchange(1, Request("GET", "http://target.test/v1/x", "/x"), Response(status, headers), (attempt,))


def test_the_targets_clock_is_its_date_header() -> None:
    """However wrong it goes."""
    told = target_now(answered((("Date", "Fri, 01 Jan 2027 00:00:00 GMT"),)))
    assert told == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("headers", [(), (("Date", "today"),)])
def test_without_a_date_header_it_is_ours(headers: Pairs) -> None:
    """The moment at which the answer was read."""
    assert target_now(answered(headers)) == NOON + timedelta(seconds=2)
