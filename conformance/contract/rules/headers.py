"""Rules on response headers."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, observations, overview

COMMON_ERROR_RESPONSES = observations("Common error responses")
STANDARD_REQUEST_HEADERS = overview("Standard request headers")
STANDARD_RESPONSE_HEADERS = overview("Standard response headers")

RULES: tuple[Rule, ...] = (
    Rule(
        id="HDR-01",
        level=Level.MUST,
        title="Every response MUST carry a non-empty X-Request-ID.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="Support asks for it first; a failure without one can't be found in the server's log.",
        how="Every response of the run, errors included.",
    ),
    Rule(
        id="HDR-02",
        level=Level.MUST,
        title="An X-Request-ID sent by the client MUST come back unchanged, on success and on error.",
        sources=(STANDARD_REQUEST_HEADERS,),
        why="A client that traces calls through several systems joins its log with the server's by this id.",
        how="An accepted read and a 404, each with an id of printable ASCII and moderate length.",
    ),
    Rule(
        id="HDR-03",
        level=Level.SHOULD,
        title="A request id that the server assigns SHOULD NOT be used twice.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="Two requests under one id make a log search show the wrong one.",
        how="All ids of the run on requests that sent none of their own, compared with each other.",
    ),
    Rule(
        id="HDR-04",
        level=Level.MUST,
        title=(
            "Authenticated responses MUST carry X-RateLimit-Limit, X-RateLimit-Remaining and "
            "X-RateLimit-Reset as integers."
        ),
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why="A well-behaved client slows down by these numbers; without them it runs into 429s.",
        how="Every response to a request with an accepted key.",
    ),
    Rule(
        id="HDR-05",
        level=Level.MUST,
        title="X-RateLimit-Remaining MUST lie between 0 and X-RateLimit-Limit.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why=(
            "A client computes its pace from the two; a negative number or one above the limit gives a "
            "nonsensical wait."
        ),
        how="Every response that carries both headers.",
    ),
    Rule(
        id="HDR-06",
        level=Level.MUST,
        title="X-RateLimit-Reset MUST be in Unix epoch seconds and MUST NOT lie in the past.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        passive=True,
        why=(
            "A client that subtracts the present time and sleeps would sleep for ages on milliseconds, and "
            "not at all on a number of seconds to wait."
        ),
        how=(
            "Every response that carries it, compared with the response's own Date header; a whole second of "
            "rounding is allowed."
        ),
    ),
    Rule(
        id="HDR-07",
        level=Level.SHOULD,
        title="Within one window X-RateLimit-Remaining SHOULD go down as requests are made, never up.",
        sources=(STANDARD_RESPONSE_HEADERS,),
        why="A client that schedules by a number which wanders is throttled in spite of it.",
        how=(
            "A few requests one after the other with one key and within one Reset. Standing still, refilling "
            "as a token bucket does, and lists that cost more than one are allowed."
        ),
    ),
    Rule(
        id="HDR-08",
        level=Level.MUST,
        title="Responses with 429 or 503 MUST carry Retry-After in whole seconds.",
        sources=(STANDARD_RESPONSE_HEADERS, COMMON_ERROR_RESPONSES),
        passive=True,
        why=("A retry routine sleeps for this number; without it clients retry at once and make the overload worse."),
        how="Every 429 and 503 of the run; where none came the rule is not judged.",
    ),
)
