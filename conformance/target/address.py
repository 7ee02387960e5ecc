"""The base URL and the first key: what must hold of them before anything is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from conformance.contract.headers import LIVE_KEY_PREFIX
from conformance.errors import UsageProblem
from conformance.wire.roles import variable_of

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = "https://api.example.com/v1"


def check_base_url(text: str) -> str:
    """Return the base URL without a trailing slash.

    It is absolute, http or https, and ends in the version segment (overview › Base URL, Versioning).
    Raises `UsageProblem` saying what to write instead; credentials in the URL are refused unseen.
    """
    url = text.strip().rstrip("/")
    parts = _split(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageProblem(
            f"{_shown(url)!r} is no absolute http or https URL.", hint=f"Give it whole, such as {EXAMPLE}."
        )
    if parts.username or parts.password:
        raise UsageProblem("The base URL carries credentials.", hint="Give the key in PB_API_KEY instead.")
    if parts.query or parts.fragment:
        raise UsageProblem("The base URL has a query or a fragment.", hint=f"Give only the base, such as {EXAMPLE}.")
    if not re.search(r"/v\d+$", parts.path):
        raise UsageProblem(
            f"{url!r} does not end in a version segment.",
            hint=f"The API is versioned in its path: did you mean {_versioned(url)}?",
        )
    return url


def _versioned(url: str) -> str:
    """Guess the base URL: what ends in a version segment in whatever case, else the first version."""
    begun = re.match(r".*?://[^/]+(?:/.*?)?/v\d+(?=/|$)", url, re.IGNORECASE)
    return begun[0].rpartition("/")[0] + begun[0][begun[0].rindex("/") :].lower() if begun else f"{url}/v1"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        problem = f"{_shown(url)!r} is no URL: {_shown(str(error))}."
        raise UsageProblem(problem, hint=f"Give it whole, such as {EXAMPLE}.") from None
    return parts


def _shown(text: str) -> str:
    """Take out what may be credentials."""
    return re.sub(r"[^/\s']*@", "...@", text)


def check_leave_to_write(
    keys: Mapping[str, str], *, read_only: bool, allow_live_writes: bool, disposable: bool = False
) -> None:
    """Refuse to write with a live key, of whichever role, unless told to (overview › Authentication).

    What a live key opens is never disposable.
    """
    live = [variable_of(role) for role, key in keys.items() if key.startswith(LIVE_KEY_PREFIX)]
    if live and disposable:
        raise UsageProblem(
            f"{live[0]} is a pb_live_ key: what it opens is worth keeping.",
            hint="Use a pb_test_ key, or leave --disposable out (it may stand in the environment or conformance.toml).",
        )
    if live and not (read_only or allow_live_writes):
        raise UsageProblem(
            f"{live[0]} is a pb_live_ key, and judging writes: it creates observations and archives them again.",
            hint="Use a pb_test_ key, or say --read-only (no writes), or --allow-live-writes (you mean it).",
        )
