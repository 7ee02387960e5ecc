"""What the README says of options, verdicts and commands is what there is."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.cli import cli
from conformance.judging.verdicts import Verdict
from conformance.plugin.outcomes import SHOWN
from conformance.target.settings import HINTS, OPTIONS

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_every_option_has_a_row() -> None:
    """The table names each flag, and no other."""
    rows = set(re.findall(r"^\| `(--[a-z-]+)", README, re.MULTILINE))
    assert rows == {option.flag for option in OPTIONS} | {"--base-url"}


def test_every_verdict_has_a_row_with_its_letter() -> None:
    """The letters are those that pytest shows."""
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (?:`(.)`)? *\|", README, re.MULTILINE))
    shown = {verdict.words: SHOWN[verdict].letter if verdict in SHOWN else "" for verdict in Verdict}
    assert {name: letter for name, letter in rows.items() if name in shown} == shown


def test_every_command_that_is_shown_exists() -> None:
    """Conformance COMMAND, wherever it stands in a line of code."""
    shown = set(re.findall(r"^conformance ([a-z]+)|`conformance ([a-z]+)", README, re.MULTILINE))
    assert {one or other for one, other in shown} <= set(cli.commands)


def test_every_hint_is_named() -> None:
    """What can be put into TOML where discovery finds nothing."""
    assert [name for name in HINTS if f"`{name}`" not in README] == []
