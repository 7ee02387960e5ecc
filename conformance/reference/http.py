"""Requests and responses as values, free of any web framework: what the core, the lies and the variants speak."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

Pairs = tuple[tuple[str, str], ...]


def encode(value: object) -> bytes:
    """Give the JSON text of a value in UTF-8, without needless white space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def without(pairs: Pairs, name: str) -> Pairs:
    """Give the pairs but for those of that name, in any case."""
    return tuple(pair for pair in pairs if pair[0].lower() != name.lower())


@dataclass(frozen=True)
class Request:
    """An HTTP request: decoded path and query, header names in lower case; `raw_query` is the query as it came."""

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""
    raw_query: str = ""

    def header(self, name: str) -> str | None:
        """Give the first value of a header, or None."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def param(self, name: str) -> str | None:
        """Give the first value of a query parameter, or None."""
        return next((value for key, value in self.query if key == name), None)

    def json(self) -> Any:  # noqa: ANN401 - a JSON document can be anything
        """Give the body's JSON value; a ValueError where it is none."""
        return json.loads(self.body)

    def with_query(self, name: str, value: str | None) -> Request:
        """Give this request with one query parameter set, or removed with None."""
        kept = tuple(pair for pair in self.query if pair[0] != name)
        return replace(self, query=kept if value is None else (*kept, (name, value)))

    def with_json(self, value: object) -> Request:
        """Give this request with another JSON body, declared as such; in ASCII, as half a surrogate is no UTF-8."""
        return replace(self.with_header("content-type", "application/json"), body=json.dumps(value).encode("ascii"))

    def with_header(self, name: str, value: str) -> Request:
        """Give this request with one header set."""
        return replace(self, headers=(*without(self.headers, name), (name.lower(), value)))

    def without_header(self, name: str) -> Request:
        """Give this request without that header."""
        return replace(self, headers=without(self.headers, name))


@dataclass(frozen=True)
class Response:
    """An HTTP response."""

    status: int
    headers: Pairs = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Give the first value of a header, whatever its case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def json(self) -> Any:  # noqa: ANN401 - a JSON document can be anything
        """Give the body's JSON value; a ValueError where it is none."""
        return json.loads(self.body)

    def with_json(self, value: object) -> Response:
        """Give this response with another JSON body."""
        return replace(self, body=encode(value))

    def with_header(self, name: str, value: str) -> Response:
        """Give this response with one header set."""
        return replace(self, headers=(*without(self.headers, name), (name, value)))

    def without_header(self, name: str) -> Response:
        """Give this response without that header."""
        return replace(self, headers=without(self.headers, name))


Handler = Callable[[Request], Awaitable[Response]]
Door = Callable[[Request, Handler], Awaitable[Response]]


def answer(status: int, value: object, *headers: tuple[str, str]) -> Response:
    """Make a JSON response."""
    return Response(status, (("Content-Type", "application/json"), *headers), encode(value))
