"""Rules on keys, scopes and organizations."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations, overview

AUTHENTICATION = overview("Authentication")
A_MINIMAL_FIRST_REQUEST = overview("A minimal first request")
COMMON_ERROR_RESPONSES = observations("Common error responses")
GET_AN_OBSERVATION = observations("Get an observation")
OPENAPI_SPECIFICATION = overview("OpenAPI specification")
WHAT_THE_API_IS_FOR = overview("What the API is for")

RULES: tuple[Rule, ...] = (
    Rule(
        id="AUT-01",
        level=Level.MUST,
        title="Without Authorization every documented operation gets 401 authentication_required.",
        sources=(AUTHENTICATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="AUT-02",
        level=Level.MUST,
        title="An unknown key gets 401.",
        sources=(COMMON_ERROR_RESPONSES,),
        why="",
        how="",
    ),
    Rule(
        id="AUT-03",
        level=Level.MUST,
        title="Another scheme, an empty or malformed token gets 401.",
        sources=(AUTHENTICATION,),
        why="",
        how="",
    ),
    Rule(
        id="AUT-04",
        level=Level.MUST,
        title=(
            "An unauthenticated write gets 401 and changes nothing, also with an invalid body or on an id "
            "that does not exist."
        ),
        sources=(AUTHENTICATION,),
        why="",
        how="",
    ),
    Rule(
        id="AUT-05",
        level=Level.MUST,
        title="The spec is served without authentication.",
        sources=(OPENAPI_SPECIFICATION,),
        why="",
        how="",
    ),
    Rule(
        id="AUT-06",
        level=Level.MUST,
        title=(
            "A key without observations:write gets 403 permission_denied on create, update, archive and "
            "restore, and changes nothing."
        ),
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.RO}),
        why="",
        how="",
    ),
    Rule(
        id="AUT-07",
        level=Level.MUST,
        title="A key without observations:read gets 403 on GETs.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.NOSCOPE}),
        why="",
        how="",
    ),
    Rule(
        id="AUT-08",
        level=Level.MUST,
        title="A key without session:read gets 403 on /session.",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        needs=frozenset({Need.NOSCOPE}),
        why="",
        how="",
    ),
    Rule(
        id="AUT-09",
        level=Level.MUST,
        title=(
            "Another organization's observation gets 404 on read, update, archive and restore, is never "
            "listed, and stays unchanged."
        ),
        sources=(GET_AN_OBSERVATION, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.OTHER}),
        why="",
        how="",
    ),
    Rule(
        id="AUT-10",
        level=Level.SHOULD,
        title="No response repeats the key that was sent.",
        sources=(AUTHENTICATION,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="AUT-11",
        level=Level.MUST,
        title=(
            "Nothing of another organization is ever served: its employees by id, list, expand or filter, "
            "its observations by search or filter, its events."
        ),
        sources=(WHAT_THE_API_IS_FOR,),
        needs=frozenset({Need.OTHER}),
        why="",
        how="",
    ),
    Rule(
        id="AUT-12",
        level=Level.SHOULD,
        title=(
            "Scopes hold on the other resources too: a key without a resource's write scope gets 403 on its "
            "writes."
        ),
        sources=(WHAT_THE_API_IS_FOR, A_MINIMAL_FIRST_REQUEST),
        needs=frozenset({Need.RO}),
        each=True,
        why="",
        how="",
    ),
)
