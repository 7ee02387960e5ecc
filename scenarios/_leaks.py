"""What an error must not show: traces of a stack, SQL, paths of source files. Told by shape, not by innocent words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Exchange

_SOURCE = r"(?:py|js|mjs|cjs|ts|mts|rb|go|java|kt|scala|php|cs|rs|exs?|c|cc|cpp|swift)"
_ROOTS = r"(?:usr|home|var|opt|srv|app|root|tmp|etc|Users|workspace|mnt|lib|private)"
_SHAPES = {
    "a stack trace": (
        r"Traceback \(most recent call last\)",
        r"File \"[^\"]+\", line \d+",  # Python
        r"\bat (?:[^\s(]+ \()?(?:file:|node:|/|[A-Za-z]:\\)[^\s)]*:\d+",  # JavaScript
        r"\bat [\w.`<>]+\([^)]*\) in \S+:line \d+",  # .NET
        rf"[\w./\\-]+\.{_SOURCE}:\d+",  # Java, Go, Ruby, Rust and others
        r"\.php(?:\(\d+\)| on line \d+)",
        r"goroutine \d+ \[",
        r"panicked at ",
    ),
    "SQL": (
        r"\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bDELETE FROM\b|\bUPDATE\b.+\bSET\b",
        r"\bselect (?:\*|[\"`\[][^;]+) from [\"`\[]?\w|\binsert into [\"`\[]\w|\bupdate [\"`\[]\w+[\"`\]] set\b",
        r"SQLSTATE|\bORA-\d{5}\b|\bER_[A-Z]+_[A-Z]+\b|SQLITE_[A-Z]+",
        r"(?i:\b(?:unique|foreign key|not null|check) constraint failed)",
        r"(?i:violates (?:unique|foreign key|not-null|check) constraint)",
        r"(?i:\b(?:sqlalchemy|psycopg2?|sqlite3|pymysql)\.\w+)",
    ),
    "a file path": (
        rf"(?<![\w.:/])/{_ROOTS}/[\w./@-]+\.\w{{1,5}}\b",
        r"(?<!\w)[A-Za-z]:\\\\?\w[\w .-]*\\",
        r"\b(?:node_modules|site-packages)/",
        r"\bE(?:NOENT|ACCES|NOTDIR): ",
    ),
}
"""Shapes that prose for a client does not have: "on line 3 of the body", "at 15:42:18" and "select one" are fine."""
PATTERNS = {kind: re.compile("|".join(shapes), re.DOTALL) for kind, shapes in _SHAPES.items()}
STACK_MEMBERS = frozenset({"stack", "stacktrace", "stack_trace", "traceback", "backtrace"})


def leak_in(exchange: Exchange) -> tuple[str, str] | None:
    """Return what an answer shows that it should not, and the text that shows it; None where it shows nothing.

    What the request itself said, and the answer only repeats, does not count.
    """
    sent = f"{unquote(exchange.request.url)}\n{exchange.request.body.decode('utf-8', 'replace')}"
    for text in _texts(exchange):
        for kind, pattern in PATTERNS.items():
            found = pattern.search(text)
            if found and found.group() not in sent:
                return kind, text[max(0, found.start() - 40) : found.end() + 40]
    return None


def _texts(exchange: Exchange) -> Iterator[str]:
    if exchange.response is None:
        return
    if exchange.response.is_json:
        yield from _strings(exchange.response.json)
    else:
        yield exchange.response.text


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON value
    """Give every string of a JSON value; a member that is named for a stack counts as a trace, if it holds anything."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name.lower() in STACK_MEMBERS and member:
                yield f"Traceback (most recent call last) in the member {name}"
            yield from _strings(member)
