"""Making a failing sequence shorter, by playing it again without some of it, as far as its cost is allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.judging import shortening
from scenarios._model import Act, Command

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from conformance.judging.shortening import Shortened

    Fails = Callable[[Sequence[Command]], Awaitable[Sequence[Command] | None]]


async def shorten(commands: Sequence[Command], fails: Fails) -> Shortened[Command]:
    """Leave out whatever a failing sequence fails without (`judging.shortening.shorten`)."""
    return await shortening.shorten(commands, fails, _shorter)


def _shorter(commands: Sequence[Command]) -> Iterator[Sequence[Command]]:
    """Give sequences that are shorter or plainer, those that cost least first; the last command is what fails."""
    size = len(commands)
    kept = [*_last_of_all(commands), _without_looks(commands), *shortening.without_some(commands)]
    yield from (lawful for one in kept if len(lawful := _of_created(one)) < size and lawful[-1:] == list(commands[-1:]))
    for place, command in enumerate(commands):
        for plainer in _plainer(command):
            yield [*commands[:place], plainer, *commands[place + 1 :]]


def _last_of_all(commands: Sequence[Command]) -> Iterator[Sequence[Command]]:
    """Keep creates, and of the rest the last two, four, eight ...: what makes it fail is seldom long ago."""
    count = 2
    while count < len(commands):
        yield [*(one for one in commands[:-count] if one.act is Act.CREATE), *commands[-count:]]
        count *= 2


def _without_looks(commands: Sequence[Command]) -> Sequence[Command]:
    """Leave out what changes nothing."""
    return [*(one for one in commands[:-1] if one.act not in {Act.READ, Act.LIST}), commands[-1]]


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
_PLAIN: dict[str, Any] = {"limit": 100, "sort": None, "type": None, "attribute_id": None, "archived": None}


def _plainer(command: Command) -> Iterator[Command]:
    """Give the command with fewer fields, or as a list that is narrowed by less."""
    if command.act is Act.CREATE and command.fields.keys() - _REQUIRED:
        yield replace(command, fields={name: command.fields[name] for name in command.fields if name in _REQUIRED})
    if command.act is Act.UPDATE and len(command.fields) > 1:
        for name, value in command.fields.items():
            yield replace(command, fields={name: value})
    if command.view is not None:
        for name, plain in _PLAIN.items():
            if getattr(command.view, name) != plain:
                yield replace(command, view=replace(command.view, **{name: plain}))
