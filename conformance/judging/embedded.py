"""The embedded reference in a process of its own: it takes nothing of this one's processor, and ends with it."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from ssl import SSLContext

COMMAND = (sys.executable, "-m", "conformance.reference")
ROLES = {
    "full": "key",
    "read_only": "read_only",
    "no_scope": "no_scope",
    "other_org": "other_org",
    "quota": "quota",
}
"""The reference's names for its keys, and the roles in which the suite uses them."""
PATIENCE = 20
"""Seconds to wait for its end before it is ended."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A reference that is served: its base URL, its keys by role, and the URL that moves its clock.

    `trust` is its authority where it is served over https; else what is usual.
    """

    base_url: str
    keys: Mapping[str, str]
    clock_url: str
    trust: SSLContext | bool = True


@contextmanager
def embedded_reference() -> Iterator[Embedded]:
    """Serve a fresh reference.

    The process serves until its standard input closes, which also happens when this process is killed.
    """
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ours
        try:
            told = json.loads(process.stdout.readline() if process.stdout else "")
            yield described(told["url"], told["keys"], authority=told["authority"])
        finally:
            _end(process)


def described(base_url: str, keys: Mapping[str, str], *, authority: str = "") -> Embedded:
    """Describe a reference that is served at `base_url`.

    `keys` are by the reference's own names; `authority` is the certificate (PEM) of who vouches for it.
    """
    by_role = {role: keys[name] for name, role in ROLES.items()}
    trust = ssl.create_default_context(cadata=authority) if authority else True
    return Embedded(base_url, by_role, f"{base_url.removesuffix('/v1')}/_control/clock", trust)


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
