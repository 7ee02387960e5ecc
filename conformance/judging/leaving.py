"""The end of a run at its target: what it made is removed, then what earlier runs left there that died."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.errors import ConformanceError
from conformance.target.made.cleanup import clean_up
from conformance.target.made.earlier import Access, Settlement, left_by_the_dead, settle_all
from conformance.target.made.intents import Owner
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.target.target import Target

SECONDS = 30.0
"""Cleaning up waits so long at most, also after Ctrl-C; what remains is in the journal."""
EARLIER_SECONDS = 15.0
"""So long at most a run cleans up after earlier ones; what remains is for the next."""
EARLIER_REQUESTS = 300
"""So many requests at most it spends on each of them."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a run could not remove (ids), how many creates nobody can tell of, and what came of earlier runs.

    `waiting` are journals of earlier runs that this one left alone.
    """

    behind: tuple[str, ...] = ()
    unknown: int = 0
    earlier: Sequence[Settlement] = ()
    waiting: int = 0

    @property
    def requests(self) -> int:
        """How many requests were sent on behalf of earlier runs."""
        return sum(one.requests for one in self.earlier)


async def leave(target: Target, keys: Mapping[str, str], directory: Path) -> Left:
    """Leave a target as it was found, in bounded time; never raises for what the target does.

    A run that may not write, or not more than so much, does nothing about earlier ones but tells of them.
    """
    behind = await _clean_up(target)
    waiting = left_by_the_dead(directory, target.client.base_url, target.journal.owners.get(KEY, Owner()))
    waiting = [file for file in waiting if target.run_id not in file.name]
    earlier: Sequence[Settlement] = ()
    if waiting and not target.settings.read_only and target.client.options.request_budget is None:
        options = replace(target.client.options, request_budget=EARLIER_REQUESTS)
        with suppress(ConformanceError):
            earlier = await settle_all(waiting, Access(keys, target.settings, options), within=EARLIER_SECONDS)
    return Left(behind, len(target.journal.unanswered()), earlier, len(waiting) - len(earlier))


async def _clean_up(target: Target) -> tuple[str, ...]:
    try:
        async with asyncio.timeout(SECONDS):
            return await clean_up(target)
    except (TimeoutError, ConformanceError):
        return tuple(resource_id for resource_id, _ in target.journal.remains())
    finally:
        target.journal.release()
