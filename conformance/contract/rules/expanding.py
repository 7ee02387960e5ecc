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
        title="Without expand, related resources MUST be served as ids only.",
        sources=(EXPANDING_RELATIONSHIPS,),
        why=("Clients that store the id field find an object in its place, and pay for data they did not ask for."),
        how=(
            "An observation read and listed without expand has employee_id and attribute_ids, and no nested "
            "employee or attributes; an employee likewise for manager and department."
        ),
    ),
    Rule(
        id="EXP-02",
        level=Level.MUST,
        title="expand=employee on an observation MUST nest the employee whose id stood in employee_id.",
        sources=(EXPAND_PATHS,),
        why="A client that shows the name beside the feedback must not show another person's.",
        how=(
            "The same observation is read with and without expand; the nested object's id must be the former "
            "employee_id."
        ),
    ),
    Rule(
        id="EXP-03",
        level=Level.MUST,
        title="A nested object MUST replace the id field that it expands.",
        sources=(EXPANDING_RELATIONSHIPS,),
        why=(
            "Types generated from the documents hold one or the other; a client that tests for the id field "
            "to tell the two shapes apart is misled."
        ),
        how=(
            "With expand=employee the observation has employee and no employee_id, with expand=attributes it "
            "has attributes and no attribute_ids; all other fields stay."
        ),
    ),
    Rule(
        id="EXP-04",
        level=Level.MUST,
        title=(
            "expand=attributes on an observation MUST nest an array of objects with id, name, category and "
            "tone, the same set as attribute_ids."
        ),
        sources=(EXPAND_PATHS,),
        why=(
            "A client draws tags from these four fields; a missing one leaves blank labels, a missing object "
            "loses a tag."
        ),
        how=("A tagged observation is read with and without expand and the sets of ids are compared. Order is free."),
    ),
    Rule(
        id="EXP-05",
        level=Level.MUST,
        title="Paths separated by commas in expand MUST all be expanded.",
        sources=(EXPANDING_RELATIONSHIPS,),
        why=("A client that needs both asks once; if only the first takes effect it reads undefined for the second."),
        how="expand=employee,attributes on an observation, in both orders.",
    ),
    Rule(
        id="EXP-06",
        level=Level.MUST,
        title="expand MUST work on lists as it does on single items.",
        sources=(LIST_OBSERVATIONS,),
        why="Without it a table of 50 observations costs 50 further requests for the names.",
        how=(
            "A page of observations with expand: every item nests the same objects as that item read by its "
            "id with expand."
        ),
    ),
    Rule(
        id="EXP-07",
        level=Level.MUST,
        title="The nested employee MUST be the full employee, as a read by its id gives it.",
        sources=(EXPAND_PATHS,),
        why=(
            "A client reuses the nested object as an employee; a shortened one has holes where its type "
            "promises values."
        ),
        how=("The object nested by expand=employee is compared, field by field, with a GET of /employees/{id}."),
    ),
    Rule(
        id="EXP-08",
        level=Level.MUST,
        title=(
            "expand=manager,department on an employee MUST nest both, each with the id that stood in "
            "manager_id and department_id."
        ),
        sources=(EXPANDING_RELATIONSHIPS,),
        why="An organization chart drawn from these would show the wrong boss or the wrong department.",
        how=(
            "An employee who has both, read with and without expand; the ids are compared and the id fields "
            "must be gone."
        ),
    ),
    Rule(
        id="EXP-09",
        level=Level.NOTE,
        title="The run records what expand=manager on an observation does.",
        sources=(EXPANDING_RELATIONSHIPS, EXPAND_PATHS),
        why=(
            "The overview uses it as its example of nested expansion, the observation reference doesn't list "
            "it; a client can't know."
        ),
        how=("One observation read with expand=manager; status, and where a manager object appears if it does."),
    ),
    Rule(
        id="EXP-10",
        level=Level.NOTE,
        title=("The run records what an unknown expand path, an empty relation, and expand on POST and PATCH get."),
        sources=(EXPANDING_RELATIONSHIPS, EXPAND_PATHS),
        why="The documents leave all three open, and client code usually has a branch for each.",
        how="One request of each kind; status, code and the shape of the answer are recorded.",
    ),
)
