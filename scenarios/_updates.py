"""Updates that several rules look at, each sent once: what was before, what was answered, what was read after.

Every observation here belongs to one chain of requests, so that nobody else changes it meanwhile.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import CLEARABLE, PATCHABLE, TYPES
from conformance.errors import Missing
from conformance.judging.expect import require_accepted
from conformance.judging.verdicts import Blocked
from conformance.target.discovery import attribute_ids, employee_ids, no_attribute
from conformance.target.identifiers import never_issued
from conformance.target.reading import read_resource
from scenarios._creates import full_body, known_attributes, quiet_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

NEW: Mapping[str, Any] = MappingProxyType(
    {
        "observation": "Refined wording after a talk.",
        "impact": "The impact as it is seen now.",
        "recommended_action": "Keep it up; write it down.",
    }
)
"""What updates set the texts to; attribute_ids take another known attribute."""
TOGETHER = "several fields"
UPDATES = (*PATCHABLE, TOGETHER)
CLEARINGS = {f"{name} cleared": name for name in (*CLEARABLE, "attribute_ids")}


@dataclass(frozen=True, slots=True)
class Change:
    """An observation before an update, the update, its answer, and a read of the observation after it."""

    before: Resource
    sent: Mapping[str, Any]
    answer: Exchange
    read: Exchange

    @property
    def path(self) -> str:
        """Where the observation is."""
        return f"/observations/{self.before['id']}"

    @property
    def after(self) -> Resource:
        """The observation as it was read afterwards; raise `Refused` where it could not be."""
        return read_resource(self.read)

    @property
    def taken(self) -> Resource:
        """The observation after an update that was accepted; block where it was not."""
        require_accepted(self.answer, 200)
        return self.after


async def patched(target: Target, before: Resource, sent: Mapping[str, Any]) -> Change:
    """Send an update and read the observation after it."""
    path = f"/observations/{before['id']}"
    answer = await target.patch(path, json=dict(sent))
    return Change(before, sent, answer, await target.get(path))


BARE: Mapping[str, Any] = MappingProxyType({"impact": None, "recommended_action": None, "attribute_ids": []})
"""An observation that has nothing but what it must have."""


async def fresh(target: Target, **fields: Any) -> Resource:  # noqa: ANN401  # any JSON value
    """Make an observation with every field, and one attribute at most, `fields` on top, and give it as it reads."""
    known = await known_attributes(target, 1)
    body = await full_body(target, **{"attribute_ids": known, "observation_date": quiet_day(target), **fields})
    made = await target.make(**body)
    return await target.read(made.id)


async def update_of(target: Target, name: str) -> Change:
    """Share an update of one field, or of several, sent once updated_at can show that it moved."""
    if name == TOGETHER:
        return await target.once(f"an update of {TOGETHER}", lambda: _together(target))
    if name == "attribute_ids":
        await attribute_ids(target, at_least=2)
    return (await _course(target)).updates[name]


async def _together(target: Target) -> Change:
    others = (await known_attributes(target, 3))[1:]
    sent = dict(NEW) | ({"attribute_ids": others} if others else {})
    return await _patched_in_time(target, await fresh(target), sent)


async def _patched_in_time(target: Target, before: Resource, sent: Mapping[str, Any]) -> Change:
    await asyncio.sleep(pause(before.get("updated_at")))
    return await patched(target, before, sent)


async def clearing_of(target: Target, name: str) -> Change:
    """Share the update that clears a field which an update filled before, sent once updated_at can show it."""
    if not (await update_of(target, name)).taken.get(name):
        raise Blocked(f"the update before it stored no {name}")
    return (await _course(target)).clearings[name]


@dataclass(frozen=True, slots=True)
class _Course:
    """One observation: filled field by field, then cleared field by field, each following on the one before."""

    updates: Mapping[str, Change]
    clearings: Mapping[str, Change]

    @property
    def last(self) -> Resource:
        """What has become of it."""
        return list(self.clearings.values())[-1].after


async def _course(target: Target) -> _Course:
    return await target.once("updates of single fields", lambda: _run_course(target))


async def _run_course(target: Target) -> _Course:
    another = (await known_attributes(target, 2))[1:]
    sent: dict[str, Any] = {**({"attribute_ids": another} if another else {}), **dict(reversed(tuple(NEW.items())))}
    updates = await _one_by_one(target, await fresh(target, **BARE), {name: {name: sent[name]} for name in sent})
    bodies: dict[str, dict[str, Any]] = {name: {} for name in CLEARINGS.values() if name in updates}
    for name, body in bodies.items():
        body[name] = BARE[name]
    bodies[CLEARABLE[1]] |= {CLEARABLE[0]: None}  # by then it is null: of two nulls both are to be taken
    return _Course(updates, await _one_by_one(target, list(updates.values())[-1].after, bodies))


async def _one_by_one(target: Target, now: Resource, bodies: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Change]:
    changes = {}
    for name, body in bodies.items():
        changes[name] = await _patched_in_time(target, now, body)
        now = changes[name].after
    return changes


def pause(updated_at: object) -> float:
    """Return the seconds after which updated_at surely shows a change, by the digits of it that are not zero."""
    text = updated_at if isinstance(updated_at, str) else ""
    _, _, fraction = text.partition(".")
    digits = fraction.rstrip("Zz+-:").partition("+")[0].partition("-")[0].rstrip("0")
    return 1.1 if not digits else 1.1 * 10.0 ** -min(len(digits), 6) + 0.02


@dataclass(frozen=True, slots=True)
class Attempted:
    """Attempts to move an observation: to another employee (None where only one is known) and to the other type.

    `beside` is the one to another employee beside a change of all that may be changed, which may well be taken over.
    """

    employee_id: Change | None
    type: Change
    beside: Change | None


async def moves(target: Target) -> Attempted:
    """Share the attempts, made on an observation that took an update before."""
    return await target.once("updates of employee and type", lambda: _moves(target))


async def _moves(target: Target) -> Attempted:
    require_accepted((await update_of(target, "observation")).answer, 200)
    before = (await _course(target)).last
    other = next((one for one in await employee_ids(target) if one != before.get("employee_id")), None)
    turned = await patched(target, before, {"type": other_type(before)})
    if other is None:
        return Attempted(None, turned, None)
    beside = await patched(target, turned.after, {"employee_id": other, **NEW, "attribute_ids": []})
    return Attempted(await patched(target, beside.after, {"employee_id": other}), turned, beside)


async def move(target: Target, name: str) -> Change:
    """Give the attempt to change employee_id or type; raise `Missing` where nobody else is known."""
    attempted = await moves(target)
    if name == "type":
        return attempted.type
    if attempted.employee_id is None:
        hint = "Give the key employees:read, or name two as employee_ids in [tool.conformance]."
        raise Missing("a second employee", hint=hint)
    return attempted.employee_id


def other_type(observation: Resource) -> str:
    """Give the type that the observation is not of."""
    return TYPES[observation.get("type") == TYPES[0]]


@dataclass(frozen=True, slots=True)
class Archival:
    """Updates of one observation: accepted before, sent again while it is archived, and again once it is restored.

    The one `before` clears a text and the attributes beside a new text; what it left was read once it was archived.
    """

    before: Change
    archived: Resource
    updates: Mapping[str, Exchange]
    read: Exchange
    restored: Exchange
    again: Exchange
    read_again: Exchange


async def archival(target: Target) -> Archival:
    """Share the life of an observation that is updated before, during and after its time in the archive."""
    return await target.once("updates while archived", lambda: _archival(target))


async def _archival(target: Target) -> Archival:
    resource = await fresh(target)
    path = f"/observations/{resource['id']}"
    before: dict[str, Any] = {"observation": "Before it was archived.", "impact": None, "attribute_ids": []}
    answer = require_accepted(await target.patch(path, json=before), 200)
    require_accepted(await target.archive(resource["id"]), 200)
    cleared = Change(resource, before, answer, await target.get(path))
    archived = cleared.after
    if archived.get("archived_at") is None:
        raise Blocked("the archive before it set no archived_at")
    known = await known_attributes(target, 1)
    sent: dict[str, Any] = {**NEW, "recommended_action": None, **({"attribute_ids": known} if known else {})}
    answers = await asyncio.gather(*(target.patch(path, json={name: value}) for name, value in sent.items()))
    read = await target.get(path)
    restored = await target.restore(resource["id"])
    again = await target.patch(path, json={"impact": NEW["impact"]})
    return Archival(
        cleared, archived, dict(zip(sent, answers, strict=True)), read, restored, again, await target.get(path)
    )


@dataclass(frozen=True, slots=True)
class Mixed:
    """One valid field and one that has to be refused, in this order."""

    valid: Mapping[str, Any]
    invalid: Mapping[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """Both together."""
        return {**self.valid, **self.invalid}


UNKNOWN = "an unknown attribute"
"""It is sent by an id of the form that the target's attributes have."""
MIXES: Mapping[str, Mixed] = MappingProxyType(
    {
        "an empty text": Mixed({"impact": None}, {"observation": ""}),
        "a long text": Mixed({"observation": "Beside a text that is too long."}, {"impact": "z" * 2001}),
        "a wrong type": Mixed({"attribute_ids": []}, {"recommended_action": {"text": "no text"}}),
        UNKNOWN: Mixed(
            {"recommended_action": "Beside it.", "observation": "Beside an attribute that is not known."},
            {"attribute_ids": [never_issued("attr")]},
        ),
    }
)
"""By what is refused. Each changes a field or a text of its own, so that a trace left behind tells whose it is."""
ANOTHER_TYPE, ANOTHER_EMPLOYEE = "another type", "another employee"
"""Beside a change of all that may be changed."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Updates of one observation after another: an accepted one, an unknown attribute, and the mixes."""

    accepted: Change
    unknown_attributes: Sequence[Change]
    mixes: Mapping[str, Change]


async def refusals(target: Target) -> Refusals:
    """Share the updates that have to be refused, sent to one observation, which is read after them."""
    return await target.once("updates to be refused", lambda: _refusals(target))


async def _refusals(target: Target) -> Refusals:
    resource = await fresh(target)
    known = await known_attributes(target, 1)
    accepted = await patched(target, resource, {"attribute_ids": known, "impact": "Accepted."})
    now = accepted.taken
    ids = ([await no_attribute(target)], [*known, await no_attribute(target)])[: 1 + len(known)]
    mixed = {name: one.body for name, one in MIXES.items()}
    mixed[UNKNOWN] = mixed[UNKNOWN] | {"attribute_ids": ids[0]}
    bodies = [{"attribute_ids": one} for one in ids] + [*mixed.values()]
    answers = [await target.patch(f"/observations/{now['id']}", json=body) for body in bodies]
    read = await target.get(f"/observations/{now['id']}")
    changes = [Change(now, body, answer, read) for body, answer in zip(bodies, answers, strict=True)]
    mixes = dict(zip(MIXES, changes[len(ids) :], strict=True))
    turning = {**NEW, "attribute_ids": [], "type": other_type(now)}
    mixes[ANOTHER_TYPE] = await patched(target, read_resource(read), turning)
    return Refusals(accepted, changes[: len(ids)], mixes)


SILENT: Mapping[str, Callable[[Resource], dict[str, Any]]] = MappingProxyType(
    {
        "an empty body": lambda _before: {},
        "observation_date": lambda _before: {"observation_date": "2015-03-02"},
        "the same employee_id": lambda before: {"employee_id": before.get("employee_id")},
        "the same type": lambda before: {"type": before.get("type")},
    }
)
"""Bodies on which the documents are silent, by what they hold."""


async def silent_updates(target: Target) -> Mapping[str, Change]:
    """Share updates with each of these bodies, sent to one observation after another."""
    return await target.once("updates on which the documents are silent", lambda: _silent_updates(target))


async def _silent_updates(target: Target) -> Mapping[str, Change]:
    now, changes = await fresh(target), {}
    for name, body in SILENT.items():
        changes[name] = await patched(target, now, body(now))
        now = changes[name].after
    return changes
