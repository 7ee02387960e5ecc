"""The value that decided a breach is marked where it was observed."""

from __future__ import annotations

import json

import pytest

from conformance.reporting.html.deciding import pieces

REFUSED = {"status": 500, "body": {"error": {"code": "internal_error", "message": "Oops 500"}}}


def marked(observed: object, message: str, expected: str = "") -> list[str]:
    """Give what is marked, and see to it that nothing of the text gets lost."""
    text = observed if isinstance(observed, str) else json.dumps(observed, indent=2)
    parts = pieces(text, observed, message=message, expected=expected)
    assert "".join(part for part, _ in parts) == text
    return [part for part, decided in parts if decided]


@pytest.mark.parametrize(
    ("observed", "message", "expected", "decided"),
    [
        (REFUSED, "POST /x got 500 internal_error, not 400", "400", ["500", '"internal_error"']),
        (REFUSED, "POST /x got 500", "no 500", []),
        ({"status": 200, "n": "26 items"}, "limit=37 gives 26 items", "37 items", ['"26 items"']),
        ([["obs_1", True], "obs_12"], "leaves out obs_1, which matches", "these", ['"obs_1"']),
        ({"limit": "limit", "x": 1}, "the limit is 1.5", "", ['"limit"']),
        ({"500": "a"}, "got 500", "", []),
        ("422 validation_error", "limit=abc gets 422", "400", []),
        ([], "got 500", "400", []),
        ("", "got 500", "400", []),
    ],
)
def test_a_value_that_the_sentence_names_and_nobody_expected_is_marked(
    observed: object, message: str, expected: str, decided: list[str]
) -> None:
    """A whole value only, never a member's name or a part of a longer word."""
    assert marked(observed, message, expected) == decided
