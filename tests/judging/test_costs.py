"""Requests are shared out among the families whose checks rest on them."""

from __future__ import annotations

from conformance.judging.costs import requests_by_family
from conformance.judging.results import Check
from conformance.judging.verdicts import Verdict
from conformance.wire.exchange import Attempt, Exchange, Request


def exchange(number: int, *, asked_by: str = "", attempts: int = 1) -> Exchange:
    """Make an exchange that was tried so often."""
    tries = tuple(Attempt(0.0, 0.1, 200) for _ in range(attempts))
    return Exchange(number, Request("GET", "http://t/v1/x", "/x"), None, tries, asked_by)


def check(rule: str, *exchanges: int) -> Check:
    """Make a check that rests on these exchanges."""
    return Check(f"test_x.py::{rule}", rule, Verdict.PASS, exchanges=exchanges)


def test_a_request_that_two_families_rest_on_is_half_of_each() -> None:
    """Two rules of one family count once."""
    checks = [check("PAG-01", 1), check("PAG-02", 1), check("SRT-01", 1, 2)]
    assert requests_by_family(checks, [exchange(1), exchange(2)]) == {"PAG": 0.5, "SRT": 1.5}


def test_what_no_check_rests_on_is_told_apart() -> None:
    """Clean-up from the rest."""
    asked = [exchange(1), exchange(2, asked_by="cleanup")]
    assert requests_by_family([], asked) == {"of no rule": 1.0, "clean-up": 1.0}


def test_a_request_counts_as_often_as_it_was_tried() -> None:
    """Each attempt is a cost to the target."""
    assert requests_by_family([check("PAG-01", 1)], [exchange(1, attempts=3)]) == {"PAG": 3.0}


def test_what_was_asked_for_a_rule_but_not_cited_is_of_its_family() -> None:
    """Fuzzing cites a few of many."""
    assert requests_by_family([], [exchange(1, asked_by="ROB-02")]) == {"ROB": 1.0}
