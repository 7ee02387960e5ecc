"""Exchanges as the report's JSON holds them: bodies as text or base64, cut to a bounded length."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from conformance.reporting.values import jsonable, record
from conformance.wire.curl import curl

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange, Pairs, Request, Response

BODY_LIMIT = 64 * 1024
"""Bytes of a body that a report keeps where something is broken or blocked."""

PASS_LIMIT = 8 * 1024
"""Bytes of a body that a report keeps where all that rest on it is in order: most of a run's weight."""


def exchange_json(exchange: Exchange, limit: int = BODY_LIMIT) -> dict[str, Any]:
    """Project an exchange onto `$defs/exchange` of report.schema.json, with `limit` bytes of each body."""
    return {
        "number": exchange.number,
        "asked_by": jsonable(exchange.asked_by),
        "request": _request(exchange.request, limit),
        "response": _response(exchange.response, limit) if exchange.response else None,
        "attempts": [jsonable(record(attempt)) for attempt in exchange.attempts],
        "curl": jsonable(curl(exchange)),
    }


def _request(request: Request, limit: int) -> dict[str, Any]:
    return {
        "method": jsonable(request.method),
        "url": jsonable(request.url),
        "path": jsonable(request.path),
        "role": jsonable(request.role),
        "headers": _headers(request.headers),
        "body": body_json(request.body, limit),
    }


def _response(response: Response, limit: int) -> dict[str, Any]:
    return {
        "status": response.status,
        "http_version": jsonable(response.http_version),
        "headers": _headers(response.headers),
        "body": body_json(response.body, limit),
    }


def _headers(pairs: Pairs) -> list[list[str]]:
    return [[jsonable(name), jsonable(value)] for name, value in pairs]


def body_json(body: bytes, limit: int = BODY_LIMIT) -> dict[str, Any] | None:
    """Give `$defs/body`: None without a body, text where the bytes are UTF-8, else base64.

    A cut never splits a character: up to three bytes more are left out and counted.
    """
    if not body:
        return None
    kept = body[:limit]
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _sized("base64", base64.b64encode(kept).decode(), body, len(kept))
    if len(kept) < len(body):
        text = kept.decode(errors="ignore")
    return _sized("text", text, body, len(text.encode()))


def _sized(kind: str, content: str, body: bytes, kept: int) -> dict[str, Any]:
    return {kind: content, "bytes": len(body), "cut": len(body) - kept}
