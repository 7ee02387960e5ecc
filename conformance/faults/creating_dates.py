"""Lies about the dates of creates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import created_from, is_create, refusal, sent
from conformance.reference import HONEST, Behaviour
from conformance.reference.clock import utc_date

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

DAY = 86_400_000_000


@lies("OBC-04")
def date_defaults_to_yesterday() -> Behaviour:
    """An observation_date that was left out is yesterday."""
    return replace(HONEST, today=lambda now: utc_date(now - DAY))


@lies("OBC-04")
def date_defaults_to_the_day_in_california() -> Behaviour:
    """An observation_date that was left out is the day eight hours west of UTC."""
    return replace(HONEST, today=lambda now: utc_date(now - DAY // 3))


@lies("OBC-04")
def date_defaults_to_the_day_in_singapore() -> Behaviour:
    """An observation_date that was left out is the day eight hours east of UTC."""
    return replace(HONEST, today=lambda now: utc_date(now + DAY // 3))


@lies("OBC-12")
def future_dates_are_accepted() -> Behaviour:
    """No date lies too far ahead."""
    return replace(HONEST, in_future=lambda _day, _now: False)


@lies("OBC-12")
def the_next_days_are_accepted() -> Behaviour:
    """Only dates more than two days ahead are refused."""
    return replace(HONEST, in_future=lambda day, now: day > utc_date(now + 2 * DAY))


@lies("OBC-12")
def dates_beyond_the_century_are_accepted() -> Behaviour:
    """No date of another century is held against today."""
    return replace(HONEST, in_future=lambda day, now: HONEST.in_future(day, now) and day[:2] == utc_date(now)[:2])


@lies_at_the_door("OBC-13")
async def impossible_day_rolls_over(request: Request, honest: Handler) -> Response:
    """30 February is taken for 2 March."""
    return await _dated(request, honest, {"2023-02-30": "2023-03-02", "2023-04-31": "2023-05-01"})


@lies_at_the_door("OBC-13")
async def date_time_is_cut_to_its_day(request: Request, honest: Handler) -> Response:
    """A date-time is accepted and loses its time."""
    return await _dated(request, honest, {"2023-04-12T00:00:00Z": "2023-04-12"})


@lies_at_the_door("OBC-13")
async def other_notations_are_read(request: Request, honest: Handler) -> Response:
    """A date without its leading zeros is accepted."""
    return await _dated(request, honest, {"2023-4-2": "2023-04-02"})


@lies_at_the_door("OBC-13")
async def slashes_are_read_as_dashes(request: Request, honest: Handler) -> Response:
    """A date with slashes is accepted."""
    return await _dated(request, honest, {"2023/01/01": "2023-01-01"})


@lies_at_the_door("OBC-13")
async def a_year_is_its_first_day(request: Request, honest: Handler) -> Response:
    """A year alone is taken for its first day."""
    return await _dated(request, honest, {"2023": "2023-01-01"})


@lies_at_the_door("OBC-13")
async def date_is_trimmed(request: Request, honest: Handler) -> Response:
    """Blanks around a date are cut off."""
    return await _dated(request, honest, {" 2023-04-12 ": "2023-04-12"})


@lies_at_the_door("OBC-13")
async def empty_date_is_left_out(request: Request, honest: Handler) -> Response:
    """An empty date counts as none."""
    return await _dated(request, honest, {"": "2023-04-02"})


async def _dated(request: Request, honest: Handler, read: dict[str, str]) -> Response:
    """Read some dates as others."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        day = body.get("observation_date")
        return body | {"observation_date": read[day]} if isinstance(day, str) and day in read else body

    return await created_from(request, honest, change)


@lies_at_the_door("OBC-14")
async def leap_days_are_refused(request: Request, honest: Handler) -> Response:
    """29 February is no date."""
    leap = is_create(request) and str(sent(request).get("observation_date")).endswith("-02-29")
    return refusal("validation_error", "observation_date") if leap else await honest(request)


@lies("OBC-14")
def today_is_in_the_future() -> Behaviour:
    """Only days before today are accepted."""
    return replace(HONEST, in_future=lambda day, now: day >= utc_date(now))


@lies_at_the_door("OBC-14")
async def old_dates_are_refused(request: Request, honest: Handler) -> Response:
    """Dates before 1990 are refused."""
    old = is_create(request) and str(sent(request).get("observation_date")) < "1990"
    return refusal("validation_error", "observation_date") if old else await honest(request)


@lies_at_the_door("OBC-14")
async def dates_before_the_epoch_are_refused(request: Request, honest: Handler) -> Response:
    """Dates before 1970 are refused."""
    early = is_create(request) and str(sent(request).get("observation_date")) < "1970"
    return refusal("validation_error", "observation_date") if early else await honest(request)
