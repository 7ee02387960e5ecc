"""Rules on archiving and restoring observations."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations

ARCHIVE_AN_OBSERVATION = observations("Archive an observation")
COMMON_ERROR_RESPONSES = observations("Common error responses")
RESTORE_AN_OBSERVATION = observations("Restore an observation")

RULES: tuple[Rule, ...] = (
    Rule(
        id="ARC-01",
        level=Level.MUST,
        title="Archive MUST get 200 with archived_at set to the present time.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="Clients show since when feedback is withdrawn, and sort an audit by it.",
        how=(
            "archived_at is compared with the response's Date header (rounding is allowed), or with created_at and "
            "the time that passed since, for a Date that a proxy writes some minutes off."
        ),
    ),
    Rule(
        id="ARC-02",
        level=Level.MUST,
        title="Archiving what is archived MUST get 409 conflict and leave archived_at as it was.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="A second click must not rewrite the time at which the feedback was withdrawn.",
        how="Archive twice; the second is refused, and archived_at reads back as after the first.",
    ),
    Rule(
        id="ARC-03",
        level=Level.MUST,
        title="Restore MUST get 200 with archived_at null.",
        sources=(RESTORE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="Undo has to work, and clients take null for active.",
        how="Restore after an archive; the answer and a read by id are looked at.",
    ),
    Rule(
        id="ARC-04",
        level=Level.MUST,
        title="Restoring what is not archived MUST get 409 conflict.",
        sources=(RESTORE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why=("A client that lost track of the state learns of it, rather than believe that it undid something."),
        how="Restore on an active observation, beside one accepted on an archived one.",
    ),
    Rule(
        id="ARC-05",
        level=Level.MUST,
        title="An archived observation MUST leave the default lists, and restored it MUST come back.",
        sources=(ARCHIVE_AN_OBSERVATION, RESTORE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="Withdrawn feedback that is still listed is read by the person it was withdrawn from.",
        how="The employee's list before and after archive and after restore, with a short, bounded wait.",
    ),
    Rule(
        id="ARC-06",
        level=Level.MUST,
        title="Archiving MUST keep all content.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="What is archived is evidence; a lost text or tag can't be brought back by restore.",
        how=(
            "The observation before archive, after it and after restore, compared field by field, "
            "archived_at and updated_at aside."
        ),
    ),
    Rule(
        id="ARC-07",
        level=Level.MUST,
        title="An archived observation MUST leave the search results.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="A search is where withdrawn feedback is found by accident.",
        how=(
            "A word that only this observation holds is searched before and after archive, and after "
            "restore, with a bounded wait. Judged where the search found it before; whether it is found "
            "again after restore is recorded."
        ),
    ),
    Rule(
        id="ARC-08",
        level=Level.MUST,
        title=(
            "Of several archives sent at the same time exactly one MUST get 200 and the rest 409 conflict, "
            "and restores MUST behave alike."
        ),
        sources=(ARCHIVE_AN_OBSERVATION, RESTORE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="Two winners mean two events and two entries in the audit for one change.",
        how="Several archives of one observation at once, then several restores.",
    ),
    Rule(
        id="ARC-09",
        level=Level.MUST,
        title="Archive and restore of an unknown id MUST get 404 not_found.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="A client removes its local copy on a 404, and retries on anything else.",
        how="Both on an id that was never issued, beside accepted ones.",
    ),
    Rule(
        id="ARC-10",
        level=Level.MUST,
        title="Archive and restore MUST work without a request body.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="The documented commands send none, and many HTTP libraries then send no Content-Type either.",
        how="Both without body and without Content-Type.",
    ),
    Rule(
        id="ARC-11",
        level=Level.MUST,
        title="Archive and restore MUST be able to follow each other any number of times.",
        sources=(ARCHIVE_AN_OBSERVATION, RESTORE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="People change their minds; a state that can be left only once is a trap.",
        how="Three rounds of archive and restore on one observation, each with 200 and the state read back.",
    ),
    Rule(
        id="ARC-12",
        level=Level.NOTE,
        title="The run records whether archive and restore move updated_at.",
        sources=(ARCHIVE_AN_OBSERVATION, RESTORE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="A sync by updated_at either sees the change of state or has to look elsewhere for it.",
        how="updated_at before and after each; whether it moved is recorded.",
    ),
    Rule(
        id="ARC-13",
        level=Level.NOTE,
        title="The run records whether an archived observation leaves the summaries that hold it.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="The documents promise it, but the summaries are not described well enough to judge it.",
        how=(
            "A summary that names the observation, before and after archive, where one can be found; the "
            "change is recorded."
        ),
    ),
)
