"""Verdicts have an order, and a rule's verdict is the worst of its checks'."""

from __future__ import annotations

import pytest

from conformance.contract.rules import RULES
from conformance.judging.results import Check, Results, RunFacts, TargetFacts
from conformance.judging.verdicts import Verdict, worst

WORST_FIRST = ["fail", "error", "warn", "blocked", "not_judged", "noted", "pass", "not_applicable", "not_run"]


def test_verdicts_are_fixed_words_worst_first() -> None:
    """Others rely on them: reports, exit codes, gates."""
    assert list(Verdict) == WORST_FIRST


@pytest.mark.parametrize("place", range(len(WORST_FIRST)))
def test_the_worst_goes_before_all_that_follow_it(place: int) -> None:
    """In whatever order they come."""
    following = [Verdict(word) for word in WORST_FIRST[place:]]
    assert (worst(following), worst(reversed(following))) == (following[0], following[0])


def test_the_worst_of_nothing_is_not_run() -> None:
    """A rule without a check was not run."""
    assert worst([]) is Verdict.NOT_RUN


def test_four_verdicts_found_something_out() -> None:
    """Only where there is one of them may a gate be green."""
    assert [verdict.value for verdict in Verdict if verdict.judged] == ["fail", "warn", "noted", "pass"]


def test_a_verdict_reads_as_words() -> None:
    """People see no underscores."""
    assert Verdict.NOT_JUDGED.words == "not judged"


def results(*checks: Check) -> Results:
    """Make results of checks."""
    return Results(RunFacts("r1", "2026-04-12T12:00:00+00:00", 1.0, 5), TargetFacts("", embedded=True), checks, {})


def test_results_list_every_rule_of_the_catalogue() -> None:
    """Also those not run, in the order of the catalogue."""
    assert [one.rule.id for one in results().rules] == [rule.id for rule in RULES]


def test_a_rule_has_the_worst_verdict_of_its_checks() -> None:
    """One subject's breach is the rule's."""
    found = results(Check("a", "PAG-01", Verdict.PASS, "x"), Check("b", "PAG-01", Verdict.FAIL, "y"))
    verdicts = {one.rule.id: one.verdict for one in found.rules if one.checks}
    assert verdicts == {"PAG-01": Verdict.FAIL}
