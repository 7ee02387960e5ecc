"""Colours stand on terminals only, and not where NO_COLOR asks for none."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress

import pytest

EXPLAIN = [sys.executable, "-c", "from conformance.cli import main; main()", "explain", "PAG-11"]


def on_a_terminal(**environ: str) -> str:
    """Run a command of ours on a terminal of its own; give what it wrote there."""
    ours, theirs = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(EXPLAIN, stdout=theirs, env=inherited | environ) as process:
        os.close(theirs)
        written = b""
        with suppress(OSError):  # Linux says EIO where the other end is closed
            while more := os.read(ours, 4096):
                written += more
    os.close(ours)
    assert process.returncode == 0
    return written.decode()


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["plain", "NO_COLOR"])
def test_a_terminal_gets_colours_unless_it_wants_none(environ: dict[str, str], coloured: bool) -> None:  # noqa: FBT001
    """By the rule of no-color.org."""
    assert ("\x1b[" in on_a_terminal(**environ)) is coloured


def test_a_file_gets_none() -> None:
    """A CI's log, say."""
    told = subprocess.run(EXPLAIN, capture_output=True, check=True).stdout
    assert b"\x1b" not in told
