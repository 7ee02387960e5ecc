"""Every lie is caught by its own rule's scenario, under that rule's id; the honest reference is accused of nothing."""

from __future__ import annotations

import asyncio

import pytest

from conformance.contract.model import Level
from conformance.contract.rules import rule
from conformance.faults.model import Fault, all_faults
from conformance.faults.trial import trial
from conformance.judging.scenario import all_scenarios
from conformance.judging.verdicts import Verdict

COST = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN}
ACCUSED = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.BLOCKED}


@pytest.mark.parametrize("fault", all_faults(), ids=str)
def test_a_lie_is_caught_under_its_own_rule(fault: Fault) -> None:
    """The rule's own scenario breaks where the lie is told, at the cost of the rule's level."""
    checks = asyncio.run(trial({fault.rule_id}, fault.behaviour()))
    assert COST[rule(fault.rule_id).level] in {check.verdict for check in checks}, checks


def test_the_honest_reference_is_accused_of_nothing() -> None:
    """All scenarios together find nothing in the honest reference, and none of them breaks."""
    checks = asyncio.run(trial(()))
    assert [check for check in checks if check.verdict in ACCUSED] == []


def test_every_binding_rule_that_is_asked_has_a_lie() -> None:
    """No MUST or SHOULD rule has a scenario that was never seen to catch anything."""
    asked = {one.rule.id for one in all_scenarios() if one.rule.level is not Level.NOTE}
    assert asked - {fault.rule_id for fault in all_faults()} == set()


def test_every_lie_is_stated() -> None:
    """Each fault says in a sentence what it lies about."""
    assert [fault.name for fault in all_faults() if not fault.lie.endswith(".")] == []
