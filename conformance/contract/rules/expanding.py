"""Rules on nesting related resources."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, observations, overview

EXPANDING_RELATIONSHIPS = overview("Expanding relationships")
EXPAND_PATHS = observations("Expand paths")
LIST_OBSERVATIONS = observations("List observations")

RULES: tuple[Rule, ...] = (
    Rule(
        id="EXP-01",
        level=Level.MUST,
        title="Without expand, related resources are ids only.",
        sources=(EXPANDING_RELATIONSHIPS,),
        why="",
        how="",
    ),
    Rule(
        id="EXP-02",
        level=Level.MUST,
        title="expand=employee on an observation nests the employee whose id stood in employee_id.",
        sources=(EXPAND_PATHS,),
        why="",
        how="",
    ),
    Rule(
        id="EXP-03",
        level=Level.MUST,
        title="The nested object replaces the id field.",
        sources=(EXPANDING_RELATIONSHIPS,),
        why="",
        how="",
    ),
    Rule(
        id="EXP-04",
        level=Level.MUST,
        title=(
            "expand=attributes nests an array of objects with id, name, category and tone, the same set as "
            "attribute_ids."
        ),
        sources=(EXPAND_PATHS,),
        why="",
        how="",
    ),
    Rule(
        id="EXP-05",
        level=Level.MUST,
        title="Comma-separated paths all expand.",
        sources=(EXPANDING_RELATIONSHIPS,),
        why="",
        how="",
    ),
    Rule(
        id="EXP-06",
        level=Level.MUST,
        title="expand works on lists as on items.",
        sources=(LIST_OBSERVATIONS,),
        why="",
        how="",
    ),
    Rule(
        id="EXP-07",
        level=Level.MUST,
        title="The nested employee is the full Employee: what GET /employees/{id} gives.",
        sources=(EXPAND_PATHS,),
        why="",
        how="",
    ),
    Rule(
        id="EXP-08",
        level=Level.MUST,
        title=(
            "expand=manager,department on an employee nests both, each with the id that stood in manager_id "
            "and department_id."
        ),
        sources=(EXPANDING_RELATIONSHIPS,),
        why="",
        how="",
    ),
    Rule(
        id="EXP-09",
        level=Level.NOTE,
        title=(
            "What expand=manager on an observation does (overview says it expands employee.manager, "
            "observations does not list it)."
        ),
        sources=(EXPANDING_RELATIONSHIPS, EXPAND_PATHS),
        why="",
        how="",
    ),
    Rule(
        id="EXP-10",
        level=Level.NOTE,
        title=(
            "What an unknown expand path gets; what expanding an empty relation gives; what expand does on "
            "POST and PATCH."
        ),
        sources=(EXPANDING_RELATIONSHIPS, EXPAND_PATHS),
        why="",
        how="",
    ),
)
