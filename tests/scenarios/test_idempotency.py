"""A replay counts only where a create of its own gives something else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.faults.trial import trial
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

ONE = "obs_01J9BC3RM0HVJDQF7R6QM08VD3"


async def mock(request: Request, honest: Handler) -> Response:
    """Answer every create, change and archive with one and the same observation."""
    response = await honest(request)
    if response.status in {200, 201} and request.method in {"POST", "PATCH"}:
        return response.with_json({**response.json(), "id": ONE, "impact": None, "archived_at": None})
    if ONE in request.path:
        return replace(response, status=200).with_json({"id": ONE})
    return response


@pytest.mark.parametrize("rule", ["IDM-01", "IDM-10", "IDM-14"])
def test_what_answers_all_creates_alike_passes_no_replay(rule: str) -> None:
    """That each of them gave the same id proves nothing of keys."""
    checks = asyncio.run(trial((rule,), replace(HONEST, door=mock)))
    assert Verdict.PASS not in {check.verdict for check in checks}
