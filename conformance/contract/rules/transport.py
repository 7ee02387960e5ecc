"""Rules on JSON over HTTPS."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, overview

BASE_URL = overview("Base URL")
REST_PRINCIPLES = overview("REST principles")
STANDARD_REQUEST_HEADERS = overview("Standard request headers")

RULES: tuple[Rule, ...] = (
    Rule(
        id="TRN-01",
        level=Level.MUST,
        title=(
            "Every response, success or error, is JSON and says so: Content-Type application/json "
            "(parameters allowed)."
        ),
        sources=(REST_PRINCIPLES,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="TRN-02",
        level=Level.MUST,
        title="A request without an Accept header gets JSON.",
        sources=(STANDARD_REQUEST_HEADERS,),
        why="",
        how="",
    ),
    Rule(
        id="TRN-03",
        level=Level.MUST,
        title=(
            "Plain http to an https host serves no API data (refused, error or redirect; never a 2xx with "
            "data)."
        ),
        sources=(BASE_URL,),
        needs=frozenset({Need.HTTPS}),
        why="",
        how="",
    ),
    Rule(
        id="TRN-04",
        level=Level.MUST,
        title="Writes are accepted as application/json, with or without a charset parameter.",
        sources=(REST_PRINCIPLES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="TRN-05",
        level=Level.NOTE,
        title=(
            "What a write with a missing or different Content-Type gets, and a read with Accept: text/html."
        ),
        sources=(STANDARD_REQUEST_HEADERS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="TRN-06",
        level=Level.SHOULD,
        title="Success is 200 or 201, no other 2xx (DELETE aside).",
        sources=(REST_PRINCIPLES,),
        passive=True,
        why="",
        how="",
    ),
)
