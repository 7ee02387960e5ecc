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
        title="A valid create MUST get 201 and the new resource, holding what was sent.",
        sources=(CREATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="Clients take the id from the answer and show the user what was stored, without asking again.",
        how=("A create with every writable field; each must come back with the same value, bare or inside data."),
    ),
    Rule(
        id="OBC-02",
        level=Level.MUST,
        title="A created observation MUST be found by its id and in the lists that match it.",
        sources=(CREATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="A user who has just written feedback and does not see it writes it again.",
        how=(
            "The new id is read, and looked for in lists filtered by its employee, type and date. A short, "
            "bounded wait is allowed, and the lag recorded."
        ),
    ),
    Rule(
        id="OBC-03",
        level=Level.MUST,
        title=(
            "impact, recommended_action, attribute_ids and observation_date MAY be left out of a create, "
            "which MUST then succeed."
        ),
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="The shortest chat command sends only what somebody said about whom.",
        how=(
            "A create with the three other fields alone: null, null, an empty array and a date are expected "
            "in the answer."
        ),
    ),
    Rule(
        id="OBC-04",
        level=Level.MUST,
        title="observation_date MUST default to the present day in UTC.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why=("Feedback written in the evening lands on another day than the same feedback from a colleague elsewhere."),
        how=(
            "A create without it, compared with the day of the response's Date header. Around midnight the "
            "day before and after the request both count."
        ),
    ),
    Rule(
        id="OBC-05",
        level=Level.MUST,
        title=("A create without employee_id, type or observation MUST get 400 validation_error that names the field."),
        sources=(VALIDATION_RULES, FIELD_REFERENCE, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.WRITE}),
        why=("A form shows which input is missing; feedback about nobody, or of no kind, is of no use to anybody."),
        how=(
            "Each of the three left out in turn, beside the accepted whole. A use case passes over "
            "employee_id when it names the least that a create needs; by the field reference it is never "
            "null and always refers to an employee. Once all others are done, no list may hold a text that "
            "only refused creates carried."
        ),
    ),
    Rule(
        id="OBC-06",
        level=Level.MUST,
        title="A create whose type is not strength or opportunity MUST get 400 validation_error.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why=("A client that maps another tool's categories would fill reports with kinds that no filter finds."),
        how="An unknown word and an empty text as type, beside the accepted twin.",
    ),
    Rule(
        id="OBC-07",
        level=Level.MUST,
        title="id, created_at, updated_at and archived_at MUST NOT be settable by a create.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why=("A history that a client can backdate proves nothing, and an id that it can choose overwrites another's."),
        how=("A create that sends all four: it is refused with 400, or succeeds with values of the server's own."),
    ),
    Rule(
        id="OBC-08",
        level=Level.MUST,
        title="A create for an employee_id that does not exist MUST get 422 unprocessable.",
        sources=(VALIDATION_RULES, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.WRITE}),
        why=("An import tells a dangling reference, to be mended in the directory, from a malformed row (400)."),
        how=("A well-formed id that was never issued, beside the accepted twin; nothing may have been created."),
    ),
    Rule(
        id="OBC-09",
        level=Level.MUST,
        title="A create with an attribute id that does not exist MUST get 422 unprocessable.",
        sources=(VALIDATION_RULES, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.WRITE}),
        why="A tag that is silently dropped or stored as a dangling id disappears from every report.",
        how="One unknown id alone and one beside a known one, beside the accepted twin.",
    ),
    Rule(
        id="OBC-10",
        level=Level.MUST,
        title="A create for an employee of another organization MUST get 422 unprocessable.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.OTHER, Need.WRITE}),
        why=("Feedback would otherwise be planted in another company's records, or an answer reveal whom it employs."),
        how=(
            "The other organization's employee, beside the same create for an own one; the other "
            "organization's list must not show it."
        ),
    ),
    Rule(
        id="OBC-11",
        level=Level.MUST,
        title="A create for a deactivated employee MUST be accepted.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="Imports of old feedback concern people who have left, and would lose every one of them.",
        how="A deactivated employee that the run discovers; without one the rule is not judged.",
    ),
    Rule(
        id="OBC-12",
        level=Level.MUST,
        title="An observation_date in the future MUST get 400 validation_error.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why="A mistyped year keeps feedback at the top of every list for a year.",
        how=(
            "The day two days after the target's Date header, beside today accepted; tomorrow, which some "
            "time zone has reached, is only recorded."
        ),
    ),
    Rule(
        id="OBC-13",
        level=Level.MUST,
        title="A malformed or impossible observation_date MUST get 400 validation_error.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why=(
            "A lenient parser reads 12/04 as December in one place and April in another, and turns 30 "
            "February into 2 March."
        ),
        how="2026-02-30, 2026-13-01, 12/04/2026, 2026-4-2 and a date-time, beside an accepted date.",
    ),
    Rule(
        id="OBC-14",
        level=Level.MUST,
        title="An observation_date of the present day, of the past or on a leap day MUST be accepted.",
        sources=(VALIDATION_RULES,),
        needs=frozenset({Need.WRITE}),
        why=("Most feedback is dated today, imports go years back, and once in four years a job must not stop."),
        how=(
            "Creates dated today by the target's clock, some years ago, and 2024-02-29; each date must come "
            "back as sent."
        ),
    ),
    Rule(
        id="OBC-15",
        level=Level.MUST,
        title="A wrong JSON type in any field of a create MUST get 400 validation_error.",
        sources=(FIELD_REFERENCE, VALIDATION_RULES),
        needs=frozenset({Need.WRITE}),
        why="A server that converts silently stores the text of an object, which every client then shows.",
        how=(
            "Each field in turn with a number, a boolean, an object or a text where a list belongs, beside "
            "the accepted twin."
        ),
    ),
    Rule(
        id="OBC-16",
        level=Level.MUST,
        title="Text MUST come back as it was sent, in any Unicode script.",
        sources=(CREATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why=(
            "People's words about people must not be altered, and a name in another script not turned into "
            "question marks."
        ),
        how=(
            "Texts in several scripts, combining marks and characters outside the BMP, in each text field. "
            "HTML, control characters and surrounding white space are left to OBC-17."
        ),
    ),
    Rule(
        id="OBC-18",
        level=Level.MUST,
        title="An attribute of another organization MUST get 422 unprocessable, on create and on update.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.OTHER, Need.WRITE}),
        why="One customer's tags would show in another's feedback, by name.",
        how=(
            "The other organization's attribute id, beside an own one accepted; the observation updated must "
            "read back unchanged."
        ),
    ),
    Rule(
        id="OBC-17",
        level=Level.NOTE,
        title="The run records what a create makes of content on which the documents are silent.",
        sources=(FIELD_REFERENCE, VALIDATION_RULES),
        needs=frozenset({Need.WRITE}),
        why=("Whether text is trimmed, cleaned of HTML or kept decides what a client has to do before it shows it."),
        how=(
            "HTML, white space around and alone, U+0000, an unknown field, null for an optional list or "
            "date, and the order of attribute_ids; status and stored value are recorded."
        ),
    ),
)
