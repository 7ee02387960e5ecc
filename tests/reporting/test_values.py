"""Values that a target sent, made safe for JSON and for the eye."""

from __future__ import annotations

import json

import pytest

from conformance.reporting.html.indentation import indented
from conformance.reporting.values import cut, jsonable, visible


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        ("a\ud800b", "a\\ud800b"),
        ((1, 2.5, None, True), [1, 2.5, None, True]),
        ({1: {"x": ()}}, {"1": {"x": []}}),
        (b"\x00", "b'\\x00'"),
    ],
)
def test_a_value_that_json_lacks_becomes_text(value: object, expected: object) -> None:
    """Strict JSON in UTF-8 can hold whatever comes back."""
    assert jsonable(value) == expected


def test_bottomless_nesting_ends_in_a_remark() -> None:
    """A target can't exhaust the stack of the reporter."""
    value: list[object] = []
    for _ in range(5000):
        value = [value]
    assert "(nested too deeply to show)" in json.dumps(jsonable(value))


def test_characters_that_mislead_the_eye_are_written_out() -> None:
    """NUL, escape and right-to-left override show as escapes; a line feed stays."""
    assert visible("a\x00\x1b\u202eb\nc") == "a\\u0000\\u001b\\u202eb\nc"


def test_a_cut_says_how_much_is_missing() -> None:
    """A reader can tell a cut from an end."""
    assert cut("x" * 1005, 5) == "xxxxx … (1,000 more characters)"


@pytest.mark.parametrize(
    "value", [{}, [], [[], {}], [1, [2, [{}]]], {"a": [{"b": 1}, {"c": []}], "d": 'x,{y\\"}'}, "x", 1.5e3, None]
)
def test_json_is_laid_out_as_the_standard_library_does(value: object) -> None:
    """Two spaces a level, one member a line, empty containers closed at once."""
    assert indented(json.dumps(value)) == json.dumps(value, indent=2)


def test_layout_alters_no_token() -> None:
    """Repeated names, trailing zeros and escapes stay as they were sent."""
    assert indented(r'{"a":1.0,"a":1e400,"b":"\u00e9"}') == '{\n  "a": 1.0,\n  "a": 1e400,\n  "b": "\\u00e9"\n}'


def test_text_that_is_no_json_is_left_alone() -> None:
    """A body that is broken is shown broken."""
    assert indented('{"a": ') == '{"a": '
