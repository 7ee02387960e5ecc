"""Where it is remembered which fuzzed requests failed: a file, and what others found, read from a URL (--failures).

The file is one JSON object by base URL (openapi.fuzzing.memory). Machines of CI share it as a file in a folder that all
of them mount or restore, or read what another one has published.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import httpx

from conformance.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

FAILURES = "fuzz-failures.json"
"""Its name beside the reports, where no other is given."""
PATIENCE = 10.0
"""Seconds to wait for a URL."""
_HINT = f"Give a file, or the URL of one that a run has left as {FAILURES}."


@dataclass(frozen=True, slots=True)
class Failures:
    """The file that is read and written, and what was read from elsewhere."""

    file: Path
    others: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def remembered_at(place: str, report_dir: Path) -> Failures:
    """Find the failures that `place` names, a file or a URL, or those beside the reports where it is "".

    Raises `UsageProblem` where a URL can't be read, or a file could not be written.
    """
    if place.startswith(("http://", "https://")):
        return Failures(report_dir / FAILURES, _published(place))
    if not place:
        return Failures(report_dir / FAILURES)
    file = Path(place)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.open("a", encoding="utf-8").close()
        if not file.stat().st_size:
            file.unlink()
        else:
            _require_failures(file)
    except OSError as error:
        raise UsageProblem(f"Failures can't be kept in {file}: {error.strerror or error}.", hint=_HINT) from None
    return Failures(file)


def _require_failures(file: Path) -> None:
    """Raise `UsageProblem` where a file is something else: it would be overwritten."""
    try:
        is_one = _are_failures(json.loads(file.read_text("utf-8")))
    except ValueError:
        is_one = False
    if not is_one:
        raise UsageProblem(f"{file} holds no failures, so it was left as it is.", hint=_HINT)


def _are_failures(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, list) for one in value.values())


def _published(url: str) -> Mapping[str, Any]:
    try:
        response = httpx.get(url, timeout=PATIENCE, follow_redirects=True).raise_for_status()
        found = json.loads(response.content)
    except httpx.HTTPError as error:
        told = str(error).partition("\n")[0]
        raise UsageProblem(f"The failures at {url} can't be read: {told}.", hint=_HINT) from None
    except (ValueError, RecursionError) as error:
        raise UsageProblem(f"What is at {url} is no JSON: {error}.", hint=_HINT) from None
    if not isinstance(found, dict):
        raise UsageProblem(f"What is at {url} holds no failures.", hint=_HINT)
    return found
