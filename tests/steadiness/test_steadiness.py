"""A conforming target is accused of nothing and blocks nothing, whatever the day is like."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from conformance.judging.verdicts import Verdict
from tests.steadiness.shaking import WRITING, Conditions, shaken

ACCUSED = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.BLOCKED}
WEATHER: dict[str, Any] = {"throttled": 0.02, "broken": 0.02}
SLOW = [
    Conditions(seed=1, shuffled=True, midnight=5, **WEATHER),
    Conditions(seed=2, in_flight=1, shuffled=True),
    Conditions(seed=3, in_flight=32, shuffled=True),
    Conditions(seed=4, runs=2),
    Conditions(seed=5, midnight=2),
    Conditions(seed=6, midnight=10, shuffled=True),
    Conditions(seed=7, throttled=0.02),
    Conditions(seed=8, broken=0.02),
    Conditions(seed=9, lag=0.3, runs=2),
    Conditions(seed=10, in_flight=32, shuffled=True, runs=2, midnight=20, **WEATHER),
    Conditions(seed=11, in_flight=1, shuffled=True, runs=2, lag=0.1, **WEATHER),
]


def accused(conditions: Conditions) -> list[str]:
    """Tell of all that is held against an honest target under these conditions."""
    checks, _ = asyncio.run(shaken(conditions))
    return [f"{check.verdict}: {check.item}: {check.message}" for check in checks if check.verdict in ACCUSED]


@pytest.mark.slow  # chance decides how often one conversation is cut off: one that never gets through is blocked
def test_long_conversations_stand_a_bad_day() -> None:
    """One request in fifty throttled, one in fifty cut off, and midnight soon."""
    assert accused(Conditions(seed=1, shuffled=True, midnight=2, throttled=0.02, broken=0.02, rules=WRITING)) == []


@pytest.mark.slow
@pytest.mark.parametrize("conditions", SLOW, ids=str)
def test_it_is_accused_of_nothing_on_any_day(conditions: Conditions) -> None:
    """Load, order, leftovers, midnight, throttling, broken connections, and lists that lag: each, and together."""
    assert accused(conditions) == []
