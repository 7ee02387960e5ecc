"""Rules on the session."""

from __future__ import annotations

from conformance.contract.model import Level, Rule, overview

A_MINIMAL_FIRST_REQUEST = overview("A minimal first request")
PLAN_AVAILABILITY = overview("Plan availability")

RULES: tuple[Rule, ...] = (
    Rule(
        id="SES-01",
        level=Level.MUST,
        title="GET /session gives data.api_key (id, name, scopes) and data.organization (id, name, plan).",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        why="",
        how="",
    ),
    Rule(
        id="SES-02",
        level=Level.SHOULD,
        title="Their ids start with key_ and org_.",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        why="",
        how="",
    ),
    Rule(
        id="SES-03",
        level=Level.MUST,
        title="scopes is an array of strings.",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        why="",
        how="",
    ),
    Rule(
        id="SES-04",
        level=Level.SHOULD,
        title="The plan is agentic.",
        sources=(PLAN_AVAILABILITY,),
        why="",
        how="",
    ),
    Rule(
        id="SES-05",
        level=Level.SHOULD,
        title="Each scope reads resource:action.",
        sources=(A_MINIMAL_FIRST_REQUEST,),
        why="",
        how="",
    ),
)
