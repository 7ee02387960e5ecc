"""Two reports are compared check by check, whatever the path in front of a check's name."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.gate.comparing import KINDS, compare


def report(*checks: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """Make a report with these checks: verdict, name, and what else they say."""
    plain = {"subject": None, "message": "", "value": None, "signature": ""}
    made = [plain | {"item": f"scenarios/{name}", "verdict": verdict} | said for name, verdict, said in checks]
    return {
        "target": {"base_url": "https://a.example/v1"},
        "run": {"started": "2026-11-25T00:00:00+00:00", "id": "r"},
        "rules": [{"id": "PAG-11", "checks": made}],
    }


def kinds(before: str, after: str, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None) -> list[str]:
    """Compare one check of two reports; "" leaves it out."""
    name = "test_x.py::test_it[employees]"
    one = report(*([(name, before, old or {})] if before else []))
    other = report(*([(name, after, new or {})] if after else []))
    return [change.kind for change in compare(one, other).changes]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("pass", "fail", ["regressed"]),
        ("pass", "warn", ["regressed"]),
        ("noted", "error", ["regressed"]),
        ("pass", "blocked", ["regressed"]),
        ("warn", "fail", ["regressed"]),
        ("not_judged", "fail", ["new"]),
        ("", "fail", ["new"]),
        ("fail", "pass", ["fixed"]),
        ("pass", "not_judged", ["lost"]),
        ("fail", "", ["lost"]),
        ("pass", "pass", []),
        ("not_judged", "pass", []),
        ("fail", "fail", []),
    ],
)
def test_a_pair_of_verdicts_is_a_change_or_none(before: str, after: str, kind: list[str]) -> None:
    """A verdict of "" is a check that a report lacks."""
    assert kinds(before, after) == kind


def test_a_breach_of_another_signature_is_another_breach() -> None:
    """It is neither old nor new."""
    assert kinds("fail", "fail", {"signature": "a"}, {"signature": "b"}) == ["other"]


def test_a_behaviour_that_changed_is_told() -> None:
    """By its value, whatever the sentence."""
    assert kinds("noted", "noted", {"value": {"status": 200}}, {"value": {"status": 400}}) == ["behaviour"]


def test_checks_are_the_same_wherever_the_package_stands() -> None:
    """An installed package has another path before the module."""
    one, other = (report(("test_x.py::test_it", "fail", {})) for _ in range(2))
    other["rules"][0]["checks"][0]["item"] = "../lib/python3.11/site-packages/scenarios/test_x.py::test_it"
    found = compare(one, other)
    assert (found.changes, found.still) == ((), 1)


def test_the_worst_changes_come_first() -> None:
    """In the order of the kinds."""
    names = ["test_x.py::test_a", "test_x.py::test_b"]
    before = report((names[0], "fail", {}), (names[1], "pass", {}))
    after = report((names[0], "pass", {}), (names[1], "fail", {}))
    assert [change.kind for change in compare(before, after).changes] == ["regressed", "fixed"]


def test_every_kind_is_explained() -> None:
    """What is told apart has a meaning that is shown."""
    assert all(KINDS.values())


FIRST, SECOND = {"finding": "PAG-11 GET /employees query limit 500"}, {"finding": "PAG-11 GET /employees path 500"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([("pass", {})], [("fail", FIRST), ("fail", SECOND)], ["regressed", "regressed"]),
        ([("fail", FIRST), ("fail", SECOND)], [("fail", SECOND)], ["fixed"]),
        ([("fail", FIRST)], [("fail", FIRST), ("fail", SECOND)], ["new"]),
        ([("fail", FIRST)], [("pass", {})], ["fixed"]),
        ([("fail", FIRST)], [("not_judged", {})], ["lost"]),
        ([("fail", FIRST)], [], ["lost"]),
        ([("fail", FIRST)], [("fail", FIRST)], []),
    ],
)
def test_findings_of_one_item_are_compared_one_by_one(
    before: list[tuple[str, dict[str, Any]]], after: list[tuple[str, dict[str, Any]]], expected: list[str]
) -> None:
    """Where one report found nothing, what it says of the item goes for each finding of the other."""
    one, other = (report(*(("test_x.py::test_it", *said) for said in told)) for told in (before, after))
    assert [change.kind for change in compare(one, other).changes] == expected
