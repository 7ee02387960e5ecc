"""Telling a sequence of commands so that a person can replay it: a shell script of numbered steps."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from conformance.wire.script import json_word, kept_id, preamble
from scenarios._model import Act, Command, Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios._play import Ground


def script(commands: Sequence[Command], base_url: str, ground: Ground) -> str:
    """Give a POSIX shell script that sends the commands again, each with what it must be answered in a comment.

    It takes the key from PB_API_KEY and keeps the ids of what it creates in variables.
    """
    lines = [preamble(base_url)]
    model = Model()
    for number, command in enumerate(commands, 1):
        expected = model.expect(command)
        shown = f": {', '.join(sorted(expected.names)) or 'none'}" if command.act is Act.LIST else ""
        lines += [f"# {number}. {command.words}, expect {expected.words}{shown}", _line(command, commands, ground)]
    return "\n".join(lines)


def _line(command: Command, commands: Sequence[Command], ground: Ground) -> str:
    path = f'"/observations/${command.name}'
    match command.act:
        case Act.CREATE:
            sent = _create(command, ground)
            return kept_id(command.name, sent)
        case Act.READ:
            return f'api GET {path}"'
        case Act.UPDATE:
            return f'api PATCH {path}" -d {json_word(dict(command.fields))}'
        case Act.ARCHIVE | Act.RESTORE:
            return f'api POST {path}/{command.act}"'
        case Act.LIST:
            query = urlencode(command.view.query(ground.employee_id) if command.view else [])
            return f"api GET {shlex.quote(f'/observations?{query}')}"
    made = next(one for one in commands if one.act is Act.CREATE and one.name == command.name)
    return _create(Command(made.act, made.name, {**made.fields, **command.fields}), ground)


def _create(command: Command, ground: Ground) -> str:
    body = {"employee_id": ground.employee_id, **command.fields}
    return f'api POST /observations -H "Idempotency-Key: $run-{command.name}" -d {json_word(body)}'
