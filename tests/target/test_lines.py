"""Lines of management are read from manager_id alone, and what leaves the known people is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.target.lines import deactivated_report_of, longest_line, outsider_of, reporting_lines


def person(name: str, manager: object = None, **more: object) -> dict[str, Any]:
    """Make an employee."""
    return {"id": name, "manager_id": manager, **more}


PEOPLE = [
    person("top"),
    person("left", "top"),
    person("right", "top"),
    person("deep", "left"),
    person("deepest", "deep"),
    person("gone", "left", status="deactivated"),
    person("other"),
]
LINES = reporting_lines(PEOPLE)


@pytest.mark.parametrize(
    ("employee", "manager", "leads"),
    [
        ("left", "top", True),
        ("deepest", "top", True),
        ("deepest", "right", False),
        ("top", "top", False),
        ("other", "top", False),
        ("nobody", "top", None),
        (None, "top", None),
    ],
)
def test_a_line_leads_to_a_manager_at_any_depth(employee: object, manager: str, leads: object) -> None:
    """Nobody reports to oneself; who is not known may report to anybody."""
    assert LINES.leads_to(employee, manager) is leads


def test_a_line_that_leaves_the_known_people_is_unknown() -> None:
    """The key may not read everybody."""
    assert reporting_lines([person("a", "hidden")]).leads_to("a", "top") is None


def test_a_line_in_a_circle_is_unknown() -> None:
    """It ends."""
    assert reporting_lines([person("a", "b"), person("b", "a")]).leads_to("a", "top") is None


@pytest.mark.parametrize("people", [[person("a", "a")], [person("a", "b"), person("b", "a")]])
def test_whether_a_line_leads_back_to_its_manager_is_unknown(people: list[dict[str, Any]]) -> None:
    """Who stands at the top may be their own manager."""
    assert reporting_lines(people).leads_to("a", "a") is None


def test_people_without_a_readable_manager_are_unknown() -> None:
    """A missing member and another type say nothing."""
    assert reporting_lines([{"id": "a"}, person("b", 7)]).managers == {}


def test_the_longest_line_is_found_top_first() -> None:
    """So that every depth can be asked about."""
    assert longest_line(LINES) == ("top", "left", "deep", "deepest")


def test_a_hinted_manager_goes_first() -> None:
    """Also where another line is longer."""
    assert longest_line(LINES, ("left",)) == ("left", "deep", "deepest")


def test_a_circle_has_a_longest_line_too() -> None:
    """Nobody stands in it twice."""
    assert len(longest_line(reporting_lines([person("a", "b"), person("b", "a")]))) == 2


def test_nobody_with_reports_makes_no_line() -> None:
    """Then there is nothing to ask."""
    assert longest_line(reporting_lines([person("a"), person("b")])) == ()


def test_an_outsider_stands_below_nobody_of_a_line() -> None:
    """Whose observations a filter by manager leaves out."""
    assert outsider_of(LINES, ("top", "left", "deep")) == "other"


def test_a_deactivated_report_is_still_a_report() -> None:
    """It stands below the first of the line."""
    assert deactivated_report_of(LINES, ("top", "left")) == "gone"
