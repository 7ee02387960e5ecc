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
        title="Archive gives 200 and archived_at set to now.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-02",
        level=Level.MUST,
        title="Archiving what is archived gets 409 conflict and leaves archived_at as it was.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-03",
        level=Level.MUST,
        title="Restore gives 200 and archived_at null.",
        sources=(RESTORE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-04",
        level=Level.MUST,
        title="Restoring what is not archived gets 409 conflict.",
        sources=(RESTORE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-05",
        level=Level.MUST,
        title="An archived observation leaves the default lists; restored, it comes back.",
        sources=(ARCHIVE_AN_OBSERVATION, RESTORE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-06",
        level=Level.MUST,
        title="Archiving keeps all content.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-07",
        level=Level.MUST,
        title="It leaves search results; restored, it may be found again.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-08",
        level=Level.MUST,
        title="Of archives sent at the same time exactly one gets 200, the rest 409; restores alike.",
        sources=(ARCHIVE_AN_OBSERVATION, RESTORE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-09",
        level=Level.MUST,
        title="An unknown id gets 404 on both.",
        sources=(COMMON_ERROR_RESPONSES,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-10",
        level=Level.MUST,
        title="Both work without a request body.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-11",
        level=Level.MUST,
        title="Archive and restore can follow each other any number of times.",
        sources=(ARCHIVE_AN_OBSERVATION, RESTORE_AN_OBSERVATION),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-12",
        level=Level.NOTE,
        title="Whether archive and restore move updated_at.",
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ARC-13",
        level=Level.NOTE,
        title=(
            "Whether an archived observation leaves the summaries that hold it (stated, but the Summaries "
            "API is not described)."
        ),
        sources=(ARCHIVE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
)
