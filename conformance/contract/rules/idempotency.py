"""Rules on retried creates."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations, overview

IDEMPOTENCY_KEYS_FOR_POSTS = overview("Idempotency keys for POSTs")
USE_CASES = observations("Use cases")
WHAT_THE_API_IS_FOR = overview("What the API is for")

RULES: tuple[Rule, ...] = (
    Rule(
        id="IDM-01",
        level=Level.MUST,
        title="A retried create with the same key and body succeeds and gives the same resource.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-02",
        level=Level.MUST,
        title="It creates no second resource.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-03",
        level=Level.MUST,
        title="The same key with a different body gets 409 conflict.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-04",
        level=Level.MUST,
        title="A refused reuse changes nothing.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-05",
        level=Level.MUST,
        title="The same body under another key, or without a key, creates another resource.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-06",
        level=Level.MUST,
        title="The key still replays just before 24 hours are over.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.CLOCK, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-07",
        level=Level.NOTE,
        title="What the same key gets after 24 hours (a new resource is allowed, not required); never a 5xx.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.CLOCK, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-08",
        level=Level.MUST,
        title=(
            "Retries of one create sent at the same time leave exactly one resource; each answers with it, "
            "or with 409."
        ),
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-09",
        level=Level.MUST,
        title="Keys that are no UUIDs (derived from a source id) work.",
        sources=(USE_CASES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-10",
        level=Level.MUST,
        title=(
            "While the resource is unchanged, the replay is the original response: the same status, and the "
            "same body as JSON."
        ),
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-11",
        level=Level.MUST,
        title=(
            "Every POST that creates a resource honours the key (IDM-01 to 03 on each collection for which a "
            "valid body can be built from the spec)."
        ),
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="IDM-12",
        level=Level.MUST,
        title="A key used by one organization never replays its response to another.",
        sources=(WHAT_THE_API_IS_FOR,),
        needs=frozenset({Need.OTHER, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-13",
        level=Level.NOTE,
        title=(
            "What these get: the same JSON serialized differently; null against left out; the same key on "
            "another endpoint, on archive and restore, from another API key of the organization; a key whose "
            "first use failed with 400; an empty key; a 255- and a 4096-character key."
        ),
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="IDM-14",
        level=Level.SHOULD,
        title="The replay stays the original response after the resource has changed since.",
        sources=(IDEMPOTENCY_KEYS_FOR_POSTS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
)
