"""Rules on keys, scopes and organizations."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations, overview

AUTHENTICATION = overview("Authentication")
A_MINIMAL_FIRST_REQUEST = overview("A minimal first request")
COMMON_ERROR_RESPONSES = observations("Common error responses")
CREATE_AN_OBSERVATION = observations("Create an observation")
GET_AN_OBSERVATION = observations("Get an observation")
OPENAPI_SPECIFICATION = overview("OpenAPI specification")
WHAT_THE_API_IS_FOR = overview("What the API is for")

RULES: tuple[Rule, ...] = (
    Rule(
        id="AUT-01",
        level=Level.MUST,
        title=("Every documented operation MUST answer 401 authentication_required where Authorization is missing."),
        sources=(AUTHENTICATION,),
        each=True,
        why=(
            "One forgotten route is enough to lay open an organization's reviews; and clients ask for a new "
            "key only on a 401."
        ),
        how=(
            "Each documented operation without the header, beside the same request with the key. The spec is "
            "excepted (AUT-05)."
        ),
    ),
    Rule(
        id="AUT-02",
        level=Level.MUST,
        title="An unknown API key MUST get 401 authentication_required.",
        sources=(AUTHENTICATION, COMMON_ERROR_RESPONSES),
        why=(
            "A revoked or mistyped key must be told from a missing scope, as one wants a new key and the "
            "other more rights."
        ),
        how="A well-formed key that was never issued, beside the accepted one.",
    ),
    Rule(
        id="AUT-03",
        level=Level.MUST,
        title="Another scheme than Bearer, an empty token and a malformed one MUST get 401.",
        sources=(AUTHENTICATION,),
        why=(
            "A lenient parser is a way around authentication, and a strict one that answers 400 or 500 "
            "leaves a client without a clue."
        ),
        how=(
            "Basic with the key, Bearer without a token, a bare token and one with spaces inside, beside the "
            "accepted header."
        ),
    ),
    Rule(
        id="AUT-04",
        level=Level.MUST,
        title="An unauthenticated write MUST get 401 and change nothing, whatever its body or its target.",
        sources=(AUTHENTICATION,),
        why=(
            "If the body or the id is looked at first, the answer tells a stranger which ids exist, or lets "
            "the change through."
        ),
        how=(
            "Create, update, archive and restore without a key, with valid and invalid bodies, on known and "
            "unknown ids; what exists must read back unchanged."
        ),
    ),
    Rule(
        id="AUT-05",
        level=Level.MUST,
        title="The OpenAPI document MUST be served without authentication.",
        sources=(OPENAPI_SPECIFICATION,),
        why="Client generators and Postman fetch it by its bare URL and have nowhere to put a key.",
        how="GET /openapi.json without Authorization: 200 with a JSON object that declares itself OpenAPI.",
    ),
    Rule(
        id="AUT-06",
        level=Level.MUST,
        title=(
            "A key without observations:write MUST get 403 permission_denied on create, update, archive and "
            "restore, and change nothing."
        ),
        sources=(CREATE_AN_OBSERVATION, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.RO}),
        why=(
            "Dashboards are given read-only keys precisely so that a bug or a leak in them can't alter "
            "anybody's feedback."
        ),
        how=(
            "The four writes with the read-only key, beside the same ones accepted from the full key, on an "
            "active and an archived observation; it must read back unchanged. What /session says of the "
            "read-only key decides whether it lacks the scope and is of the same organization; where it is "
            "closed to the key, the word of the person does who gave it. Whether an invalid body or the "
            "missing scope is looked at first is not judged."
        ),
    ),
    Rule(
        id="AUT-07",
        level=Level.MUST,
        title="A key without observations:read MUST get 403 permission_denied on reads of observations.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.NOSCOPE}),
        why="A key for a directory sync would otherwise open everybody's feedback.",
        how=(
            "The list and a single item with the key without scopes, beside the same reads with the full key. "
            "A key of which /session lists such a scope is the wrong key, and not judged; one that /session "
            "lists without it, or is closed to, has to be refused."
        ),
    ),
    Rule(
        id="AUT-08",
        level=Level.MUST,
        title="A key without session:read MUST get 403 permission_denied on /session.",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        needs=frozenset({Need.NOSCOPE}),
        why=("Clients call /session to check a key, and tell a bad key (401) from a narrow one (403) by the status."),
        how=(
            "GET /session with the key without scopes, beside 200 with the full key. Where it is served and "
            "lists session:read it is the wrong key, and not judged; where it is served and lists no such "
            "scope, the rule is broken."
        ),
    ),
    Rule(
        id="AUT-09",
        level=Level.MUST,
        title=(
            "An observation of another organization MUST get 404 on read, update, archive and restore, MUST "
            "NOT be listed and MUST stay unchanged."
        ),
        sources=(GET_AN_OBSERVATION, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.OTHER}),
        why=(
            "Anything but a 404 confirms to an outsider that the record exists; anything accepted is a "
            "breach between customers."
        ),
        how=(
            "An observation of the other organization, active and archived, addressed with the first key "
            "beside an own one that is accepted, then read back with the other organization's key; lists that "
            "show an own one like it, and every answer of the run. Judged only where /session tells that the "
            "two keys are of two organizations."
        ),
    ),
    Rule(
        id="AUT-10",
        level=Level.SHOULD,
        title="A response SHOULD NOT repeat the API key that was sent.",
        sources=(AUTHENTICATION,),
        passive=True,
        why="Responses end up in logs and bug reports, and the key with them.",
        how="Headers and body of every response are searched for the keys of the run.",
    ),
    Rule(
        id="AUT-11",
        level=Level.MUST,
        title=("Data of another organization MUST NOT be served, whatever the path, the parameter or the event."),
        sources=(WHAT_THE_API_IS_FOR,),
        needs=frozenset({Need.OTHER}),
        why="A lookup that forgets the organization on one path leaks names and feedback to another company.",
        how=(
            "The other organization's employees by id, list, expand and filter, its attributes, its "
            "observations by search and filter, and its events: whatever a question shows to its own key, "
            "nothing of it may appear under the first."
        ),
    ),
    Rule(
        id="AUT-12",
        level=Level.SHOULD,
        title=("A key without a resource's write scope SHOULD get 403 permission_denied on that resource's writes."),
        sources=(WHAT_THE_API_IS_FOR, A_MINIMAL_FIRST_REQUEST),
        needs=frozenset({Need.RO}),
        each=True,
        why="A read-only key is expected to be read-only everywhere, not on observations alone.",
        how=(
            "Each create on the other collections that the spec declares: a body that the full key is allowed, "
            "sent with the read-only key. Where none can be built, or making something does harm, an empty body "
            "that is invalid with the full key has to be forbidden with the other. And each update, action and removal "
            "of an item that the full key made, as the spec declares it. The documents name only a few scopes, "
            "hence no MUST."
        ),
    ),
)
