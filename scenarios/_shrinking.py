"""Making a failing sequence shorter, by playing it again without some of it, as far as its cost is allowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scenarios._model import Act, Command

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    Fails = Callable[[Sequence[Command]], Awaitable[Sequence[Command] | None]]


@dataclass(frozen=True, slots=True)
class Shortened:
    """The shortest failing sequence that was found, and whether it failed more than once."""

    commands: Sequence[Command]
    again: bool


async def shorten(commands: Sequence[Command], fails: Fails) -> Shortened:
    """Leave out whatever a failing sequence fails without.

    `fails` plays a sequence and gives as much of it as failed, or None where it did not fail or may not be played any
    more. It is asked for the whole sequence first: what does not fail again can't be made shorter.
    """
    found = await fails(commands)
    if found is None:
        return Shortened(commands, again=False)
    progress = True
    while progress:
        progress = False
        for shorter in _shorter(found):
            if (failed := await fails(shorter)) is not None:
                found, progress = failed, True
                break
    return Shortened(found, again=True)


def _shorter(commands: Sequence[Command]) -> Iterator[Sequence[Command]]:
    """Give sequences that are shorter or plainer, the shortest first; the last command is what fails."""
    *before, last = commands
    size = len(before)
    seen: set[tuple[int, ...]] = set()
    while size:
        for start in range(0, len(before), size):
            kept = [one for place, one in enumerate(before) if not start <= place < start + size]
            shorter = [*_of_created(kept), last]
            if last in _of_created(shorter) and (ids := tuple(map(id, shorter))) not in seen:
                seen.add(ids)
                yield shorter
        size //= 2
    for place, command in enumerate(before):
        for plainer in _plainer(command):
            yield [*before[:place], plainer, *before[place + 1 :], last]


def _of_created(commands: Sequence[Command]) -> list[Command]:
    """Leave out what is about observations that are not created before."""
    created: set[str] = set()
    kept: list[Command] = []
    for command in commands:
        if command.act is Act.CREATE:
            created.add(command.name)
        if not command.name or command.name in created:
            kept.append(command)
    return kept


_REQUIRED = {"type", "observation", "observation_date"}


def _plainer(command: Command) -> Iterator[Command]:
    """Give the command with fewer fields."""
    if command.act is Act.CREATE and command.fields.keys() - _REQUIRED:
        yield replace(command, fields={name: command.fields[name] for name in command.fields if name in _REQUIRED})
    if command.act is Act.UPDATE and len(command.fields) > 1:
        for name, value in command.fields.items():
            yield replace(command, fields={name: value})
