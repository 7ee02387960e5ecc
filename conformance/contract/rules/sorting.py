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
            "sort=field MUST order a collection ascending by that field, for every sortable field that the "
            "documents name."
        ),
        sources=(SORTING, LIST_OBSERVATIONS),
        why=("A timeline or a list of names that is out of order is the first thing that a user of a client sees."),
        how=(
            "Observations by created_at and observation_date, employees by last_name and first_name, on a "
            "walk over several pages. Equal keys may come in any order, and text is compared only where "
            "every usual collation agrees."
        ),
    ),
    Rule(
        id="SRT-02",
        level=Level.MUST,
        title=(
            "sort=-field MUST order a collection descending by that field, for every sortable field that the "
            "documents name."
        ),
        sources=(SORTING, LIST_OBSERVATIONS),
        why=(
            "The newest ten are asked for in this way; in the wrong direction a client shows the ten oldest "
            "and calls them news."
        ),
        how="The fields of SRT-01, each with a minus sign, judged alike.",
    ),
    Rule(
        id="SRT-03",
        level=Level.MUST,
        title="Observations MUST come with the newest observation_date first when no sort is given.",
        sources=(LIST_OBSERVATIONS,),
        why="Most clients never send sort and show the first page as the latest feedback.",
        how=(
            "The list without sort is walked; its observation dates must never rise, items of the same date "
            "may come in any order."
        ),
    ),
    Rule(
        id="SRT-04",
        level=Level.SHOULD,
        title=(
            "Every other collection whose items have created_at SHOULD come with the newest first when no "
            "sort is given."
        ),
        sources=(SORTING,),
        each=True,
        why="A client polls the first page for what is new; in another order it never sees the latest items.",
        how=(
            "The first pages of each such collection without sort. The documents say this of most "
            "collections, so a breach is a warning."
        ),
    ),
    Rule(
        id="SRT-05",
        level=Level.MUST,
        title=(
            "With two sort fields the first MUST take precedence and the second MUST order its ties, each in "
            "its own direction."
        ),
        sources=(SORTING,),
        why=(
            "A directory by last and first name shows the Smiths in a random order, or sorted by first name "
            "over everybody."
        ),
        how=(
            "Employees by last_name,first_name and by last_name,-first_name. It takes employees that share a "
            "last name, and names that every usual collation orders alike."
        ),
    ),
    Rule(
        id="SRT-06",
        level=Level.MUST,
        title="A sort field that a collection doesn't support MUST get 400 validation_error.",
        sources=(SORTING,),
        each=True,
        why="A mistyped field that is quietly ignored gives an order that looks plausible and is wrong.",
        how="A made-up sort field on each collection, and real ones on observations, beside the accepted request.",
    ),
    Rule(
        id="SRT-07",
        level=Level.SHOULD,
        title="An unsupported sort field beside a supported one SHOULD get 400 validation_error too.",
        sources=(SORTING,),
        each=True,
        why=("A client that adds a second key finds out only at the ties that the second one never did anything."),
        how=(
            "A supported field followed by a made-up one on each collection whose sortable fields the "
            "documents name or the run has found, beside the supported one alone."
        ),
    ),
    Rule(
        id="SRT-08",
        level=Level.NOTE,
        title="The run records whether the observation list takes two sort fields.",
        sources=(SORTING, LIST_OBSERVATIONS),
        why=(
            "The overview lets collections be sorted by several fields, the observation list names one of "
            "four values; a client can't rely on either."
        ),
        how=(
            "sort=-observation_date,created_at on observations; whether it is refused, and otherwise whether "
            "both fields took effect."
        ),
    ),
)
