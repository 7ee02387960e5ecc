"""Texts that a pattern fits are read from it, whatever it is, and without searching."""

from __future__ import annotations

import pytest

from conformance.target.patterns import matches
from conformance.target.samples import samples

HOURS = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("^[0-9]{4}-Q[1-4]$", "0000-Q1"),
        (HOURS, "00:00"),
        (r"^\d{4}-\d{2}$", "0000-00"),
        ("^(?:low|high)$", "low"),
        (r"^#(?<red>[0-9a-f]{2}){3}$", "#000000"),
        (r"^[A-Z]{2}(-[A-Z]{2})?$", "AA"),
        (r"^[^a]+$", "b"),
        (r"^\+?[1-9]\d{1,14}$", "10"),
        (r"^[\w.-]+@x\.test$", "w@x.test"),
        (r"^a\/b\x41\u0042$", "a/bAB"),
        (r"^[\]\\]$", "]"),
        ("^(?=.*[0-9])[a-z0-9]+$", "0"),
        ("[0-9]", "0"),
    ],
)
def test_a_text_that_fits_is_told(pattern: str, first: str) -> None:
    """The first is the shortest, or nearly; all fit, and none comes twice."""
    told = [*samples(pattern)]
    assert (first in told, {matches(pattern, one) for one in told}, len({*told})) == (True, {True}, len(told))


def test_several_texts_fit_where_several_can() -> None:
    """So that two fields of one body can differ."""
    assert min(len([*samples(one)]) for one in ("^[0-9]{4}-Q[1-4]$", HOURS, "^[A-Z]{2}$")) > 1


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "(",
            "[",
            "a{",
            "(?",
            "\\",
            "[z-a]",
            r"\p{L}",
            r"(a)\1",
            "a" * 2000,
            "(" * 900,
            "^a{99999999999999999999999}$",
            r"^\u{FFFFFFFFFFFFFFFF}$",
            "^.{2000000000}$",
            "a{9999}{9999}",
            "(?!a)a",
            "",
        )
    ],
)
def test_what_is_no_pattern_or_beyond_what_is_read_gives_none(pattern: str) -> None:
    """It comes to an end all the same; nothing that does not fit is told."""
    assert all(matches(pattern, one) for one in samples(pattern))


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*b$", "^(([a-z])+.)+[A-Z]([a-z])+$", "^(a?){50}a{50}$"])
def test_a_pattern_that_is_a_trap_is_none_here(pattern: str) -> None:
    """Nothing is searched for."""
    assert next(samples(pattern), None) is not None
