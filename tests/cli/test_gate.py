"""`conformance compare` and `conformance waive`, on reports that a run left."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from conformance.cli import cli
from conformance.gate.waivers import Waivers, read_waivers
from conformance.judging.results import Check
from conformance.judging.verdicts import Verdict
from conformance.reporting.json_report import save, to_json
from tests.reporting.conftest import Run

if TYPE_CHECKING:
    from pathlib import Path

BREACH = {"message": "The last page has cursor=abc after 119 of 120 items.", "expected": "null"}


@pytest.fixture
def reports(tmp_path: Path) -> tuple[Path, Path]:
    """Write two reports: in the first PAG-11 holds, in the second it is broken on employees."""
    run = Run()
    files = tmp_path / "before.json", tmp_path / "after.json"
    run.check("PAG-11", Verdict.PASS, "employees", item="test_x.py::test_it[employees]")
    save(to_json(run.results()), files[0])
    run.checks.clear()
    run.check("PAG-11", Verdict.FAIL, "employees", item="test_x.py::test_it[employees]", **BREACH)
    save(to_json(run.results()), files[1])
    return files


def invoke(*words: object) -> tuple[int, str]:
    """Run the command line; give exit code and output."""
    done = CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)
    code = done.exit_code if isinstance(done.exception, SystemExit) or done.exception is None else 4
    return code, done.output


def test_a_regression_is_told_and_fails(reports: tuple[Path, Path]) -> None:
    """Exit 1, with the rule and what is said of it now."""
    code, told = invoke("compare", *reports)
    assert (code, "pass -> fail" in told, BREACH["message"] in told) == (1, True, True)


def test_the_way_back_is_a_fix(reports: tuple[Path, Path]) -> None:
    """Exit 0."""
    code, told = invoke("compare", *reversed(reports))
    assert (code, told.splitlines()[-1]) == (0, "1 fixed; 0 broken as before.")


def test_a_comparison_is_json_and_a_page_too(reports: tuple[Path, Path], tmp_path: Path) -> None:
    """For machines and for people."""
    page = tmp_path / "compared.html"
    _, told = invoke("compare", *reports, "--json", "--html", page)
    changes = json.loads(told)["changes"]["regressed"]
    assert ([change["rule"] for change in changes], "PAG-11" in page.read_text("utf-8")) == (["PAG-11"], True)


def test_a_written_waiver_covers_its_breach(reports: tuple[Path, Path], tmp_path: Path) -> None:
    """What `waive` writes, a run reads, also where counts and cursors are others by then."""
    file = tmp_path / "waivers.toml"
    who = ("--owner", "api-team", "--reason", 'It says "PB-1"', "--expires", "2027-01-31")
    code, _ = invoke("waive", reports[1], "--rule", "pag-11", *who, "--to", file)
    message = "The last page has cursor=xyz after 7 of 8 items."
    check = Check("test_x.py::test_it[employees]", "PAG-11", Verdict.FAIL, "employees", message, "null")
    waived = Waivers(read_waivers(file), today=date(2026, 11, 25)).waive(check)
    assert (code, waived and waived.reason) == (0, 'It says "PB-1"')


def test_what_is_not_broken_can_not_be_waived(reports: tuple[Path, Path]) -> None:
    """A waiver needs a breach."""
    code, _ = invoke("waive", reports[0], "--rule", "PAG-11", "--owner", "x", "--reason", "y")
    assert code == 4


def test_what_is_waived_already_is_not_waived_twice(reports: tuple[Path, Path], tmp_path: Path) -> None:
    """The file stays as it is, and who asks is told."""
    words = (
        "waive",
        reports[1],
        "--rule",
        "PAG-11",
        "--owner",
        "x",
        "--reason",
        "y",
        "--to",
        tmp_path / "waivers.toml",
    )
    invoke(*words)
    written = (tmp_path / "waivers.toml").read_text("utf-8")
    code, told = invoke(*words)
    assert (code, (tmp_path / "waivers.toml").read_text("utf-8"), "were there already" in told) == (0, written, True)


@pytest.mark.parametrize(("owner", "reason"), [("", "y"), ("x", " ")])
def test_a_waiver_has_an_owner_and_a_reason(
    reports: tuple[Path, Path], tmp_path: Path, owner: str, reason: str
) -> None:
    """What a run would refuse is not written."""
    file = tmp_path / "waivers.toml"
    who = ("--owner", owner, "--reason", reason)
    code, _ = invoke("waive", reports[1], "--rule", "PAG-11", *who, "--to", file)
    assert (code, file.exists()) == (4, False)
