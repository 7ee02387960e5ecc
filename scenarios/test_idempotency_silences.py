"""IDM: what keys do where the documents are silent (overview › Idempotency keys for POSTs)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.scenario import judges
from conformance.judging.verdicts import Noted
from conformance.target.reading import read_resource
from scenarios._idempotency import id_of, succeeded

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


@judges("IDM-13")
async def test_what_the_same_json_written_differently_gets(target: Target) -> Noted:
    """The documents don't say whether "different inputs" means other octets or another meaning."""
    body, key = await target.body(), target.chance.uuid()
    first = succeeded(await target.create(body, key=key))
    reordered = dict(reversed(body.items()))
    again = await target.create(reordered, key=key)
    return _as_noted("The same JSON with its members in another order", first, again)


@judges("IDM-13")
async def test_what_null_against_left_out_gets(target: Target) -> Noted:
    """The documents don't say whether null and absence are different inputs."""
    body, key = await target.body(), target.chance.uuid()
    first = succeeded(await target.create(body, key=key))
    return _as_noted(
        "The same payload with impact null instead of left out",
        first,
        await target.create(body | {"impact": None}, key=key),
    )


@judges("IDM-13", over=("archive", "restore"))
async def test_what_a_used_key_on_an_action_gets(target: Target, action: str) -> Noted:
    """The documents give keys to creates; what one does on archive or restore they don't say."""
    key = target.chance.uuid()
    first = succeeded(await target.create(await target.body(), key=key))
    if action == "restore":
        read_resource(await target.archive(id_of(first)))
    answer = await target.post(f"/observations/{id_of(first)}/{action}", headers={"Idempotency-Key": key})
    return Noted(f"A create's key on {action} gets {answer.status}.", {"status": answer.status})


@judges("IDM-13")
async def test_what_a_key_gets_whose_first_use_failed(target: Target) -> Noted:
    """The documents don't say whether a refusal is remembered."""
    body, key = await target.body(), target.chance.uuid()
    await target.create(body | {"type": "neither"}, key=key)
    answer = await target.create(body, key=key)
    return Noted(f"A key whose first use failed with 400 then gets {answer.status}.", {"status": answer.status})


@judges("IDM-13", over=("an empty key", "255 characters", "4096 characters"))
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
