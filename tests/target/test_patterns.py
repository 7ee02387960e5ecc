"""Patterns of a target's are matched in bounded time, whatever they are."""

from __future__ import annotations

import time

import pytest

from conformance.target.patterns import is_pattern, matches


@pytest.mark.parametrize(("pattern", "expected"), [("^a+$", True), ("^b", False), ("a", True), (r"^\p{L}+$", True)])
def test_a_pattern_is_found_in_a_text(pattern: str, expected: bool) -> None:  # noqa: FBT001  # a table
    """It is searched for, and read as ECMA 262 writes it."""
    assert matches(pattern, "aaa") is expected


def test_what_is_no_pattern_matches_nothing() -> None:
    """An unclosed group is no pattern, nor is a number."""
    assert (is_pattern("("), is_pattern(7), matches("(", "(")) == (False, False, False)


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(?=(a+)+$)(a+)+\1$", r"^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_catastrophic_pattern_ends(pattern: str) -> None:
    """Expressions on which a backtracking engine would spend years are told at once."""
    began = time.perf_counter()
    matches(pattern, "a" * 50_000 + "!")
    assert time.perf_counter() - began < 2
