"""`conformance pending` shows what waits, where, and when it can be judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from conformance.cli import cli
from conformance.cli.pending import told
from conformance.target.ledger import Ledger
from tests.target.test_ledger import ENTRY, LATER, NOON

if TYPE_CHECKING:
    from pathlib import Path


def test_entries_are_told_target_by_target() -> None:
    """Each with its rule, its state and its time."""
    used = "used 2026-01-15 12:00:00 by run 20260115T1200-abcdef"
    assert told([LATER, ENTRY], NOON + timedelta(hours=23, minutes=10)) == [
        "https://api.test/v1 (organization org_1, API key key_1)",
        f"  IDM-06  due now   2026-01-16 11:00:00 to 2026-01-16 11:59:00  {used}",
        f"  IDM-07  waits     from 2026-01-16 12:01:00 on                 {used}",
    ]


def test_what_a_target_told_does_not_move_the_cursor() -> None:
    """Control characters are not printed."""
    assert "\x1b" not in "".join(told([replace(ENTRY, organization="org_\x1b[2J")], NOON))


@pytest.mark.parametrize("given", ["option", "environment", "toml"])
def test_the_ledger_is_given_as_for_a_run(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By option, by environment or by TOML."""
    monkeypatch.chdir(tmp_path)
    Ledger(tmp_path / "a.jsonl").change(put=[ENTRY])
    if given == "environment":
        monkeypatch.setenv("CONFORMANCE_LEDGER", "a.jsonl")
    if given == "toml":
        (tmp_path / "conformance.toml").write_text('ledger = "a.jsonl"', "utf-8")
    done = CliRunner().invoke(cli, ["pending", *(["--ledger", "a.jsonl"] if given == "option" else [])])
    assert (done.exit_code, "https://api.test/v1" in done.output) == (0, True)


def test_an_empty_ledger_is_told(tmp_path: Path) -> None:
    """One that no run has written yet is empty."""
    file = tmp_path / "none.jsonl"
    assert CliRunner().invoke(cli, ["pending", "--ledger", str(file)]).output == f"Nothing waits in {file}.\n"


def test_what_is_no_ledger_is_a_wrong_use(tmp_path: Path) -> None:
    """With what to do about it."""
    (tmp_path / "a.jsonl").write_text("{", "utf-8")
    done = CliRunner().invoke(cli, ["pending", "--ledger", str(tmp_path / "a.jsonl")])
    assert (done.exit_code == 0, "line 1 is no entry" in done.output, "move it away" in done.output) == (
        False,
        True,
        True,
    )


def test_without_a_ledger_nothing_can_be_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says how to give one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONFORMANCE_LEDGER", raising=False)
    assert "--ledger FILE" in CliRunner().invoke(cli, ["pending"]).output
