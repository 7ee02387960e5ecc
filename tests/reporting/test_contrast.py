"""The palette of the HTML report keeps WCAG 2.2 AA (1.4.3: 4.5 to 1 for text) in both colour schemes."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

GROUNDS = {"page", "paper", "tint", "mark"}
STYLE = files("conformance.reporting.html").joinpath("templates", "report.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
)


def _luminance(colour: str) -> float:
    """Give the relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(palette: dict[str, str]) -> None:
    """Every colour of text has enough contrast on every background that it can stand on."""
    inks = set(palette) - GROUNDS - {"line"}
    faint = [
        (ink, ground)
        for ink in sorted(inks)
        for ground in sorted(GROUNDS)
        if _contrast(palette[ink], palette[ground]) < 4.5
    ]
    assert faint == []


def test_both_schemes_define_the_same_colours() -> None:
    """No colour is left over from the other scheme."""
    assert set(DARK) == set(LIGHT)
