"""Writes that may change nothing are asked so that they can't, and what breaks on them is found all the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.openapi.fuzzing.bounds import BOUNDS, Bounds
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.reference import HONEST
from conformance.target.failures import Failures
from conformance.target.means import Means

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.reference import Handler, Request, Response
    from conformance.target.target import Target
    from tests.openapi.fuzzing.conftest import Fuzzing

DEEP = Bounds(requests=4000, seconds=240, rounds=NO_END)
LONG = 250  # octets
REMOVABLE = {"/observations", "/webhooks"}
pytestmark = pytest.mark.slow


def made(target: Target) -> set[str]:
    """Name the collections in which something was made."""
    return {one.path for one in target.client.recorder.exchanges if one.method == "POST" and one.status == 201}


async def brittle(request: Request, honest: Handler) -> Response:
    """Break on a long text in a conversation that is made, and in an update of a summary."""
    makes = request.method == "POST" and request.path == "/v1/conversations"
    updates = request.method == "PATCH" and request.path.startswith("/v1/summaries/")
    response = await honest(request)
    return replace(response, status=500) if len(request.body) > LONG and (makes or updates) else response


def test_what_breaks_on_a_write_that_changes_nothing_is_found(fuzzing: Fuzzing) -> None:
    """Nothing is made but what can be removed again."""
    fuzzed, target, _ = fuzzing(DEEP, replace(HONEST, door=brittle), leave_data=False)
    found = {one.operation.label for one in fuzzed.found.values()}
    assert (found, made(target)) == ({"POST /conversations", "PATCH /summaries/{id}"}, REMOVABLE)


def test_what_broke_on_such_a_write_is_asked_again(fuzzing: Fuzzing, tmp_path: Path) -> None:
    """It is remembered as any other failure is."""
    means, lie = Means(failures=Failures(tmp_path / "failures.json")), replace(HONEST, door=brittle)
    found = {*fuzzing(DEEP, lie, means=means, leave_data=False)[0].found}
    assert {*fuzzing(BOUNDS["again"], lie, means=means, leave_data=False)[0].found} == found


async def careless(request: Request, honest: Handler) -> Response:
    """Make a conversation of whatever reads as an object."""
    response = await honest(request)
    if (request.method, request.path, response.status) != ("POST", "/v1/conversations", 400):
        return response
    if not request.body.startswith(b"{") or not request.body.endswith(b"}"):
        return response
    return replace(response, status=201).with_json({"id": "cnv_1"})


def test_what_is_served_without_what_it_requires_is_a_finding_and_asked_no_more(fuzzing: Fuzzing) -> None:
    """One thing at most is made of it."""
    fuzzed, target, _ = fuzzing(DEEP, replace(HONEST, door=careless), leave_data=False)
    served = [one for one in target.client.recorder.exchanges if (one.path, one.status) == ("/conversations", 201)]
    assert ({one.rule for one in fuzzed.found.values()}, len(served)) == ({"ROB-02"}, 1)


async def lenient(request: Request, honest: Handler) -> Response:
    """Make a conversation without the title that its spec requires."""
    response = await brittle(request, honest)
    if (request.method, request.path, response.status) != ("POST", "/v1/conversations", 400):
        return response
    whole = json.loads(request.body) if request.body.startswith(b"{") and request.body.endswith(b"}") else {}
    lacks = {"employee_id", "manager_id"} <= {*whole} and "title" not in whole
    return replace(response, status=201).with_json({"id": "cnv_1"}) if lacks else response


def test_each_thing_that_is_required_is_left_out_once(fuzzing: Fuzzing) -> None:
    """What is served so is a finding; the rest goes on to be asked without what is refused."""
    fuzzed, target, _ = fuzzing(DEEP, replace(HONEST, door=lenient), leave_data=False)
    served = [one for one in target.client.recorder.exchanges if (one.path, one.status) == ("/conversations", 201)]
    rules = {one.rule for one in fuzzed.found.values() if one.operation.label == "POST /conversations"}
    assert (rules, len(served)) == ({"ROB-01", "ROB-02"}, 1)
