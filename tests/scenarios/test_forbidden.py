"""What a key may not do, and what a search was not asked for as it wishes, is left unjudged and never blocked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

from conformance.faults.rewriting import refusal
from conformance.faults.trial import trial
from conformance.judging.scenario import all_scenarios
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Behaviour
from conformance.reference.http import answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.judging.results import Check
    from conformance.reference import Handler, Request, Response

FAMILIES = {"FLT", "EXP", "SRT"}
RULES = {one.rule.id for one in all_scenarios() if one.rule.id[:3] in FAMILIES}
ACCUSED = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.BLOCKED}


def forbidden(path: str) -> Behaviour:
    """Refuse to let the key read anything at `path`; everything else is honest."""

    async def door(request: Request, honest: Handler) -> Response:
        if request.method == "GET" and request.path.startswith(f"/v1{path}"):
            return answer(403, {"error": {"code": "forbidden", "message": "No scope.", "request_id": "req_1"}})
        return await honest(request)

    return replace(HONEST, door=door)


def accused(checks: Sequence[Check]) -> list[Check]:
    """Return the checks that hold something against the target."""
    return [check for check in checks if check.verdict in ACCUSED]


@pytest.mark.parametrize("path", ["/observations", "/employees", "/search"])
def test_a_collection_that_the_key_may_not_read_is_not_judged(path: str) -> None:
    """403 accuses nobody of filters, expansions or orders, and blocks none of them."""
    assert accused(asyncio.run(trial(RULES, forbidden(path)))) == []


def test_a_search_that_wants_other_parameters_is_not_judged() -> None:
    """The documents don't name its parameters, so 400 breaks nothing."""

    async def door(request: Request, honest: Handler) -> Response:
        return refusal("validation_error", "scope") if request.path.endswith("/search") else await honest(request)

    assert accused(asyncio.run(trial({"SRT-06", "SRT-07", "FLT-19"}, replace(HONEST, door=door)))) == []


def test_fields_that_change_from_read_to_read_accuse_nobody() -> None:
    """An employee may have fields of the target's own that tell of the answer: last_seen_at, _etag."""
    serial = count()

    def employees(value: object) -> object:
        """Add such fields to every employee within `value`."""
        if isinstance(value, list):
            return [employees(one) for one in value]
        if not isinstance(value, dict):
            return value
        own = {"last_seen_at": next(serial), "_etag": next(serial)} if "first_name" in value else {}
        return {name: employees(one) for name, one in value.items()} | own

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        asked = request.path.startswith(("/v1/employees", "/v1/observations")) and response.status == 200
        return response.with_json(employees(response.json())) if asked else response

    rules = {rule for rule in RULES if rule.startswith("EXP")}
    assert accused(asyncio.run(trial(rules, replace(HONEST, door=door)))) == []
