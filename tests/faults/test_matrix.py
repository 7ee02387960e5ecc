"""The matrix tells lies that were caught from lies that were not, and is written as data and as a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from conformance.cli import cli
from conformance.faults.matrix import Row, Subject, as_json
from conformance.judging.verdicts import Verdict
from conformance.reporting.html.matrix import matrix_html

if TYPE_CHECKING:
    from pathlib import Path

CAUGHT = Row(
    Subject("fault", "a_lie", "It <lies>.", "ARC-09"),
    {"ARC-09": Verdict.FAIL, "ERR-02": Verdict.FAIL, "SES-01": Verdict.PASS},
    as_it_ought=True,
    seconds=1.0,
)
MISSED = Row(Subject("fault", "a_subtle_lie", "It lies.", "ARC-10"), {"ARC-10": Verdict.PASS}, False, 1.0)  # noqa: FBT003


def test_a_lie_that_was_not_caught_is_named_in_the_summary() -> None:
    """Others only count."""
    assert as_json([CAUGHT, MISSED])["summary"]["fault"] == {"rows": 2, "as_they_ought": 1, "wrong": ["a_subtle_lie"]}


def test_collateral_verdicts_are_recorded() -> None:
    """Every rule that a lie set off stands in its row."""
    assert as_json([CAUGHT])["rows"][0]["verdicts"] == {"ARC-09": "fail", "ERR-02": "fail"}


def test_the_page_names_each_lie_and_what_else_it_set_off() -> None:
    """Texts are escaped."""
    page = matrix_html(as_json([CAUGHT, MISSED]))
    told = ("It &lt;lies&gt;." in page, "not caught" in page, 'href="#ERR-02"' in page, "<lies>" in page)
    assert told == (True, True, True, False)


def test_the_command_judges_what_it_is_asked_for(tmp_path: Path) -> None:
    """One null target, in a process of its own; exit 0 where all is as it ought to be."""
    done = CliRunner().invoke(cli, ["matrix", "--only", "always 404", "--jobs", "1", "--to", str(tmp_path)])
    rows = json.loads((tmp_path / "matrix.json").read_text("utf-8"))["rows"]
    assert (done.exit_code, [row["name"] for row in rows], (tmp_path / "matrix.html").is_file()) == (
        0,
        ["always 404"],
        True,
    )
