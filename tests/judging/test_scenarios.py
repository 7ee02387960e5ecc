"""Scenarios are named as pytest names their items, so that both mean the same by an id."""

from __future__ import annotations

import subprocess
import sys
import types
from collections import Counter
from pathlib import Path

import pytest

from conformance.contract.rules import UnknownRule
from conformance.judging.scenario import all_scenarios, judges, scenarios_in

ROOT = Path(__file__).parent.parent.parent


def test_scenarios_are_named_as_pytest_collects_them() -> None:
    """The ids of a trial are the ids of a run, none missing and none twice."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--co",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:schemathesis",
        "scenarios",
    ]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    collected = [line for line in listed.splitlines() if "::" in line]
    assert Counter(one.item for one in all_scenarios()) == Counter(collected)


def test_no_two_scenarios_have_one_name() -> None:
    """JUnit and Allure drop results of items that share one."""
    names = Counter(one.item for one in all_scenarios())
    assert [name for name, times in names.items() if times > 1] == []


def test_an_unknown_rule_is_told_when_a_scenario_is_written() -> None:
    """Not when it runs."""
    with pytest.raises(UnknownRule):
        judges("PAG-99")


def module_of(**functions: object) -> types.ModuleType:
    """Make a module in which functions are written."""
    module = types.ModuleType("scenarios.test_example")
    for name, function in functions.items():
        function.__module__ = module.__name__
        setattr(module, name, function)
    return module


def test_each_subject_is_a_scenario_of_its_own() -> None:
    """A path is labelled without its slash, and handed over whole."""

    @judges("PAG-01", over=("/employees", "/observations"))
    async def asks(target: object, collection: str) -> None:
        del target, collection

    found = list(scenarios_in(module_of(test_it=asks)))
    assert [(one.item, one.subject) for one in found] == [
        ("scenarios/test_example.py::test_it[employees]", "/employees"),
        ("scenarios/test_example.py::test_it[observations]", "/observations"),
    ]


def test_a_scenario_knows_whether_it_is_passive() -> None:
    """By its first parameter."""

    @judges("PAG-01")
    async def active(target: object) -> None:
        del target

    @judges("HDR-01")
    def each(exchange: object) -> bool:
        return bool(exchange)

    @judges("HDR-02")
    def together(exchanges: object) -> int:
        return len(str(exchanges))

    found = scenarios_in(module_of(test_active=active, test_each=each, test_together=together))
    assert [one.passive for one in found] == [False, True, True]


def test_functions_without_a_rule_and_of_other_modules_are_none() -> None:
    """Helpers and imports are no scenarios."""

    @judges("PAG-01")
    async def imported(target: object) -> None:
        del target

    module = module_of(helper=lambda: None)
    module.imported = imported  # type: ignore[attr-defined]  # as an import statement does
    assert list(scenarios_in(module)) == []
