"""Rules on filters."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, observations, overview

COMMON_ERROR_RESPONSES = observations("Common error responses")
FILTERING = overview("Filtering")
LIST_OBSERVATIONS = observations("List observations")

RULES: tuple[Rule, ...] = (
    Rule(
        id="FLT-01",
        level=Level.MUST,
        title="filter[employee_id] keeps exactly that employee's observations.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-02",
        level=Level.MUST,
        title="filter[type] keeps exactly that type.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-03",
        level=Level.MUST,
        title="Archived observations are left out by default and with filter[archived]=false.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-04",
        level=Level.MUST,
        title="filter[archived]=true keeps only archived ones.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-05",
        level=Level.MUST,
        title="filter[archived]=all keeps both.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-06",
        level=Level.MUST,
        title="filter[attribute_id] keeps exactly those tagged with it.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-07",
        level=Level.MUST,
        title="filter[attribute_id] given twice matches any of the two.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-08",
        level=Level.MUST,
        title=(
            "filter[manager_id] keeps the observations of the manager's direct reports, and not the "
            "manager's own."
        ),
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-09",
        level=Level.MUST,
        title="filter[manager_id] also keeps those of indirect reports, at any depth.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-10",
        level=Level.MUST,
        title="filter[observation_date][gte] is an inclusive lower bound.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-11",
        level=Level.MUST,
        title="filter[observation_date][lte] is an inclusive upper bound.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-12",
        level=Level.SHOULD,
        title=(
            "filter[observation_date][lt] is an exclusive upper bound. (FLT-12 to 15 and 17: the overview's "
            "operator table has them, the observations' parameter list does not.)"
        ),
        sources=(FILTERING,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-13",
        level=Level.SHOULD,
        title="filter[observation_date][gt] is an exclusive lower bound.",
        sources=(FILTERING,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-14",
        level=Level.SHOULD,
        title="[eq] and the shorthand without operator mean the same: equality.",
        sources=(FILTERING,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-15",
        level=Level.SHOULD,
        title="[in] takes a comma-separated list and matches any.",
        sources=(FILTERING,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-16",
        level=Level.MUST,
        title=(
            "filter[created_at][gte] and [lte] are inclusive bounds, to the precision in which created_at is "
            "served."
        ),
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-17",
        level=Level.SHOULD,
        title="[gt], [lt], [eq], [in] work on created_at too.",
        sources=(FILTERING,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-18",
        level=Level.MUST,
        title="Several filters hold together (all of them).",
        sources=(FILTERING,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-19",
        level=Level.MUST,
        title="A filter on an unsupported field is ignored: 200 and the same items as without it.",
        sources=(FILTERING,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="FLT-20",
        level=Level.MUST,
        title="A malformed date or datetime in a filter gets 400 validation_error.",
        sources=(COMMON_ERROR_RESPONSES,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-21",
        level=Level.MUST,
        title=(
            "filter[type] or filter[archived] with a value outside its documented set never returns items as "
            "if it were absent: 400, or (type only) nothing (which is recorded)."
        ),
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-22",
        level=Level.MUST,
        title=(
            "Partitions add up over data that the suite did not make: strength + opportunity = all; archived "
            "true + false = all; date <= d plus date >= the day after d = all; none overlap."
        ),
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="FLT-23",
        level=Level.MUST,
        title="Brackets may be sent raw or percent-encoded.",
        sources=(FILTERING, LIST_OBSERVATIONS),
        why="",
        how="",
    ),
    Rule(
        id="FLT-24",
        level=Level.NOTE,
        title="What a filter on an id that does not exist gets, what an unknown operator gets.",
        sources=(FILTERING, LIST_OBSERVATIONS),
        why="",
        how="",
    ),
)
