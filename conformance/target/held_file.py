"""A file of JSON lines that its writer holds for as long as it lives: a kill tears the last line at most.

Where there are no advisory locks (flock) nobody can see that a file is held; its first line then says so.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Self

from conformance.errors import InUse

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # so that nothing can be held

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

HELD = "held"
"""The member of the first line that tells whether it can be seen that the file is held."""


class HeldFile:
    """An open file of JSON lines; each line goes out in one write call, and is whole or torn at its end."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def create(cls, path: Path, first: Mapping[str, Any]) -> Self:
        """Make the file with its first line; it is held from the moment at which it can be seen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unseen = path.with_name(f".{path.name}.new")
        made = cls(path, os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600))
        made.append({**first, HELD: made._hold()})
        unseen.replace(path)
        return made

    @classmethod
    def reopen(cls, path: Path) -> Self:
        """Open a file that is there, for more lines; raise `InUse` where its writer lives."""
        opened = cls(path, os.open(path, os.O_RDWR | os.O_APPEND))
        try:
            opened._hold()
        except InUse:
            opened.close()
            raise
        if not _ends_with_a_line(path):
            os.write(opened._descriptor, b"\n")
        return opened

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write one line."""
        os.write(self._descriptor, (json.dumps(entry) + "\n").encode())

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Remove the file, and let go of it."""
        self.path.unlink(missing_ok=True)
        self.close()

    def _hold(self) -> bool:
        """Hold the file, and tell whether that can be seen; raise `InUse` where somebody else does."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"{self.path} is in use", "wait until the run that writes it has ended") from None
        except (OSError, AttributeError):  # a file system, or a system, without such locks
            return False
        return True


def is_held(path: Path) -> bool:
    """Tell whether somebody who is alive holds a file, or may hold it where that can't be seen."""
    try:
        HeldFile.reopen(path).close()
    except (InUse, OSError):
        return True
    return next(entries(path), {}).get(HELD) is not True


def _ends_with_a_line(path: Path) -> bool:
    content = path.read_bytes()
    return not content or content.endswith(b"\n")


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """Give the lines that are whole; a torn one was never relied on."""
    for line in path.read_bytes().split(b"\n"):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry
