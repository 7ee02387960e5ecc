"""Every decision at which an implementation may differ, as one frozen record of small callables.

A lie or a legal variant is `dataclasses.replace(HONEST, ...)`. What can be told from outside is best done with `door`,
which stands around everything and sees HTTP only; the other fields are for what happens inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table

from conformance.reference import clock, cursors, deciding, errors, idempotency, identifiers, listing, quota

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.reference.call import Event
    from conformance.reference.http import Door, Handler, Request, Response
    from conformance.reference.keys import ApiKey
    from conformance.reference.storage import Row

Condition = ColumnElement[bool]


async def open_door(request: Request, handler: Handler) -> Response:
    """Let a request in and its response out as they are."""
    return await handler(request)


@dataclass(frozen=True)
class Behaviour:
    """How a reference decides; instants are microseconds since the epoch, durations seconds."""

    # Around everything: rewrite a request or a response, call the handler several times or not at all.
    door: Door = open_door
    # Before that: what comes over plain http to a reference that is served over https.
    in_clear: Door = deciding.refuse_in_clear

    # Lists. page_size gives the size or raises errors.invalid(...); unseal raises ValueError.
    page_size: Callable[[str | None], int] = listing.page_size
    seal: Callable[[cursors.Position, bytes], str] = cursors.seal
    unseal: Callable[[str, bytes], cursors.Position] = cursors.unseal
    keyset: Callable[[Sequence[listing.Term], Sequence[cursors.Value]], Condition] = listing.keyset
    tie_break: Callable[[Sequence[listing.Term], ColumnElement[Any]], tuple[listing.Term, ...]] = listing.tie_break
    compare: Callable[[str, ColumnElement[Any], Any], Condition] = listing.compare
    archived: Callable[[ColumnElement[Any], str], Condition | None] = deciding.archived
    reports: Callable[[Mapping[str, Sequence[str]], str], frozenset[str]] = deciding.reports
    lag: float = 0.0

    # Who sees what: the purpose is get, list, search, expand, reference or deliver.
    visible: Callable[[str, Table, str], Condition] = deciding.visible
    findable: Callable[[Table], Condition] = deciding.findable

    # Bodies.
    text_length: Callable[[str], int] = len
    in_future: Callable[[str, int], bool] = deciding.in_future
    immutable: frozenset[str] = frozenset({"employee_id", "type"})

    # Idempotency.
    fingerprint: Callable[[Request], str] = idempotency.fingerprint
    idempotency_owner: Callable[[ApiKey], str] = deciding.organization_of
    retention: float = idempotency.RETENTION
    remembered: Callable[[Response], bool] = idempotency.remembered
    replay: Callable[[Response], Response] = idempotency.replay

    # Time and identifiers: precision cuts what is stored, timestamp writes it.
    precision: Callable[[int], int] = clock.to_milliseconds
    timestamp: Callable[[int], str] = clock.iso_milliseconds
    today: Callable[[int], str] = clock.utc_date
    mint: Callable[[str, int], str] = identifiers.mint

    # Changes: action is update, archive or restore; touched gives updated_at from before and now.
    permitted: Callable[[str, Row], bool] = deciding.permitted
    touched: Callable[[str, int, int], int] = deciding.touched
    announce: Callable[[Event], Event | None] = deciding.as_it_is
    subscribed: Callable[[Event, Row], bool] = deciding.subscribed

    # Responses. envelope and publish go together: what is served, and what the spec says of it.
    envelope: Callable[[Mapping[str, Any]], Mapping[str, Any]] = deciding.as_it_is
    publish: Callable[[Mapping[str, Any]], Mapping[str, Any]] = deciding.as_it_is
    statuses: Mapping[str, int] = field(default_factory=lambda: errors.STATUSES)

    # Rate limits: now is in Unix seconds.
    spend: Callable[[quota.Window | None, quota.Quota, float], quota.Window] = quota.spend
    retry_after: Callable[[quota.Window, float], int] = quota.retry_after


HONEST = Behaviour()
