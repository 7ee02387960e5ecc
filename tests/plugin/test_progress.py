"""The live line shows on a terminal only, and leaves nothing behind there."""

from __future__ import annotations

import io
from typing import Any

import pytest

from conformance.plugin import progress
from conformance.plugin.progress import ERASE, RESTORE, SAVE, Progress


class Terminal:
    """As much of a terminal as the line needs: a width, and a file that says whether it is one."""

    def __init__(self, *, isatty: bool, width: int = 40, verbosity: int = 0) -> None:
        self.isatty, self.verbosity = isatty, verbosity
        self._file = io.StringIO()
        self.fullwidth, self.width_of_current_line = width, 10
        self._tw = self
        self.pluginmanager = self

    def get_plugin(self, name: str) -> Terminal | None:
        """Stand in for the terminal reporter too; nothing is captured."""
        return self if name == "terminalreporter" else None

    def get_verbosity(self) -> int:
        """Give what -v and -q come to."""
        return self.verbosity

    def flush(self) -> None:
        """Nothing is held back."""

    @property
    def written(self) -> str:
        """All that was written."""
        return self._file.getvalue()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every tick be due."""
    monkeypatch.setattr(progress, "EVERY", -1.0)


def progress_on(terminal: Any, *say: str) -> Progress:  # noqa: ANN401  # stands in for a config
    """Make the line of a terminal."""
    return Progress(terminal, lambda: say or ("3 of 9 judged",))


def test_it_writes_behind_the_cursor_and_goes_back() -> None:
    """Pytest's own output stays as it is."""
    terminal = Terminal(isatty=True)
    progress_on(terminal).tick()
    assert terminal.written == f"{SAVE}{ERASE}  / 3 of 9 judged{RESTORE}"


def test_it_is_cleared_before_pytest_writes_on() -> None:
    """The last thing written takes the line away."""
    terminal = Terminal(isatty=True)
    line = progress_on(terminal)
    line.tick()
    line.clear()
    assert terminal.written.endswith(f"{RESTORE}{ERASE}")


def test_what_was_never_shown_is_not_cleared() -> None:
    """An item whose check is there at once writes nothing."""
    terminal = Terminal(isatty=True)
    progress_on(terminal).clear()
    assert terminal.written == ""


@pytest.mark.parametrize(
    ("width", "expected"),
    [(60, "  / 3 of 9 checks, 12 requests, 1 of 2 families"), (44, "  / 3 of 9 checks, 12 requests"), (20, "")],
)
def test_it_never_wraps(width: int, expected: str) -> None:
    """What does not fit whole into the room that is left of the line is left out, the least telling first."""
    terminal = Terminal(isatty=True, width=width)
    progress_on(terminal, "3 of 9 checks", "12 requests", "1 of 2 families").tick()
    assert terminal.written.removeprefix(SAVE + ERASE).removesuffix(RESTORE) == expected


@pytest.mark.parametrize(("isatty", "verbosity"), [(False, 0), (True, -1)], ids=["no terminal", "-q"])
def test_elsewhere_it_writes_nothing(isatty: bool, verbosity: int) -> None:  # noqa: FBT001  # a parameter of the test
    """A CI's log and a quiet run stay as they are."""
    terminal = Terminal(isatty=isatty, verbosity=verbosity)
    line = progress_on(terminal)
    line.tick()
    line.clear()
    assert terminal.written == ""


def test_it_waits_before_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over in a moment does not flicker."""
    monkeypatch.setattr(progress, "EVERY", 3600.0)
    terminal = Terminal(isatty=True)
    progress_on(terminal).tick()
    assert terminal.written == ""
