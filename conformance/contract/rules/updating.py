"""Rules on updating observations."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

COMMON_ERROR_RESPONSES = observations("Common error responses")
FIELD_REFERENCE = observations("Field reference")
RESTRICTIONS = observations("Restrictions")
UPDATE_AN_OBSERVATION = observations("Update an observation")

RULES: tuple[Rule, ...] = (
    Rule(
        id="OBU-01",
        level=Level.MUST,
        title="PATCH changes the fields sent and no other; 200 with the resource.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-02",
        level=Level.MUST,
        title="created_at stays; updated_at does not go back.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-03",
        level=Level.MUST,
        title="null clears impact and recommended_action.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-04",
        level=Level.MUST,
        title="An empty list clears attribute_ids.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-05",
        level=Level.MUST,
        title="employee_id can't be changed: refused or ignored, it stays.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-06",
        level=Level.MUST,
        title="type can't be changed: refused or ignored, it stays.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-07",
        level=Level.MUST,
        title="An archived observation can't be updated: a 4xx, unchanged.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-08",
        level=Level.MUST,
        title="Restored, it can be updated again.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-09",
        level=Level.MUST,
        title="observation can't be null or empty: 400.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-10",
        level=Level.MUST,
        title="An unknown id gets 404, an unknown attribute 422.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-11",
        level=Level.SHOULD,
        title="A refused PATCH changes nothing, also where one of its fields was valid.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-13",
        level=Level.SHOULD,
        title="A PATCH that changes something moves updated_at forward.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-14",
        level=Level.SHOULD,
        title="A change of employee_id or type is refused with a 4xx rather than ignored.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-15",
        level=Level.NOTE,
        title=(
            "With which status an archived observation refuses an update (the error table names three causes "
            "for 409, and this is none)."
        ),
        sources=(RESTRICTIONS, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-16",
        level=Level.MUST,
        title="Read-only fields can't be set by a PATCH: ignored or 400.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBU-12",
        level=Level.NOTE,
        title="What an empty PATCH, a PATCH of observation_date, and an unchanged employee_id or type get.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
)
