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
        title="An observation MUST have all 11 documented fields wherever it is served.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why=("Typed clients fail to decode, and others read undefined, where a field is left out because it is empty."),
        how=(
            "Every observation in the run's responses: lists, items, answers to writes. Fields replaced by "
            "expand are left out (EXP-03), further fields are allowed."
        ),
    ),
    Rule(
        id="OBS-02",
        level=Level.MUST,
        title="The id of an observation MUST be obs_ followed by 26 upper-case letters and digits.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="Clients size their columns and route ids by this form.",
        how="Every observation of the run. The strict ULID alphabet is judged apart (OBS-11).",
    ),
    Rule(
        id="OBS-03",
        level=Level.MUST,
        title="Every field of an observation MUST have its documented type, nullability, enum and format.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why=(
            "A number where text was promised, or a third type of observation, is a crash in a typed client "
            "and a blank in others."
        ),
        how=(
            "Every observation of the run, field by field. Dates are judged apart (OBS-04), and fields "
            "replaced by expand are left out."
        ),
    ),
    Rule(
        id="OBS-04",
        level=Level.MUST,
        title=(
            "observation_date MUST be YYYY-MM-DD, and created_at, updated_at and archived_at MUST be ISO "
            "8601 date-times."
        ),
        sources=(FIELD_REFERENCE,),
        passive=True,
        why=("Date parsers of typed clients refuse anything else, and lenient ones guess the day and the month."),
        how=(
            "Every observation of the run; any number of decimals of a second and any offset are allowed, "
            "and archived_at may be null."
        ),
    ),
    Rule(
        id="OBS-05",
        level=Level.MUST,
        title="Observations MUST be served within the field limits that hold for writing them.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why=("A client that reads an observation and writes it back must not be refused for what it was served."),
        how=(
            "Every observation of the run: observation 1 to 4000 characters, impact and recommended_action "
            "at most 2000, attribute_ids at most 12 and none twice."
        ),
    ),
    Rule(
        id="OBS-06",
        level=Level.SHOULD,
        title="created_at SHOULD NOT be later than updated_at.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="Clients that compare the two to show an edited mark, or synchronize by updated_at, are misled.",
        how="Every observation of the run, compared as instants.",
    ),
    Rule(
        id="OBS-07",
        level=Level.MUST,
        title="A read by id MUST give the observation as it was created or listed.",
        sources=(GET_AN_OBSERVATION,),
        why="A client that shows a list and then the detail must not see two versions of the same feedback.",
        how=(
            "Listed and created observations are read by id and compared field by field. Items that another "
            "user changed meanwhile are left out."
        ),
    ),
    Rule(
        id="OBS-08",
        level=Level.MUST,
        title="An unknown observation id MUST get 404 not_found.",
        sources=(GET_AN_OBSERVATION,),
        why=("A client removes its local copy on a 404; on an empty 200 or a 500 it keeps showing what is gone."),
        how="A well-formed id that was never issued, beside an accepted read.",
    ),
    Rule(
        id="OBS-09",
        level=Level.MUST,
        title="An archived observation MUST still be readable by its id.",
        sources=(GET_AN_OBSERVATION,),
        needs=frozenset({Need.WRITE}),
        why="Links in old messages lead to it, and an audit has to open it.",
        how="An observation is created, archived and read: 200 with archived_at set.",
    ),
    Rule(
        id="OBS-10",
        level=Level.SHOULD,
        title="A malformed observation id SHOULD get 404 not_found.",
        sources=(GET_AN_OBSERVATION,),
        why="A client with a truncated id handles it as any missing record, without a branch of its own.",
        how=(
            "Ids of another form, beside an accepted read. 400 instead is recorded; a 2xx or a 5xx is what "
            "breaks the rule."
        ),
    ),
    Rule(
        id="OBS-11",
        level=Level.SHOULD,
        title="What follows obs_ in an id SHOULD be a strict ULID.",
        sources=(FIELD_REFERENCE,),
        passive=True,
        why="ULID parsers that read the time out of an id refuse letters outside their alphabet.",
        how=(
            "Every observation of the run: 26 characters of Crockford's Base32 within 128 bits. The "
            "documents' own example breaks it, hence no MUST."
        ),
    ),
    Rule(
        id="OBS-12",
        level=Level.SHOULD,
        title="The timestamps of an observation SHOULD carry an offset, and it SHOULD be UTC.",
        sources=(RESOURCE_SHAPE,),
        passive=True,
        why="Without an offset a client reads them in its user's local time, hours away from the truth.",
        how=("Every observation of the run; Z and +00:00 both count as UTC. Only the example shows it, hence no MUST."),
    ),
)
