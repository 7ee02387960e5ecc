"""Targets that prove nothing: they answer everything alike, so no rule can pass on them and no gate may be green."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference import HONEST, Behaviour, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference import Handler, Request

PERFECT = (
    ("Content-Type", "application/json"),
    ("X-Request-ID", "null-1"),
    ("X-RateLimit-Limit", "100"),
    ("X-RateLimit-Remaining", "99"),
    ("X-RateLimit-Reset", "4102444800"),
)
CODES = {
    400: "validation_error",
    401: "authentication_required",
    403: "permission_denied",
    404: "not_found",
    409: "conflict",
    422: "unprocessable",
    500: "internal_error",
}


def _error(status: int) -> Response:
    error = {"code": CODES[status], "message": "No.", "details": []}
    return Response(status, PERFECT, json.dumps({"error": error}).encode())


def _success(value: object) -> Response:
    return Response(200, PERFECT, json.dumps(value).encode())


NULLS: Mapping[str, Response] = {
    "an empty object": _success({}),
    "an empty list": _success({"data": [], "next_cursor": None, "has_more": False}),
    "a session": _success({"data": {"api_key": {}, "organization": {}}}),
    "html": Response(200, (("Content-Type", "text/html"),), b"<html><body>It works!</body></html>"),
    "garbage": Response(200, PERFECT[:1], b'\x00\xff{"data": ['),
    "nothing": Response(200, (), b""),
} | {f"always {status}": _error(status) for status in CODES if status != 401}  # that ends a run at once
"""The answer to everything, by name. A target that is silent, or not there, needs a socket: tests/plugin has those."""


def null(answer: Response) -> Behaviour:
    """Give the behaviour that answers everything with this."""

    async def door(_request: Request, _honest: Handler) -> Response:
        return answer

    return replace(HONEST, door=door)
