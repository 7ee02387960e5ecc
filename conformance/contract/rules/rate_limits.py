"""Rules on a spent quota."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations, overview

COMMON_ERROR_RESPONSES = observations("Common error responses")
STANDARD_RESPONSE_HEADERS = overview("Standard response headers")

RULES: tuple[Rule, ...] = (
    Rule(
        id="RTL-01",
        level=Level.MUST,
        title="A spent quota MUST get 429 rate_limited in the error envelope.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.QUOTA}),
        why="A client tells throttling from refusal by this code and retries only then.",
        how=(
            "With leave to spend it, requests of one key until the quota is gone; the answer's status and "
            "code are compared."
        ),
    ),
    Rule(
        id="RTL-02",
        level=Level.MUST,
        title="After Retry-After seconds a request MUST succeed again.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        needs=frozenset({Need.QUOTA}),
        why="A client that waited as told and is throttled again gives up, and its job with it.",
        how="After a 429 one request at the end of the announced time, with a second of tolerance.",
    ),
    Rule(
        id="RTL-03",
        level=Level.SHOULD,
        title="X-RateLimit-Remaining SHOULD be 0 on a 429.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        needs=frozenset({Need.QUOTA}),
        why=("A client that sees requests left does not expect to be throttled, and treats the 429 as a fault."),
        how="Every 429 met while the quota is spent.",
    ),
)
