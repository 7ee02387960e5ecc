"""A served reference for the commands that ask one, and a way to run them as the command line does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner

from conformance.cli import main
from conformance.reference import Reference, serving
from conformance.target.settings import BASE_URL_VARIABLE, OPTIONS
from conformance.wire.roles import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OURS = [*(option.env for option in OPTIONS), *ENVIRONMENT.values(), "PYTEST_BASE_URL", BASE_URL_VARIABLE]
"""Variables that a test sets itself, or nobody."""


class Served(NamedTuple):
    """A reference and its base URL."""

    reference: Reference
    url: str


class Ended(NamedTuple):
    """How a command ended: its exit code, and all that it said."""

    code: int
    told: str


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve a reference."""
    reference = Reference()
    with serving(reference) as url:
        yield Served(reference, url)
    reference.close()


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Return a function that runs `conformance ARGUMENTS` in an empty folder, with these variables and no others."""
    monkeypatch.chdir(tmp_path)
    for name in OURS:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str, **environ: str) -> Ended:
        monkeypatch.setattr("sys.argv", ["conformance", *arguments])
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        with CliRunner().isolation() as (_, __, output), pytest.raises(SystemExit) as ended:
            main()
        return Ended(int(ended.value.code or 0), output.getvalue().decode())

    return run
