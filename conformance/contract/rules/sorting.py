"""Rules on the order of collections."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, observations, overview

LIST_OBSERVATIONS = observations("List observations")
SORTING = overview("Sorting")

RULES: tuple[Rule, ...] = (
    Rule(
        id="SRT-01",
        level=Level.MUST,
        title=(
            "sort=field orders ascending (observations: created_at, observation_date; employees: last_name, "
            "first_name)."
        ),
        sources=(SORTING, LIST_OBSERVATIONS),
        why="",
        how="",
    ),
    Rule(
        id="SRT-02",
        level=Level.MUST,
        title="sort=-field orders descending.",
        sources=(SORTING, LIST_OBSERVATIONS),
        why="",
        how="",
    ),
    Rule(
        id="SRT-03",
        level=Level.MUST,
        title="Observations come newest observation_date first when no sort is given.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="SRT-04",
        level=Level.SHOULD,
        title=(
            "Every other collection whose items have created_at comes newest created_at first when no sort "
            "is given."
        ),
        sources=(SORTING,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SRT-05",
        level=Level.MUST,
        title=(
            "sort=a,b on employees: the first field takes precedence, the second breaks its ties, each in "
            "its own direction (last_name,-first_name too)."
        ),
        sources=(SORTING,),
        why="",
        how="",
    ),
    Rule(
        id="SRT-06",
        level=Level.MUST,
        title="An unsupported sort field gets 400 validation_error.",
        sources=(SORTING,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SRT-07",
        level=Level.SHOULD,
        title="An unsupported field beside a supported one gets 400 too.",
        sources=(SORTING,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="SRT-08",
        level=Level.NOTE,
        title=(
            "Whether observations take two sort fields (overview says collections do, observations lists one "
            "of four)."
        ),
        sources=(SORTING, LIST_OBSERVATIONS),
        why="",
        how="",
    ),
)
