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
        title="filter[employee_id] MUST keep exactly the observations of that employee.",
        sources=(LIST_OBSERVATIONS,),
        why=(
            "A page about one person that shows feedback on another is a breach of confidence, and one that "
            "misses some is unfair."
        ),
        how=("The filtered walk must hold the same ids as those of that employee in a walk without the filter."),
    ),
    Rule(
        id="FLT-02",
        level=Level.MUST,
        title="filter[type] MUST keep exactly the observations of that type.",
        sources=(LIST_OBSERVATIONS,),
        why="A report on strengths that counts opportunities is wrong without looking so.",
        how="strength and opportunity, each walked and compared with a walk without the filter.",
    ),
    Rule(
        id="FLT-03",
        level=Level.MUST,
        title=("Archived observations MUST be left out without filter[archived], and with filter[archived]=false."),
        sources=(LIST_OBSERVATIONS,),
        why="What a manager has withdrawn must not come back in a client that never heard of archiving.",
        how=(
            "No item of either walk may have archived_at set, and the two walks must hold the same ids; "
            "judged where an archived observation is known to exist."
        ),
    ),
    Rule(
        id="FLT-04",
        level=Level.MUST,
        title="filter[archived]=true MUST keep only archived observations.",
        sources=(LIST_OBSERVATIONS,),
        why="An audit view of withdrawn feedback that mixes in active items misleads the auditor.",
        how=(
            "Every item of the walk has archived_at set, and an observation that the run knows to be "
            "archived is among them."
        ),
    ),
    Rule(
        id="FLT-05",
        level=Level.MUST,
        title="filter[archived]=all MUST keep archived and active observations.",
        sources=(LIST_OBSERVATIONS,),
        why="A full export relies on it; without it every archived item is missing from the copy.",
        how="The walk must hold the ids of the walks with true and with false together.",
    ),
    Rule(
        id="FLT-06",
        level=Level.MUST,
        title="filter[attribute_id] MUST keep exactly the observations tagged with that attribute.",
        sources=(LIST_OBSERVATIONS,),
        why="Analytics by competency are built on it; a wrong set gives wrong counts for people's reviews.",
        how=(
            "The filtered walk is compared with the items of an unfiltered walk that hold the id among their "
            "attribute_ids."
        ),
    ),
    Rule(
        id="FLT-07",
        level=Level.MUST,
        title="filter[attribute_id] given twice MUST keep the observations tagged with either attribute.",
        sources=(LIST_OBSERVATIONS,),
        why=(
            "A server that takes only the first or last value, or demands both, silently drops items from the report."
        ),
        how=(
            "Two attributes in one request, compared with the union of the two single walks; it takes "
            "observations that have only one of them."
        ),
    ),
    Rule(
        id="FLT-08",
        level=Level.MUST,
        title=(
            "filter[manager_id] MUST keep the observations of the manager's direct reports and leave out the "
            "manager's own."
        ),
        sources=(LIST_OBSERVATIONS,),
        why="A manager's team view would lack team members, or show the manager feedback on themselves.",
        how=("The filtered walk is compared with the observations of the employees whose manager_id is that manager."),
    ),
    Rule(
        id="FLT-09",
        level=Level.MUST,
        title="filter[manager_id] MUST also keep the observations of indirect reports, at any depth.",
        sources=(LIST_OBSERVATIONS,),
        why="Leaders of leaders would see a fraction of their organization and believe it is the whole.",
        how=(
            "A manager with at least one more level of managers below: the walk must hold the observations "
            "of every level, as manager_id chains show them."
        ),
    ),
    Rule(
        id="FLT-10",
        level=Level.MUST,
        title="filter[observation_date][gte] MUST be an inclusive lower bound.",
        sources=(LIST_OBSERVATIONS,),
        why="A quarterly report loses its first day, and nobody notices one missing day.",
        how="A date on which an observation stands: those of that day are in, those of earlier days are out.",
    ),
    Rule(
        id="FLT-11",
        level=Level.MUST,
        title="filter[observation_date][lte] MUST be an inclusive upper bound.",
        sources=(LIST_OBSERVATIONS,),
        why="A report up to the last of the month loses that last day.",
        how="A date on which an observation stands: those of that day are in, those of later days are out.",
    ),
    Rule(
        id="FLT-12",
        level=Level.SHOULD,
        title="filter[observation_date][lt] SHOULD be an exclusive upper bound.",
        sources=(FILTERING,),
        why=("Half-open quarters, as the overview's own example builds them, would count the boundary day twice."),
        how=(
            "A date on which an observation stands: those of that day are out, earlier ones in. The "
            "observation list doesn't name this operator, hence no MUST."
        ),
    ),
    Rule(
        id="FLT-13",
        level=Level.SHOULD,
        title="filter[observation_date][gt] SHOULD be an exclusive lower bound.",
        sources=(FILTERING,),
        why=(
            "A client that continues after the last day it has seen would fetch that day again, or skip the next one."
        ),
        how=(
            "A date on which an observation stands: those of that day are out, later ones in. The "
            "observation list doesn't name this operator, hence no MUST."
        ),
    ),
    Rule(
        id="FLT-14",
        level=Level.SHOULD,
        title="A date filter with [eq] and one without an operator SHOULD both mean equality.",
        sources=(FILTERING,),
        why="A client that asks for one day gets every day if the shorthand is ignored.",
        how="Both forms with a date on which observations stand; each must hold exactly those of that day.",
    ),
    Rule(
        id="FLT-15",
        level=Level.SHOULD,
        title=("[in] SHOULD take a comma-separated list of dates and keep the observations that match any of them."),
        sources=(FILTERING,),
        why="A client that asks for three days in one request gets one of them, or all days.",
        how=("Two dates on which observations stand and one on which none does, compared with an unfiltered walk."),
    ),
    Rule(
        id="FLT-16",
        level=Level.MUST,
        title="filter[created_at][gte] and filter[created_at][lte] MUST be inclusive bounds.",
        sources=(LIST_OBSERVATIONS,),
        why=(
            "Incremental synchronization asks from the last time it saw; an exclusive bound loses the items "
            "of that very moment."
        ),
        how=(
            "The created_at of a known observation as either bound, to the precision in which it is served: "
            "the item must be in on both sides, and the rest on the right side."
        ),
    ),
    Rule(
        id="FLT-17",
        level=Level.SHOULD,
        title="The operators [gt], [lt], [eq] and [in] SHOULD work on created_at too.",
        sources=(FILTERING,),
        why=(
            "The overview gives these operators to every date field; a client that builds on that table gets "
            "unfiltered results."
        ),
        how=(
            "The created_at of known observations with each operator. Items within the served precision of "
            "the bound are not judged."
        ),
    ),
    Rule(
        id="FLT-18",
        level=Level.MUST,
        title="Several filters in one request MUST hold together.",
        sources=(FILTERING,),
        why=("If one filter wins or they are joined by or, a narrowed view shows more than the user asked for."),
        how="Type, employee and date bounds in one request, compared with an unfiltered walk.",
    ),
    Rule(
        id="FLT-19",
        level=Level.MUST,
        title="A filter on a field that can't be filtered by MUST leave the result as it is without it.",
        sources=(FILTERING,),
        each=True,
        why=(
            "A client written for a later version still works against this one, and gets neither an error "
            "nor an empty list."
        ),
        how="A made-up filter field on each collection: 200 and the same ids as the request without it.",
    ),
    Rule(
        id="FLT-20",
        level=Level.MUST,
        title="A malformed date or date-time in a filter MUST get 400 validation_error.",
        sources=(LIST_OBSERVATIONS, COMMON_ERROR_RESPONSES),
        why="A badly formatted date that is ignored turns one month into all of history, or into nothing.",
        how=("Text and impossible dates as bounds of observation_date and created_at, beside an accepted bound."),
    ),
    Rule(
        id="FLT-21",
        level=Level.MUST,
        title=(
            "filter[type] or filter[archived] with a value outside its documented set MUST NOT be answered "
            "as if the filter were absent."
        ),
        sources=(LIST_OBSERVATIONS,),
        why="A misspelled value would widen the result to everything, archived feedback included.",
        how=(
            "A made-up value for each: 400 validation_error passes; for type an empty list passes too, and "
            "which of the two is recorded."
        ),
    ),
    Rule(
        id="FLT-22",
        level=Level.MUST,
        title="Filters that divide the observations MUST add up to the whole, without overlap.",
        sources=(LIST_OBSERVATIONS,),
        why="Totals that don't match their parts are what makes people stop trusting a dashboard.",
        how=(
            "Over data that the suite did not make: strength and opportunity, archived true and false, dates "
            "up to a day and from the day after, each pair against the whole."
        ),
    ),
    Rule(
        id="FLT-23",
        level=Level.MUST,
        title="The brackets of a filter MUST be accepted raw and percent-encoded alike.",
        sources=(FILTERING, LIST_OBSERVATIONS),
        why=(
            "URL builders encode brackets, curl commands don't; one half of all clients would have their "
            "filters ignored."
        ),
        how="The same filter in both spellings must give the same ids, which differ from those without it.",
    ),
    Rule(
        id="FLT-24",
        level=Level.NOTE,
        title=("The run records what a filter on an id that does not exist gets, and what an unknown operator gets."),
        sources=(FILTERING, LIST_OBSERVATIONS),
        why=(
            "The documents don't say whether these are empty results, ignored or refused; a client wants to "
            "know before it depends on one."
        ),
        how=(
            "filter[employee_id] with an unknown id, and filter[observation_date][near] with a date; status "
            "and number of items are recorded."
        ),
    ),
)
