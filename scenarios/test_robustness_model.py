"""ROB-04: random sequences of commands behave as a simple model of the documents does (observations, all of it)."""

from __future__ import annotations

import asyncio
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from conformance.errors import TargetError
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, Violation
from conformance.target.asking import ASKER, ask_as
from conformance.target.discovery import an_employee, known_attributes
from scenarios._answers import require_readable
from scenarios._creates import quiet_day
from scenarios._machine import DAYS, DEEP_SECONDS, SECONDS, TAGS, Failure, Season, Stage, only_seeded
from scenarios._play import Ground, Play
from scenarios._retelling import script
from scenarios._shrinking import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from scenarios._model import Command

REQUESTS = 150
"""So many may be spent on making a failing sequence shorter."""
AT_ONCE = 3
"""So many play side by side, each on days of its own: what one waits for, another one uses."""


@judges("ROB-04")
async def test_random_sequences_are_answered_as_a_model_of_the_documents_does(target: Target) -> str:
    """Creates, reads, lists, updates, archives, restores and retries in any order; a failing sequence is shortened."""
    await require_readable(target)
    season = Season(DEEP_SECONDS if target.settings.is_deep else SECONDS)
    stages = [Stage(target, await _ground(target), season, f"sequences {place}") for place in range(AT_ONCE)]
    try:
        with only_seeded():
            await asyncio.gather(*map(_play, stages))
    finally:
        season.stopped = True
    if season.failure is not None:
        raise await _told(target, season.failure, stages[0].ground)
    if season.broken is not None:
        raise season.broken
    if not season.finished:
        raise Blocked(f"none of {season.played} sequences came to its end: answers were lost")
    return f"{season.finished} random sequences, drawn from seed {target.chance.seed}"


async def _play(stage: Stage) -> None:
    ask_as(ASKER.get(), stage.name)
    await asyncio.to_thread(stage.play)


async def _ground(target: Target) -> Ground:
    """Find somebody to write about, and days that hold next to nothing."""
    first = date.fromisoformat(quiet_day(target))
    days = [(first + timedelta(days=number)).isoformat() for number in range(DAYS)]
    return Ground(await an_employee(target), tuple(await known_attributes(target, TAGS)), tuple(days))


async def _told(target: Target, failure: Failure, ground: Ground) -> Violation:
    """Tell of a failing sequence, as short as can be, and whether it fails again: once is a breach all the same."""
    rehearsal = _Rehearsal(target, ground)
    shortest = await shorten(failure.commands, rehearsal.fails)
    told = rehearsal.failure or failure
    often = "fails each time" if shortest.again else "failed once, and not when it was played again"
    return Violation(
        f"{told.breach} (step {len(told.commands)}: {told.commands[-1].words}) in a sequence that {often}",
        expected=told.breach.expected,
        observed=f"{told.breach.observed}\n\n{script(told.commands, target.client.base_url, ground)}",
        exchanges=told.numbers,
    )


class _Rehearsal:
    """Plays sequences again, as many as REQUESTS and SECONDS allow; keeps the last failure."""

    def __init__(self, target: Target, ground: Ground) -> None:
        self.failure: Failure | None = None
        self._target, self._ground = target, ground
        self._until = time.monotonic() + SECONDS
        self._left = REQUESTS

    async def fails(self, commands: Sequence[Command]) -> Sequence[Command] | None:
        """Play a sequence; give as much of it as failed, None where it did not or may not be played any more."""
        if self._left <= 0 or time.monotonic() > self._until:
            return None
        play = Play(self._target, self._ground)
        try:
            for command in commands:
                await play.step(command)
        except Violation as breach:
            self.failure = Failure(play.commands, breach, play.numbers)
            return play.commands
        except TargetError:
            return None
        finally:
            self._left -= len(play.numbers)
        return None
