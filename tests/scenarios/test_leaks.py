"""What an error must not show is told from what it may say."""

from __future__ import annotations

import json

import pytest

from conformance.wire.exchange import Exchange, Request, Response
from scenarios._leaks import leak_in

INNOCENT = [
    "Unexpected token } in JSON at position 12 (line 1 column 13)",
    "invalid JSON on line 3",
    "the window resets at 2026-04-12T15:42:18Z",
    "please select one from [strength, opportunity]",
    'select a type from "strength" or "opportunity"',
    "update the observation and set the type",
    "Cannot GET /v1/no-such-resource",
    "see https://docs.example.com/home/errors.html",
    'relation "manager" does not exist',
]
LEAKS = {
    "TypeError: x\n    at Object.<anonymous> (/srv/api/x.js:1:2)": "a stack trace",
    "    at process.run (node:internal/process/task_queues:95:5)": "a stack trace",
    "java.lang.Error\n\tat com.acme.Foo.bar(Foo.java:12)": "a stack trace",
    'Traceback (most recent call last):\n  File "app.py", line 3': "a stack trace",
    "main.go:33 nil map": "a stack trace",
    "at Acme.Store.Find(String id) in C:\\src\\a.cs:line 12": "a stack trace",
    "SELECT id\nFROM observations": "SQL",
    'select "id" from "observations"': "SQL",
    "UNIQUE constraint failed: observations.id": "SQL",
    "ENOENT: no such file or directory": "a file path",
    "can't read /etc/blocks/keys.toml": "a file path",
}


def refusal(message: str, *, sent: bytes = b"", **members: object) -> Exchange:
    """Give an exchange that ends in an error with this message."""
    body = json.dumps({"error": {"code": "not_found", "message": message, **members}}).encode()
    request = Request("POST", "http://target.test/v1/observations", "/observations", body=sent)
    return Exchange(1, request, Response(404, body=body))


@pytest.mark.parametrize("message", INNOCENT)
def test_prose_is_innocent(message: str) -> None:
    """Words for the client are not taken for a look inside, however technical."""
    assert leak_in(refusal(message)) is None


@pytest.mark.parametrize(("message", "kind"), LEAKS.items())
def test_a_look_inside_is_told(message: str, kind: str) -> None:
    """Traces, statements and paths of the usual languages are known by their shape."""
    leak = leak_in(refusal(message))
    assert leak is not None
    assert leak[0] == kind


def test_what_the_request_said_may_be_repeated() -> None:
    """An error that only quotes what was sent shows nothing of the inside."""
    assert leak_in(refusal("no such text: main.go:33", sent=b"main.go:33")) is None


def test_a_member_named_for_a_stack_is_one() -> None:
    """A stack under its own name is a trace, whatever its frames look like."""
    leak = leak_in(refusal("not found", stack=["find", "handle"]))
    assert leak is not None
    assert leak[0] == "a stack trace"
