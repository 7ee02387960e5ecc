"""Rules on creating observations."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

COMMON_ERROR_RESPONSES = observations("Common error responses")
CREATE_AN_OBSERVATION = observations("Create an observation")
FIELD_REFERENCE = observations("Field reference")
VALIDATION_RULES = observations("Validation rules")

RULES: tuple[Rule, ...] = (
    Rule(
        id="OBC-01",
        level=Level.MUST,
        title="A valid create gets 201 and the new resource, which holds what was sent.",
        sources=(CREATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-02",
        level=Level.MUST,
        title=(
            "It is found by id and in the lists that match it (a short, bounded wait is allowed; the lag is "
            "recorded)."
        ),
        sources=(CREATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-03",
        level=Level.MUST,
        title=(
            "impact, recommended_action, attribute_ids and observation_date may be left out: null, null, "
            "empty, default."
        ),
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-04",
        level=Level.MUST,
        title="observation_date defaults to today in UTC.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-05",
        level=Level.MUST,
        title="Leaving out employee_id, type or observation gets 400 validation_error that names the field.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-06",
        level=Level.MUST,
        title="type outside the enum gets 400.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-07",
        level=Level.MUST,
        title=(
            "Read-only fields (id, created_at, updated_at, archived_at) can't be set by a client: ignored or "
            "400."
        ),
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-08",
        level=Level.MUST,
        title="An employee_id that does not exist gets 422 unprocessable.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-09",
        level=Level.MUST,
        title="An attribute id that does not exist gets 422.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-10",
        level=Level.MUST,
        title="Another organization's employee gets 422.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.OTHER, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-11",
        level=Level.MUST,
        title="A deactivated employee is accepted.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-12",
        level=Level.MUST,
        title="A future observation_date gets 400.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-13",
        level=Level.MUST,
        title=(
            "A malformed or impossible date gets 400 (2026-02-30, 2026-13-01, 12/04/2026, 2026-4-2, a "
            "datetime)."
        ),
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-14",
        level=Level.MUST,
        title="Today, past dates and a leap day are accepted.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-15",
        level=Level.MUST,
        title="A wrong JSON type in any field gets 400.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-16",
        level=Level.MUST,
        title=(
            "Text comes back as it was sent, any Unicode script included (judged on text without HTML, "
            "control characters or surrounding white space: OBC-17)."
        ),
        sources=(CREATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-18",
        level=Level.MUST,
        title="Another organization's attribute gets 422, on create and on update.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.OTHER, Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="OBC-17",
        level=Level.NOTE,
        title=(
            "What these get: HTML, surrounding or only white space, U+0000, an unknown field, null for an "
            "optional list or date; and whether attribute_ids keep their order."
        ),
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
)
