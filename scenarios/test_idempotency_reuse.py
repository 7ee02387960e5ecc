"""IDM: a key that is used again for another payload is a conflict and changes nothing (overview › Idempotency)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.judging.expect import expect, expect_refusal, expect_same, expect_status
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotJudged
from conformance.target.discovery import employee_ids, known_attributes
from conformance.target.reading import Resource, read_resource
from scenarios._idempotency import id_of, key_window, succeeded, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


@dataclass(frozen=True, slots=True)
class _Reuse:
    """A key that was used, used again for other payloads, and then retried for its own."""

    body: Resource
    first: Exchange
    answers: dict[str, Exchange]
    texts: set[str]
    retried: Exchange
    read: Exchange


async def _reuse(target: Target) -> _Reuse:
    return await target.once("a reused key", lambda: _create_and_reuse(target))


async def _create_and_reuse(target: Target) -> _Reuse:
    people, tags = await asyncio.gather(employee_ids(target), known_attributes(target, 2))
    days = key_window(target)
    body = await target.body(impact="The original payload.", observation_date=days.day(1), attribute_ids=tags[:1])
    key = target.chance.uuid()
    first = succeeded(await target.create(body, key=key))
    others = {"another day": body | {"observation_date": days.day(2)}}
    others |= _other_payloads(body, people, tags)
    *most, last = others.values()
    answers = [
        *await asyncio.gather(*(target.create(one, key=key) for one in most)),
        await target.create(last, key=key),
    ]
    retried = await target.create(body, key=key)
    read = await target.get(f"/observations/{id_of(first)}")
    texts = {other["observation"] for other in others.values()} | {body["observation"]}
    return _Reuse(body, first, dict(zip(others, answers, strict=True)), texts, retried, read)


DIFFERENCES = (
    "another day",
    "another attribute",
    "one character",
    "a field more",
    "a field less",
    "another type",
    "another employee",
    "other texts",
)


def _other_payloads(body: Resource, people: Sequence[str], tags: Sequence[str]) -> dict[str, Resource]:
    """Return valid payloads that differ from `body`, each in one thing; "one character" keeps the length.

    "other texts" are last and alone, so that a refused payload which is stored all the same shows in a read.
    """
    text = body["observation"]
    others = {
        "one character": body | {"observation": f"{text[:-1]}!"},
        "a field more": body | {"recommended_action": "A field that the first payload did not have."},
        "a field less": {name: value for name, value in body.items() if name != "impact"},
        "another type": body | {"type": "opportunity"},
    }
    stranger = next((one for one in people if one != body["employee_id"]), None)
    others |= {"another employee": body | {"employee_id": stranger}} if stranger else {}
    others |= {"another attribute": body | {"attribute_ids": tags[1:]}} if tags[1:] else {}
    told = dict.fromkeys(("impact", "recommended_action"), "Said with a key that was used.")
    return others | {"other texts": body | told | {"observation": f"{text} And more."}}


@judges("IDM-03", over=DIFFERENCES)
async def test_the_same_key_for_another_payload_is_a_conflict(target: Target, difference: str) -> str:
    """A reused key gets 409 conflict where the payload differs in anything, be it one character."""
    reuse = await _reuse(target)
    if difference not in reuse.answers:
        raise NotJudged(
            f"there is only one to choose from for {difference}",
            hint="Give the key a second one: employee_ids or attribute_ids in [tool.conformance].",
        )
    expect_refusal(reuse.answers[difference], 409, "conflict")
    return f"a payload that differs by {difference} gets 409 conflict"


@judges("IDM-04")
async def test_a_refused_reuse_leaves_the_resource_and_its_replay_as_they_were(target: Target) -> str:
    """After the conflicts the observation reads as it was made, and the key still replays its own create."""
    reuse = await _reuse(target)
    _require_conflicts(reuse)
    expect_same(read_resource(reuse.read), read_resource(reuse.first))
    expect_status(reuse.retried, 200, 201)
    expect(
        id_of(reuse.retried) == id_of(reuse.first),
        "after a refused reuse the key replays another resource",
        expected=id_of(reuse.first),
        observed=id_of(reuse.retried),
    )
    return "the observation is unchanged and its key still replays it"


@judges("IDM-04")
async def test_a_refused_reuse_creates_nothing(target: Target) -> str:
    """No observation carries the text of a refused payload; the original is the only one with its own."""
    reuse = await _reuse(target)
    refused = _require_conflicts(reuse)
    accepted = {id_of(one) for one in (reuse.first, *reuse.answers.values()) if one.status in {200, 201}}
    found = {str(item.get("id")) for item in await written(target, reuse.texts, key_window(target))}
    expect(
        found <= accepted,
        "a refused reuse of a key created an observation",
        expected=f"only {sorted(accepted)}",
        observed=sorted(found),
    )
    return f"{refused} refused payloads left no observation"


def _require_conflicts(reuse: _Reuse) -> int:
    """Return how many payloads were refused; block where none was."""
    refused = sum(exchange.status == 409 for exchange in reuse.answers.values())
    if not refused:
        raise Blocked("no reuse of a key for another payload was refused")
    return refused
