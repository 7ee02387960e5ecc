"""Rules on the lengths and counts of observation fields."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

FIELD_REFERENCE = observations("Field reference")
UPDATE_AN_OBSERVATION = observations("Update an observation")
VALIDATION_RULES = observations("Validation rules")

RULES: tuple[Rule, ...] = (
    Rule(
        id="LIM-01",
        level=Level.MUST,
        title="An observation text of 1 and of 4000 characters MUST be accepted.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why=("A form that counts down to the documented limit lets the user write that much, and then loses it."),
        how="Two creates with texts of exactly these lengths, which must come back whole.",
    ),
    Rule(
        id="LIM-02",
        level=Level.MUST,
        title="An observation text of 0 and of 4001 characters MUST get 400 validation_error.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="A text cut off without a word loses its end, and an empty one is feedback that says nothing.",
        how="Two creates with texts of these lengths, beside 4000 accepted; what was refused must stand in no list.",
    ),
    Rule(
        id="LIM-03",
        level=Level.MUST,
        title=(
            "impact of 0 and of 2000 characters and null MUST be accepted, and 2001 characters MUST get 400 "
            "validation_error."
        ),
        sources=(FIELD_REFERENCE, VALIDATION_RULES),
        needs=frozenset({Need.WRITE}),
        why="Forms send an empty text for an input left empty, and count down to the documented limit.",
        how="Creates with each of the four, the refused beside the accepted ones.",
    ),
    Rule(
        id="LIM-04",
        level=Level.MUST,
        title=(
            "recommended_action of 0 and of 2000 characters and null MUST be accepted, and 2001 characters "
            "MUST get 400 validation_error."
        ),
        sources=(FIELD_REFERENCE, VALIDATION_RULES),
        needs=frozenset({Need.WRITE}),
        why=("Generated advice is often long; a job that keeps to the limit must not be refused, nor its text cut."),
        how="Creates with each of the four, the refused beside the accepted ones.",
    ),
    Rule(
        id="LIM-05",
        level=Level.MUST,
        title="12 attribute_ids MUST be accepted, and 13 MUST get 400 validation_error.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="A picker that lets its user choose up to the limit must be able to save what was chosen.",
        how=("Creates with 12 and with 13 different attributes; a target that offers fewer than 13 is not judged."),
    ),
    Rule(
        id="LIM-06",
        level=Level.MUST,
        title="A repeated attribute id MUST NOT be stored twice.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="A tag that counts double distorts every statistic by competency.",
        how="A create with one id twice: refused with 400, or accepted and served back with that id once.",
    ),
    Rule(
        id="LIM-07",
        level=Level.MUST,
        title="Limits MUST count characters and not bytes.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why=("In Greek or Japanese a limit in bytes is a half or a third of the one that the client's form shows."),
        how=(
            "4000 characters of two and of three UTF-8 bytes each, judged one by one. Characters outside the "
            "BMP are left to LIM-09."
        ),
    ),
    Rule(
        id="LIM-08",
        level=Level.MUST,
        title="An update MUST keep the same field limits as a create.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why=("Otherwise an edit is the way around every limit, and the item can't be read back by a typed client."),
        how=(
            "The texts and lists of LIM-01 to LIM-06 by PATCH, each refused one beside an accepted one; a "
            "refused update must change nothing."
        ),
    ),
    Rule(
        id="LIM-09",
        level=Level.SHOULD,
        title="A character outside the BMP SHOULD count once.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="An emoji that counts as two or four makes a client's counter and the server's disagree.",
        how=(
            "4000 such characters accepted and 4001 refused. The documents don't say what a character is, "
            "hence no MUST."
        ),
    ),
)
