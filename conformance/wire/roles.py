"""Who is asking: the five keys that a person can lend the suite, by role and by environment variable.

Keys come by environment only, so that none is ever in a shell history, a process list or a test id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "key"
READ_ONLY = "read_only"
NO_SCOPE = "no_scope"
OTHER_ORG = "other_org"
QUOTA = "quota"

ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        KEY: "PB_API_KEY",
        READ_ONLY: "PB_READ_ONLY_API_KEY",
        NO_SCOPE: "PB_NO_SCOPE_API_KEY",
        OTHER_ORG: "PB_OTHER_ORG_API_KEY",
        QUOTA: "PB_QUOTA_API_KEY",
    }
)
"""The environment variable that brings the key of each role. Only the first is required."""


@dataclass(frozen=True)
class Roles:
    """The keys at hand, by role; never shown."""

    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Roles:
        """Read the keys that are set and not empty. Raises UsageProblem for one that can't be sent."""
        found = {role: environ[variable] for role, variable in ENVIRONMENT.items() if environ.get(variable)}
        for role, key in found.items():
            check_key(key, variable_of(role))
        return cls(MappingProxyType(found))

    def has(self, role: str) -> bool:
        """Whether there is a key for the role."""
        return role in self.keys

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles without a key, in the order of ENVIRONMENT."""
        return tuple(role for role in ENVIRONMENT if role not in self.keys)

    @property
    def secrets(self) -> dict[str, str]:
        """The keys by the name of their environment variable, which is how reports show them."""
        return {variable_of(role): key for role, key in self.keys.items()}


def variable_of(role: str) -> str:
    """Give the environment variable of a role; a role of one's own gets a name of the same form."""
    return ENVIRONMENT.get(role) or f"PB_{role.upper()}_API_KEY"


def check_key(key: str, variable: str) -> None:
    """Raise UsageProblem, without repeating the key, where it can't be a bearer token (RFC 6750)."""
    if key != key.strip():
        complaint = "begins or ends with white space or a line break"
    elif not key.isascii():
        complaint = "holds characters outside ASCII"
    elif any(not "!" <= character <= "~" for character in key):
        complaint = "holds white space or control characters"
    else:
        return
    raise UsageProblem(f"{variable} {complaint}, so it can't be sent.", f"Copy the key again into {variable}.")
