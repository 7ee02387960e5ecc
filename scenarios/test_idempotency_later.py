"""IDM: keys are remembered for 24 hours (overview › Idempotency keys for POSTs)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.judging.expect import expect, expect_status, require_accepted
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import Blocked, Noted, NotJudged
from conformance.target.ledger import AFTER, BEFORE
from conformance.target.target import OBSERVATIONS
from scenarios._idempotency import id_of, written
from scenarios._later import DAY, ROUNDING, Later, Used, a_day, age
from scenarios._remembering import a_day_between_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target

SUCCESS = {200, 201}


async def _later(target: Target) -> Later:
    """Let a day pass by the target's clock, or take what a day has made of the keys of earlier runs."""
    if target.means.clock is not None:
        return await a_day(target, target.means.clock)
    if target.settings.ledger is None:
        raise Missing("a way to move the target's clock", hint="Give --clock-url, or --ledger.")
    return await a_day_between_runs(target, target.settings.ledger)


def _required(used: Sequence[Used], later: Later, rule: str) -> Sequence[Used]:
    if not used:
        raise NotJudged(later.pending[rule].reason, hint=later.pending[rule].hint)
    return used


async def _used_before(target: Target) -> Sequence[Used]:
    """Return the keys that were used again before 24 hours were over."""
    later = await _later(target)
    used = _required(later.before, later, BEFORE)
    late = [one for one in used if one.most > DAY - ROUNDING]
    if late:
        raise NotJudged(
            f"the target took so long to answer that a key may have been {age(late[0].most)} old",
            hint="Run again when it answers sooner.",
        )
    return used


@during(Phase.CLOCK)
@judges("IDM-06")
async def test_a_key_replays_until_just_before_24_hours_are_over(target: Target) -> str:
    """A create that is sent again after half a day, and a minute before a day is over, gives the same resource."""
    used = await _used_before(target)
    for one in used:
        if one.again.status not in SUCCESS:
            require_accepted(await target.create(await target.body()), 201)  # it is the key's age, and nothing else
        expect_status(one.again, *SUCCESS)
        expect(
            id_of(one.again) == one.made,
            f"after {one.age} a key {'that was retried meanwhile ' if one.retried else ''}gave another resource",
            expected=one.made,
            observed=id_of(one.again),
        )
    return f"keys replay after {', '.join(dict.fromkeys(one.age for one in used))}"


@during(Phase.CLOCK)
@judges("IDM-06")
async def test_a_replay_within_24_hours_creates_no_second_resource(target: Target) -> str:
    """No further observation carries the text of a create that was sent again hours later."""
    used = await _used_before(target)
    made = {one.made for one in used}
    answered = {id_of(one.again) for one in (*used, *(await _later(target)).after) if one.again.status in SUCCESS}
    if not made & answered:
        raise Blocked("no key was replayed hours later")
    found = {str(item.get("id")) for item in await written(target, {one.text for one in used})}
    for one in found - made - answered:
        target.journal.made(one, OBSERVATIONS)  # it may say that an earlier run wrote it
    expect(
        not found - made - answered,
        "a create that was sent again hours later left a further observation",
        expected=f"only {sorted(made)}",
        observed=sorted(found),
    )
    return f"{len(used)} creates sent again hours later left {len(made)} observations"


@during(Phase.CLOCK)
@judges("IDM-07")
async def test_what_a_key_gets_after_24_hours(target: Target) -> Noted:
    """The documents say that it may produce a new resource, which leaves a replay open, too."""
    later = await _later(target)
    used = _required(later.after, later, AFTER)
    told = {"was retried meanwhile" if one.retried else "was not used since": _told(one) for one in used}
    said = [f"a key that {which} {what}" for which, what in told.items()]
    return Noted(f"After 24 hours {', '.join(said)}.", told)


def _told(used: Used) -> str:
    if used.again.status not in SUCCESS:
        return f"gets {used.again.status}"
    return "still replays" if id_of(used.again) == used.made else "makes a new resource"
