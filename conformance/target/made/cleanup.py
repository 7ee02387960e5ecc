"""Leaving a target as it was found: what a run made is removed, also what it never learned that it made."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from conformance.target.asking import ask_as
from conformance.target.made.finding import look_elsewhere, send_again, sweep
from conformance.target.made.removal import remove_made
from conformance.target.target import OBSERVATIONS

if TYPE_CHECKING:
    from conformance.target.target import Target

PATIENCE = 20.0
"""Seconds that the clean-up may wait on 429 and 503, whatever the run has spent."""


async def clean_up(target: Target) -> tuple[str, ...]:
    """Remove all that the journal's run made and has not removed; return the ids for which that failed.

    What is still being gathered is cancelled first. A create whose answer was lost, or told no id, is sent once more
    where that tells what it made; what can't be found out so, and what a refused create made all the same, is looked
    for by what it says of the run. What remains unknown stays in the journal.
    """
    ask_as("cleanup", "cleanup")
    target.client.renew_patience(PATIENCE)
    await target.stop()
    await asyncio.gather(*(send_again(target, intent) for intent in target.journal.unanswered()))
    left = await remove_made(target)
    if await _look(target):
        left = await remove_made(target)
    target.journal.close()
    return left


async def _look(target: Target) -> int:
    """Look for what the run made without knowing; return how much was found."""
    journal = target.journal
    await _let_settle(target)
    found = sum([await sweep(target, role) for role in sorted(journal.makers & target.client.roles)])
    elsewhere = [intent for intent in journal.unanswered() if intent.path != OBSERVATIONS]
    return found + sum([await look_elsewhere(target, intent) for intent in elsewhere])


async def _let_settle(target: Target) -> None:
    """Give lists the time that they may lag behind the creates that nobody saw answered."""
    last = max((intent.at for intent in target.journal.unanswered()), default=0.0)
    await asyncio.sleep(max(0.0, min(target.settings.settle, last + target.settings.settle - time.time())))
