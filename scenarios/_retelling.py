"""Telling a sequence of commands so that a person can replay it: a shell script of numbered steps."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from scenarios._model import Act, Command, Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios._play import Ground

_PREAMBLE = """\
api() {{ m=$1 p=$2; shift 2; curl -sS -X "$m" {base}"$p" -H "Authorization: Bearer $PB_API_KEY" \\
  -H 'Content-Type: application/json' "$@" -w ' <- %{{http_code}}\\n'; }}
id_of() {{ grep -o '"id": *"[^"]*"' | head -n 1 | cut -d '"' -f 4; }}
run=$(date +%s)"""


def script(commands: Sequence[Command], base_url: str, ground: Ground) -> str:
    """Give a POSIX shell script that sends the commands again, each with what it must be answered in a comment.

    It takes the key from PB_API_KEY and keeps the ids of what it creates in variables.
    """
    lines = [_PREAMBLE.format(base=shlex.quote(base_url))]
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
            return f"{command.name}=$({sent} | tee /dev/stderr | id_of)"
        case Act.READ:
            return f'api GET {path}"'
        case Act.UPDATE:
            return f'api PATCH {path}" -d {_json(dict(command.fields))}'
        case Act.ARCHIVE | Act.RESTORE:
            return f'api POST {path}/{command.act}"'
        case Act.LIST:
            query = urlencode(command.view.query(ground.employee_id) if command.view else [])
            return f"api GET {shlex.quote(f'/observations?{query}')}"
    made = next(one for one in commands if one.act is Act.CREATE and one.name == command.name)
    return _create(Command(made.act, made.name, {**made.fields, **command.fields}), ground)


def _create(command: Command, ground: Ground) -> str:
    body = {"employee_id": ground.employee_id, **command.fields}
    return f'api POST /observations -H "Idempotency-Key: $run-{command.name}" -d {_json(body)}'


def _json(value: object) -> str:
    return shlex.quote(json.dumps(value, ensure_ascii=False))
