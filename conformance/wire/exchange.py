"""One request and what came of it, frozen: the only evidence that a verdict may rest on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any, NoReturn, TypeAlias

from conformance.errors import NotJSON

JSON: TypeAlias = Any
"""A parsed JSON value. What it really is, is for the reader to find out: a target may answer anything."""

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values in the order of the wire, repeats kept."""


@dataclass(frozen=True)
class Request:
    """A request as it was sent, secrets replaced.

    `path` is relative to the base URL ("/observations/obs_..."), `url` is what really went out with its
    query, `query` is that query decoded, `role` names the key that was used and is "" for none. `beside` tells that
    no document promises anything of it: it went to another path of the host than the base URL's, or may not have
    reached the API (a NUL in its path).
    """

    method: str
    url: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""
    role: str = ""
    beside: bool = False

    @cached_property
    def json(self) -> JSON:
        """The parsed body, or None where it is empty or no JSON (bad JSON is sent on purpose, too)."""
        try:
            return parse(self.body)
        except NotJSON:
            return None

    @property
    def target(self) -> str:
        """Path and query as sent, relative to the base URL: "/observations?limit=1"."""
        _, mark, query = self.url.partition("?")
        return f"{self.path}{mark}{query}"

    def header(self, name: str) -> str | None:
        """Give the values of a field, joined as RFC 9110 section 5.3 joins them, or None."""
        return _joined(self.headers, name)


@dataclass(frozen=True)
class Response:
    """An answer as it came, secrets replaced, transfer and content codings undone."""

    status: int
    headers: Pairs = ()
    body: bytes = b""
    http_version: str = "HTTP/1.1"

    @cached_property
    def json(self) -> JSON:
        """The parsed body, read once and shared by all readers: nobody may change it. Raises NotJSON."""
        return parse(self.body)

    @property
    def is_json(self) -> bool:
        """Whether the body parses as JSON, whatever its Content-Type says."""
        try:
            _ = self.json
        except NotJSON:
            return False
        return True

    @property
    def text(self) -> str:
        """The body in the charset it declares, UTF-8 without one; octets that don't fit become U+FFFD."""
        return self.body.decode(_charset(self.header("content-type")), errors="replace")

    @property
    def date(self) -> datetime | None:
        """The target's clock as its Date field tells it, aware; None where it is missing or malformed."""
        return http_date(self.header("date") or "")

    def header(self, name: str) -> str | None:
        """Give the values of a field, joined as RFC 9110 section 5.3 joins them, or None."""
        return _joined(self.headers, name)


@dataclass(frozen=True)
class Attempt:
    """One try at a request: when it was sent (epoch seconds), how long it took, and what it brought.

    `waited` are the seconds that it was held back before: queue, pace, throttling, pause before a retry.
    `status` is there as soon as a status line came, `fault` says what broke in a sentence, else None.
    """

    started: float
    seconds: float
    status: int | None
    fault: str | None = None
    waited: float = 0.0


@dataclass(frozen=True, eq=False)  # two exchanges are never the same one; and so it hashes at no cost
class Exchange:
    """A request, its answer or None, and every attempt that led there, with its number in the run.

    `asked_by` names the check that asked; `repeats_key` says whether the answer held the key that was sent.
    """

    number: int
    request: Request
    response: Response | None
    attempts: tuple[Attempt, ...] = ()
    asked_by: str = ""
    repeats_key: bool = False

    @property
    def method(self) -> str:
        """The request's method."""
        return self.request.method

    @property
    def path(self) -> str:
        """The request's path, relative to the base URL."""
        return self.request.path

    @property
    def status(self) -> int | None:
        """The answer's status, None where no whole answer came."""
        return self.response.status if self.response else None

    @property
    def json(self) -> JSON:
        """The answer's parsed body. Raises NotJSON, also where there is no answer."""
        if self.response is None:
            raise NotJSON("There is no answer to read as JSON", exchange=self)
        return self.response.json

    @property
    def seconds(self) -> float:
        """How long the last attempt took, from the first octet sent to the last one read."""
        return self.attempts[-1].seconds if self.attempts else 0.0

    @property
    def fault(self) -> str | None:
        """What broke in the last attempt, None where it brought an answer."""
        return self.attempts[-1].fault if self.attempts else None

    def header(self, name: str) -> str | None:
        """Give a field of the answer, or None."""
        return self.response.header(name) if self.response else None

    def __str__(self) -> str:
        outcome = self.status if self.response else f"no answer: {self.fault}"
        return f"{self.method} {self.request.target} -> {outcome} ({self.seconds * 1000:.0f} ms)"


def parse(body: bytes) -> JSON:
    """Parse a JSON text strictly: no NaN, no Infinity (RFC 8259 section 6). Raises NotJSON."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        raise NotJSON(f"The body is not JSON: {problem}; it begins with {body[:60]!r}") from None


def http_date(value: str) -> datetime | None:
    """Read an HTTP-date (RFC 9110 section 5.6.7) as an aware datetime; None where it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _joined(headers: Pairs, name: str) -> str | None:
    wanted = name.lower()
    values = [value for field, value in headers if field.lower() == wanted]
    return ", ".join(values) if values else None


def _charset(content_type: str | None) -> str:
    message = Message()
    message["content-type"] = content_type or ""
    charset = message.get_content_charset("utf-8")
    try:
        "".encode(charset)
    except LookupError:
        return "utf-8"
    return charset
