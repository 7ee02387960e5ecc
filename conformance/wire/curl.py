"""Write an exchange's request as a command that a person can paste into a shell."""

from __future__ import annotations

import base64
import re
import shlex
from typing import TYPE_CHECKING

from conformance.wire.roles import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Exchange, Request

_KEY = re.compile(rf"\[({'|'.join(ENVIRONMENT.values())})\]")
_PLAIN = re.compile(r"[^\"$`\\!\r\n]*")  # what double quotes leave alone, also in an interactive shell
_LARGEST_WORD = 100_000  # octets; Linux refuses one argument above 128 KiB
_OF_HTTP = frozenset({"host", "content-length", "accept-encoding", "connection", "transfer-encoding"})
_ADDED_BY_CURL = ("Accept", "User-Agent")


def curl(exchange: Exchange) -> str:
    """Give a shell command that sends the exchange's request again, with "$PB_API_KEY" for the key.

    It sends the same method, target, body and header fields, except for those that each HTTP client sees to
    itself, such as Accept-Encoding. Credentials that were no key of a role stay redacted.
    """
    request = exchange.request
    command = " ".join(["curl -sS -i", *_target(request), *_fields(request), *_body(request)])
    if not _needs_a_file(request.body):
        return command
    coded = base64.encodebytes(request.body).decode("ascii")
    return f"base64 -d <<'BODY' | {command}\n{coded}BODY"


def _target(request: Request) -> Iterator[str]:
    if request.method == "HEAD":
        yield "-I"  # with -X HEAD curl would wait for a body
    else:
        yield f"-X {_word(request.method)}"
    if set("[]{}") & set(request.url):
        yield "-g"
    if re.search(r"/\.\.?(/|$)", request.path):
        yield "--path-as-is"
    if "#" in request.url:
        yield f"--request-target {_word('/' + request.url.split('/', 3)[3])}"
    yield _word(request.url)


def _fields(request: Request) -> Iterator[str]:
    for name, value in request.headers:
        if name.lower() not in _OF_HTTP:
            yield f"-H {_word(f'{name}: {value}' if value else f'{name};')}"
    if not request.body and request.header("content-length"):
        yield "-H 'Content-Length: 0'"
    absent = (*_ADDED_BY_CURL, "Content-Type") if request.body else _ADDED_BY_CURL
    for name in absent:
        if request.header(name) is None:
            yield f"-H {_word(f'{name}:')}"


def _body(request: Request) -> Iterator[str]:
    if _needs_a_file(request.body):
        yield "--data-binary @-"
    elif request.body:
        yield f"--data-raw {_word(request.body.decode())}"


def _needs_a_file(body: bytes) -> bool:
    """Whether a body can't be a word of a command: no UTF-8, a NUL, or too long."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return b"\0" in body or len(body) > _LARGEST_WORD


def _word(text: str) -> str:
    """Quote a word for a POSIX shell, with the key's variable where its placeholder stands."""
    if not _KEY.search(text):
        return shlex.quote(text)
    if _PLAIN.fullmatch(text):
        return f'"{_KEY.sub(_variable, text)}"'
    pieces = _KEY.split(text)
    names = [f'"${name}"' for name in pieces[1::2]]
    words = [shlex.quote(piece) if piece else "" for piece in pieces[::2]]
    return "".join(word + name for word, name in zip(words, [*names, ""], strict=True))


def _variable(key: re.Match[str]) -> str:
    runs_on = re.match(r"\w", key.string[key.end() :])
    return "${" + key[1] + "}" if runs_on else f"${key[1]}"
