"""Rules on odd, random and parallel requests."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations, overview

ARCHIVE_AN_OBSERVATION = observations("Archive an observation")
CREATE_AN_OBSERVATION = observations("Create an observation")
GET_AN_OBSERVATION = observations("Get an observation")
LIST_OBSERVATIONS = observations("List observations")
OPENAPI_SPECIFICATION = overview("OpenAPI specification")
RESTORE_AN_OBSERVATION = observations("Restore an observation")
REST_PRINCIPLES = overview("REST principles")
UPDATE_AN_OBSERVATION = observations("Update an observation")

RULES: tuple[Rule, ...] = (
    Rule(
        id="ROB-01",
        level=Level.MUST,
        title="No request of the run, however odd, gets a 5xx other than 503 with Retry-After.",
        sources=(REST_PRINCIPLES,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="ROB-02",
        level=Level.SHOULD,
        title="A request that breaks the spec is refused with a 4xx.",
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="ROB-03",
        level=Level.SHOULD,
        title="A request that the spec allows is served, or refused with a documented error.",
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="ROB-04",
        level=Level.MUST,
        title=(
            "Random sequences of create, read, list, update, archive and restore behave as a simple model of "
            "the documents says."
        ),
        sources=(
            LIST_OBSERVATIONS,
            GET_AN_OBSERVATION,
            CREATE_AN_OBSERVATION,
            UPDATE_AN_OBSERVATION,
            ARCHIVE_AN_OBSERVATION,
            RESTORE_AN_OBSERVATION,
        ),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="ROB-05",
        level=Level.SHOULD,
        title="Parallel updates of one observation leave it in a state that one order of them explains.",
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
)
