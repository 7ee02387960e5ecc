"""The documented webhook events. Source: observations, Webhook events."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """An event `type`, the name of the `operation` on observations that fires it, and the rule on it."""

    type: str
    operation: str
    rule: str


EVENTS: tuple[Event, ...] = (
    Event("observation.created", "create", "EVT-01"),
    Event("observation.updated", "update", "EVT-02"),
    Event("observation.archived", "archive", "EVT-03"),
    Event("observation.restored", "restore", "EVT-03"),
)
