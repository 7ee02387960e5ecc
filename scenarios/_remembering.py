"""What becomes of Idempotency-Keys in a day, where no clock can be moved: a ledger brings them from run to run.

What a run plants is archived at its end like all that it makes. A replay is the original response all the same, so its
id tells; that the target replays archived ones at all is tried before anything is held against it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.errors import UsageProblem
from conformance.judging.verdicts import Blocked, NotJudged
from conformance.target.instants import target_now
from conformance.target.ledger import AFTER, BEFORE, Entry, Ledger
from conformance.target.made.owners import owner
from conformance.target.reading import read_resource
from conformance.wire.roles import KEY
from scenarios._idempotency import id_of, succeeded
from scenarios._later import ROUNDING, Later, Pending, Used

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from conformance.target.made.intents import Owner
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

GONE = {404, 410}


async def a_day_between_runs(target: Target, file: Path) -> Later:
    """Use the keys of earlier runs again that are due, once a run, and plant others where none wait."""
    return await target.once("keys of earlier runs", lambda: _use_and_plant(target, Ledger(file)))


async def _use_and_plant(target: Target, ledger: Ledger) -> Later:
    ours, now = await _owner_and_time(target)
    try:
        mine = [one for one in ledger.entries() if one.is_of(target.client.base_url, ours)]
        due, late = [one for one in mine if one.is_due(now)], [one for one in mine if one.is_late(now)]
        used = await _used(target, due)
        waiting = [one for one in mine if one not in (*due, *late)]
        lacking = [rule for rule in (BEFORE, AFTER) if not any(one.rule == rule for one in waiting)]
        planted = await asyncio.gather(*(_plant(target, rule, ours) for rule in lacking))
        ledger.change(take=(*due, *late), put=planted)
    except UsageProblem as problem:
        raise NotJudged(problem.message, hint=problem.hint) from None
    told = {one.rule: _pending(one, mine, late) for one in (*waiting, *planted)}
    return Later(_of(BEFORE, used), _of(AFTER, used), told)


async def _owner_and_time(target: Target) -> tuple[Owner, datetime]:
    ours, asked = await asyncio.gather(owner(target, KEY), target.get("/session"))
    if not (ours.organization and ours.api_key):
        raise NotJudged(
            "the session does not tell whose the key is, so its Idempotency-Keys can't be told from those of others",
            hint="Give PB_API_KEY the scope session:read.",
        )
    return ours, target_now(asked)


def _of(rule: str, used: Sequence[tuple[Entry, Used]]) -> tuple[Used, ...]:
    return tuple(one for entry, one in used if entry.rule == rule)


def _pending(entry: Entry, mine: Sequence[Entry], late: Sequence[Entry]) -> Pending:
    """Say why a rule is not judged yet, and from when it can be."""
    earlier = [one for one in mine if one.rule == entry.rule]
    if entry in earlier:
        reason = f"the Idempotency-Key that run {entry.run} used is not old enough yet"
    elif any(one in late for one in earlier):
        reason = f"the Idempotency-Key that run {earlier[0].run} used is too old by now; another one waits"
    elif earlier:
        reason = f"the target has lost what run {earlier[0].run} made, so its key tells nothing; another one waits"
    else:
        reason = "an Idempotency-Key waits for a later run to use it again"
    opens = f"{entry.opens:%Y-%m-%d %H:%M:%S}"
    when = f"between {opens} and {entry.closes:%Y-%m-%d %H:%M:%S}" if entry.closes else f"after {opens}"
    return Pending(reason, f"Run again with this --ledger {when} UTC.")


async def _plant(target: Target, rule: str, ours: Owner) -> Entry:
    body, key = await target.body(), target.chance.uuid()
    first = succeeded(await target.create(body, key=key))
    return Entry(
        rule=rule,
        base_url=target.client.base_url,
        organization=ours.organization,
        api_key=ours.api_key,
        run=target.run_id,
        at=target_now(first),
        key=key,
        body=body,
        made=id_of(first),
    )


async def _used(target: Target, due: Sequence[Entry]) -> Sequence[tuple[Entry, Used]]:
    """Use keys again whose observation the target still has: one that began anew since has forgotten all of them."""
    if not due:
        return ()
    await _require_replays_of_archived(target)
    reads = await asyncio.gather(*(target.get(f"/observations/{one.made}") for one in due))
    there = [one for one, read in zip(due, reads, strict=True) if _is_there(read)]
    again = await asyncio.gather(*(target.create(one.body, key=one.key) for one in there))
    return [(one, _as_used(one, exchange)) for one, exchange in zip(there, again, strict=True)]


def _is_there(read: Exchange) -> bool:
    return read.status not in GONE and bool(read_resource(read))


def _as_used(entry: Entry, again: Exchange) -> Used:
    seconds = (target_now(again) - entry.at).total_seconds()
    return Used(str(entry.body["observation"]), entry.made, again, seconds - ROUNDING, seconds + ROUNDING)


async def _require_replays_of_archived(target: Target) -> None:
    body, key = await target.body(), target.chance.uuid()
    first = succeeded(await target.create(body, key=key))
    read_resource(await target.archive(id_of(first)))
    again = await target.create(body, key=key)
    if again.status not in {200, 201} or id_of(again) != id_of(first):
        raise Blocked("the create of an observation that was archived since is not replayed (IDM-14), at whatever age")
