"""Rules on webhook deliveries about observations."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

WEBHOOK_EVENTS = observations("Webhook events")

RULES: tuple[Rule, ...] = (
    Rule(
        id="EVT-01",
        level=Level.MUST,
        title="Create delivers observation.created.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="EVT-02",
        level=Level.MUST,
        title="Update of an active observation delivers observation.updated.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="EVT-03",
        level=Level.MUST,
        title="Archive delivers observation.archived, restore observation.restored.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="EVT-04",
        level=Level.MUST,
        title="The delivery's data is the full observation after the change.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="EVT-05",
        level=Level.SHOULD,
        title="Refused changes and event types not subscribed to deliver nothing.",
        sources=(WEBHOOK_EVENTS,),
        needs=frozenset({Need.LISTENER, Need.WRITE}),
        why="",
        how="",
    ),
)
