"""Telling several requests that hang together as a shell script of which each line is one of them."""

from __future__ import annotations

import json
import shlex

_PREAMBLE = """\
api() {{ m=$1 p=$2; shift 2; curl -sS -X "$m" {base}"$p" -H "Authorization: Bearer $PB_API_KEY" \\
  -H 'Content-Type: application/json' "$@" -w ' <- %{{http_code}}\\n'; }}
id_of() {{ grep -o '"id": *"[^"]*"' | head -n 1 | cut -d '"' -f 4; }}
run=$(date +%s)"""


def preamble(base_url: str) -> str:
    """Give the functions that the lines of a script call: `api METHOD PATH [curl's options]`, and `id_of` an answer.

    The key comes from PB_API_KEY; `$run` is another number each second.
    """
    return _PREAMBLE.format(base=shlex.quote(base_url))


def kept_id(name: str, line: str) -> str:
    """Give the line of a create that keeps the id of what was made in a variable."""
    return f"{name}=$({line} | tee /dev/stderr | id_of)"


def json_word(value: object) -> str:
    """Write a JSON value as one word of a shell."""
    return shlex.quote(json.dumps(value, ensure_ascii=False))
