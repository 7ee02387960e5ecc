"""EVT: what a subscription is told of observations, and what it is not told (observations › Webhook events)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.observation import FIELD
from conformance.judging.expect import asked, expect, expect_same
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import Blocked, NotJudged, Violation
from conformance.target.documents import as_object
from conformance.target.instants import instant, precision
from conformance.target.reading import Resource, read_resource
from scenarios._deliveries import (
    ATTEMPTS,
    CREATES,
    MOVES,
    NARROW,
    SECOND_MOVES,
    SECOND_UPDATE,
    STEPS,
    UPDATES,
    WHOLE,
    Evidence,
    Narrow,
    evidence,
    there,
)
from scenarios._events import events_of, is_about, shown
from scenarios._listening import Step, require_delivery

if TYPE_CHECKING:
    from conformance.target.listening.listener import Delivery
    from conformance.target.target import Target

MOMENTS = tuple(name for name, field in FIELD.items() if field.format == "date-time")


@during(Phase.LISTENING)
@judges("EVT-01", over=CREATES)
async def test_a_create_delivers_created(target: Target, create: str) -> str:
    """A create of every field, and one of the required fields alone, delivers observation.created about it."""
    found = await evidence(target)
    _expect_any(found)
    return _expect_delivered(found.step(create))


def _expect_any(found: Evidence) -> None:
    """Expect that something is delivered at all; not judged where nothing could have been."""
    silence = found.silence
    if silence is None or not silence.leads_here:
        return
    came = "nothing came" if not silence.deliveries else f"{len(silence.deliveries)} requests came, none about them,"
    raise Violation(
        f"observations were changed in every way, and {came} to a subscribed URL below {silence.url} in "
        f"{silence.seconds:g} s: does the target reach that URL, or take longer (--settle)?",
        expected="a delivery for each change",
        observed=shown(silence.deliveries),
    )


def _expect_delivered(step: Step) -> str:
    expect(
        step.deliveries,
        f"{asked(step.answer)} delivered no {step.event} within {step.seconds:g} s",
        expected=f"{step.event} about it",
        observed=shown(step.about),
    )
    return f"{step.event} came {step.seconds * 1000:.0f} ms after the write"


@during(Phase.LISTENING)
@judges("EVT-02", over=(*UPDATES, SECOND_UPDATE))
async def test_an_update_of_an_active_observation_delivers_updated(target: Target, field: str) -> str:
    """An update of this field alone delivers observation.updated."""
    return _expect_delivered((await evidence(target)).step(field))


@during(Phase.LISTENING)
@judges("EVT-03", over=(*MOVES, *SECOND_MOVES))
async def test_archive_and_restore_deliver_their_events(target: Target, action: str) -> str:
    """Archive delivers observation.archived, and the restore after it observation.restored."""
    return _expect_delivered((await evidence(target)).step(action))


@during(Phase.LISTENING)
@judges("EVT-04", over=STEPS)
async def test_the_data_is_the_whole_observation_after_the_change(target: Target, change: str) -> str:
    """Each documented field of the write's answer stands in the delivery's data, the same."""
    step = (await evidence(target)).step(change)
    if not step.deliveries:
        raise Blocked(f"no {step.event} was delivered (EVT-01 to EVT-03)")
    for delivery in step.deliveries:
        _expect_whole(delivery, step)
    return f"the data of {step.event} has every field as {asked(step.answer)} answered it"


def _expect_whole(delivery: Delivery, step: Step) -> None:
    answered = read_resource(step.answer)
    body = as_object(delivery.json)
    data = body.get("data")
    if not isinstance(data, dict):
        raise Violation(
            f"the delivery of {step.event} has no object in data",
            expected="the observation",
            observed=shown([delivery]),
        )
    lost = [name for name in FIELD if name in answered and name not in data]
    expect(
        not lost,
        f"the data of {step.event} lacks {', '.join(lost)}",
        expected="the full observation",
        observed=shown([delivery]),
    )
    expect_same(data, answered, ignoring=[name for name in MOMENTS if _same_moment(data, answered, name)])


def _same_moment(data: Resource, answered: Resource, name: str) -> bool:
    """Tell whether two date-times are the same as far as the coarser one shows."""
    told, known = data.get(name), answered.get(name)
    one, other = instant(told), instant(known)
    if one is None or other is None:
        return False
    step = max(precision(str(told)), precision(str(known)))
    return abs(one - other) < step or one == other


@during(Phase.LISTENING)
@judges("EVT-05", over=ATTEMPTS)
async def test_a_refused_change_delivers_nothing(target: Target, attempt: str) -> str:
    """Nothing is told of it, though a later create has been delivered."""
    found = await evidence(target)
    refused = found.attempt(attempt)
    if not 400 <= (refused.answer.status or 0) < 500:
        raise Blocked(f"{asked(refused.answer)} was not refused but got {refused.answer.status}")
    if not found.step(WHOLE).deliveries:
        raise Blocked("no create was delivered after it (EVT-01)")
    told = [one for one in found.deliveries if _tells(one, refused.event, refused.about)]
    false = [one for one in told if one.at >= refused.sent]
    if false and len(false) < len(told):
        raise NotJudged(
            f"{refused.event} was delivered before it as well, so that another delivery may be a repeat",
            hint="Run again: the two are likely to come apart.",
        )
    expect(
        not false,
        f"{asked(refused.answer)} got {refused.answer.status} and delivered {refused.event} all the same",
        expected="nothing",
        observed=shown(false),
    )
    return f"{asked(refused.answer)} got {refused.answer.status}, and a later create was delivered without it"


def _tells(delivery: Delivery, event: str, about: str) -> bool:
    return list(events_of(delivery)) == [event] and is_about(delivery, [about])


@during(Phase.LISTENING)
@judges("EVT-05", over=NARROW)
async def test_types_that_were_not_subscribed_to_are_not_delivered(target: Target, subscribed: str) -> str:
    """To a subscription to this type alone nothing else comes, though another one was told of all changes."""
    narrow = _working(await evidence(target), subscribed)
    others = [one for one in narrow.deliveries if events_of(one) and subscribed not in events_of(one)]
    told = ", ".join(sorted({events_of(one)[0] for one in others}))
    expect(
        not others,
        f"a subscription to {subscribed} alone was delivered {told}",
        expected=f"{subscribed} alone",
        observed=shown(others),
    )
    return f"only {subscribed} came, {len(narrow.deliveries)} deliveries in all"


def _working(found: Evidence, subscribed: str) -> Narrow:
    """Give a narrow subscription, if its own type came to it and others to the wide one."""
    require_delivery(found.silence)
    narrow = there(found.narrow[subscribed])
    if not narrow.works:
        raise Blocked(f"a subscription to {subscribed} alone was delivered none (EVT-01, EVT-02)")
    if not any(name != subscribed for one in found.deliveries for name in events_of(one)):
        raise NotJudged(
            f"nothing but {subscribed} is delivered to anybody", hint="EVT-01 to EVT-03 say what is missing."
        )
    return narrow
