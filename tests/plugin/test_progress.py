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


def progress_on(terminal: Any, say: str = "3 of 9 judged") -> Progress:  # noqa: ANN401  # stands in for a config
    """Make the line of a terminal."""
    return Progress(terminal, lambda: say)


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


def test_it_never_wraps() -> None:
    """It takes the room that is left of the line, at most."""
    terminal = Terminal(isatty=True, width=30)
    progress_on(terminal, "x" * 99).tick()
    shown = terminal.written.removeprefix(SAVE + ERASE).removesuffix(RESTORE)
    assert len(shown) == 16


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
