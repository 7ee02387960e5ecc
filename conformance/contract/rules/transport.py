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
        title=("Every response, success or error, MUST be JSON and MUST say so with Content-Type: application/json."),
        sources=(REST_PRINCIPLES,),
        passive=True,
        why=(
            "A client that trusts the content type hands the body to its JSON parser; an HTML error page "
            "from a proxy crashes it at the very moment it needs the error code."
        ),
        how=(
            "Every response with a body must parse as JSON under the media type application/json, any "
            "parameters allowed. Answers to HEAD are left out, as they have no body."
        ),
    ),
    Rule(
        id="TRN-02",
        level=Level.MUST,
        title="A request without an Accept header MUST be answered in JSON.",
        sources=(STANDARD_REQUEST_HEADERS,),
        why=(
            "Many HTTP libraries send no Accept header or one that allows anything; they must not be handed "
            "another representation than the one they parse."
        ),
        how=(
            "One read is sent without Accept, beside the same read with Accept: application/json; both must "
            "be served as JSON."
        ),
    ),
    Rule(
        id="TRN-03",
        level=Level.MUST,
        title="An API whose base URL is https MUST NOT serve API data over plain http.",
        sources=(BASE_URL,),
        needs=frozenset({Need.HTTPS}),
        why=(
            "A mistyped scheme would otherwise work unnoticed, and carry the API key and people's reviews "
            "across the network in clear text."
        ),
        how=(
            "The spec, the session and a list are asked for with http, without a key unless it stays on this "
            "machine. No connection, no answer, an error or a redirect is fine; a 2xx with API data is not."
        ),
    ),
    Rule(
        id="TRN-04",
        level=Level.MUST,
        title="Writes MUST be accepted as application/json, with or without a charset parameter.",
        sources=(REST_PRINCIPLES,),
        needs=frozenset({Need.WRITE}),
        why=("Some clients append charset=utf-8 by default and can't be told not to; all of their writes would fail."),
        how=("The same valid create is sent once as application/json and once with charset=utf-8; both must succeed."),
    ),
    Rule(
        id="TRN-05",
        level=Level.NOTE,
        title=(
            "The run records what a write with a missing or different Content-Type gets, and what a read "
            "that asks for text/html gets."
        ),
        sources=(STANDARD_REQUEST_HEADERS,),
        needs=frozenset({Need.WRITE}),
        why=(
            "The documents say what to send, not what happens otherwise; a client that forgets the header "
            "should know whether it will notice."
        ),
        how=(
            "A valid create without Content-Type and with text/plain, and a read with Accept: text/html; "
            "only the answers' status and code are recorded."
        ),
    ),
    Rule(
        id="TRN-06",
        level=Level.SHOULD,
        title="A successful response SHOULD have the status 200 or 201 and no other of the 2xx range.",
        sources=(REST_PRINCIPLES,),
        passive=True,
        why=(
            "Clients compare with 200 and 201, and read a body behind both; a 202 or 204 takes them down a "
            "path they don't have."
        ),
        how=("Every 2xx of the run is looked at; answers to DELETE, on which the documents say nothing, are left out."),
    ),
)
