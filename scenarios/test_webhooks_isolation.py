"""AUT-11: no event of another organization is delivered (overview › What the API is for)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.judging.expect import expect
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import Blocked
from conformance.target.listening.subscribing import Subscriber, subscription_form
from conformance.target.reading import read_resource
from conformance.target.target import OBSERVATIONS
from conformance.wire.roles import OTHER_ORG
from scenarios._events import CREATED, NAMES, events_of, is_about, shown
from scenarios._listening import (
    Silence,
    Step,
    a_listener,
    awaited,
    keep_quiet,
    require_delivery,
    require_room,
    warm_up,
)
from scenarios._organizations import OTHER, made_by_other, require_two, their_people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.listening.listener import Delivery
    from conformance.target.target import Target


@dataclass(frozen=True, slots=True)
class _Foreign:
    """What our subscription was delivered while the other organization wrote: what `texts` name is not ours."""

    silence: Silence | None = None
    texts: Sequence[str] = ()
    deliveries: Sequence[Delivery] = ()
    own: Step | None = None


@during(Phase.LISTENING)
@judges("AUT-11")
async def test_no_event_of_another_organization_is_delivered(target: Target) -> str:
    """Of an observation that the other organization makes, updates and archives, our subscription is told nothing."""
    found = await target.once("deliveries beside another organization", lambda: _gather(target))
    require_delivery(found.silence)
    if found.own is None or not found.own.deliveries:
        raise Blocked("no own create was delivered after those of the other organization (EVT-01)")
    leaked = [one for one in found.deliveries if is_about(one, found.texts)]
    expect(
        not leaked,
        f"a subscription was delivered {', '.join(sorted({_named(one) for one in leaked}))} of another organization",
        expected="events of one's own organization alone",
        observed=shown(leaked),
    )
    return "an own create was delivered, and nothing that the other organization wrote before it"


def _named(delivery: Delivery) -> str:
    return next(iter(events_of(delivery)), "something")


async def _gather(target: Target) -> _Foreign:
    await require_two(target)
    listener = a_listener(target)
    form, people = await subscription_form(target), await their_people(target)
    if not people:
        raise Missing("an employee of the other organization", hint=f"Give {OTHER} the scope employees:read.")
    inbox = await listener.inbox()
    async with Subscriber(target, form) as subscriber:
        await subscriber.subscribe(inbox.url, NAMES)
        silence = await warm_up(target, [inbox])
        if silence is not None:
            return _Foreign(silence)
        texts = await _write(target, people[0]["id"])
        later = await target.body()
        own = await awaited(target, inbox, CREATED, target.create(later), later["observation"])
        await keep_quiet(target, [own])
    require_room(inbox)
    return _Foreign(None, texts, inbox.deliveries, own)


async def _write(target: Target, person: str) -> Sequence[str]:
    """Make, update and archive an observation of the other organization; give its text and its id."""
    body = {"employee_id": person, "type": "strength", "observation": target.marker()}
    made = str(read_resource(await made_by_other(target, body))["id"])
    await target.patch(f"{OBSERVATIONS}/{made}", json={"impact": "Nobody else's business."}, role=OTHER_ORG)
    await target.post(f"{OBSERVATIONS}/{made}/archive", role=OTHER_ORG)
    return body["observation"], made
