"""A target that answers everything alike proves nothing: no rule passes, nothing is noted, and something is red."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from conformance.faults.nulls import NULLS, null
from conformance.faults.trial import trial
from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from conformance.reference import Response


@pytest.mark.parametrize("answer", NULLS.values(), ids=NULLS.keys())
def test_a_target_that_answers_everything_alike_gets_no_pass(answer: Response) -> None:
    """Every verdict is a breach or none at all, and at least one is red."""
    checks = asyncio.run(trial((), null(answer)))
    verdicts = {check.verdict for check in checks}
    assert [check for check in checks if check.verdict in {Verdict.PASS, Verdict.NOTED, Verdict.ERROR}] == []
    assert verdicts & {Verdict.FAIL, Verdict.BLOCKED}
