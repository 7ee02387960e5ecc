"""A key that is not what it was given as accuses nobody, and one whose scopes are told is judged by them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.faults.trial import trial
from conformance.judging.verdicts import NotJudged, Verdict, Violation
from conformance.reference import HONEST, Keys
from conformance.reference.keys import presented
from conformance.wire.exchange import Exchange, Request, Response
from scenarios._keys import Attempt, KnownKey, expect_denied

if TYPE_CHECKING:
    from conformance.reference import Behaviour, Handler
    from conformance.reference import Request as Asked
    from conformance.reference import Response as Answer

KEYS = Keys()
WRITE = "observations:write"


def key(status: int = 200, **api_key: Any) -> KnownKey:  # noqa: ANN401  # any JSON value
    """Make a key of which /session answers with this status and these members."""
    body = json.dumps({"data": {"api_key": api_key}}).encode()
    request = Request("GET", "http://t.test/v1/session", "/session")
    return KnownKey("read_only", Exchange(1, request, Response(status, (), body)))


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (["observations:read", "employees:write"], True),
        ([], True),
        (["observations:write"], False),
        (["observations:*"], False),
        (["*:write"], False),
        (["*"], False),
        (["admin", "observations:read"], None),
        (["observations:read", "observations:create"], None),
        ("observations:read", None),
        ([7], None),
    ],
)
def test_scopes_decide_as_far_as_they_are_understood(scopes: object, *, expected: bool | None) -> None:
    """Scopes of another vocabulary leave it open."""
    assert key(scopes=scopes).lacks(WRITE) is expected


def test_who_may_write_may_be_able_to_read() -> None:
    """So a key that has any scope on observations is no key without a read scope."""
    assert key(scopes=[WRITE]).lacks("observations:read") is False


@pytest.mark.parametrize(("status", "expected"), [(403, True), (401, None), (500, None)])
def test_where_the_session_is_closed_the_word_of_the_person_counts(status: int, *, expected: bool | None) -> None:
    """Only where it is closed for want of a scope."""
    assert key(status).lacks(WRITE) is expected


@pytest.mark.parametrize(("scopes", "raised"), [(["observations:read"], Violation), (["admin"], NotJudged)])
def test_only_a_key_that_surely_lacks_the_scope_accuses(scopes: list[str], raised: type[Exception]) -> None:
    """What was served to another is left undecided."""
    request = Request("POST", "http://t.test/v1/observations", "/observations")
    served = Exchange(2, request, Response(201))
    with pytest.raises(raised):
        expect_denied(key(scopes=scopes), WRITE, Attempt(served, {"a create": served}))


def instead_of(role: str, token: str) -> Behaviour:
    """Give a reference in which the key of a role is another one."""

    async def door(request: Asked, honest: Handler) -> Answer:
        if presented(request) == getattr(KEYS, role):
            return await honest(request.with_header("authorization", f"Bearer {token}"))
        return await honest(request)

    return replace(HONEST, door=door)


@pytest.mark.parametrize(
    ("rule_id", "role", "token"),
    [
        ("AUT-06", "read_only", KEYS.full),
        ("AUT-06", "read_only", KEYS.other_org),
        ("AUT-06", "read_only", KEYS.no_scope),
        ("AUT-06", "read_only", "pb_test_revoked"),
        ("AUT-07", "no_scope", KEYS.read_only),
        ("AUT-07", "no_scope", KEYS.other_org),
        ("AUT-07", "no_scope", "pb_test_revoked"),
        ("AUT-08", "no_scope", KEYS.full),
        ("AUT-08", "no_scope", "pb_test_revoked"),
    ],
)
def test_a_wrong_key_is_told_and_accuses_nobody(rule_id: str, role: str, token: str) -> None:
    """Not judged, with a hint that names the variable or what the key needs."""
    checks = asyncio.run(trial({rule_id}, instead_of(role, token)))
    assert {check.verdict for check in checks} == {Verdict.NOT_JUDGED}
    assert all(check.hint for check in checks)
