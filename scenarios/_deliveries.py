"""What subscriptions of ours are delivered: lives of observations, and writes that have to be refused.

No observation is changed again before the delivery of its last change has come, so that each delivery has one state
that it can hold, also where a target reads it late.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.target.discovery import attribute_ids, no_attribute, nobody, surely_deactivated
from conformance.target.listening.subscribing import Subscriber, subscription_form
from conformance.target.reading import read_resource
from conformance.target.target import OBSERVATIONS
from scenarios._creates import full_body
from scenarios._events import ARCHIVED, CREATED, NAMES, RESTORED, UPDATED, telling
from scenarios._listening import (
    Silence,
    Step,
    a_listener,
    awaited,
    keep_quiet,
    patience,
    require_delivery,
    require_room,
    tried,
    warm_up,
)
from scenarios._texts import accepted_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from conformance.target.listening.listener import Delivery, Inbox
    from conformance.target.target import Made, Target
    from conformance.wire.exchange import Exchange

T = TypeVar("T")

WHOLE, SHORTEST = CREATES = ("every field", "required fields")
UPDATES = ("observation", "impact", "recommended_action", "attribute_ids")
TWICE = "impact"
"""What is updated in a life in which something else is updated, and much else happens, after it."""
ARCHIVE, RESTORE = MOVES = ("archive", "restore")
STEPS = (*CREATES, *UPDATES, *MOVES)
SECOND_UPDATE, *SECOND_MOVES = AGAIN = ("a second update", "a second archive", "a second restore")
SECOND_ARCHIVE, SECOND_RESTORE = SECOND_MOVES
"""What has happened to the same observation before. A repeat of that delivery may stand for one of this."""
NARROW = (CREATED, UPDATED)
"""A create, and what an archive or a restore may be taken for."""
INVALID_CREATE, DANGLING_CREATE, INVALID_UPDATE, DANGLING_UPDATE = REFUSED = (
    "invalid create",
    "create about an unknown employee",
    "invalid update",
    "update with an unknown attribute",
)
RESTORE_OF_ACTIVE, UPDATE_OF_ARCHIVED, ARCHIVE_OF_ARCHIVED = CONFLICTS = (
    "restore of an active one",
    "update of an archived one",
    "archive of an archived one",
)
ATTEMPTS = (*REFUSED, *CONFLICTS)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A write that has to be refused: the event that must not tell of it, about what, and when it was sent."""

    event: str
    answer: Exchange
    about: str
    sent: float


@dataclass(frozen=True, slots=True)
class Narrow:
    """What came to a subscription to one type alone, and whether what it was for came to it."""

    deliveries: Sequence[Delivery]
    works: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was written and delivered; what could not be is what kept it from being."""

    silence: Silence | None
    deliveries: Sequence[Delivery] = ()
    steps: Mapping[str, Step | Exception] = field(default_factory=dict)
    attempts: Mapping[str, Attempt | Exception] = field(default_factory=dict)
    narrow: Mapping[str, Narrow | Exception] = field(default_factory=dict)

    def step(self, name: str) -> Step:
        """Give a step whose write succeeded; undecided where there is none, or nothing is delivered at all."""
        require_delivery(self.silence)
        step = there(self.steps[name])
        read_resource(step.answer)
        return step

    def attempt(self, name: str) -> Attempt:
        """Give an attempt; undecided where there is none, or nothing is delivered at all."""
        require_delivery(self.silence)
        return there(self.attempts[name])


def there(found: T | Exception) -> T:
    """Give what was found, or raise what kept it from being."""
    if isinstance(found, Exception):
        raise found
    return found


async def evidence(target: Target) -> Evidence:
    """Share everything that a subscription to all types, and some to one, were delivered; they are removed by then."""
    return await target.once("deliveries", lambda: _gather(target))


async def _gather(target: Target) -> Evidence:
    listener = a_listener(target)
    form = await subscription_form(target)
    text = f"{await accepted_text(target)} {_AT_LENGTH}".strip()
    archived = await tried(target, target.make_archived)  # before anybody listens: its archive is told of to nobody
    since = time.monotonic()
    wide, narrow = await listener.inbox(), {event: await listener.inbox() for event in NARROW}
    async with Subscriber(target, form) as subscriber:
        await subscriber.subscribe(wide.url, NAMES)
        refused = {
            event: await tried(target, partial(subscriber.subscribe, inbox.url, [event]))
            for event, inbox in narrow.items()
        }
        silence = await warm_up(target, [wide, *(narrow[event] for event in NARROW if refused[event] is None)])
        if silence is not None:
            return Evidence(silence)
        lives = _Lives(target, wide, text)
        await lives.live()
        await lives.attempt_on(archived, since)
        await lives.live_whole()
        heard = {event: await _heard(target, inbox, event, lives.taken) for event, inbox in narrow.items()}
        await keep_quiet(target, lives.taken)
    require_room(wide, *narrow.values())
    seen = {event: refused[event] or Narrow(inbox.deliveries, heard[event]) for event, inbox in narrow.items()}
    return Evidence(None, wide.deliveries, lives.steps, lives.attempts, seen)


async def _heard(target: Target, narrow: Inbox, event: str, steps: Sequence[Step]) -> bool:
    """Wait until the last of an event that was delivered has come to a narrow subscription, too."""
    told = [read_resource(step.answer)["id"] for step in steps if step.event == event and step.deliveries]
    if not told:
        return False
    return bool(await narrow.wait(lambda came: telling(came, event, told[-1:]), within=patience(target)))


_AT_LENGTH = "It took three meetings to agree on it, and a fourth to write it down. " * 15
"""A text that is long, though within the limits: a delivery holds the whole of it."""


class _Lives:
    """Lives of observations under a subscription, and what came of each write."""

    def __init__(self, target: Target, inbox: Inbox, text: str) -> None:
        self.target = target
        self.inbox = inbox
        self.text = text
        self.steps: dict[str, Step | Exception] = {}
        self.attempts: dict[str, Attempt | Exception] = {}

    @property
    def taken(self) -> Sequence[Step]:
        """The steps that could be taken so far."""
        return [step for step in self.steps.values() if isinstance(step, Step)]

    async def live(self) -> None:
        """Live those that don't depend on another, at once."""
        await asyncio.gather(
            *(self._through([name], partial(self._updated, name)) for name in UPDATES if name != TWICE),
            self._through([SHORTEST, INVALID_UPDATE, DANGLING_UPDATE, RESTORE_OF_ACTIVE], self._short),
            self._through([INVALID_CREATE, DANGLING_CREATE], self._never_made),
        )

    async def attempt_on(self, archived: Made | Exception, since: float) -> None:
        """Attempt to change what was archived at a moment, once deliveries of that would have come."""
        await keep_quiet(self.target, self.taken, since=since)
        await self._through([UPDATE_OF_ARCHIVED, ARCHIVE_OF_ARCHIVED], partial(self._archived, archived))

    async def live_whole(self) -> None:
        """Live the one of every field, whose create comes after every attempt."""
        await self._through([WHOLE, TWICE, ARCHIVE, RESTORE, *AGAIN], self._whole)

    async def _through(self, names: Sequence[str], life: Callable[[], Awaitable[None]]) -> None:
        """Go through a life; what ends it early stands for all that it did not come to."""
        ended = await tried(self.target, life)
        if ended is None:
            return
        for name in names:
            (self.steps if name in (*STEPS, *AGAIN) else self.attempts).setdefault(name, ended)

    async def _step(self, name: str, event: str, write: Awaitable[Exchange], *texts: str) -> Step:
        step = self.steps[name] = await awaited(self.target, self.inbox, event, write, *texts)
        return step

    async def _attempt(self, name: str, event: str, write: Awaitable[Exchange], about: str) -> None:
        sent = time.monotonic()
        self.attempts[name] = Attempt(event, await write, about, sent)

    async def _updated(self, name: str) -> None:
        before, sent = await self._change_of(name)
        made = await self.target.make(**before)
        texts = [value.removesuffix(self.text).strip() for value in sent.values() if isinstance(value, str)]
        path = f"{OBSERVATIONS}/{made.id}"
        await self._step(name, UPDATED, self.target.patch(path, json=sent), *texts)

    async def _change_of(self, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give what an observation is made with and what it is then changed to in one field, of either type."""
        if name == "attribute_ids":
            known = list(await attribute_ids(self.target))
            return {name: known[:1]}, {name: known[1:2]}
        if name == "recommended_action":
            return {name: "Clear this.", "type": "opportunity"}, {name: None}
        of_type = {"type": "opportunity"} if name == "observation" else {}
        return of_type, {name: f"{self.target.marker()} {self.text}"}

    async def _short(self) -> None:
        away = await surely_deactivated(self.target)  # who was there is written about like who is
        body = await self.target.body(**({"employee_id": away[0]} if away else {}))
        created = await self._step(SHORTEST, CREATED, self.target.create(body), body["observation"])
        made = read_resource(created.answer)["id"]
        spoilt = self.target.patch(f"{OBSERVATIONS}/{made}", json={"observation": ""})
        await self._attempt(INVALID_UPDATE, UPDATED, spoilt, made)
        unknown = {"attribute_ids": [await no_attribute(self.target)]}
        dangling = self.target.patch(f"{OBSERVATIONS}/{made}", json=unknown)
        await self._attempt(DANGLING_UPDATE, UPDATED, dangling, made)
        await self._attempt(RESTORE_OF_ACTIVE, RESTORED, self.target.restore(made), made)

    async def _archived(self, archived: Made | Exception) -> None:
        if isinstance(archived, Exception):
            raise archived
        made = archived.id
        late = self.target.patch(f"{OBSERVATIONS}/{made}", json={"impact": "Too late."})
        await self._attempt(UPDATE_OF_ARCHIVED, UPDATED, late, made)
        await self._attempt(ARCHIVE_OF_ARCHIVED, ARCHIVED, self.target.archive(made), made)

    async def _never_made(self) -> None:
        unknown = await nobody(self.target)
        for name, spoilt in ((INVALID_CREATE, {"type": "neither"}), (DANGLING_CREATE, {"employee_id": unknown})):
            body = await self.target.body(**spoilt)
            await self._attempt(name, CREATED, self.target.create(body), body["observation"])

    async def _whole(self) -> None:
        marker = self.target.marker()
        body = await full_body(self.target, observation=f"{marker} {self.text}")
        created = await self._step(WHOLE, CREATED, self.target.create(body), marker)
        made = read_resource(created.answer)["id"]
        again = {"observation": f"{marker} Changed again.", "recommended_action": "Changed with it."}
        await self._step(TWICE, UPDATED, self._patch(made, {TWICE: f"{self.target.marker()} {self.text}"}), made)
        await self._step(ARCHIVE, ARCHIVED, self.target.archive(made), made)
        await self._step(RESTORE, RESTORED, self.target.restore(made), made)
        await self._step(SECOND_UPDATE, UPDATED, self._patch(made, again), made)
        await self._step(SECOND_ARCHIVE, ARCHIVED, self.target.archive(made), made)
        await self._step(SECOND_RESTORE, RESTORED, self.target.restore(made), made)

    async def _patch(self, made: str, sent: Mapping[str, Any]) -> Exchange:
        return await self.target.patch(f"{OBSERVATIONS}/{made}", json=dict(sent))
