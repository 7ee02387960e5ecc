"""What processes that the suite starts get of its environment: no key, and no proxy."""

from __future__ import annotations

import os

KEPT = frozenset({"PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL"})


def bare_environment() -> dict[str, str]:
    """Return what a process needs to start, and nothing else."""
    return {name: value for name, value in os.environ.items() if name.upper() in KEPT}
