"""Rules on retried creates."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations, overview

COMMON_ERROR_RESPONSES = observations("Common error responses")
CREATE_AN_OBSERVATION = observations("Create an observation")
IDEMPOTENCY_KEYS_FOR_POSTS = overview("Idempotency keys for POSTs")
USE_CASES = observations("Use cases")
WHAT_THE_API_IS_FOR = overview("What the API is for")

RULES: tuple[Rule, ...] = (
    Rule(
        id="IDM-01",
        level=Level.MUST,
        title=(
            "A create that is retried with the same Idempotency-Key and body MUST succeed and give the same resource."
        ),
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS, CREATE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="A client whose first answer was lost in a timeout retries and needs the id of what it made.",
        how="A valid create is sent twice with one key; both must succeed and carry the same id.",
    ),
    Rule(
        id="IDM-02",
        level=Level.MUST,
        title="A retried create with the same Idempotency-Key MUST NOT create a second resource.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="The employee would read the same feedback twice, and every count would be one too high.",
        how=(
            "After a create and its retry, a marker in the text is looked for among that employee's "
            "observations: it must be there exactly once."
        ),
    ),
    Rule(
        id="IDM-03",
        level=Level.MUST,
        title="An Idempotency-Key sent again with a different body MUST get 409 conflict.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.WRITE}),
        why=("A client that reuses a key by mistake would take the old resource for the one that it just asked for."),
        how="The same key with another observation text, beside an accepted retry with the original text.",
    ),
    Rule(
        id="IDM-04",
        level=Level.MUST,
        title="A refused reuse of an Idempotency-Key MUST change nothing.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why=(
            "A client told conflict assumes that nothing happened; a resource made or changed all the same "
            "stays unknown to it."
        ),
        how=(
            "After the 409 the first resource reads back unchanged, and the refused text is in none of that "
            "employee's observations."
        ),
    ),
    Rule(
        id="IDM-05",
        level=Level.MUST,
        title="The same body under another Idempotency-Key, or without one, MUST create another resource.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why=(
            "Two colleagues may write the same short praise; comparing bodies instead of keys would swallow "
            "one of the two."
        ),
        how="One body sent under two keys and twice without a key; all the ids must differ.",
    ),
    Rule(
        id="IDM-06",
        level=Level.MUST,
        title="An Idempotency-Key MUST still replay just before 24 hours are over.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.CLOCK, Need.WRITE}),
        why=("A job that failed at night is run again the next morning, and must not import everything a second time."),
        how=(
            "The target's clock is moved to shortly before 24 hours after the create, and the request sent "
            "again; without a movable clock a second run, less than a day later, judges it."
        ),
    ),
    Rule(
        id="IDM-07",
        level=Level.NOTE,
        title="The run records what the same Idempotency-Key gets after 24 hours.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.CLOCK, Need.WRITE}),
        why=(
            "A key may then make a new resource or still replay; a client that plans retries over days "
            "should know which."
        ),
        how=(
            "The clock is moved beyond 24 hours and the request sent again: a new resource and a replay are "
            "both fine, and recorded. A 5xx is left to ROB-01."
        ),
    ),
    Rule(
        id="IDM-08",
        level=Level.MUST,
        title="Retries of one create sent at the same time MUST leave exactly one resource.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why=(
            "Impatient clients and duplicated queue messages arrive in parallel, which is just when a "
            "check-then-insert lets two through."
        ),
        how=(
            "Several identical creates with one key at once: each answers with the same resource or with "
            "409, and exactly one resource is found afterwards."
        ),
    ),
    Rule(
        id="IDM-09",
        level=Level.MUST,
        title="An Idempotency-Key that is no UUID MUST work.",
        sources=(USE_CASES,),
        needs=frozenset({Need.WRITE}),
        why=(
            "Imports and chat commands derive the key from the id of their source, so that a second run "
            "finds the first."
        ),
        how="A create and its retry with a key such as import-source:42, judged as in IDM-01 to 03.",
    ),
    Rule(
        id="IDM-10",
        level=Level.MUST,
        title=("While the resource is unchanged, a replay MUST be the original response, in status and in body."),
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why=(
            "Client code that takes 201 for created and anything else for an error treats its own successful "
            "retry as a failure."
        ),
        how=("Create and retry are compared by status and by body as JSON; headers and the order of members are free."),
    ),
    Rule(
        id="IDM-11",
        level=Level.MUST,
        title="Every POST that creates a resource MUST honour the Idempotency-Key.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        each=True,
        why=(
            "A client wraps all of its writes in one retry routine, and does not expect it to be safe on "
            "some paths only."
        ),
        how=(
            "IDM-01 to 03 on each collection for which a valid body can be built from the published spec, "
            "with fresh values where a field has to be unique."
        ),
    ),
    Rule(
        id="IDM-12",
        level=Level.MUST,
        title="An Idempotency-Key used by one organization MUST NOT replay its response to another.",
        sources=(WHAT_THE_API_IS_FOR,),
        needs=frozenset({Need.OTHER, Need.WRITE}),
        why=("Keys derived from source ids collide between customers; one would receive the other's personnel data."),
        how=(
            "The same key from two organizations, in either order, with the same body and with one that is "
            "valid for the second: that must see nothing of the first, whether it makes its own resource or "
            "is refused."
        ),
    ),
    Rule(
        id="IDM-13",
        level=Level.NOTE,
        title=("The run records how an Idempotency-Key behaves in the cases on which the documents are silent."),
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why=(
            "Each is a way in which retries differ in practice: another serializer, a proxy, a second API "
            "key, a request repaired after a 400."
        ),
        how=(
            "Equal JSON in other bytes; null against a left-out field; the key on another endpoint, on "
            "archive and restore, from another key of the organization, after a 400; an empty, a 255 and a "
            "4096 character key. Status and identity are recorded."
        ),
    ),
    Rule(
        id="IDM-14",
        level=Level.SHOULD,
        title="A replay SHOULD stay the original response after the resource has changed.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS, CREATE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="A retry that shows the present state instead hides from the client what its own request did.",
        how=(
            "A create, an update of the resource, and the retry of the create: the body should be that of "
            "the create. The two documents word this differently, hence no MUST."
        ),
    ),
)
