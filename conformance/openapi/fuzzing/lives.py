"""The ends of what was made: archived, restored and archived again, or deleted, each asked as the spec describes it.

That what is archived is still read, and what else an end means, other rules judge on the same exchanges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.contract.resources import ARCHIVE, CREATE, GET, RESTORE
from conformance.openapi.fuzzing.plainly import weigh_plain
from conformance.openapi.fuzzing.questions import Twin, succeeded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.resources import Operation as Documented
    from conformance.openapi.fuzzing.findings import Fuzzed
    from conformance.openapi.fuzzing.sending import Sender
    from conformance.openapi.operations import Operation
    from conformance.openapi.published import Published

LIFE = (ARCHIVE, GET, RESTORE, GET, ARCHIVE)
"""What an observation goes through (observations › Archive, Restore, Get)."""


@dataclass(frozen=True, slots=True)
class Lives:
    """Brings items of the run's own, ids by collection, to their ends."""

    spec: Published
    items: Mapping[str, str]
    sender: Sender
    fuzzed: Fuzzed

    @property
    def cost(self) -> int:
        """How many requests all ends take at most."""
        deleted = [one for one in self.items if self.spec.find("DELETE", f"{one}/{{}}")]
        return 2 * len(deleted) + (len(LIFE) if CREATE.path in self.items else 0)

    async def end(self) -> list[str]:
        """Ask for all ends that the spec describes; return the ids of what was deleted."""
        if CREATE.path in self.items:
            await self._through(LIFE)
        return [item for collection, item in self.items.items() if await self._delete(collection)]

    async def _through(self, life: tuple[Documented, ...]) -> None:
        for one in life:
            if not await self._step(self.spec.find(one.method, one.path)):
                return

    async def _delete(self, collection: str) -> bool:
        """Delete an item where the spec describes how, and look for it once more."""
        if not await self._step(self.spec.find("DELETE", f"{collection}/{{}}")):
            return False
        read = self.spec.find("GET", f"{collection}/{{}}")
        if read is not None:
            await self.sender.send(self._plain(read).changed(()))
        return True

    async def _step(self, operation: Operation | None) -> bool:
        """Ask an operation of its collection's item; tell whether it succeeded."""
        if operation is None:
            return False
        twin = self._plain(operation)
        exchange = await self.sender.send(twin.changed(()))
        weigh_plain(replace(twin, exchange=exchange), self.fuzzed)
        return exchange is not None and succeeded(exchange)

    def _plain(self, operation: Operation) -> Twin:
        collection = f"/{operation.path.split('/')[1]}"
        return Twin(operation, operation.path.replace("{}", self.items[collection]))
