"""Two organizations are judged only where there surely are two, and only by what is surely of one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.faults.rewriting import refusal
from conformance.faults.trial import trial
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Behaviour, Keys
from conformance.reference.deciding import visible
from conformance.reference.http import answer
from conformance.reference.keys import presented
from conformance.reference.storage import TABLES
from conformance.target.target import Made
from conformance.wire.exchange import Exchange, Request, Response
from scenarios._organizations import Neighbours

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

    from conformance.judging.results import Check
    from conformance.reference import Handler
    from conformance.reference import Request as Asked
    from conformance.reference import Response as Answer

RULES = {"AUT-09", "AUT-11", "OBC-10", "OBC-18", "IDM-12"}
ACCUSED = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.BLOCKED}
KEYS = Keys()


def judge(behaviour: Behaviour) -> list[Check]:
    """Judge all rules on two organizations."""
    return list(asyncio.run(trial(RULES, behaviour)))


def denying(path: str) -> Behaviour:
    """Give a reference in which the other organization's key may not read something."""

    async def door(request: Asked, honest: Handler) -> Answer:
        if presented(request) == KEYS.other_org and request.method == "GET" and request.path == f"/v1{path}":
            return answer(403, {"error": {"code": "permission_denied", "message": "It lacks the scope."}})
        return await honest(request)

    return replace(HONEST, door=door)


def with_another_key(token: str) -> Behaviour:
    """Give a reference in which the other organization's key is another one."""

    async def door(request: Asked, honest: Handler) -> Answer:
        other = presented(request) == KEYS.other_org
        return await honest(request.with_header("authorization", f"Bearer {token}") if other else request)

    return replace(HONEST, door=door)


@pytest.mark.parametrize(
    "behaviour",
    [with_another_key(KEYS.full), with_another_key("pb_test_revoked"), denying("/session")],
    ids=["of the same organization", "revoked", "without session:read"],
)
def test_a_key_that_is_not_surely_anothers_accuses_nobody(behaviour: Behaviour) -> None:
    """Nothing is judged, and nothing is passed."""
    assert {check.verdict for check in judge(behaviour)} == {Verdict.NOT_JUDGED}


def test_people_are_also_known_by_what_was_written_about_them() -> None:
    """Where the other key may not list employees, only what takes their names is left unjudged."""
    checks = judge(denying("/employees"))
    assert [check for check in checks if check.verdict in ACCUSED] == []
    assert {check.rule for check in checks if check.verdict is Verdict.PASS} == RULES


def test_a_library_that_all_organizations_share_accuses_nobody() -> None:
    """An attribute that is ours, too, is no other organization's."""

    def shared(purpose: str, table: Table, organization_id: str) -> ColumnElement[bool]:
        return table.c.id.is_not(None) if table is TABLES["Attribute"] else visible(purpose, table, organization_id)

    checks = judge(replace(HONEST, visible=shared))
    assert [check for check in checks if check.verdict in ACCUSED] == []
    assert {check.verdict for check in checks if check.rule == "OBC-18"} == {Verdict.NOT_JUDGED}


def test_an_attribute_that_its_own_organization_may_not_use_is_not_judged_by() -> None:
    """A refusal may then have that reason."""

    async def door(request: Asked, honest: Handler) -> Answer:
        tagged = request.method == "POST" and b'"attribute_ids":["' in request.body
        other = presented(request) == KEYS.other_org
        return refusal("unprocessable", "attribute_ids") if tagged and other else await honest(request)

    checks = judge(replace(HONEST, door=door))
    assert [check for check in checks if check.verdict in ACCUSED] == []
    assert {check.verdict for check in checks if check.rule == "OBC-18"} == {Verdict.NOT_JUDGED}


def served(body: str, path: str = "/observations") -> Exchange:
    """Make an exchange with this text as its answer."""
    return Exchange(1, Request("GET", f"http://t.test/v1{path}", path), Response(200, (), body.encode()))


def test_traces_are_what_was_not_in_the_question() -> None:
    """A refusal may repeat the id that it was asked about; a list has nothing of theirs to tell."""
    theirs = {"id": "obs_2", "observation": "Their text."}
    ours = Made("obs_1", {}, {}, served("{}"))
    person = {"id": "emp_2", "email": "a@other.test"}
    both = Neighbours(theirs, "Their text.", ours, "word", "2000-01-01", person, frozenset({"emp_2", "emp_3"}), None)
    assert both.traces_in(served('{"message": "no \\"obs_2\\"", "id": "obs_2"}', "/observations/obs_2")) == []
    assert both.traces_in(served('{"data": [{"employee_id": "emp_3"}]}')) == ["an employee's id"]
    assert both.traces_in(served('{"data": [{"observation": "Their text."}]}')) == ["the observation's text"]
