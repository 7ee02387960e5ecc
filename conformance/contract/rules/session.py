"""Rules on the session."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, overview

A_MINIMAL_FIRST_REQUEST = overview("A minimal first request")
PLAN_AVAILABILITY = overview("Plan availability")

RULES: tuple[Rule, ...] = (
    Rule(
        id="SES-01",
        level=Level.MUST,
        title=(
            "GET /session MUST give data.api_key with id, name and scopes, and data.organization with id, "
            "name and plan."
        ),
        sources=(A_MINIMAL_FIRST_REQUEST,),
        why=("It is the first call of every setup script, which prints from these members whom it is connected to."),
        how="One GET with the key; further members are allowed.",
    ),
    Rule(
        id="SES-02",
        level=Level.SHOULD,
        title="The ids in the session SHOULD start with key_ and org_.",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        why="Clients that tell ids by their prefix file them under the wrong kind.",
        how="The session of the key. Only an example shows the prefixes, hence no MUST.",
    ),
    Rule(
        id="SES-03",
        level=Level.MUST,
        title="The session's scopes MUST be an array of strings.",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        why=(
            "A client looks for the scope that it needs in this list before it starts; one string instead of "
            "a list matches parts of words."
        ),
        how="The session of the key; an empty array is allowed.",
    ),
    Rule(
        id="SES-04",
        level=Level.SHOULD,
        title="The session's plan SHOULD be agentic.",
        sources=(PLAN_AVAILABILITY,),
        why="The API comes with that plan alone; a client that checks the plan would turn its user away.",
        how="The session of the key.",
    ),
    Rule(
        id="SES-05",
        level=Level.SHOULD,
        title="Each scope in the session SHOULD read as a resource, a colon and an action.",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        why="A client that splits scopes at the colon to show them fails on any other form.",
        how="Every scope in the session of the key. Only examples show the form, hence no MUST.",
    ),
)
