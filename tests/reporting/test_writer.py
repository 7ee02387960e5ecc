"""All formats side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reporting.json_report import read_json, to_json
from conformance.reporting.writer import discard_report, write_report

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.judging.results import Results


def test_every_format_is_written(mixed: Results, tmp_path: Path) -> None:
    """The paths come back, the truth first, and each is there."""
    paths = write_report(to_json(mixed), tmp_path / "latest")
    names = ["conformance.json", "conformance.html", "junit.xml", "exchanges.har", "summary.md", "badge.json"]
    assert [path.name for path in paths if path.exists()] == [*names, "allure-results"]


def test_a_stored_report_makes_the_same_files_again(mixed: Results, tmp_path: Path) -> None:
    """conformance.json alone is enough for every format."""
    write_report(to_json(mixed), tmp_path / "then")
    write_report(read_json(tmp_path / "then" / "conformance.json"), tmp_path / "now")
    then, now = (files_in(tmp_path / folder) for folder in ("then", "now"))
    assert now == then


def files_in(folder: Path) -> dict[str, str]:
    """Read every file of a folder, by its path; of two results of Allure the order says nothing."""
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()}


def test_the_sentence_is_the_same_in_every_format(clean: Results, tmp_path: Path) -> None:
    """One run, one sentence."""
    paths = write_report(to_json(clean), tmp_path)
    sentence = read_json(paths[0])["summary"]["sentence"]
    told = {path.name for path in paths if path.is_file() and sentence in path.read_text().replace("\\", "")}
    assert told == {"conformance.json", "conformance.html", "junit.xml", "summary.md"}


def test_an_earlier_report_is_discarded_and_nothing_else(mixed: Results, tmp_path: Path) -> None:
    """A journal, or what fuzzing remembers, outlives it; where there is none, nothing happens."""
    write_report(to_json(mixed), tmp_path)
    (tmp_path / "made-1.jsonl").touch()
    discard_report(tmp_path)
    discard_report(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["made-1.jsonl"]
