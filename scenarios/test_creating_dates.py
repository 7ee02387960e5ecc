"""OBC: the days that creates take, refuse and fill in (observations › Create an observation, Validation rules)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from conformance.judging.expect import expect, expect_resource, expect_same
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import NotApplicable
from conformance.target.instants import instant, target_now
from conformance.target.reading import unwrap
from scenarios._creates import expect_each_refused, shortest, twin, twins, whole
from scenarios._instants import PROXY
from scenarios._later import a_day

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

MALFORMED_DATES = (
    "2023-02-30",
    "2023-02-29",
    "2023-13-01",
    "12/04/2023",
    "2023-4-2",
    "20230412",
    "2023-W15-3",
    "2023-04-12T00:00:00Z",
    "2023/01/01",
    "2023",
    " 2023-04-12 ",
    "",
)
"""All long past, so that none is refused for lying in the future."""
PAST_DATES = ("2024-02-29", "2000-02-29", "1969-12-31")


@judges("OBC-04")
async def test_a_create_without_a_date_is_dated_today(target: Target) -> str:
    """observation_date is the day in UTC on which the target's clock answered."""
    _expect_today((await shortest(target)).exchange, is_movable=target.means.clock is not None)
    return "observation_date left out is the day of the target's clock in UTC"


@during(Phase.CLOCK)
@judges("OBC-04")
async def test_a_create_near_midnight_is_dated_in_utc(target: Target) -> str:
    """Where the clock can be moved: half an hour from midnight in UTC, when it is another day east or west of it."""
    clock = target.means.clock
    if clock is None:
        raise NotApplicable("without a clock that can be moved, only the time of the run is seen")
    for exchange in (await a_day(target, clock)).dateless:
        _expect_today(exchange, is_movable=True)
    return "observation_date left out is the day in UTC, half an hour after its midnight and half an hour before it"


def _expect_today(exchange: Exchange, *, is_movable: bool) -> None:
    """Expect the day of the target's clock; where that can be moved, Date may be of a server in front."""
    resource = expect_resource(exchange, 201)
    made = _created_at(exchange, is_movable=is_movable)
    now = target_now(exchange)
    if made and abs(made[0] - now) > PROXY:
        now = made[0]
    before = now - timedelta(seconds=exchange.seconds + 2)
    days = {moment.date().isoformat() for moment in (now, before, *made)}
    expect(
        resource.get("observation_date") in days,
        f"observation_date left out is {resource.get('observation_date')!r}",
        expected=f"the target's day, {' or '.join(sorted(days))}",
        observed={"observation_date": resource.get("observation_date"), "now": now.isoformat()},
    )


def _created_at(exchange: Exchange, *, is_movable: bool = False) -> list[datetime]:
    """Give created_at in UTC as another witness of the target's clock: a proxy may write Date, minutes off."""
    response = exchange.response
    resource = unwrap(response.json) if response is not None and response.is_json else None
    moment = instant((resource or {}).get("created_at"))
    if response is None or moment is None:
        return []
    near = is_movable or response.date is None or abs(moment - target_now(exchange)) <= PROXY
    return [moment.astimezone(UTC)] if near else []


async def _days(target: Target) -> list[date]:
    """Give the days that may be the target's today, the earliest first."""
    exchange = (await whole(target)).exchange
    return sorted({moment.date() for moment in (target_now(exchange), *_created_at(exchange))})


@judges("OBC-12")
async def test_a_date_in_the_future_is_invalid(target: Target) -> str:
    """The day after tomorrow and the last of all days get 400 validation_error; what tomorrow gets is recorded."""
    today = (await _days(target))[-1]
    days = [(today + timedelta(days=2)).isoformat(), date.max.isoformat()]
    exchanges = await twins(target, "observation_date", days)
    expect_each_refused(exchanges)
    tomorrow = await twin(target, observation_date=(today + timedelta(days=1)).isoformat())
    return f"the day after tomorrow and the last day of all got 400, tomorrow {tomorrow.status}"


@judges("OBC-13")
async def test_a_malformed_date_is_invalid(target: Target) -> str:
    """Days that no calendar has, other notations and a date-time get 400 validation_error."""
    expect_each_refused(await twins(target, "observation_date", MALFORMED_DATES))
    return f"{len(MALFORMED_DATES)} malformed dates refused, a well-formed one accepted"


@judges("OBC-14")
async def test_today_past_days_and_leap_days_are_accepted(target: Target) -> str:
    """Each gets 201 and comes back as sent."""
    days = [(await _days(target))[0].isoformat(), *PAST_DATES]
    answers = await asyncio.gather(*(twin(target, observation_date=day) for day in days))
    for day, exchange in zip(days, answers, strict=True):
        expect_same(expect_resource(exchange, 201), {"observation_date": day})
    return f"{len(days)} dates from today back to {min(PAST_DATES)} accepted as sent"
