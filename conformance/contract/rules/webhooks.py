"""Rules on webhook deliveries about observations."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

WEBHOOK_EVENTS = observations("Webhook events")

RULES: tuple[Rule, ...] = (
    Rule(
        id="EVT-01",
        level=Level.MUST,
        title="A create MUST deliver observation.created.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="Jobs that write a recommended action, or post to a channel, start from this event.",
        how=(
            "A subscription to the suite's listener that was seen to work, a create of every field and one of the "
            "required fields, and a bounded wait for deliveries that name the event and hold the id. Of the "
            "envelope nothing but data is relied on; repeats and any order are fine."
        ),
    ),
    Rule(
        id="EVT-02",
        level=Level.MUST,
        title="An update of an active observation MUST deliver observation.updated.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="A copy held elsewhere goes stale without anybody knowing.",
        how="One update of each field, one of them a clearing, and a bounded wait for the delivery of each.",
    ),
    Rule(
        id="EVT-03",
        level=Level.MUST,
        title="Archive MUST deliver observation.archived, and restore observation.restored.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="Withdrawn feedback would stay visible in every connected system.",
        how="The archive and then the restore of one observation, and a bounded wait for the delivery of each.",
    ),
    Rule(
        id="EVT-04",
        level=Level.MUST,
        title="The data of a delivery MUST be the full observation after the change.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="Receivers store it as it comes and don't ask the API again.",
        how=(
            "The delivery's data is compared with the answer to the write that caused it, field by field. Each "
            "observation stays as it is until the delivery has come, so that only one state is right."
        ),
    ),
    Rule(
        id="EVT-05",
        level=Level.SHOULD,
        title="Refused changes, and event types that were not subscribed to, SHOULD deliver nothing.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why=("A receiver acts on every event; one about something that did not happen starts a job on nothing."),
        how=(
            "Refused writes, and subscriptions to creates or updates alone, followed by an accepted create whose "
            "delivery is awaited: nothing else may have arrived thrice as long after it as deliveries take."
        ),
    ),
)
