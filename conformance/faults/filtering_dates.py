"""Lies about filters on dates and moments."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.querying import asks, drops, names, renames, serves, values
from conformance.faults.rewriting import is_list, refusal
from conformance.reference.http import Pairs, answer

if TYPE_CHECKING:
    from conformance.reference import Behaviour, Handler, Request, Response

DATE = re.compile(r"\d{4}-\d\d-\d\d")


@lies("FLT-10")
def date_gte_is_exclusive() -> Behaviour:
    """filter[observation_date][gte] leaves out its day."""
    return renames("filter[observation_date][gte]", "filter[observation_date][gt]")


@lies("FLT-10")
def date_gte_takes_in_the_day_before() -> Behaviour:
    """filter[observation_date][gte] begins a day early."""
    return values("filter[observation_date][gte]", lambda value: _moved(value, -1))


def _moved(text: str, days: int) -> str:
    """Move a day; leave alone what is none."""
    try:
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    except ValueError:
        return text


@lies("FLT-11")
def date_lte_is_exclusive() -> Behaviour:
    """filter[observation_date][lte] leaves out its day."""
    return renames("filter[observation_date][lte]", "filter[observation_date][lt]")


@lies("FLT-11")
def date_lte_is_ignored() -> Behaviour:
    """filter[observation_date][lte] changes nothing."""
    return drops("filter[observation_date][lte]")


@lies("FLT-12")
def date_lt_is_inclusive() -> Behaviour:
    """filter[observation_date][lt] keeps its day."""
    return renames("filter[observation_date][lt]", "filter[observation_date][lte]")


@lies("FLT-12")
def date_lt_is_ignored() -> Behaviour:
    """filter[observation_date][lt] changes nothing."""
    return drops("filter[observation_date][lt]")


@lies("FLT-13")
def date_gt_is_inclusive() -> Behaviour:
    """filter[observation_date][gt] keeps its day."""
    return renames("filter[observation_date][gt]", "filter[observation_date][gte]")


@lies("FLT-13")
def date_gt_skips_a_day() -> Behaviour:
    """filter[observation_date][gt] begins two days later."""
    return values("filter[observation_date][gt]", lambda value: _moved(value, 1))


@lies("FLT-14")
def date_shorthand_is_ignored() -> Behaviour:
    """filter[observation_date] without an operator changes nothing."""
    return drops("filter[observation_date]")


@lies("FLT-14")
def date_eq_is_gte() -> Behaviour:
    """filter[observation_date][eq] keeps later days."""
    return renames("filter[observation_date][eq]", "filter[observation_date][gte]")


@lies("FLT-15")
def date_in_takes_the_first_only() -> Behaviour:
    """filter[observation_date][in] keeps the first day of its list."""
    return values("filter[observation_date][in]", lambda value: value.split(",")[0])


@lies("FLT-15")
def date_in_is_a_range() -> Behaviour:
    """filter[observation_date][in] keeps everything from its first day to its last."""

    def change(query: Pairs) -> Pairs:
        days = sorted(
            one for name, value in query if name == "filter[observation_date][in]" for one in value.split(",")
        )
        rest = tuple(pair for pair in query if pair[0] != "filter[observation_date][in]")
        bounds = zip(
            ("filter[observation_date][gte]", "filter[observation_date][lte]"), (days[:1] + days[-1:]), strict=False
        )
        return (*rest, *bounds)

    return asks(change)


@lies("FLT-16")
def created_gte_is_exclusive() -> Behaviour:
    """filter[created_at][gte] leaves out its moment."""
    return renames("filter[created_at][gte]", "filter[created_at][gt]")


@lies("FLT-16")
def created_lte_is_exclusive() -> Behaviour:
    """filter[created_at][lte] leaves out its moment."""
    return renames("filter[created_at][lte]", "filter[created_at][lt]")


@lies("FLT-16")
def created_lte_cuts_to_the_second() -> Behaviour:
    """filter[created_at][lte] drops the fraction of its moment."""
    return values("filter[created_at][lte]", lambda value: re.sub(r"\.\d+", "", value))


@lies("FLT-16")
def created_gte_compares_texts() -> Behaviour:
    """filter[created_at][gte] takes a moment without a fraction for one after it."""
    return values("filter[created_at][gte]", lambda value: re.sub(r"(:\d\d)Z", r"\1.999999Z", value))


@lies("FLT-16")
def created_bounds_forget_the_offset() -> Behaviour:
    """filter[created_at][gte] takes the time of any offset for UTC."""
    return values("filter[created_at][gte]", lambda value: re.sub(r"[+-]\d\d:\d\d$", "Z", value))


@lies("FLT-17")
def created_gt_is_inclusive() -> Behaviour:
    """filter[created_at][gt] keeps its moment."""
    return renames("filter[created_at][gt]", "filter[created_at][gte]")


@lies("FLT-17")
def created_lt_is_ignored() -> Behaviour:
    """filter[created_at][lt] changes nothing."""
    return drops("filter[created_at][lt]")


@lies("FLT-17")
def created_eq_finds_nothing() -> Behaviour:
    """filter[created_at] finds nothing at its moment."""
    return serves(lambda query, items: items[: 0 if "filter[created_at]" in names(query) else None])


@lies("FLT-17")
def created_in_takes_the_first_only() -> Behaviour:
    """filter[created_at][in] keeps the first moment of its list."""
    return values("filter[created_at][in]", lambda value: value.split(",")[0])


def _bad_dates(query: Pairs) -> Pairs:
    """Give the date filters whose values no calendar has."""
    return tuple(
        pair
        for pair in query
        if pair[0].startswith(("filter[observation_date]", "filter[created_at]")) and _bad(pair[1])
    )


def _bad(value: str) -> bool:
    try:
        days = [DATE.match(one) for one in value.split(",")]
        return any(day is None or not date.fromisoformat(day[0]) for day in days)
    except ValueError:
        return True


@lies("FLT-20")
def bad_dates_are_ignored() -> Behaviour:
    """A malformed date filters nothing."""
    return asks(lambda query: tuple(pair for pair in query if pair not in _bad_dates(query)))


@lies("FLT-20")
def bad_dates_in_lists_are_ignored() -> Behaviour:
    """A malformed date in [in] filters nothing."""
    return asks(lambda query: tuple(pair for pair in query if not ("[in]" in pair[0] and pair in _bad_dates(query))))


@lies("FLT-20")
def thirtieth_of_february_is_second_of_march() -> Behaviour:
    """An impossible day rolls over into the next month."""
    return asks(lambda query: tuple((name, value.replace("02-30", "03-02")) for name, value in query))


def _reads(spelled: str, day: str) -> Behaviour:
    """Take another spelling of a day for the day."""
    return asks(lambda query: tuple((name, day if value == spelled else value) for name, value in query))


@lies("FLT-20")
def american_dates_are_read() -> Behaviour:
    """04/01/2026 counts as the first of April."""
    return _reads("04/01/2026", "2026-04-01")


@lies("FLT-20")
def years_are_read() -> Behaviour:
    """2026 counts as its first day."""
    return _reads("2026", "2026-01-01")


@lies("FLT-20")
def dates_without_zeros_are_read() -> Behaviour:
    """2026-4-1 counts as the first of April."""
    return _reads("2026-4-1", "2026-04-01")


@lies_at_the_door("FLT-20")
async def bad_dates_are_unprocessable(request: Request, honest: Handler) -> Response:
    """A malformed date gets 422."""
    return (
        refusal("unprocessable", "filter") if is_list(request) and _bad_dates(request.query) else await honest(request)
    )


@lies_at_the_door("FLT-20")
async def bad_moments_match_nothing(request: Request, honest: Handler) -> Response:
    """A malformed moment gives an empty list."""
    bad = is_list(request) and any("created_at" in name for name, _ in _bad_dates(request.query))
    return answer(200, {"data": [], "next_cursor": None, "has_more": False}) if bad else await honest(request)
