"""All formats of a run's report, written side by side into one folder."""

from __future__ import annotations

import shutil
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from conformance.reporting.allure import write_allure
from conformance.reporting.badge import to_badge
from conformance.reporting.har import to_har
from conformance.reporting.html import to_html
from conformance.reporting.json_report import save, write_text
from conformance.reporting.junit_report import to_junit
from conformance.reporting.markdown import to_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from conformance.reporting.json_report import Report

Writer: TypeAlias = "Callable[[Report, Path], None]"


def _as_text(render: Callable[[Report], str]) -> Writer:
    return lambda report, path: write_text(render(report), path)


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "conformance.json": save,
        "conformance.html": _as_text(to_html),
        "junit.xml": _as_text(to_junit),
        "exchanges.har": _as_text(to_har),
        "summary.md": _as_text(to_markdown),
        "badge.json": _as_text(to_badge),
        "allure-results": write_allure,
    },
)
"""What is written under which name, the truth first; a writer may also make a folder of that name."""


def discard_report(directory: Path) -> None:
    """Remove the report of an earlier run: should this one end without a report, nobody may take that for its own."""
    for name in WRITERS:
        path = directory / name
        with suppress(OSError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_report(report: Report, directory: Path) -> list[Path]:
    """Write a report that is JSON already in every format and return the paths, conformance.json first."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, write in WRITERS.items():
        write(report, directory / name)
    return [directory / name for name in WRITERS]
