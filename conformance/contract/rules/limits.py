"""Rules on the lengths and counts of observation fields."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

UPDATE_AN_OBSERVATION = observations("Update an observation")
VALIDATION_RULES = observations("Validation rules")

RULES: tuple[Rule, ...] = (
    Rule(
        id="LIM-01",
        level=Level.MUST,
        title="observation of 1 and of 4000 characters is accepted.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="LIM-02",
        level=Level.MUST,
        title="observation of 0 and of 4001 characters gets 400.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="LIM-03",
        level=Level.MUST,
        title="impact of 0 and of 2000 characters, and null, is accepted; 2001 gets 400.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="LIM-04",
        level=Level.MUST,
        title="recommended_action: the same.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="LIM-05",
        level=Level.MUST,
        title="12 attribute_ids are accepted, 13 get 400.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="LIM-06",
        level=Level.MUST,
        title="A repeated attribute id is refused with 400 or collapsed, never stored twice.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="LIM-07",
        level=Level.MUST,
        title="Limits count characters, not bytes (4000 two- and three-byte characters are accepted).",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="LIM-08",
        level=Level.MUST,
        title="PATCH keeps the same limits.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="LIM-09",
        level=Level.SHOULD,
        title="A character outside the BMP counts once: 4000 of them are accepted, 4001 get 400.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
)
