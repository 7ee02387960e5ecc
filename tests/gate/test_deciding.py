"""The gate says in a sentence why it stays shut, and lets pass what it was told to let pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from conformance.contract.rules import rule
from conformance.gate.comparing import compare
from conformance.gate.deciding import Policy, decide
from conformance.gate.waivers import Waiver, Waivers
from conformance.judging.results import Check, RuleResult, Waived
from conformance.judging.verdicts import Verdict

NO_WAIVERS = Waivers(today=date(2026, 11, 25))
WAIVED = Waived("team", "PB-1", "2027-01-01")


def decided(
    verdict: Verdict,
    policy: Policy | None = None,
    *,
    waived: Waived | None = None,
    report: dict[str, Any] | None = None,
) -> tuple[str, ...]:
    """Decide about a run with one check of PAG-09."""
    check = Check("test_x.py::test_it", "PAG-09", verdict, waived=waived)
    rules = [RuleResult(rule("PAG-09"), (check,))]
    baseline = policy.baseline if policy else None
    since = compare(baseline, report) if baseline and report else None
    return decide(policy or Policy(), rules, NO_WAIVERS, since=since).reasons


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.NOTED, Verdict.WARN])
def test_what_breaks_nothing_binding_passes(verdict: Verdict) -> None:
    """A broken SHOULD only warns."""
    assert decided(verdict) == ()


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict.FAIL, "1 MUST rule is broken (PAG-09)"),
        (Verdict.BLOCKED, "1 rule was blocked (PAG-09)"),
        (Verdict.ERROR, "the suite itself broke on PAG-09"),
        (Verdict.NOT_JUDGED, "nothing was judged"),
        (Verdict.NOT_APPLICABLE, "nothing was judged"),
    ],
)
def test_what_is_red_or_proves_nothing_fails(verdict: Verdict, told: str) -> None:
    """With the rules by name."""
    assert decided(verdict) == (told,)


def test_a_run_that_did_not_reach_its_end_fails() -> None:
    """What it did not come to may be broken."""
    rules = [RuleResult(rule("PAG-09"), (Check("test_x.py::test_it", "PAG-09", Verdict.PASS),))]
    reasons = decide(Policy(), rules, NO_WAIVERS, since=None, ended="interrupted").reasons
    assert reasons == ("the run did not reach its end (interrupted)",)


def test_a_strict_gate_fails_on_a_broken_should() -> None:
    """--strict."""
    assert decided(Verdict.WARN, Policy(strict=True)) == ("1 SHOULD rule is broken (PAG-09)",)


def test_a_waived_breach_passes() -> None:
    """Whatever its verdict."""
    assert decided(Verdict.FAIL, waived=WAIVED) == ()


def test_a_gate_may_require_that_every_must_is_judged() -> None:
    """--require-judged."""
    assert decided(Verdict.NOT_JUDGED, Policy(require_judged=True)) == ("1 MUST rules were not judged (PAG-09)",)


def test_an_expired_waiver_fails_the_gate_by_itself() -> None:
    """Also where nothing is broken any more."""
    old = Waiver("PAG-11", "0123456789ab", "team", "PB-1", date(2026, 11, 24))
    reasons = decide(Policy(), [], Waivers([old], today=date(2026, 11, 25)), since=None).reasons
    assert reasons == ("1 waiver has expired (PAG-11)",)


def as_json(verdict: str) -> dict[str, Any]:
    """Make a report with one check."""
    check = {"item": "s/test_x.py::test_it", "verdict": verdict, "message": "", "subject": None, "value": None}
    about = {"target": {"base_url": "u"}, "run": {"started": "s", "id": "r"}}
    return about | {"rules": [{"id": "PAG-09", "checks": [check]}]}


@pytest.mark.parametrize(
    ("before", "reasons"),
    [("fail", ()), ("pass", ("1 rule regressed since the baseline (PAG-09)",)), ("not_judged", ())],
)
def test_a_gate_with_a_baseline_fails_on_what_regressed_alone(before: str, reasons: tuple[str, ...]) -> None:
    """--fail-on regressed."""
    policy = Policy(baseline=as_json(before), regressed_only=True)
    assert decided(Verdict.FAIL, policy, report=as_json("fail")) == reasons


@pytest.mark.parametrize(("item", "count"), [("s/test_x.py::test_it", 0), ("s/test_x.py::test_other", 1)])
def test_a_waiver_excuses_its_own_check_from_having_regressed_and_no_other(item: str, count: int) -> None:
    """Two breaches of one rule are two: a waiver of one says nothing of the other."""
    waived = Check(item, "PAG-09", Verdict.FAIL, waived=WAIVED)
    policy = Policy(baseline=as_json("pass"), regressed_only=True)
    since = compare(as_json("pass"), as_json("fail"))
    reasons = decide(policy, [RuleResult(rule("PAG-09"), (waived,))], NO_WAIVERS, since=since).reasons
    assert len(reasons) == count


def test_an_error_of_the_suite_fails_any_gate() -> None:
    """It can't be waived, and no baseline excuses it."""
    policy = replace(Policy(), baseline=as_json("error"), regressed_only=True)
    assert decided(Verdict.ERROR, policy, report=as_json("error")) == ("the suite itself broke on PAG-09",)
