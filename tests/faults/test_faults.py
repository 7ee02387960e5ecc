"""Every lie is caught by its own rule's scenario, under that rule's id; the honest reference is accused of nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from conformance.contract.model import Level
from conformance.contract.rules import rule
from conformance.faults.model import WITHOUT_LIE, all_faults
from conformance.faults.trial import settings_for, trial
from conformance.judging.scenario import all_scenarios
from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from tests.faults.conftest import Trials

FAULTS = {fault.name: fault for fault in all_faults()}
COST = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN}
ACCUSED = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.BLOCKED}


def judge(name: str) -> list[tuple[Verdict, str, str]]:
    """Judge a lie by its own rule alone: verdict, item and message of each check."""
    fault = FAULTS[name]
    checks = asyncio.run(trial({fault.rule_id}, fault.behaviour(), settings=settings_for(fault.rule_id)))
    return [(check.verdict, check.item, check.message) for check in checks]


@pytest.mark.parametrize("name", FAULTS, ids=[str(fault) for fault in FAULTS.values()])
def test_a_lie_is_caught_under_its_own_rule(name: str, trials: Trials) -> None:
    """The rule's own scenario breaks where the lie is told, at the cost of the rule's level."""
    told = trials.outcome(judge, name)
    assert COST[rule(FAULTS[name].rule_id).level] in {verdict for verdict, _, _ in told}, told


def test_the_honest_reference_is_accused_of_nothing() -> None:
    """All scenarios together find nothing in the honest reference, none of them breaks, and each has its say."""
    checks = asyncio.run(trial(()))
    assert [check for check in checks if check.verdict in ACCUSED | {Verdict.NOT_JUDGED}] == []


def test_every_binding_rule_that_is_asked_has_a_lie() -> None:
    """No MUST or SHOULD rule has a scenario that was never seen to catch anything, unless no lie can break it."""
    asked = {one.rule.id for one in all_scenarios() if one.rule.level is not Level.NOTE}
    assert asked - {fault.rule_id for fault in all_faults()} == set(WITHOUT_LIE)


def test_every_lie_is_stated() -> None:
    """Each fault says in a sentence what it lies about."""
    assert [fault.name for fault in all_faults() if not fault.lie.endswith(".")] == []
