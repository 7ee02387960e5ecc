"""Rules on refusals and their envelope."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

COMMON_ERROR_RESPONSES = observations("Common error responses")

RULES: tuple[Rule, ...] = (
    Rule(
        id="ERR-01",
        level=Level.MUST,
        title=(
            "Every 4xx and 5xx body MUST be an object with an error member that holds a code and a message, "
            "both strings."
        ),
        sources=(COMMON_ERROR_RESPONSES,),
        passive=True,
        why=("All error handling of a client begins with error.code; any other shape ends in an exception of its own."),
        how=(
            "Every error response of the run, unknown paths and methods included; further members are "
            "allowed, and answers to HEAD are left out."
        ),
    ),
    Rule(
        id="ERR-02",
        level=Level.MUST,
        title="The status and the error code of a response MUST agree as the error table pairs them.",
        sources=(COMMON_ERROR_RESPONSES,),
        passive=True,
        why=(
            "Some clients branch on the status and some on the code; where they disagree one retries what "
            "the other reports."
        ),
        how=(
            "Every error response of the run with a status or a code of the table: 400 validation_error, 401 "
            "authentication_required, 403 permission_denied, 404 not_found, 409 conflict, 422 unprocessable, "
            "429 rate_limited."
        ),
    ),
    Rule(
        id="ERR-03",
        level=Level.MUST,
        title=(
            "A validation error about a body MUST have details, an array whose entries hold field, code and "
            "message, and MUST name the offending field."
        ),
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why=("A form puts the message beside the input that it is about; without the field the user is left to guess."),
        how=("A create with one invalid field, beside its accepted twin; one of the entries must name that field."),
    ),
    Rule(
        id="ERR-04",
        level=Level.SHOULD,
        title="A validation error SHOULD list all invalid fields of the request at once.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why=(
            "Otherwise a user mends one field per attempt, and an import of a thousand rows needs as many "
            "rounds as there are mistakes."
        ),
        how=(
            "A create with two invalid fields; both should be named. Only the shape of the example suggests "
            "it, hence no MUST."
        ),
    ),
    Rule(
        id="ERR-05",
        level=Level.MUST,
        title="A body that is no well-formed JSON MUST get 400 validation_error.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="A client with a serialization bug needs a clear refusal, not a 500 that it will retry forever.",
        how="A create with its closing brace cut off, beside the accepted whole.",
    ),
    Rule(
        id="ERR-06",
        level=Level.MUST,
        title="A body that is JSON but no object MUST get 400 validation_error.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why=("A list or a string sent by mistake must be refused as the client's mistake, not crash the server."),
        how="An array, a string, a number and null as the body of a create, beside an accepted object.",
    ),
    Rule(
        id="ERR-07",
        level=Level.SHOULD,
        title="A value outside an enum SHOULD have invalid_enum as the code of its detail.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why=("A client translates these codes into its users' language; a code that varies falls back to raw English."),
        how=("A create with an unknown type, beside its accepted twin. Only an example shows the code, hence no MUST."),
    ),
    Rule(
        id="ERR-08",
        level=Level.SHOULD,
        title="Errors SHOULD NOT show stack traces, SQL or file paths.",
        sources=(COMMON_ERROR_RESPONSES,),
        passive=True,
        why="They tell an attacker what to try next, and a user nothing.",
        how="Every error body of the run is searched for their usual patterns.",
    ),
)
