"""LIM: what bounds a field in a create bounds it in an update, too (observations › Update an observation)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD
from conformance.judging.expect import expect, expect_refusal, expect_resource, expect_same, require_accepted
from conformance.judging.scenario import judges
from conformance.target.discovery import attribute_ids
from conformance.target.reading import read_resource
from scenarios._creates import comparable, expect_each_refused, named
from scenarios._limits import LONGEST, TEXTS, most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

LEAST: Mapping[str, str] = {field: "x" * (FIELD[field].min_length or 0) for field in TEXTS}
"""The shortest text of each field."""
BEYOND: Mapping[str, Sequence[str]] = {
    field: (LONGEST[field] + "x", *([""] if FIELD[field].min_length else [])) for field in TEXTS
}
"""Texts of each field that are longer or shorter by one."""
AT_THE_BOUNDS = (LEAST, LONGEST)


@dataclass(frozen=True, slots=True)
class _Bounded:
    """One observation, updated with all texts at their bounds, then with each beyond them.

    `accepted` and `refused` are the answers by field, in the order of what was sent.
    """

    accepted: Mapping[str, Sequence[Exchange]]
    before: Exchange
    refused: Mapping[str, Sequence[Exchange]]
    after: Exchange


async def _bounded(target: Target) -> _Bounded:
    return await target.once("updates at the bounds", lambda: _update(target))


async def _update(target: Target) -> _Bounded:
    made = await target.make(impact="To be emptied.", recommended_action="To be emptied, too.")
    path = f"/observations/{made.id}"
    at_bounds = [await _together_or_alone(target, path, texts) for texts in AT_THE_BOUNDS]
    before = await target.get(path)
    refused = {
        field: await asyncio.gather(*(target.patch(path, json={field: text}) for text in BEYOND[field]))
        for field in TEXTS
    }
    accepted = {field: [one[field] for one in at_bounds] for field in TEXTS}
    return _Bounded(accepted, before, refused, await target.get(path))


async def _together_or_alone(target: Target, path: str, texts: Mapping[str, str]) -> Mapping[str, Exchange]:
    """Update all texts at once; only where that is refused each alone, so that it shows which one is."""
    together = await target.patch(path, json=dict(texts))
    if together.status == 200:
        return dict.fromkeys(texts, together)
    return {field: await target.patch(path, json={field: text}) for field, text in texts.items()}


@judges("LIM-08", over=TEXTS)
async def test_an_update_keeps_the_limits_of_a_create(target: Target, field: str) -> str:
    """Texts at the bounds are taken over, those beyond get 400 validation_error and change nothing."""
    bounded = await _bounded(target)
    for texts, exchange in zip(AT_THE_BOUNDS, bounded.accepted[field], strict=True):
        _expect_taken(expect_resource(exchange, 200), field, texts[field])
    before = expect_resource(bounded.before)
    _expect_taken(before, field, LONGEST[field])
    expect_each_refused(dict(zip(map(named, BEYOND[field]), bounded.refused[field], strict=True)))
    after = expect_resource(bounded.after)
    expect_same({field: after.get(field)}, {field: before.get(field)})
    return f"{len(AT_THE_BOUNDS)} texts at the bounds taken over, {len(BEYOND[field])} beyond them refused with 400"


def _expect_taken(resource: Resource, field: str, text: str) -> None:
    if text == "" and resource.get(field, ...) is None:
        return  # no text, stored as null
    expect_same(resource, {field: text})


@dataclass(frozen=True, slots=True)
class _Tagged:
    """One observation, updated with as many attributes as there may be, with one more, and with one twice."""

    accepted: Exchange
    beyond: Exchange | None
    after: Exchange
    repeated: Exchange
    read: Exchange


async def _tagged(target: Target) -> _Tagged:
    return await target.once("updates of many attributes", lambda: _tag(target))


async def _tag(target: Target) -> _Tagged:
    known = await _known(target)
    made = await target.make()
    path = f"/observations/{made.id}"
    accepted = await target.patch(path, json={"attribute_ids": known[: most("attribute_ids")]})
    too_many = {"attribute_ids": known[: most("attribute_ids") + 1]}
    beyond = await target.patch(path, json=too_many) if len(known) > most("attribute_ids") else None
    after = await target.get(path)
    repeated = await target.patch(path, json={"attribute_ids": _twice(known)})
    return _Tagged(accepted, beyond, after, repeated, await target.get(path))


async def _known(target: Target) -> list[str]:
    return list(await attribute_ids(target))


def _twice(known: Sequence[str]) -> list[str]:
    """Name one attribute twice, in a list that is not the one before it."""
    return [known[-1], known[-1]]


@judges("LIM-08")
async def test_an_update_takes_as_many_attributes_as_a_create(target: Target) -> str:
    """12 different attribute ids are taken over; 13 get 400 validation_error and change nothing."""
    known = list(await attribute_ids(target, most("attribute_ids") + 1))
    tagged = await _tagged(target)
    twelve: dict[str, Any] = {"attribute_ids": known[: most("attribute_ids")]}
    expect_same(comparable(expect_resource(tagged.accepted, 200)), comparable(twelve))
    if tagged.beyond is not None:
        expect_refusal(tagged.beyond, 400, "validation_error")
    expect_same(comparable(expect_resource(tagged.after)), comparable(twelve))
    return f"{most('attribute_ids')} attributes taken over, one more refused with 400"


@judges("LIM-08")
async def test_an_update_stores_no_attribute_twice(target: Target) -> str:
    """A list that repeats an attribute is refused with 400 and changes nothing, or stored with it once."""
    tagged, sent = await _tagged(target), _twice(await _known(target))
    require_accepted(tagged.accepted, 200)
    if tagged.repeated.status != 200:
        expect_refusal(tagged.repeated, 400, "validation_error")
        expect_same(comparable(read_resource(tagged.read)), comparable(read_resource(tagged.after)))
        return "a list with a repeat got 400 and changed nothing"
    for resource in map(read_resource, (tagged.repeated, tagged.read)):
        stored = resource.get("attribute_ids")
        expect(
            stored == sent[:1],
            "an update with a repeated attribute id does not store it exactly once",
            expected=f"attribute_ids {sent[:1]}",
            observed={"sent": sent, "stored": stored},
        )
    return "a list with a repeat got 200, and each id is stored once"
