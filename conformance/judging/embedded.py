"""The embedded reference in a process of its own: it takes nothing of this one's processor, and ends with it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMAND = (sys.executable, "-m", "conformance.reference")
ROLES = {"full": "key", "read_only": "read_only", "no_scope": "no_scope", "other_org": "other_org"}
"""The reference's names for its keys, and the roles in which the suite uses them."""
PATIENCE = 20
"""Seconds to wait for its end before it is ended."""


@contextmanager
def embedded_reference() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Serve a fresh reference; give its base URL and its keys by role.

    The process serves until its standard input closes, which also happens when this process is killed.
    """
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ours
        try:
            told = json.loads(process.stdout.readline() if process.stdout else "")
            yield told["url"], {role: told["keys"][name] for name, role in ROLES.items()}
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
