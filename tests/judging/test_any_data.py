"""On any organization the suite accuses nobody, says what it missed and how to give it, and leaves no trace."""

from __future__ import annotations

import pytest

from tests.judging.worlds import WORLDS, Judged, judge

SLOW = pytest.mark.slow
QUICK = ("reading alone", "reading alone, and nothing to read", "no observations and nobody")
"""Worlds in which little is asked, so that a whole run takes seconds."""
ALL = [pytest.param(name, marks=() if name in QUICK else SLOW, id=name) for name in WORLDS]
ACCUSATIONS = ("fail", "warn", "error", "blocked")


@pytest.fixture(scope="module", params=ALL)
def judged(request: pytest.FixtureRequest) -> Judged:
    """Judge a world by everything."""
    return judge(WORLDS[request.param])


def test_nobody_is_accused(judged: Judged) -> None:
    """The reference conforms, whatever is in it; and nothing is blocked, for nothing is broken."""
    assert judged.told(*ACCUSATIONS) == []


def test_what_is_not_judged_says_what_to_give(judged: Judged) -> None:
    """Each reason has a hint."""
    assert [told for told in judged.told("not_judged") if not told[2]] == []


def test_nothing_of_the_organizations_is_touched_and_nothing_is_left(judged: Judged) -> None:
    """Every row that was there is as it was, and of what was made nothing is active."""
    assert (judged.touched, judged.remaining, judged.left) == ([], [], ())


# some core of each, quickly --------------------------------------------------------------------------------


def test_writes_to_a_seeded_organization_touch_nothing_of_its_own() -> None:
    """Creates, updates and archives by every key, refused and accepted."""
    done = judge(WORLDS["a seeded organization"], ("ARC", "OBU", "AUT-04", "AUT-09"))
    assert (done.told(*ACCUSATIONS), done.touched, done.remaining, done.left) == ([], [], [], ())


def test_the_cost_does_not_grow_with_the_observations() -> None:
    """Pages are bounded: a hundred times as much takes hardly a request more."""
    small, large = (judge(WORLDS[name], ("PAG", "FLT-22")) for name in ("a seeded organization", "5,000 observations"))
    assert (large.told(*ACCUSATIONS), large.requests <= 1.1 * small.requests) == ([], True)


def test_a_key_that_may_only_read_still_judges_what_is_there() -> None:
    """Partitions and orders over data that others made."""
    done = judge(WORLDS["reading alone"], ("FLT-22", "SRT", "PAG-09", "PAG-10"))
    passed = {check.rule for check in done.checks if check.verdict.value == "pass"}
    assert {"FLT-22", "SRT-01", "SRT-02", "SRT-03", "SRT-05", "PAG-09", "PAG-10"} <= passed


@pytest.mark.parametrize("name", [name for name in WORLDS if name.startswith("a key without")])
def test_a_scope_that_is_missing_is_named(name: str) -> None:
    """In some hint, and the rules that need it are not judged rather than broken."""
    scope = name.rpartition(" ")[2]
    done = judge(WORLDS[name], ("SES", "RES", "OBC-01", "OBC-16", "EVT-01", "EXP-07"))
    hints = {hint for _, _, hint in done.told("not_judged")}
    assert (done.told(*ACCUSATIONS), any(scope in hint for hint in hints)) == ([], True)


@pytest.mark.parametrize("name", ["no observations", "one employee", "reading alone, and 5,000 observations"])
def test_a_core_of_rules_is_judged_on_little_and_on_much(name: str) -> None:
    """Something passes of every family that needs no more than the organization has."""
    done = judge(WORLDS[name], ("OBS", "RES", "SES", "ERR", "TRN", "PAG", "SRT-06"))
    passed = {check.rule.partition("-")[0] for check in done.checks if check.verdict.value == "pass"}
    assert (done.told(*ACCUSATIONS), {"OBS", "RES", "SES", "ERR", "TRN", "PAG", "SRT"} - passed) == ([], set())
