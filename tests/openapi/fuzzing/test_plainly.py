"""Plain requests come first: they make what others change and move; what was changed is read once more at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.openapi.fuzzing.bounds import Bounds
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.reference import HONEST

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response
    from conformance.target.target import Target
    from tests.openapi.fuzzing.conftest import Fuzzing

DEEP = Bounds(requests=2500, seconds=240, rounds=NO_END)
NOTHING_DRAWN = Bounds(requests=1500, seconds=240, rounds=NO_END)
pytestmark = pytest.mark.slow


async def stubborn(request: Request, honest: Handler) -> Response:
    """Break on the archiving of an observation that is given an object."""
    response = await honest(request)
    archives = request.path.startswith("/v1/observations/") and request.path.endswith("/archive")
    return replace(response, status=500) if archives and response.status != 404 and request.body == b"{}" else response


def test_what_breaks_on_an_action_is_found(fuzzing: Fuzzing) -> None:
    """It is done to an item of the run's own, which is not the one that is changed: that stays as it is."""
    fuzzed, target, _ = fuzzing(DEEP, replace(HONEST, door=stubborn), leave_data=False, fuzz="deep")
    changed, archived = (items(target, method, end) for method, end in (("PATCH", ""), ("POST", "/archive")))
    assert {one.kind for one in fuzzed.found.values()} == {"octets 500"}
    assert (len(archived - changed) > 0, len(changed) > 0) == (True, True)


def test_spares_are_left_for_the_end_of_the_run_to_remove(fuzzing: Fuzzing) -> None:
    """However they were moved last: answers may have crossed."""
    _, target, _ = fuzzing(DEEP, leave_data=False, fuzz="deep")
    archived = items(target, "POST", "/archive") - items(target, "PATCH", "")
    assert archived & {one for one, _ in target.journal.remains()} != set()


def items(target: Target, method: str, end: str) -> set[str]:
    """Give the observations that were written to."""
    asked = [one for one in target.client.recorder.exchanges if one.method == method and one.status == 200]
    return {one.path.split("/")[2] for one in asked if one.path.startswith("/observations/") and one.path.endswith(end)}


def test_all_that_was_read_is_read_once_more(fuzzing: Fuzzing) -> None:
    """Whatever was spent before; only sequences come after it."""
    fuzzed, target, _ = fuzzing(NOTHING_DRAWN, leave_data=False, fuzz="deep")
    last = {one.path for one in target.client.recorder.exchanges[-100:] if one.method == "GET"}
    lists = {one.path for one in fuzzed.operations if one.method == "GET" and "{}" not in one.path}
    assert lists - last == set()
