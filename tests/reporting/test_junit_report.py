"""junit.xml: unique cases, verdicts in their right elements, and XML that parses."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from conformance.reporting.json_report import to_json
from conformance.reporting.junit_report import to_junit

if TYPE_CHECKING:
    from conformance.judging.results import Results


def _tree(results: Results) -> ET.Element:
    return ET.fromstring(to_junit(to_json(results)))


def _cases(tree: ET.Element, rule: str) -> list[ET.Element]:
    return [case for case in tree.iter("testcase") if case.find(f"properties/property[@value='{rule}']") is not None]


def test_no_two_cases_share_a_name(mixed: Results) -> None:
    """A reader that keys on class and name loses none."""
    names = Counter((case.get("classname"), case.get("name")) for case in _tree(mixed).iter("testcase"))
    assert [name for name, count in names.items() if count > 1] == []


def test_checks_of_one_name_are_told_apart(clean: Results) -> None:
    """The second check of the same item gets a number."""
    twice = replace(clean, checks=(clean.checks[0], *clean.checks))
    names = [case.get("name") for case in _cases(_tree(twice), "TRN-01")]
    assert names == ["TRN-01 test_trn_01", "TRN-01 test_trn_01 #2"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("PAG-09", "failure"),
        ("ARC-08", "error"),
        ("ARC-02", "skipped"),
        ("TRN-03", "skipped"),
        ("AUT-06", "skipped"),
        ("EVT-05", "skipped"),
        ("PAG-08", "system-out"),
        ("PAG-16", "system-out"),
    ],
)
def test_a_verdict_has_its_element(mixed: Results, rule: str, expected: str) -> None:
    """Failures, errors of the suite, skips and notes are told apart."""
    case = _cases(_tree(mixed), rule)[0]
    assert [child.tag for child in case if child.tag != "properties"] == [expected]


def test_a_blocked_check_says_that_it_is_blocked(mixed: Results) -> None:
    """The kind of skip and its reason are there."""
    skipped = _cases(_tree(mixed), "ARC-02")[0].find("skipped")
    assert skipped is not None
    assert skipped.attrib == {
        "message": "The archive that it builds on was refused with 500.",
        "type": "blocked",
    }


def test_a_warning_fails_under_a_strict_gate(mixed: Results) -> None:
    """The file agrees with the gate."""
    strict = replace(mixed, run=replace(mixed.run, options={"strict": True}))
    assert _cases(_tree(strict), "PAG-08")[0].find("failure") is not None


def test_a_case_carries_rule_level_verdict_and_item(mixed: Results) -> None:
    """The properties say what was judged."""
    case = _cases(_tree(mixed), "PAG-08")[0]
    assert {one.get("name"): one.get("value") for one in case.iter("property")} == {
        "rule": "PAG-08",
        "level": "SHOULD",
        "verdict": "warn",
        "item": "scenarios/test_sample.py::test_pag_08[employees]",
    }


def test_the_counts_are_those_of_the_cases(mixed: Results) -> None:
    """The totals agree with what the file holds."""
    tree = _tree(mixed)
    counted = {name: len(list(tree.iter(tag))) for name, tag in (("failures", "failure"), ("errors", "error"))}
    assert {name: int(tree.get(name, "")) for name in counted} == counted


def test_a_run_that_ended_early_errs(clean: Results) -> None:
    """A file full of passes can't hide an interruption."""
    stopped = replace(clean, run=replace(clean.run, ended="interrupted"))
    assert [error.get("type") for error in _tree(stopped).iter("error")] == ["incomplete"]


def test_a_run_that_judged_nothing_errs(clean: Results) -> None:
    """Skips alone are no pass."""
    assert [error.get("type") for error in _tree(replace(clean, checks=())).iter("error")] == ["incomplete"]


def test_a_clean_run_has_neither_failure_nor_error(clean: Results) -> None:
    """What passes shows as passed."""
    tree = _tree(clean)
    assert (tree.get("failures"), tree.get("errors"), tree.get("skipped")) == ("0", "0", "0")
