"""One script that replays a scenario from nothing: each exchange in its order as curl, with ids captured on the way.

An id or a cursor that an answer gave and a later request uses becomes a shell variable; Idempotency-Keys are fresh;
what the script creates it archives or deletes at its end. It needs a shell, curl, grep and sed.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.reporting.values import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.reporting.json_report import Report

Json = dict[str, Any]
MOST = 40
"""So many exchanges are replayed; of a longer story the last ones, and whatever made what they use."""
_SENT = frozenset({"accept", "content-type", "idempotency-key", "x-request-id"})
_KEY = re.compile(r"\[(PB_[A-Z_]+)\]")
_CAPTURE = {"id": "ID", "next_cursor": "CURSOR"}
_ARCHIVABLE = "/observations"


@dataclass
class _Script:
    """Variables by the value that they stand for, and what is to be removed at the end."""

    variables: dict[str, str] = field(default_factory=dict)
    made: list[tuple[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)

    def name(self, kind: str, value: str) -> str:
        """Name the variable of a value, a new one where it has none."""
        if value not in self.variables:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.variables[value] = f"{kind}{self.counts[kind]}"
        return self.variables[value]

    def key(self, value: str) -> str:
        """Give the number of an Idempotency-Key: the same where the run sent the same."""
        return str(self.keys.setdefault(value, len(self.keys) + 1))

    def word(self, text: str) -> str:
        """Quote a text for the shell, with a variable in place of each value that one stands for, and of each key."""
        values = sorted(self.variables, key=len, reverse=True)
        known = {form: name for value in values for form, name in self._forms(value)}
        pattern = "|".join([*(re.escape(one) for one in known), _KEY.pattern])
        pieces, place = [], 0
        for found in re.finditer(pattern, text):
            pieces += [shlex.quote(text[place : found.start()])] if found.start() > place else []
            pieces.append('"$' + (known.get(found[0]) or found[1]) + '"')
            place = found.end()
        return "".join([*pieces, *([shlex.quote(text[place:])] if text[place:] or not pieces else [])])

    def _forms(self, value: str) -> Iterator[tuple[str, str]]:
        """Give a value as it is and as a query holds it."""
        name = self.variables[value]
        yield value, name
        coded = quote(value, safe="")
        if coded != value:
            yield coded, f"{name}_IN_QUERY"


def script(check: Json, rule: Json, report: Report) -> str:
    """Write the script for a check; "" where it cites no exchange."""
    exchanges = {exchange["number"]: exchange for exchange in report["exchanges"]}
    story = [exchanges[number] for number in check["exchanges"] if number in exchanges][-MOST:]
    if not story:
        return ""
    base = report["target"]["base_url"]
    lines = [*_head(check, rule, base), *_steps(story, base)]
    return visible("\n".join(lines) + "\n")


def _head(check: Json, rule: Json, base: str) -> Iterator[str]:
    subject = f" on {_comment(check['subject'])}" if check["subject"] else ""
    yield "#!/bin/sh"
    yield f"# {rule['id']}{' '.join(subject.split()) and subject}: {_comment(rule['title'])}"
    yield f"# What a run saw: {_comment(check['message'])}"
    yield "# Export PB_API_KEY first (and the other keys, where they are used)."
    yield f"BASE=${{BASE:-{shlex.quote(base)}}}"
    yield "FRESH=replay-$$-$(date +%s)"
    yield _FUNCTIONS


_FUNCTIONS = r"""
step() { printf '\n== %s\n' "$1"; }
ask() {
  path=$1; shift
  ANSWER=$(curl -sS -g -w '\n(%{http_code})' "$@" "$BASE$path"); printf '%s\n' "$ANSWER"
}
first() {
  printf '%s' "$ANSWER" | grep -o "\"$1\" *: *\"[^\"]*\"" | head -n 1 | sed 's/[^:]*: *"//; s/"$//'
}
query() { printf '%s' "$1" | sed 's/%/%25/g; s/+/%2B/g; s,/,%2F,g; s/=/%3D/g; s/&/%26/g'; }
"""


def _comment(text: str) -> str:
    return " ".join(text.split())[:300]


def _steps(story: Sequence[Json], base: str) -> Iterator[str]:
    state = _Script()
    needed = "\n".join(f"{one['request']['url']}\n{_text(one['request']['body'])}" for one in story)
    for number, exchange in enumerate(story, start=1):
        request, response = exchange["request"], exchange["response"]
        saw = response["status"] if response else "no answer"
        told = f"{number}. {request['method']} {request['path']} (the run saw {saw})"
        yield f"step {shlex.quote(told)}"
        yield _asked(request, base, state)
        yield from _captures(request, response, state, needed=needed)
    for collection, name in state.made:
        yield f"step 'clean up'; {_removal(collection, name)}"


def _asked(request: Json, base: str, state: _Script) -> str:
    words = ["ask", state.word(request["url"].removeprefix(base)), f"-X {request['method']}"]
    for name, value in request["headers"]:
        if name.lower() == "authorization":
            words.append(f"-H {state.word(f'{name}: {value}')}")
        elif name.lower() == "idempotency-key" and value:
            words.append(f'-H "{name}: $FRESH-{state.key(value)}"')
        elif name.lower() in _SENT:
            words.append(f"-H {state.word(f'{name}: {value}' if value else f'{name};')}")
    body = _text(request["body"])
    return " ".join([*words, *([f"--data-raw {state.word(body)}"] if body else [])])


def _captures(request: Json, response: Json | None, state: _Script, *, needed: str) -> Iterator[str]:
    """Keep what an answer gave and a later request uses; remember what has to be removed."""
    value = _object(response)
    data = value.get("data")
    inner = data if isinstance(data, dict) else value
    for member, kind in _CAPTURE.items():
        text = (inner if member == "id" else value).get(member)
        if not isinstance(text, str) or text in state.variables:
            continue
        makes = member == "id" and request["method"] == "POST" and request["path"].count("/") == 1
        if makes or text in needed or quote(text, safe="") in needed:
            name = state.name(kind, text)
            yield f"{name}=$(first {member})"
            if quote(text, safe="") != text:
                yield f'{name}_IN_QUERY=$(query "${name}")'
            if makes:
                state.made.append((request["path"], name))


def _removal(collection: str, name: str) -> str:
    auth = '-H "Authorization: Bearer $PB_API_KEY"'
    if collection == _ARCHIVABLE:
        return f'curl -sS -o /dev/null -X POST {auth} "$BASE{collection}/${name}/archive"'
    return f'curl -sS -o /dev/null -X DELETE {auth} "$BASE{collection}/${name}"'


def _text(body: Mapping[str, Any] | None) -> str:
    return str(body.get("text", "")) if body else ""


def _object(response: Json | None) -> Json:
    try:
        value = json.loads(_text(response["body"])) if response else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
