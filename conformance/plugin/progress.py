"""The live line on a terminal while an item waits for its evidence; nothing at all elsewhere."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

SAVE, RESTORE, ERASE = "\x1b7", "\x1b8", "\x1b[K"
EVERY = 0.2
"""Seconds between two updates: enough to see it move, too slow to flicker."""
SPINNER = "|/-\\"


class Progress:
    """Writes what `say()` gives, as far as there is room, behind the cursor and takes it away again.

    So pytest's own output stays as it is. Elsewhere than on a terminal, and with -q, it writes nothing.
    """

    def __init__(self, config: pytest.Config, say: Callable[[], Sequence[str]]) -> None:
        reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
        self._writer: Any = getattr(reporter, "_tw", None)
        self._capture: Any = config.pluginmanager.get_plugin("capturemanager")
        self._say = say
        self._next = time.monotonic() + EVERY
        self._turn = 0
        self.live = bool(self._writer is not None and reporter.isatty and config.get_verbosity() >= 0)

    def tick(self) -> None:
        """Show how far the run is, if it is time again."""
        if not self.live or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY
        self._turn += 1
        room = self._writer.fullwidth - self._writer.width_of_current_line - 1
        self._put(f"{SAVE}{ERASE}{fitting(f'  {SPINNER[self._turn % 4]} ', self._say(), room)}{RESTORE}")

    def clear(self) -> None:
        """Take the line away before pytest writes on."""
        if self.live and self._turn:
            self._turn = 0
            self._put(ERASE)

    def _put(self, text: str) -> None:
        """Write past pytest's capturing, which holds whatever is written while an item runs."""
        with self._capture.global_and_fixture_disabled() if self._capture else nullcontext():
            self._write(text)

    def _write(self, text: str) -> None:
        self._writer._file.write(text)  # noqa: SLF001  # the writer would count what is not there to stay
        self._writer.flush()


def fitting(mark: str, words: Sequence[str], room: int) -> str:
    """Write as many of `words` behind a mark as there is room for; nothing where not even the first fits."""
    text = mark
    for number, word in enumerate(words):
        longer = f"{text}, {word}" if number else f"{text}{word}"
        if len(longer) > room:
            return text if number else ""
        text = longer
    return text
