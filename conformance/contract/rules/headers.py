"""Rules on response headers."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, overview

STANDARD_REQUEST_HEADERS = overview("Standard request headers")
STANDARD_RESPONSE_HEADERS = overview("Standard response headers")

RULES: tuple[Rule, ...] = (
    Rule(
        id="HDR-01",
        level=Level.MUST,
        title="Every response carries a non-empty X-Request-ID.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="HDR-02",
        level=Level.MUST,
        title="An X-Request-ID that the client sends comes back unchanged, on success and on error.",
        sources=(STANDARD_REQUEST_HEADERS,),
        why="",
        how="",
    ),
    Rule(
        id="HDR-03",
        level=Level.SHOULD,
        title="Server-assigned request ids are never repeated.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="HDR-04",
        level=Level.MUST,
        title="Authenticated responses carry X-RateLimit-Limit, -Remaining and -Reset as integers.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="HDR-05",
        level=Level.MUST,
        title="0 <= Remaining <= Limit.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="HDR-06",
        level=Level.MUST,
        title="Reset is Unix epoch seconds, not in the past (nor milliseconds, nor a delta).",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="HDR-07",
        level=Level.SHOULD,
        title="Within one window Remaining goes down as requests are made, never up.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        why="",
        how="",
    ),
    Rule(
        id="HDR-08",
        level=Level.MUST,
        title="429 and 503 carry Retry-After in whole seconds.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="",
        how="",
    ),
)
