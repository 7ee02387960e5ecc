"""Finding out what a create made whose answer nobody saw: by sending it again, or by what things say of the run."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing, TargetError
from conformance.target.asking import ASKER
from conformance.target.instants import instant, target_now
from conformance.target.made.accounting import account
from conformance.target.made.intents import keeper
from conformance.target.reading import unwrap, with_query
from conformance.target.target import OBSERVATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.target.made.intents import Intent
    from conformance.target.reading import Page
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

CONFLICT = 409
REMEMBERED = timedelta(hours=23).total_seconds()
"""An Idempotency-Key tells for 24 hours what it made (overview › Idempotency keys), but for some to spare."""
PAGES = 10
"""So many pages of 100 are looked through at most."""
SLACK = timedelta(minutes=1)
NOW = timedelta(seconds=2)
"""What was made so shortly before an answer was made by that request."""
WHILE_AGO = 10.0
_OURS = re.compile(r"conformance-[0-9a-f]{16}|https?://[^/]+/.*[\w-]{16}")
"""Addresses and words that we made up (target/bodies.py, target/schemas.py), and URLs of inboxes (listener.py)."""


# by sending it again ---------------------------------------------------------------------------------------


async def send_again(target: Target, intent: Intent) -> None:
    """Repeat a create under its own Idempotency-Key, and note in the journal what the replay tells."""
    if intent.body is None or not intent.key or _since(target, intent.at) > REMEMBERED:
        return
    if intent.role in {"", *target.client.roles}:
        await target.eventually(lambda: _is_told(target, intent))


async def _is_told(target: Target, intent: Intent) -> bool:
    """Send it; False where it is worth another try, because the first is still at work."""
    headers = {"Idempotency-Key": intent.key, "Content-Type": intent.content_type or None}
    try:
        exchange = await target.client.send(
            "POST",
            intent.path,
            content=intent.body,
            headers=headers,
            role=intent.role or None,
            idempotent=True,
            asked_by=ASKER.get(),
        )
    except (TargetError, Missing):
        return True
    if exchange.status == CONFLICT:
        return False
    made = _made_anew(exchange, intent)
    if made is not None:
        target.journal.made(made, intent.path, intent.role)  # and nobody knows of the first one
    else:
        account(target.journal, exchange, intent.number)
    return True


def _made_anew(exchange: Exchange, intent: Intent) -> str | None:
    """Give the id of what was made just now although the first request is a while ago: it was no replay."""
    response = exchange.response
    resource = (unwrap(response.json) if response is not None and response.is_json else None) or {}
    moment = instant(resource.get("created_at"))
    if moment is None or time.time() - intent.at < WHILE_AGO or target_now(exchange) - moment > NOW:
        return None
    return resource.get("id")


# by looking for it -----------------------------------------------------------------------------------------


async def sweep(target: Target, role: str) -> int:
    """Note in the journal which observations that it does not know say that the run wrote them; return how many.

    `role` is the key by which to look: this organization's, or the other's. Once all that is as young as the run has
    been seen, nothing that would say so is unknown any more.
    """
    query: list[tuple[str, str]] = [("sort", "-created_at"), ("limit", "100")]
    found = 0
    for _ in range(PAGES):
        try:
            page = await target.page(OBSERVATIONS, query, role=role)
        except (TargetError, Missing):
            return found
        ours = [str(item.get("id")) for item in page.items if target.signature in "\n".join(_texts(item))]
        found += _note(target, ours, OBSERVATIONS, role)
        if page.next_cursor is None or (not ours and _is_older(page, _since(target, target.journal.began))):
            _settle_signed(target, role)
            return found
        query = with_query(query, cursor=page.next_cursor)
    return found


def _since(target: Target, moment: float) -> float:
    """Give the seconds since a moment of ours as the target counts them, whose clock may have been moved for the run.

    They are too many for a moment after that, which is on the safe side.
    """
    clock = target.means.clock
    return time.time() - moment + (clock.moved if clock is not None else 0.0)


def _is_older(page: Page, seconds: float) -> bool:
    """Tell whether the last of a page was made before the run began, so many seconds ago, by the target's clock."""
    since = timedelta(seconds=seconds) + SLACK
    moments = [instant(item.get("created_at")) for item in page.items[-1:]]
    return any(moment is not None and moment < target_now(page.exchange) - since for moment in moments)


def _note(target: Target, ids: list[str], path: str, role: str) -> int:
    strays = [one for one in ids if not target.journal.knows(one)]
    for stray in strays:
        target.journal.made(stray, path, role)
    return len(strays)


def _settle_signed(target: Target, role: str) -> None:
    for intent in target.journal.unanswered():
        if intent.path == OBSERVATIONS and intent.signed and keeper(intent.role) == role:
            target.journal.answered(intent.number)


async def look_elsewhere(target: Target, intent: Intent) -> int:
    """Look for what a create on another collection made by a text of ours in its body; return how much was found."""
    said = _said(target, intent)
    role = keeper(intent.role)
    if not said or role not in target.client.roles:
        return 0
    try:
        walk = await target.walk(intent.path, {"limit": "100"}, at_most=PAGES, role=role)
    except (TargetError, Missing):
        return 0
    ours = [str(item.get("id")) for item in walk.items if said & set(_texts(item))]
    found = _note(target, ours, intent.path, role)
    if ours or walk.ended:
        target.journal.answered(intent.number)
    return found


def _said(target: Target, intent: Intent) -> set[str]:
    """Give the texts of a body that nobody else would write."""
    try:
        texts = set(_texts(json.loads(intent.body or b"")))
    except ValueError:
        return set()
    return {text for text in texts if target.signature in text or _OURS.search(text)}


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON value
    """Give all texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
