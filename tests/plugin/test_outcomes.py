"""Checks travel as plain values, and end items with the whole story."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.contract.rules import rule
from conformance.judging.results import Check, Waived
from conformance.judging.verdicts import Verdict
from conformance.plugin.outcomes import pack, story, unpack

ONE = Check("test_x.py::test_it[employees]", "ROB-01", Verdict.FAIL, "/employees", "limit -1 gets 500", finding="one")
OTHER = replace(ONE, message="cursor '' gets 500", finding="other", waived=Waived("api-team", "PB-1", "2027-01-31"))
BOTH = replace(ONE, message="limit -1 gets 500, and 1 more", finding="", found=(ONE, OTHER))


def test_a_check_crosses_a_process_border_whole() -> None:
    """With all that it found, and who answers for what of it."""
    assert unpack(json.loads(json.dumps(pack(BOTH)))) == BOTH


def test_the_story_tells_each_finding_that_nobody_answers_for() -> None:
    """What is waived is left to the report."""
    told = story(BOTH, rule("ROB-01"), [])
    assert ("finding   limit -1 gets 500" in told, "cursor" in told) == (True, False)
