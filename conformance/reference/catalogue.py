"""Which endpoint serves which operation of the spec."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Subquery, func, literal, select, union_all

from conformance.reference import listing, observations
from conformance.reference.errors import Problem, Refusal
from conformance.reference.http import Response, answer
from conformance.reference.resources import Collection, paged
from conformance.reference.spec import specification
from conformance.reference.storage import ORGANIZATIONS, TABLES, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.reference.call import Call, Endpoint

FORMER = (("Deprecation", "@1735689600"), ("Sunset", "Fri, 01 Jan 2038 00:00:00 GMT"))
"""Deprecated since the beginning of 2025; gone when nobody runs this any more."""


def no_cycle(call: Call, values: dict[str, Any], row: Row | None) -> None:
    """Refuse to let an employee report to themselves, directly or through others."""
    manager_id = values.get("manager_id")
    if row is None or manager_id is None:
        return
    if manager_id == row["id"] or manager_id in observations.reports_of(call, row["id"]):
        problem = Problem("manager_id", "cycle", "must not report to this employee")
        raise Refusal("unprocessable", "an employee cannot report to themselves", [problem])


def with_secret(_call: Call, values: dict[str, Any], row: Row | None) -> None:
    """Give a new subscription the key of its signatures."""
    if row is None:
        values["secret"] = f"whsec_{secrets.token_urlsafe(24)}"


def search(call: Call) -> Response:
    """Find observations and employees that hold a text, in any case."""
    source = findings(call)
    return paged(call, source, listing.conditions(call, source, {}))


def findings(call: Call) -> Subquery:
    """Give what holds the text that is looked for, as one table."""
    employee, observation = TABLES["Employee"], TABLES["Observation"]
    name = employee.c.first_name + " " + employee.c.last_name
    text = (
        observation.c.observation
        + "\n"
        + func.coalesce(observation.c.impact, "")
        + "\n"
        + func.coalesce(observation.c.recommended_action, "")
    )
    parts = []
    for table, kind, searched, shown in (
        (observation, "observation", text, observation.c.observation),
        (employee, "employee", name, name),
    ):
        columns = (table.c.id, literal(kind).label("type"), shown.label("text"), table.c.created_at)
        visible = call.behaviour.visible("search", table, call.organization_id)
        matching = func.instr(func.fold(searched), call.parameters["q"].casefold()) > 0
        parts.append(select(*columns).where(visible, call.behaviour.findable(table), matching))
    return union_all(*parts).subquery()


def session(call: Call) -> Response:
    """Show who calls (overview, A minimal first request)."""
    statement = select(ORGANIZATIONS).where(ORGANIZATIONS.c.id == call.organization_id)
    organization = call.connection.execute(statement).mappings().one()
    key = {"id": call.key.id, "name": call.key.name, "scopes": list(call.key.scopes)}
    return answer(200, {"data": {"api_key": key, "organization": {**organization, "plan": "agentic"}}})


def whoami(call: Call) -> Response:
    """Answer as the session does, under its former name (overview, Versioning)."""
    response = session(call)
    return replace(response, headers=(*response.headers, *FORMER))


SPECIAL: Mapping[str, Endpoint] = {
    "archiveObservation": observations.archive,
    "restoreObservation": observations.restore,
    "search": search,
    "getSession": session,
    "getWhoami": whoami,
}
COLLECTIONS: Mapping[str, Collection] = {
    "Observation": observations.COLLECTION,
    "Employee": Collection("Employee", guard=no_cycle),
    "Webhook": Collection("Webhook", guard=with_secret),
}


@cache
def endpoints() -> Mapping[str, Endpoint]:
    """Give the endpoint of every operation but the spec's own, by operationId."""
    return dict(_endpoints())


def _endpoints() -> Iterator[tuple[str, Endpoint]]:
    for operation in specification().operations:
        if operation.id in SPECIAL:
            yield operation.id, SPECIAL[operation.id]
        elif not operation.public:
            name = specification().of_tag[operation.tag]
            verb = next(verb for verb in ("list", "get", "create", "update", "delete") if operation.id.startswith(verb))
            yield operation.id, COLLECTIONS.get(name, Collection(name)).endpoints()[verb]
