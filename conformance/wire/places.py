"""Places in flight: a bound on requests under way, in which whoever has come furthest goes first."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Places:
    """So many places, one a request; those who wait get them by rank, highest first, and by turn within a rank.

    Hundreds of conversations start at once. Served by turn alone, each next step of a long one would queue behind
    all the first steps, and the longest would still be under way when every other is done.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._turns = itertools.count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def place(self, rank: int) -> AsyncIterator[None]:
        """Hold a place for the length of the block; `rank` is how many steps the conversation has made."""
        await self._take(rank)
        try:
            yield
        finally:
            self._give()

    async def _take(self, rank: int) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-rank, next(self._turns), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give()  # it came in the same moment in which it was no longer wanted
            raise

    def _give(self) -> None:
        """Hand the place to the next who still waits."""
        while self._waiting:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
