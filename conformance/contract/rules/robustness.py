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
        title="A request, however odd, MUST NOT get a 5xx other than 503 with Retry-After.",
        sources=(REST_PRINCIPLES,),
        passive=True,
        why="Clients retry on 5xx; a request that always crashes the server is sent again and again.",
        how=(
            "Every response of the run; of what is drawn from the spec, alone and in sequences over it, each value or "
            "sequence that gets one, as small as it can be."
        ),
    ),
    Rule(
        id="ROB-02",
        level=Level.SHOULD,
        title="A request that breaks the published spec SHOULD be refused with a 4xx.",
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why="Generated clients and the server have to agree on what is valid, or mistakes pass as data.",
        how=(
            "Values that break one constraint, generated from the spec for each operation, in the place of a valid "
            "one in a request that was accepted. Left out is what may be read generously or ignored: a limit above "
            "100 (PAG-07), empty values, null, headers, unknown fields and parameters, expand paths, read-only "
            "fields, other spellings of a value, a filter that finds nothing."
        ),
    ),
    Rule(
        id="ROB-03",
        level=Level.SHOULD,
        title=("A request that the published spec allows SHOULD be served, or refused with a documented error."),
        sources=(OPENAPI_SPECIFICATION,),
        each=True,
        why=(
            "A generated client that checks its input by the spec should not be refused for reasons that the "
            "spec doesn't have."
        ),
        how=(
            "The plainest request of each operation, and values that the spec allows in it, generated one by one and "
            "together. Sequences about one item, by the spec's links or names: what was made is "
            "found, and what was deleted is not read as it was. Left out is what may be refused for reasons that no "
            "schema tells: made-up cursors, references that don't exist, days ahead, odd characters, states that "
            "conflict."
        ),
    ),
    Rule(
        id="ROB-04",
        level=Level.MUST,
        title=(
            "Random sequences of create, read, list, update, archive and restore MUST behave as a simple "
            "model of the documents does."
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
        why="Single calls can all be right while their combination is wrong, and users combine them freely.",
        how=(
            "Seeded random sequences against the target and a model, compared after every step; the shortest "
            "sequence that differs is reported."
        ),
    ),
    Rule(
        id="ROB-05",
        level=Level.SHOULD,
        title=("Parallel updates of one observation SHOULD leave it in a state that some order of them explains."),
        sources=(UPDATE_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why=("Two people who edit at once may overwrite each other, but not leave a mixture that nobody wrote."),
        how=(
            "Several PATCHes at once, on connections opened before. Of the same two fields: the pair read back must be "
            "one that was accepted. Of different fields: all that were accepted must be there."
        ),
    ),
)
