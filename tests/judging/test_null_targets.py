"""A target that answers everything alike proves nothing: no rule passes, nothing is noted, and something is red."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.faults.trial import trial
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Response

if TYPE_CHECKING:
    from conformance.reference import Handler, Request

JSON = ("Content-Type", "application/json")
PERFECT = (
    JSON,
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


NULLS = {
    "an empty object": _success({}),
    "an empty list": _success({"data": [], "next_cursor": None, "has_more": False}),
    "a session": _success({"data": {"api_key": {}, "organization": {}}}),
    "html": Response(200, (("Content-Type", "text/html"),), b"<html><body>It works!</body></html>"),
    "nothing": Response(200, (), b""),
} | {f"always {status}": _error(status) for status in CODES if status != 401}


@pytest.mark.parametrize("null", NULLS.values(), ids=NULLS.keys())
def test_a_target_that_answers_everything_alike_gets_no_pass(null: Response) -> None:
    """Every verdict is a breach or none at all, and at least one is red."""

    async def door(_request: Request, _honest: Handler) -> Response:
        return null

    checks = asyncio.run(trial((), replace(HONEST, door=door)))
    verdicts = {check.verdict for check in checks}
    assert [check for check in checks if check.verdict in {Verdict.PASS, Verdict.NOTED, Verdict.ERROR}] == []
    assert verdicts & {Verdict.FAIL, Verdict.BLOCKED}
