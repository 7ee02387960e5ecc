"""Racing: requests that reach a target together, because each has its connection before any of them is sent."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator


class StartingLine:
    """Where `racers` requests wait for each other, on connections that are open, until all may start.

    One that breaks on its way there is not waited for; and once the first has waited `patience` seconds, those that
    are there start without the others.
    """

    def __init__(self, racers: int, patience: float) -> None:
        self._missing = racers
        self._patience = patience
        self._start = asyncio.Event()

    @contextmanager
    def racer(self) -> Iterator[Callable[[], Awaitable[None]]]:
        """Give what a racer awaits at the line; leaving the block without having come there gives up its lane."""
        lanes = [None]

        def leave() -> None:
            if lanes:
                lanes.clear()
                self._missing -= 1
            if self._missing <= 0:
                self._start.set()

        async def ready() -> None:
            leave()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._start.wait()
            self._start.set()

        try:
            yield ready
        finally:
            leave()
