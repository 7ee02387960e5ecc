"""What a journal tells of a create before it is sent, and of whose the keys are."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.wire.roles import KEY, OTHER_ORG

if TYPE_CHECKING:
    from collections.abc import Mapping


def keeper(role: str | None) -> str:
    """Give the role whose key can remove what this one made: the first key, but for another organization's things."""
    return OTHER_ORG if role == OTHER_ORG else KEY


def told(role: str) -> dict[str, str]:
    """Give what a line tells of a role: nothing of the first key's."""
    return {} if role == KEY else {"role": role}


@dataclass(frozen=True, slots=True)
class Intent:
    """A create that was, or was about to be, sent: by which it can be found out what it made.

    `at` is Unix seconds by this machine's clock. `body` is None where the file left it out: what it makes says in its
    text which run made it (`signed`).
    """

    number: int
    path: str
    role: str = KEY
    at: float = field(default_factory=time.time)
    key: str = ""
    content_type: str = ""
    body: bytes | None = None
    signed: bool = False

    def entry(self) -> dict[str, Any]:
        """Give its line in the file."""
        body = None if self.body is None else self.body.decode("utf-8", "surrogateescape")
        more = {"key": self.key, "content_type": self.content_type, "body": body, "signed": self.signed}
        entry = {"intent": self.number, "path": self.path, "at": round(self.at, 3)} | told(self.role)
        return entry | {name: value for name, value in more.items() if value}

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Intent:
        """Read a line of the file."""
        body = entry.get("body")
        return cls(
            number=int(entry["intent"]),
            path=str(entry["path"]),
            role=str(entry.get("role", KEY)),
            at=float(entry.get("at", 0)),
            key=str(entry.get("key", "")),
            content_type=str(entry.get("content_type", "")),
            body=body.encode("utf-8", "surrogateescape") if isinstance(body, str) else None,
            signed=entry.get("signed") is True,
        )


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a key is, as the session told: the ids of its organization and of the key itself, "" where untold."""

    organization: str = ""
    api_key: str = ""

    def entry(self, role: str) -> dict[str, Any]:
        """Give its line in the file."""
        return {"role": role, "organization": self.organization, "api_key": self.api_key}
