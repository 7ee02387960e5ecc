"""All formats side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reporting.json_report import read_json, to_json
from conformance.reporting.writer import WRITERS, write_report

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.judging.results import Results


def test_every_format_is_written(mixed: Results, tmp_path: Path) -> None:
    """The paths come back, the truth first, and each is there."""
    paths = write_report(to_json(mixed), tmp_path / "latest")
    assert [path.name for path in paths if path.is_file()] == ["conformance.json", "conformance.html", "junit.xml"]


def test_a_stored_report_makes_the_same_files_again(mixed: Results, tmp_path: Path) -> None:
    """conformance.json alone is enough for every format."""
    write_report(to_json(mixed), tmp_path / "then")
    write_report(read_json(tmp_path / "then" / "conformance.json"), tmp_path / "now")
    then, now = ([(tmp_path / folder / name).read_text() for name in WRITERS] for folder in ("then", "now"))
    assert now == then


def test_the_sentence_is_the_same_in_every_format(clean: Results, tmp_path: Path) -> None:
    """One run, one sentence."""
    paths = write_report(to_json(clean), tmp_path)
    sentence = read_json(paths[0])["summary"]["sentence"]
    assert [path.name for path in paths if sentence in path.read_text()] == [path.name for path in paths]
