"""Rules on what an observation is, wherever it is served."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

FIELD_REFERENCE = observations("Field reference")
GET_AN_OBSERVATION = observations("Get an observation")
RESOURCE_SHAPE = observations("Resource shape")

RULES: tuple[Rule, ...] = (
    Rule(
        id="OBS-01",
        level=Level.MUST,
        title="All 11 documented fields are present wherever an observation is served (EXP-03 aside).",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="OBS-02",
        level=Level.MUST,
        title="id is obs_ and 26 upper-case letters and digits.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="OBS-03",
        level=Level.MUST,
        title="Every field has its documented type, nullability, enum and format.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="OBS-04",
        level=Level.MUST,
        title="observation_date is YYYY-MM-DD; created_at, updated_at, archived_at are ISO 8601 date-times.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="OBS-05",
        level=Level.MUST,
        title=(
            "Served data keeps the limits: observation 1 to 4000 characters, impact and recommended_action "
            "at most 2000, attribute_ids at most 12 and unique."
        ),
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="OBS-06",
        level=Level.SHOULD,
        title="created_at is not after updated_at.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="OBS-07",
        level=Level.MUST,
        title="GET by id gives the resource as it was created or listed.",
        sources=(GET_AN_OBSERVATION,),
        why="",
        how="",
    ),
    Rule(
        id="OBS-08",
        level=Level.MUST,
        title="An unknown id gets 404 not_found.",
        sources=(GET_AN_OBSERVATION,),
        why="",
        how="",
    ),
    Rule(
        id="OBS-09",
        level=Level.MUST,
        title="An archived observation is still read by id.",
        sources=(GET_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBS-10",
        level=Level.SHOULD,
        title="A malformed id gets 404 (400 is recorded).",
        sources=(GET_AN_OBSERVATION,),
        why="",
        how="",
    ),
    Rule(
        id="OBS-11",
        level=Level.SHOULD,
        title=(
            "What follows obs_ is a strict ULID (the documents' own example holds a U, which no strict ULID "
            "has: hence no MUST)."
        ),
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="OBS-12",
        level=Level.SHOULD,
        title="Timestamps carry an offset, and it is UTC.",
        sources=(RESOURCE_SHAPE,),
        passive=True,
        why="",
        how="",
    ),
)
