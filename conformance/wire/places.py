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
        self._count = self._free = count
        self._turns = itertools.count()
        self._waiting: list[tuple[int, int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def place(self, rank: int, *, size: int = 1) -> AsyncIterator[None]:
        """Hold a place for the length of the block; `rank` is how many steps the conversation has made.

        `size` is how many to hold at once, or all where there are fewer.
        """
        wanted = min(size, self._count)
        await self._take(rank, wanted)
        try:
            yield
        finally:
            self._give(wanted)

    async def _take(self, rank: int, wanted: int) -> None:
        if self._free >= wanted and not self._waiting:
            self._free -= wanted
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-rank, next(self._turns), wanted, turn))
        self._give(0)  # whoever waits for more may be behind this one
        try:
            await turn
        except asyncio.CancelledError:
            came = turn.done() and not turn.cancelled()  # in the same moment in which it was no longer wanted
            self._give(wanted if came else 0)
            raise

    def _give(self, places: int) -> None:
        """Hand what is free to the next who still wait, as long as it is enough for each."""
        self._free += places
        while self._waiting:
            *_, wanted, turn = self._waiting[0]
            if turn.done():
                heapq.heappop(self._waiting)
            elif wanted <= self._free:
                heapq.heappop(self._waiting)
                self._free -= wanted
                turn.set_result(None)
            else:
                return
