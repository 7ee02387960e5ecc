"""IDM: what keys do where the documents are silent (overview › Idempotency keys for POSTs)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.judging.scenario import judges
from conformance.judging.verdicts import Noted
from conformance.target.reading import read_resource
from scenarios._idempotency import id_of, succeeded

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


@dataclass(frozen=True, slots=True)
class _Reuse:
    """What a create's key got that was used again: with the same JSON written otherwise, with null, and on actions."""

    first: Exchange
    reordered: Exchange
    nulled: Exchange
    archive: Exchange
    restore: Exchange


async def _reuse(target: Target) -> _Reuse:
    body, key = await target.body(), target.chance.uuid()
    first = succeeded(await target.create(body, key=key))
    reordered = await target.create(dict(reversed(body.items())), key=key)
    nulled = await target.create(body | {"impact": None}, key=key)
    path, headers = f"/observations/{id_of(first)}", {"Idempotency-Key": key}
    archive = await target.post(f"{path}/archive", headers=headers)
    if archive.status != 200:  # RFC 9110: OK
        read_resource(await target.archive(id_of(first)))
    return _Reuse(first, reordered, nulled, archive, await target.post(f"{path}/restore", headers=headers))


async def _reused(target: Target) -> _Reuse:
    return await target.once("a key used again", lambda: _reuse(target))


@judges("IDM-13")
async def test_what_the_same_json_written_differently_gets(target: Target) -> Noted:
    """The documents don't say whether "different inputs" means other octets or another meaning."""
    reuse = await _reused(target)
    return _as_noted("The same JSON with its members in another order", reuse.first, reuse.reordered)


@judges("IDM-13")
async def test_what_null_against_left_out_gets(target: Target) -> Noted:
    """The documents don't say whether null and absence are different inputs."""
    reuse = await _reused(target)
    return _as_noted("The same payload with impact null instead of left out", reuse.first, reuse.nulled)


@judges("IDM-13", over=("archive", "restore"))
async def test_what_a_used_key_on_an_action_gets(target: Target, action: str) -> Noted:
    """The documents give keys to creates; what one does on archive or restore they don't say."""
    reuse = await _reused(target)
    answer = {"archive": reuse.archive, "restore": reuse.restore}[action]
    return Noted(f"A create's key on {action} gets {answer.status}.", {"status": answer.status})


@judges("IDM-13")
async def test_what_a_key_gets_whose_first_use_failed(target: Target) -> Noted:
    """The documents don't say whether a refusal is remembered."""
    body, key = await target.body(), target.chance.uuid()
    await target.create(body | {"type": "neither"}, key=key)
    answer = await target.create(body, key=key)
    return Noted(f"A key whose first use failed with 400 then gets {answer.status}.", {"status": answer.status})


@judges("IDM-13", over=("an empty key", "4096 characters"))
async def test_what_an_odd_key_gets(target: Target, form: str) -> Noted:
    """The documents set no bounds for a key."""
    length = int(form.split(maxsplit=1)[0]) if form[0].isdigit() else 0
    body = await target.body()
    headers = {"Idempotency-Key": target.chance.digits(length) if length else ""}
    first, again = await target.create(body, headers=headers), await target.create(body, headers=headers)
    if first.status not in {200, 201} or again.status not in {200, 201}:
        statuses = [first.status, again.status]
        return Noted(f"A key of {form} gets {statuses[0]}, then {statuses[1]}.", {"statuses": statuses})
    same = id_of(first) == id_of(again)
    return Noted(f"A key of {form} {'replays' if same else 'does not replay'}.", {"replays": same})


def _as_noted(what: str, first: Exchange, again: Exchange) -> Noted:
    if again.status not in {200, 201}:
        return Noted(f"{what} gets {again.status}.", {"status": again.status})
    same = id_of(first) == id_of(again)
    return Noted(f"{what} {'replays' if same else 'creates another resource'}.", {"replays": same})
