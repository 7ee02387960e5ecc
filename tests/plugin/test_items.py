"""Items behave as pytest's users expect, and each verdict has a word of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugin.conftest import QUICK

if TYPE_CHECKING:
    from collections.abc import Callable

    Suite = Callable[..., pytest.RunResult]

EVERY_VERDICT = """
@judges("PAG-01")
async def test_pass(target):
    return "it holds"

@judges("PAG-02")
async def test_fail(target):
    raise Violation("it is broken", expected="one thing", observed={"another": 1})

@judges("PAG-03")
async def test_warn(target):
    raise Violation("it should not be so")

@judges("PAG-16")
async def test_noted(target):
    return Noted("It does this.", 1)

@judges("PAG-05")
async def test_not_judged(target):
    raise NotJudged("there is no data", hint="Give some.")

@judges("PAG-06")
async def test_not_applicable(target):
    raise NotApplicable("there is nothing to apply it to")

@judges("PAG-07")
async def test_blocked(target):
    raise Blocked("the twin was refused")

@judges("PAG-08")
async def test_error(target):
    raise KeyError("a bug of ours")
"""
TWO = """
@judges("PAG-01")
async def test_one(target):
    raise Violation("broken")

@judges("PAG-02", over=("employees", "observations"))
async def test_two(target, collection):
    return collection
"""


def test_each_verdict_has_a_word_of_its_own(suite: Suite) -> None:
    """With -v every item shows its verdict."""
    result = suite(EVERY_VERDICT, "-v")
    lines = [line.split(" ", 1)[1] for line in result.outlines if line.startswith("test_suite.py::")]
    words = [line.rsplit(" ", 2)[0].split("[")[0].split("(")[0].strip() for line in lines]
    assert words == ["PASS", "FAIL", "WARN", "NOTED", "NOT JUDGED", "NOT APPLICABLE", "BLOCKED", "ERROR"]


def test_a_breach_tells_rule_source_expectation_and_observation(suite: Suite) -> None:
    """The failure's text says what a person needs to know, without a traceback."""
    result = suite(EVERY_VERDICT)
    result.stdout.fnmatch_lines(
        [
            "PAG-02 MUST: *",
            "  source *overview*",
            "  breach *it is broken",
            "  expected *one thing",
            '  observed *{"another": 1}',
        ]
    )
    result.stdout.no_fnmatch_line("*raise Violation*")


def test_a_broken_should_is_told_in_a_section_of_its_own(suite: Suite) -> None:
    """A warning shows the rule and what was seen."""
    result = suite(EVERY_VERDICT)
    result.stdout.fnmatch_lines(["*SHOULD rules broken*", "PAG-03 *test_warn", "*it should not be so"])


def test_an_error_of_the_suite_shows_its_traceback(suite: Suite) -> None:
    """What breaks in a scenario is not blamed on the target."""
    suite(EVERY_VERDICT).stdout.fnmatch_lines(["*the suite broke: KeyError('a bug of ours')*"])


def test_k_selects_by_subject(suite: Suite) -> None:
    """-k takes a subject as it takes any id."""
    suite(TWO, "-k", "employees").assert_outcomes(passed=1, deselected=2)


def test_x_stops_at_the_first_breach(suite: Suite) -> None:
    """-x leaves the rest unrun, and the last sentence says so."""
    result = suite(TWO, "-x")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Incomplete (stopping after 1 failures)*"])


def test_collecting_only_asks_nothing(suite: Suite) -> None:
    """--co lists the items and needs no key, no target and no report."""
    result = suite(TWO, "--co", "-q", "--base-url", "http://127.0.0.1:9/v1")
    result.stdout.fnmatch_lines(["test_suite.py::test_two[[]employees[]]"])
    assert result.ret == pytest.ExitCode.OK


def test_last_failed_runs_the_broken_one_again(suite: Suite, pytester: pytest.Pytester) -> None:
    """--lf picks what failed."""
    suite(TWO, "-p", "cacheprovider")
    result = pytester.runpytest_inprocess(*QUICK, "--lf", "--import-mode=importlib")
    result.assert_outcomes(failed=1)


@pytest.mark.parametrize("plugin", ["terminal", "warnings", "junitxml", "allure_pytest", "schemathesis"])
def test_other_plugins_can_be_turned_off(suite: Suite, plugin: str) -> None:
    """-p no:... of another plugin changes no verdict."""
    assert suite(TWO, "-p", f"no:{plugin}").ret == pytest.ExitCode.TESTS_FAILED


def test_tests_without_a_rule_are_left_alone(suite: Suite) -> None:
    """An ordinary test runs as ever, and no target is needed for it."""
    result = suite("def test_ordinary():\n    assert 1 + 1 == 2\n")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*conformance =*")


def test_passive_items_come_last(suite: Suite) -> None:
    """What judges the exchanges of others is reported after them."""
    result = suite(
        '@judges("HDR-01")\ndef test_passive(exchange):\n    return True\n\n'
        '@judges("PAG-01")\nasync def test_active(target):\n    return ""\n',
        "-v",
    )
    result.stdout.fnmatch_lines(["*test_active PASS*", "*test_passive PASS*"])
