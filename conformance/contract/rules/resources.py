"""Rules on resources and their paths."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, overview

A_MINIMAL_FIRST_REQUEST = overview("A minimal first request")
EXPANDING_RELATIONSHIPS = overview("Expanding relationships")
RESOURCE_LIST = overview("Resource list")
REST_PRINCIPLES = overview("REST principles")

RULES: tuple[Rule, ...] = (
    Rule(
        id="RES-01",
        level=Level.MUST,
        title=(
            "Each of the 14 documented top-level resources answers GET at its documented path (200; 400 "
            "where a query is required, as for search; 403 where the key has no scope; never 404 or 405)."
        ),
        sources=(RESOURCE_LIST,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="RES-02",
        level=Level.SHOULD,
        title="An unknown path below the base URL gets 404 not_found in the error envelope.",
        sources=(REST_PRINCIPLES,),
        why="",
        how="",
    ),
    Rule(
        id="RES-03",
        level=Level.MUST,
        title="An item of a collection is read at {collection}/{id} and carries the same id.",
        sources=(REST_PRINCIPLES,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="RES-04",
        level=Level.SHOULD,
        title=(
            "A method the documents don't give a resource (PUT, DELETE on an observation) is refused with a "
            "4xx and changes nothing."
        ),
        sources=(REST_PRINCIPLES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="RES-05",
        level=Level.NOTE,
        title=(
            "Whether a single resource comes bare or inside a data member (the documents show both); checks "
            "read either, and the choice is the same for every resource."
        ),
        sources=(EXPANDING_RELATIONSHIPS, A_MINIMAL_FIRST_REQUEST),
        each=True,
        why="",
        how="",
    ),
)
