"""The signature of a breach stays while the breach does, and changes with it."""

from __future__ import annotations

import pytest

from conformance.judging.results import Check
from conformance.judging.signature import canonical, signature
from conformance.judging.verdicts import Verdict


def breach(message: str, subject: str = "/employees", expected: str = "null") -> Check:
    """Make a check that failed."""
    return Check("test_x.py::test_it", "PAG-11", Verdict.FAIL, subject, message, expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("obs_01HXX9YK7Z8N2P3Q4R5S6T7U8V was skipped", "obs_01JZZ9YK7Z8N2P3Q4R5S6T7U8V was skipped"),
        ("119 of 120 items", "42 of 43 items"),
        ("GET /observations?limit=100 got 500, not 400", "GET /observations?limit=500 got 500, not 400"),
        ("created_at 2026-04-12T15:42:18.000Z", "created_at 2027-01-02T03:04:05Z"),
        ("GET /employees/41 got 500", "GET /employees/17 got 500"),
        ("GET https://a.example/v1/x", "GET http://127.0.0.1:8000/v1/x"),
        ("cursor=eyJpZCI6 was refused", "cursor=abc%3D was refused"),
    ],
)
def test_what_differs_from_run_to_run_is_left_out(one: str, other: str) -> None:
    """Ids, counts, parameters, moments, hosts and cursors."""
    assert signature(breach(one)) == signature(breach(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GET /x got 500, not 400", "GET /x got 200, not 400"),
        ("next_cursor is missing", "next_cursor is empty"),
        ("GET /employees got 500", "GET /employees/41 got 500"),
    ],
)
def test_another_breach_has_another_signature(one: str, other: str) -> None:
    """Statuses, words and paths tell breaches apart."""
    assert signature(breach(one)) != signature(breach(other))


def test_a_subject_has_signatures_of_its_own() -> None:
    """The same words about another collection are another breach."""
    assert signature(breach("it broke")) != signature(breach("it broke", "/summaries"))


def test_a_canonical_message_can_be_read() -> None:
    """What was taken out is named."""
    told = canonical("GET /observations?limit=37 gives 260 items of run 20261125T1919-76b890, got 404")
    assert told == "GET /observations?limit=<n> gives <n> items of run <run>, got 404"
