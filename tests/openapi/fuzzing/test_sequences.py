"""Sequences find what no single request shows, tell it as short as can be, and are played first the next time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.faults.robustness_fuzzing import (
    a_deleted_subscription_is_still_served,
    what_is_restored_can_no_longer_be_changed,
)
from conformance.faults.variants.serving import what_was_deleted_is_still_read
from conformance.openapi.fuzzing.bounds import BOUNDS, Bounds
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.reference import HONEST
from conformance.target.failures import Failures
from conformance.target.means import Means

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.openapi.fuzzing.findings import Finding
    from conformance.reference import Behaviour, Handler, Request, Response
    from tests.openapi.fuzzing.conftest import Fuzzing

QUICK = BOUNDS["quick"]
DEEP = Bounds(requests=4000, seconds=240, rounds=NO_END, sequences=60)
pytestmark = pytest.mark.slow


def found(fuzzing: Fuzzing, behaviour: Behaviour, bounds: Bounds = QUICK) -> list[Finding]:
    """Give what sequences find."""
    fuzzed, _, _ = fuzzing(bounds, behaviour)
    return [one for one in fuzzed.found.values() if one.course is not None]


def test_what_fails_is_told_as_short_as_can_be(fuzzing: Fuzzing) -> None:
    """With the steps that it takes, and no other."""
    (one,) = found(fuzzing, what_is_restored_can_no_longer_be_changed())
    course = one.course.steps if one.course else ()
    assert [step.operation.label.rpartition("/")[2] for step in course] == ["archive", "restore", "{id}"]
    assert (one.id, "each time" in one.sentence) == ("ROB-01 PATCH /observations/{id} sequence gets 500", True)


def test_what_fails_can_be_replayed_by_hand(fuzzing: Fuzzing) -> None:
    """The script creates an item and keeps its id."""
    (one,) = found(fuzzing, what_is_restored_can_no_longer_be_changed())
    calls = [line.split()[1] for line in one.script.splitlines() if line.startswith("api ")]
    made = [line for line in one.script.splitlines() if line.startswith('it=$(api POST "/observations"')]
    assert (calls, len(made), one.script.count("$it")) == (["POST", "POST", "PATCH"], 1, 3)


def test_what_is_deleted_must_not_look_as_before(fuzzing: Fuzzing) -> None:
    """With a mark it may."""
    lied, legal = a_deleted_subscription_is_still_served(), what_was_deleted_is_still_read()
    (one,) = found(fuzzing, lied)
    assert one.id == "ROB-03 GET /webhooks/{id} sequence gets 200 and the item as it was"
    assert (found(fuzzing, legal), found(fuzzing, legal, DEEP)) == ([], [])


async def forgetful(request: Request, honest: Handler) -> Response:
    """Lose a conversation of which the notes were changed twice."""
    response = await honest(request)
    changed = request.method == "PATCH" and request.path.startswith("/v1/conversations/") and response.status == 200
    if changed:
        CHANGED[request.path] = CHANGED.get(request.path, 0) + 1
    lost = request.method == "GET" and CHANGED.get(request.path, 0) > 1
    return replace(response, status=404) if lost else response


CHANGED: dict[str, int] = {}


def test_what_takes_a_rare_sequence_is_found_under_deep(fuzzing: Fuzzing) -> None:
    """It is drawn by chance, and made short."""
    (one,) = found(fuzzing, replace(HONEST, door=forgetful), DEEP)
    course = one.course.steps if one.course else ()
    assert [step.operation.method for step in course] == ["PATCH", "PATCH", "GET"]


def test_a_sequence_that_failed_is_played_first(fuzzing: Fuzzing, tmp_path: Path) -> None:
    """And forgotten once it fails no more."""
    file = tmp_path / "failures.json"
    means = Means(failures=Failures(file))
    fuzzing(QUICK, what_is_restored_can_no_longer_be_changed(), means=means)
    kept = json.loads(file.read_text())
    only = Bounds(requests=75, seconds=QUICK.seconds, rounds=0)
    fuzzed, _, _ = fuzzing(only, what_is_restored_can_no_longer_be_changed(), means=means)
    fuzzing(QUICK, means=means)
    steps = [step["operation"] for entries in kept.values() for one in entries for step in one.get("steps", [])]
    assert (len(steps), len([one for one in fuzzed.found.values() if one.course])) == (3, 1)
    assert file.read_text() == "{}"
