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
        title="An update MUST get 200 with the resource, change the fields that were sent and no other.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="A job that adds a recommended action must not wipe out the rest of the feedback.",
        how=("Each updatable field alone by PATCH, and the resource compared with its state before, updated_at aside."),
    ),
    Rule(
        id="OBU-02",
        level=Level.MUST,
        title="An update MUST leave created_at as it is, and updated_at MUST NOT go back.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="Incremental synchronization misses a change whose updated_at is older than what it last saw.",
        how="created_at and updated_at before and after a PATCH, compared as instants.",
    ),
    Rule(
        id="OBU-03",
        level=Level.MUST,
        title="null MUST clear impact and recommended_action.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="It is the only way to take back a text; ignored, the withdrawn words stay visible.",
        how="A PATCH with null for each in turn, which must read back as null.",
    ),
    Rule(
        id="OBU-04",
        level=Level.MUST,
        title="An empty array MUST clear attribute_ids.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="A user who removes the last tag sees it come back.",
        how="A PATCH with an empty array on a tagged observation, which must read back without tags.",
    ),
    Rule(
        id="OBU-05",
        level=Level.MUST,
        title="An update MUST NOT change employee_id.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="Feedback that moves to another person is a wrong judgement in somebody's review.",
        how=(
            "A PATCH with another employee: refused or ignored, but the subject reads back the same. Which "
            "of the two is better is left to OBU-14."
        ),
    ),
    Rule(
        id="OBU-06",
        level=Level.MUST,
        title="An update MUST NOT change type.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="A strength that turns into an opportunity after it was read rewrites what was said.",
        how="A PATCH with the other type: refused or ignored, but the type reads back the same.",
    ),
    Rule(
        id="OBU-07",
        level=Level.MUST,
        title="An archived observation MUST NOT be updated.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="What was withdrawn is kept for audit, and an audit trail that can be edited proves nothing.",
        how=(
            "A PATCH on an archived observation, beside the same one accepted before: a 4xx, and the content "
            "reads back unchanged."
        ),
    ),
    Rule(
        id="OBU-08",
        level=Level.MUST,
        title="A restored observation MUST be updatable again.",
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="The documented way to correct withdrawn feedback is to restore it first and edit it then.",
        how="The PATCH that was refused while archived is sent again after restore, and must take effect.",
    ),
    Rule(
        id="OBU-09",
        level=Level.MUST,
        title="An update that sets observation to null or to an empty text MUST get 400 validation_error.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="The text is all there is to an observation; emptied, a blank card remains.",
        how="A PATCH with each, beside an accepted one; the text must read back unchanged.",
    ),
    Rule(
        id="OBU-10",
        level=Level.MUST,
        title=(
            "An update of an unknown id MUST get 404 not_found, and one with an unknown attribute 422 unprocessable."
        ),
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="A sync drops its local record on the first and repairs its tags on the second.",
        how=(
            "A PATCH on an id that was never issued, and one with an attribute id that was never issued, "
            "beside an accepted one."
        ),
    ),
    Rule(
        id="OBU-11",
        level=Level.SHOULD,
        title="A refused update SHOULD change nothing, also where one of its fields was valid.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why=(
            "A client that is told of an error keeps its user's draft and sends it again; half of it must "
            "not be stored already."
        ),
        how="A PATCH with one valid and one invalid field; the observation must read back unchanged.",
    ),
    Rule(
        id="OBU-13",
        level=Level.SHOULD,
        title="An update that changes something SHOULD move updated_at forward.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why="Clients that poll for what changed since never see the edit.",
        how=(
            "updated_at before and after a PATCH, sent once as much time has passed as the served precision can show."
        ),
    ),
    Rule(
        id="OBU-14",
        level=Level.SHOULD,
        title=("An update that would change employee_id or type SHOULD be refused with a 4xx rather than ignored."),
        sources=(RESTRICTIONS,),
        needs=frozenset({Need.WRITE}),
        why="A client that gets 200 tells its user that the correction was made.",
        how=(
            "A PATCH with another employee and one with the other type, beside an accepted one. That they "
            "may not change is OBU-05 and 06."
        ),
    ),
    Rule(
        id="OBU-15",
        level=Level.NOTE,
        title="The run records with which status an archived observation refuses an update.",
        sources=(RESTRICTIONS, COMMON_ERROR_RESPONSES),
        needs=frozenset({Need.WRITE}),
        why="The error table has no line for it, and a client has to tell the user to restore first.",
        how="The refused PATCH of OBU-07; its status and code are recorded.",
    ),
    Rule(
        id="OBU-16",
        level=Level.MUST,
        title="id, created_at, updated_at and archived_at MUST NOT be settable by an update.",
        sources=(FIELD_REFERENCE,),
        needs=frozenset({Need.WRITE}),
        why=(
            "An edit that can set archived_at or backdate created_at goes around every check on archiving "
            "and on history."
        ),
        how=("A PATCH with each of the four: refused with 400 or ignored, with the server's own values afterwards."),
    ),
    Rule(
        id="OBU-12",
        level=Level.NOTE,
        title=(
            "The run records what an empty PATCH, a PATCH of observation_date and an unchanged employee_id or type get."
        ),
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="A client that sends the whole form back runs into all three.",
        how="One PATCH of each kind; status and effect are recorded.",
    ),
)
