"""Rules on a spent quota."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations, overview

COMMON_ERROR_RESPONSES = observations("Common error responses")
STANDARD_RESPONSE_HEADERS = overview("Standard response headers")

RULES: tuple[Rule, ...] = (
    Rule(
        id="RTL-01",
        level=Level.MUST,
        title="A spent quota gets 429 rate_limited in the error envelope.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.QUOTA}),
        why="",
        how="",
    ),
    Rule(
        id="RTL-02",
        level=Level.MUST,
        title="After Retry-After seconds a request succeeds again.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        needs=frozenset({Need.QUOTA}),
        why="",
        how="",
    ),
    Rule(
        id="RTL-03",
        level=Level.SHOULD,
        title="Remaining is 0 on a 429.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        needs=frozenset({Need.QUOTA}),
        why="",
        how="",
    ),
)
