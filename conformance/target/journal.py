"""The journal of what a run makes: on disk before a create is sent, so that a crash too leaves a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.wire.roles import KEY, OTHER_ORG

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def keeper(role: str | None) -> str:
    """Give the role whose key can remove what this one made: the first key, but for another organization's things."""
    return OTHER_ORG if role == OTHER_ORG else KEY


class Journal:
    """Append-only JSON lines: intent (a marker) and made (an id) with its path; archived, restored, removed (an id).

    Where another key than the first is needed to remove what was made, its role stands beside the path.

    Without a file (in-process trials) it keeps the same account in memory only.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._paths: dict[str, str] = {}
        self._open: dict[str, str] = {}
        self._keepers: dict[str, str] = {}
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)

    def intend(self, marker: str, path: str, role: str | None = KEY) -> None:
        """Note that a create is about to be sent, with the key of a role."""
        self._write({"intent": marker, "path": path} | _told(keeper(role)))

    def made(self, resource_id: str, path: str, role: str | None = KEY) -> None:
        """Note what a create gave to a role; a replay of an earlier one is noted once."""
        if resource_id not in self._paths:
            self._paths[resource_id] = self._open[resource_id] = path
            self._keepers[resource_id] = keeper(role)
            self._write({"made": resource_id, "path": path} | _told(keeper(role)))

    def keeper_of(self, resource_id: str) -> str:
        """Give the role whose key can remove it."""
        return self._keepers.get(resource_id, KEY)

    def knows(self, resource_id: str) -> bool:
        """Tell whether this run is known to have made it."""
        return resource_id in self._paths

    def archived(self, resource_id: str) -> None:
        """Note that nothing remains to be done for this one."""
        if self._open.pop(resource_id, None) is not None:
            self._write({"archived": resource_id})

    def removed(self, resource_id: str) -> None:
        """Note that this one is gone, or as good as gone."""
        if self._open.pop(resource_id, None) is not None:
            self._write({"removed": resource_id})

    def restored(self, resource_id: str) -> None:
        """Note that one of ours is active again, or soon will be; what others made is theirs."""
        if resource_id in self._paths and resource_id not in self._open:
            self._open[resource_id] = self._paths[resource_id]
            self._write({"restored": resource_id})

    def remains(self) -> Sequence[tuple[str, str]]:
        """Give (id, collection path) of all that is still to be archived."""
        return tuple(self._open.items())

    def close(self, *, lost: int = 0) -> None:
        """Remove the file where nothing remains; keep it, for a later cleanup, where something does.

        `lost` is how many creates there were of which nobody knows what they made.
        """
        if self.file is not None and not self._open and not lost:
            self.file.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the file whatever remains: what it tells of has ended with its target."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)

    def _write(self, entry: dict[str, Any]) -> None:
        if self.file is None:
            return
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry) + "\n")


def _told(role: str) -> dict[str, str]:
    return {} if role == KEY else {"role": role}
