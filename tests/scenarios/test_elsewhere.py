"""Where making something would do harm, scopes are judged by creates that make nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.trial import SETTINGS, trial
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Behaviour, Keys
from conformance.reference.keys import presented

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.judging.results import Check
    from conformance.reference import Handler, Request, Response

KEYS = Keys()


def judge(behaviour: Behaviour = HONEST) -> Mapping[str | None, Check]:
    """Judge AUT-12 in a target in which nothing may be left behind."""
    checks = asyncio.run(trial({"AUT-12"}, behaviour, settings=replace(SETTINGS, leave_data=False)))
    return {check.subject: check for check in checks}


def reading_keys_may(path: str, seen: list[bytes] | None = None) -> Behaviour:
    """Give a reference in which any key may create at a path; what was sent there is noted."""

    async def door(request: Request, honest: Handler) -> Response:
        if request.method != "POST" or request.path != f"/v1{path}":
            return await honest(request)
        (seen if seen is not None else []).append(request.body)
        reads = presented(request) == KEYS.read_only
        return await honest(request.with_header("authorization", f"Bearer {KEYS.full}") if reads else request)

    return replace(HONEST, door=door)


def test_an_empty_body_tells_who_may_create() -> None:
    """Invalid with one key, forbidden with the other: nothing was made to find that out."""
    checks = judge()
    assert {check.verdict for check in checks.values()} == {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert "without what is required" in checks["/assignments"].message


def test_what_is_validated_before_it_is_forbidden_is_not_judged() -> None:
    """Nothing but empty bodies are sent, and the reason is why no others are."""
    seen: list[bytes] = []
    check = judge(reading_keys_may("/assignments", seen))["/assignments"]
    assert (check.verdict, "reaches people" in check.message, set(seen)) == (Verdict.NOT_JUDGED, True, {b"{}"})


def test_what_can_be_removed_again_is_judged_by_a_valid_body() -> None:
    """And a create that ought to be forbidden is told."""
    assert judge(reading_keys_may("/webhooks"))["/webhooks"].verdict is Verdict.WARN
