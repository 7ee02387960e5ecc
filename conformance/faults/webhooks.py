"""Lies about webhook deliveries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.announcing import Subscriptions, announces, telling_of_refusals
from conformance.faults.model import lies
from conformance.faults.rewriting import is_update
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.reference import Handler, Request, Response
    from conformance.reference.call import Event

    Item = dict[str, Any]

CREATED, UPDATED = "observation.created", "observation.updated"
ARCHIVED, RESTORED = "observation.archived", "observation.restored"


def _without(*types: str) -> Behaviour:
    return announces(lambda event, _: None if event.type in types else event)


def _as(renamed: dict[str, str]) -> Behaviour:
    return announces(lambda event, _: replace(event, type=renamed.get(event.type, event.type)))


def _data(change: Callable[[Event, Item | None], Item]) -> Behaviour:
    return announces(lambda event, before: replace(event, data=change(event, before)))


def _changed(event: Event, before: Item | None) -> Item:
    """Give the fields that an event changed, its timestamp left aside."""
    return {
        name: value for name, value in event.data.items() if value != (before or {}).get(name) and name != "updated_at"
    }


@lies("EVT-01")
def webhooks_deliver_nothing() -> Behaviour:
    """Subscriptions are accepted, and nothing is ever delivered."""
    return _without(CREATED, UPDATED, ARCHIVED, RESTORED)


@lies("EVT-01")
def creates_deliver_nothing() -> Behaviour:
    """Only changes to what exists are delivered."""
    return _without(CREATED)


@lies("EVT-01")
def creates_deliver_updated() -> Behaviour:
    """A create is delivered as observation.updated."""
    return _as({CREATED: UPDATED})


@lies("EVT-01")
def short_creates_deliver_nothing() -> Behaviour:
    """A create without impact is not delivered."""
    return announces(lambda event, _: None if event.type == CREATED and event.data["impact"] is None else event)


@lies("EVT-02")
def updates_deliver_nothing() -> Behaviour:
    """Updates are not delivered."""
    return _without(UPDATED)


@lies("EVT-02")
def retagging_delivers_nothing() -> Behaviour:
    """An update of attribute_ids alone is not delivered."""
    return announces(
        lambda event, before: (
            None if event.type == UPDATED and set(_changed(event, before)) == {"attribute_ids"} else event
        )
    )


@lies("EVT-02")
def updates_of_opportunities_deliver_nothing() -> Behaviour:
    """An update of an opportunity is not delivered."""
    return announces(lambda event, _: None if event.type == UPDATED and event.data["type"] == "opportunity" else event)


@lies("EVT-02")
def clearing_delivers_nothing() -> Behaviour:
    """An update that only clears a field is not delivered."""
    return announces(
        lambda event, before: None if event.type == UPDATED and not any(_changed(event, before).values()) else event
    )


def _once_each(of_type: str, key: Callable[[Mapping[str, Any]], str]) -> Behaviour:
    """Deliver of the events of a type the first with each key."""
    told: set[str] = set()

    def tell(event: Event, _: Item | None) -> Event | None:
        known = key(event.data) in told
        if event.type == of_type:
            told.add(key(event.data))
        return None if event.type == of_type and known else event

    return announces(tell)


@lies("EVT-02")
def only_the_first_update_is_delivered() -> Behaviour:
    """Of the updates of one observation the first is delivered."""
    return _once_each(UPDATED, lambda data: data["id"])


@lies("EVT-03")
def only_the_first_archive_is_delivered() -> Behaviour:
    """What was archived before and restored is archived again without a delivery."""
    return _once_each(ARCHIVED, lambda data: data["id"])


@lies("EVT-02")
def one_update_is_delivered() -> Behaviour:
    """Of updates to different observations only the first within a second is delivered."""
    return _once_each(UPDATED, lambda data: data["updated_at"][:19])


@lies("EVT-02")
def updates_after_a_restore_deliver_nothing() -> Behaviour:
    """What was archived once is updated without a delivery."""
    restored: set[str] = set()

    def tell(event: Event, _: Item | None) -> Event | None:
        if event.type == RESTORED:
            restored.add(event.data["id"])
        return None if event.type == UPDATED and event.data["id"] in restored else event

    return announces(tell)


@lies("EVT-03")
def only_the_first_restore_is_delivered() -> Behaviour:
    """What was restored before is restored again without a delivery."""
    return _once_each(RESTORED, lambda data: data["id"])


@lies("EVT-03")
def archives_deliver_nothing() -> Behaviour:
    """An archive is not delivered."""
    return _without(ARCHIVED)


@lies("EVT-03")
def restores_deliver_nothing() -> Behaviour:
    """A restore is not delivered."""
    return _without(RESTORED)


@lies("EVT-03")
def restores_deliver_updated() -> Behaviour:
    """A restore is delivered as observation.updated."""
    return _as({RESTORED: UPDATED})


@lies("EVT-03")
def archives_and_restores_change_names() -> Behaviour:
    """An archive is delivered as observation.restored, a restore as observation.archived."""
    return _as({ARCHIVED: RESTORED, RESTORED: ARCHIVED})


@lies("EVT-04")
def data_is_what_was_before() -> Behaviour:
    """An update is delivered with the observation as it was before."""
    return _data(lambda event, before: before if before and event.type == UPDATED else dict(event.data))


@lies("EVT-04")
def data_is_what_changed() -> Behaviour:
    """An update is delivered with the id and the changed fields alone."""
    return _data(
        lambda event, before: (
            {"id": event.data["id"], **_changed(event, before)} if event.type == UPDATED else dict(event.data)
        )
    )


@lies("EVT-04")
def data_lacks_what_is_null() -> Behaviour:
    """Fields that are null are left out of the data."""
    return _data(lambda event, _: {name: value for name, value in event.data.items() if value is not None})


@lies("EVT-04")
def data_of_an_archive_is_active() -> Behaviour:
    """An archive is delivered with archived_at null."""
    return _data(lambda event, _: {**event.data, "archived_at": None})


@lies("EVT-04")
def data_keeps_the_old_updated_at() -> Behaviour:
    """An update is delivered with the updated_at of the change before."""
    return _data(
        lambda event, before: (
            {**event.data, "updated_at": (before or event.data)["updated_at"]}
            if event.type == UPDATED
            else dict(event.data)
        )
    )


@lies("EVT-04")
def data_cuts_long_texts() -> Behaviour:
    """Texts are cut after a hundred characters in deliveries."""
    return _data(
        lambda event, _: {name: value[:100] if isinstance(value, str) else value for name, value in event.data.items()}
    )


@lies("EVT-04")
def data_of_an_update_cuts_long_texts() -> Behaviour:
    """The impact is cut after a thousand characters where an update is delivered."""
    return _data(
        lambda event, _: (
            {**event.data, "impact": (event.data["impact"] or "")[:1000] or None}
            if event.type == UPDATED
            else dict(event.data)
        )
    )


@lies("EVT-04")
def data_holds_the_observation_in_a_member() -> Behaviour:
    """The data is an object with the observation in a member of its own."""
    return _data(lambda event, _: {"id": event.data["id"], "observation": dict(event.data)})


@lies("EVT-04")
def data_is_an_id() -> Behaviour:
    """The data holds the id alone."""
    return _data(lambda event, _: {"id": event.data["id"]})


@lies("EVT-05")
def refused_creates_are_delivered() -> Behaviour:
    """A create that is refused as invalid is delivered all the same."""
    return telling_of_refusals(CREATED, 400)


@lies("EVT-05")
def creates_about_nobody_are_delivered() -> Behaviour:
    """A create that is refused because nobody has its employee_id is delivered all the same."""
    return telling_of_refusals(CREATED, 422)


@lies("EVT-05")
def refused_updates_are_delivered() -> Behaviour:
    """An update that is refused as invalid is delivered all the same."""
    return telling_of_refusals(UPDATED, 400)


@lies("EVT-05")
def updates_with_an_unknown_attribute_are_delivered() -> Behaviour:
    """An update that is refused for an attribute that nobody has is delivered all the same."""
    return telling_of_refusals(UPDATED, 422)


@lies("EVT-05")
def updates_of_archived_ones_are_delivered() -> Behaviour:
    """An update of an archived observation is refused, and delivered all the same."""
    return telling_of_refusals(UPDATED, 409)


@lies("EVT-05")
def second_archives_are_delivered() -> Behaviour:
    """The archive of an archived observation is refused, and delivered all the same."""
    return telling_of_refusals(ARCHIVED, 409)


@lies("EVT-05")
def needless_restores_are_delivered() -> Behaviour:
    """The restore of an active observation is refused, and delivered all the same."""
    return telling_of_refusals(RESTORED, 409)


@lies("EVT-05")
def all_types_are_delivered() -> Behaviour:
    """A subscription gets all events, whichever it asked for."""
    return replace(HONEST, subscribed=lambda _event, _webhook: True)


@lies("EVT-05")
def restores_are_delivered_to_everybody() -> Behaviour:
    """A restore is delivered to every subscription."""
    return replace(
        HONEST, subscribed=lambda event, webhook: event.type == RESTORED or HONEST.subscribed(event, webhook)
    )


@lies("EVT-05")
def archives_are_delivered_to_who_asked_for_updates() -> Behaviour:
    """A subscription to updates gets archives, too."""
    return replace(
        HONEST,
        subscribed=lambda event, webhook: (
            HONEST.subscribed(event, webhook) or (event.type == ARCHIVED and UPDATED in webhook["event_types"])
        ),
    )


@lies("EVT-05")
def updates_are_delivered_to_who_asked_for_creates() -> Behaviour:
    """A subscription to creates gets updates, too."""
    return replace(
        HONEST,
        subscribed=lambda event, webhook: (
            HONEST.subscribed(event, webhook) or (event.type == UPDATED and CREATED in webhook["event_types"])
        ),
    )


@lies("AUT-11")
def events_of_all_organizations() -> Behaviour:
    """A subscription gets the events of every organization."""
    return replace(
        HONEST,
        visible=lambda purpose, table, organization: (
            table.c.id.is_not(None) if purpose == "deliver" else HONEST.visible(purpose, table, organization)
        ),
    )


@lies("AUT-11")
def updates_of_all_organizations() -> Behaviour:
    """Updates, and nothing else, are delivered across organizations."""
    known = Subscriptions()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        known.note(request, response)
        if is_update(request) and response.status == 200:
            await known.tell(request, UPDATED, response.json(), everybody=True)
        return response

    return replace(HONEST, door=door)
