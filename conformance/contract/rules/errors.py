"""Rules on refusals and their envelope."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

COMMON_ERROR_RESPONSES = observations("Common error responses")

RULES: tuple[Rule, ...] = (
    Rule(
        id="ERR-01",
        level=Level.MUST,
        title='Every 4xx and 5xx body is {"error": {"code": string, "message": string, ...}}.',
        sources=(COMMON_ERROR_RESPONSES,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="ERR-02",
        level=Level.MUST,
        title=(
            "Status and code agree: 400 validation_error, 401 authentication_required, 403 "
            "permission_denied, 404 not_found, 409 conflict, 422 unprocessable, 429 rate_limited."
        ),
        sources=(COMMON_ERROR_RESPONSES,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="ERR-03",
        level=Level.MUST,
        title=(
            "A validation error of a body has details: an array whose entries have field, code and message, "
            "one of them naming the offending field."
        ),
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ERR-04",
        level=Level.SHOULD,
        title="All invalid fields of a request are listed at once.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ERR-05",
        level=Level.MUST,
        title="Malformed JSON gets 400.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ERR-06",
        level=Level.MUST,
        title="A body that is JSON but no object gets 400.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ERR-07",
        level=Level.SHOULD,
        title="A value outside an enum has the detail code invalid_enum.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ERR-08",
        level=Level.SHOULD,
        title="Errors show no stack trace, SQL or file path.",
        sources=(COMMON_ERROR_RESPONSES,),
        passive=True,
        why="",
        how="",
    ),
)
