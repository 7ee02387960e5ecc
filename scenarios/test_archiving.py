"""ARC: archive and restore, and where an observation is found after each (observations › Archive, Restore)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from conformance.contract.observation import FIELD
from conformance.errors import Refused
from conformance.judging.expect import (
    asked,
    expect,
    expect_refusal,
    expect_resource,
    expect_same,
    require_accepted,
    shown,
)
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, Noted, Violation
from conformance.target.discovery import known_attributes
from conformance.target.instants import instant, pause, precision, target_now
from conformance.target.reading import Resource, read_resource
from conformance.target.target import Made
from scenarios._creates import of_day
from scenarios._instants import PROXY
from scenarios._listings import fresh_listing, look

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

CLOCK = timedelta(seconds=5)
"""How far archived_at and the Date header of one answer may stand apart: both are "now"."""
STILL = "Still open to change."
TIMES = 3
MOVES = {"archived_at", "updated_at"}
"""The fields that archiving may move; updated_at is recorded by ARC-12."""


@dataclass(frozen=True, slots=True)
class _Life:
    """One observation, archived twice and restored twice, and read at each turn."""

    made: Made
    archived: Exchange
    read_archived: Exchange
    archived_again: Exchange
    read_again: Exchange
    restored: Exchange
    read_restored: Exchange
    restored_again: Exchange


async def _life(target: Target) -> _Life:
    return await target.once("archive and restore", lambda: _live(target))


async def _live(target: Target) -> _Life:
    made = await _rich(target)
    path = f"/observations/{made.id}"
    archived = await target.archive(made.id)
    read_archived = await target.get(path)
    archived_again = await target.archive(made.id)
    read_again = await target.get(path)
    restored = await target.restore(made.id)
    read_restored = await target.get(path)
    restored_again = await target.restore(made.id)
    return _Life(made, archived, read_archived, archived_again, read_again, restored, read_restored, restored_again)


async def _rich(target: Target) -> Made:
    """Make an observation of which much could get lost: every field set, texts at their limits, changed once since."""
    tags = await known_attributes(target, 3)
    text = target.marker()
    made = await target.make(
        observation=text.ljust(FIELD["observation"].max_length or 0, "."),
        impact="As it was made.",
        recommended_action="Keep all of it.",
        attribute_ids=tags,
        observation_date="2020-02-29",
    )
    changed = await target.patch(f"/observations/{made.id}", json={"impact": "As it was changed."})
    return Made(made.id, made.sent, read_resource(changed), made.exchange)


@dataclass(frozen=True, slots=True)
class _Rounds:
    """One observation archived and restored again and again; each exchange in its turn."""

    made: Made
    archived: tuple[Exchange, ...]
    restored: tuple[Exchange, ...]
    updated: Exchange
    """An update in the end."""


async def _rounds(target: Target) -> _Rounds:
    return await target.once("archive and restore again and again", lambda: _go_round(target))


async def _go_round(target: Target) -> _Rounds:
    made = await _rich(target)
    pairs = [(await target.archive(made.id), await target.restore(made.id)) for _ in range(TIMES)]
    updated = await target.patch(f"/observations/{made.id}", json={"recommended_action": STILL})
    return _Rounds(made, tuple(archived for archived, _ in pairs), tuple(restored for _, restored in pairs), updated)


@judges("ARC-01")
async def test_archive_answers_200_and_sets_archived_at_to_now(target: Target) -> str:
    """The answer and a later read carry the same archived_at, which is the target's now."""
    life = await _life(target)
    resource = expect_resource(life.archived, 200)
    moment = instant(resource.get("archived_at"))
    now = target_now(life.archived)
    near = moment is not None and abs(moment - now) <= CLOCK + timedelta(seconds=life.archived.seconds)
    expect(
        near or _follows_creation(life, moment),
        f"archive set archived_at to {resource.get('archived_at')!r}, the target's clock stood at {now.isoformat()}",
        expected="archived_at at the target's now",
        observed=shown(life.archived),
    )
    read = read_resource(life.read_archived).get("archived_at")
    expect(
        instant(read) == moment,
        f"archive answered archived_at {resource.get('archived_at')!r}, a read then gives {read!r}",
        expected="the same archived_at",
        observed=read,
    )
    return "archived_at is the target's now in the answer and in a later read"


def _follows_creation(life: _Life, moment: datetime | None) -> bool:
    """Tell whether archived_at is as far after created_at as it took us: a proxy may write Date, minutes off."""
    created = instant(life.made.resource.get("created_at"))
    if moment is None or created is None or abs(moment - target_now(life.archived)) > PROXY:
        return False
    first, last = life.made.exchange.attempts[0], life.archived.attempts[-1]
    elapsed = timedelta(seconds=last.started + last.seconds - first.started)
    return -timedelta(seconds=1) <= moment - created <= elapsed + CLOCK


@judges("ARC-02")
async def test_archiving_what_is_archived_is_a_conflict(target: Target) -> str:
    """The second archive gets 409 conflict."""
    life = await _life(target)
    _require_change(life.archived)
    expect_refusal(life.archived_again, 409, "conflict")
    return "the first archive got 200, the second 409 conflict"


@judges("ARC-02")
async def test_a_refused_archive_leaves_archived_at_as_it_was(target: Target) -> str:
    """After the second archive archived_at is still that of the first."""
    life = await _life(target)
    _require_change(life.archived)
    before, after = read_resource(life.read_archived), read_resource(life.read_again)
    if not before.get("archived_at"):
        raise Blocked("the first archive set no archived_at")
    expect_same(after, {"archived_at": before["archived_at"]})
    return "archived_at stayed through the refused archive"


@judges("ARC-03")
async def test_restore_answers_200_and_clears_archived_at(target: Target) -> str:
    """The answer and a later read have archived_at null."""
    life = await _life(target)
    _require_change(life.archived)
    if not read_resource(life.read_again).get("archived_at"):
        raise Blocked("the archive before it set no archived_at")
    for exchange in (life.restored, life.read_restored):
        resource = expect_resource(exchange, 200)
        expect(
            "archived_at" in resource and resource["archived_at"] is None,
            f"after the restore {asked(exchange)} gives archived_at {resource.get('archived_at', '(absent)')!r}",
            expected="archived_at null",
            observed=resource.get("archived_at", "(absent)"),
        )
    return "archived_at is null in the answer and in a later read"


@judges("ARC-04")
async def test_restoring_what_is_not_archived_is_a_conflict(target: Target) -> str:
    """The second restore gets 409 conflict."""
    life = await _life(target)
    _require_change(life.restored)
    expect_refusal(life.restored_again, 409, "conflict")
    return "the first restore got 200, the second 409 conflict"


@judges("ARC-04")
async def test_restoring_what_was_never_archived_is_a_conflict(target: Target) -> str:
    """A restore of a fresh observation gets 409 conflict and leaves it as it is."""
    life = await _life(target)
    _require_change(life.restored)
    made = await target.make()
    expect_refusal(await target.restore(made.id), 409, "conflict")
    expect_same(await target.read(made.id), made.resource)
    return "a fresh observation refuses to be restored with 409 conflict"


@judges("ARC-06")
async def test_archiving_keeps_all_content(target: Target) -> str:
    """Every documented field but archived_at and updated_at is after archive and after restore as it was before."""
    life = await _life(target)
    for exchange in (life.archived, life.read_archived, life.restored, life.read_restored):
        expect_same(_require_change(exchange), life.made.resource, ignoring=MOVES)
    return "all fields are kept through archive and restore"


@judges("ARC-06")
async def test_archiving_again_and_again_keeps_all_content(target: Target) -> str:
    """No round of archive and restore loses anything."""
    rounds = await _rounds(target)
    for exchange in (*rounds.archived, *rounds.restored):
        expect_same(_require_change(exchange), rounds.made.resource, ignoring=MOVES)
    return f"all fields are kept through {TIMES} rounds"


@judges("ARC-06")
async def test_archiving_keeps_what_is_empty_or_not_there(target: Target) -> str:
    """A null, an empty text and an empty list are after archive and after restore what they were before."""
    slow = await _slow(target)
    for resource in (slow.archived, slow.restored, slow.archived_again):
        expect_same(resource, slow.made, ignoring=MOVES)
    return "null, an empty text and an empty list are kept through archive and restore"


@judges("OBU-08")
async def test_what_was_restored_again_and_again_can_be_updated(target: Target) -> str:
    """However often it was archived, an update gets 200 once it is restored, and takes effect."""
    rounds = await _rounds(target)
    require_accepted(rounds.restored[-1], 200)
    expect_same(expect_resource(rounds.updated, 200), {"recommended_action": STILL, "archived_at": None})
    return f"the update took effect after {TIMES} rounds"


@judges("ARC-09")
async def test_an_unknown_id_is_not_found_by_either_action(target: Target) -> str:
    """Archive and restore of an id that was never issued get 404 not_found; of a known one, 200."""
    life = await _life(target)
    _require_change(life.archived)
    _require_change(life.restored)
    unknown = target.chance.unknown_id("obs")
    for exchange in await asyncio.gather(target.archive(unknown), target.restore(unknown)):
        expect_refusal(exchange, 404, "not_found")
    return "both actions answer an unknown id with 404 not_found"


@judges("ARC-10")
async def test_archive_and_restore_work_without_a_request_body(target: Target) -> str:
    """Both answer 200 to a POST without body and without Content-Type."""
    life = await _life(target)
    expect_resource(life.archived, 200)
    expect_resource(life.restored, 200)
    return "both actions accept a POST without a body"


@judges("ARC-11")
async def test_archive_and_restore_can_follow_each_other_again_and_again(target: Target) -> str:
    """Each round of archive and restore gets 200 twice and leaves the state they name, and a list shows the last."""
    rounds = await _rounds(target)
    for archived, restored in zip(rounds.archived, rounds.restored, strict=True):
        told = expect_resource(archived, 200).get("archived_at")
        expect(told, f"an archive left archived_at {told!r}", expected="a date-time", observed=told)
        told = expect_resource(restored, 200).get("archived_at")
        expect(told is None, f"a restore left archived_at {told!r}", expected="null", observed=told)
    after = expect_resource(rounds.updated, 200)
    listing = await look(target, after, {"in the list of its day": of_day(str(after.get("observation_date")))})
    if listing.lost and not (await fresh_listing(target)).lost:
        raise Violation(f"after {TIMES} restores it is not in the list of its day", expected=str(after["id"]))
    return f"{TIMES} rounds of archive and restore, after which it is listed"


@dataclass(frozen=True, slots=True)
class _Slow:
    """An observation of little, archived, restored and archived again, with pauses that its timestamps must show."""

    made: Resource
    archived: Resource
    restored: Resource
    archived_again: Resource


async def _slow(target: Target) -> _Slow:
    return await target.once("archive at leisure", lambda: _live_slowly(target))


async def _live_slowly(target: Target) -> _Slow:
    made = (await _little(target)).resource
    await pause(made.get("created_at"))
    archived = read_resource(await target.archive(made["id"]))
    await pause(archived.get("archived_at"))
    restored = read_resource(await target.restore(made["id"]))
    await pause(archived.get("archived_at"))
    return _Slow(made, archived, restored, read_resource(await target.archive(made["id"])))


async def _little(target: Target) -> Made:
    """Make an observation with an empty text and nothing else that may be left out; LIM-04 judges a refusal."""
    try:
        return await target.make(recommended_action="")
    except Refused:
        return await target.make()


@judges("ARC-01")
async def test_archived_at_is_the_time_of_the_archive_and_of_no_earlier_event(target: Target) -> str:
    """It is later than created_at, and later again when archived again, where the served precision can show it."""
    slow = await _slow(target)
    told = [slow.made.get("created_at"), slow.archived.get("archived_at"), slow.archived_again.get("archived_at")]
    moments = [instant(one) for one in told]
    if None in moments:
        raise Blocked(f"these are no date-times: {told}")
    created, first, again = (moment for moment in moments if moment is not None)
    coarser = precision(str(told[1])) > precision(str(told[0]))
    expect(
        (coarser or first > created) and again > first,
        "archived_at does not move with the archive",
        expected="created_at < first archived_at < second archived_at",
        observed=told,
    )
    return "archived_at is later than created_at, and later again when archived again"


@judges("ARC-12")
async def test_whether_archive_and_restore_move_updated_at(target: Target) -> Noted:
    """The documents don't say whether updated_at moves with archive and restore."""
    slow = await _slow(target)
    value = {
        "archive": slow.archived.get("updated_at") != slow.made.get("updated_at"),
        "restore": slow.restored.get("updated_at") != slow.archived.get("updated_at"),
    }
    words = {True: "moves", False: "keeps"}
    return Noted(f"Archive {words[value['archive']]} updated_at, restore {words[value['restore']]} it.", value)


def _require_change(exchange: Exchange) -> Resource:
    """Block unless the action that the check builds on succeeded."""
    return read_resource(exchange)
