"""A copy of the data that lags behind, for references whose lists do."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from conformance.reference.storage import Storage

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Replica:
    """Lists of a primary as they were some seconds ago; all its methods are called while the primary is held."""

    def __init__(self, primary: Storage, lag: float) -> None:
        self._primary = primary
        self._lag = lag
        self._storage = Storage()
        self._storage.copy_from(primary)
        self._waiting: deque[tuple[float, bytes]] = deque()

    def note(self, now: float) -> None:
        """Take a picture of the primary after a write; now is in Unix seconds."""
        self._waiting.append((now, self._primary.raw.serialize()))

    def connection(self, now: float) -> Connection:
        """Give the data as they were, a lag ago."""
        picture = None
        while self._waiting and self._waiting[0][0] <= now - self._lag:
            picture = self._waiting.popleft()[1]
        if picture is not None:
            self._storage.close()  # SQLite can't take a picture in under statements that are still open
            self._storage = Storage()
            self._storage.raw.deserialize(picture)
        return self._storage.connection

    def close(self) -> None:
        """Let go of the copy."""
        self._storage.close()
