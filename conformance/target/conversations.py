"""Conversations that are begun again: where a connection broke under a write, nobody knows what was done.

A request that may be repeated was repeated by the wire already. What is left (an update, an archive) can't be, or a
409 would be ours and not the target's; so the whole of what belongs together is asked anew, on data of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from conformance.errors import Unanswered

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

BEGINNINGS = 5
"""So often a conversation is begun, at most."""
FRESH_STARTS = 60
"""So many are begun again in a run: one for every thirtieth request or so. A target that breaks more is broken."""


class Conversations:
    """Holds conversations, within what a run allows of fresh starts.

    An answer that took `slow` seconds and did not come is silence, not a broken connection: it is not asked for again.
    """

    def __init__(self, slow: float) -> None:
        self._slow = slow
        self._left = FRESH_STARTS
        self._given_up: list[Unanswered] = []

    async def hold(self, talk: Callable[[], Awaitable[T]]) -> T:
        """Hold a conversation, from its beginning as often as need be; raise `Unanswered` once that is too often."""
        for _ in range(BEGINNINGS - 1):
            try:
                return await talk()
            except Unanswered as error:
                if not self._begins_again(error):
                    raise
        return await self._for_the_last_time(talk)

    async def _for_the_last_time(self, talk: Callable[[], Awaitable[T]]) -> T:
        try:
            return await talk()
        except Unanswered as error:
            self._given_up.append(error)
            raise

    def _begins_again(self, error: Unanswered) -> bool:
        """Take a fresh start if there is one left, and reason to; evidence that was given up stays what it is."""
        silent = error.exchange is not None and error.exchange.seconds >= self._slow
        if silent or not self._left or any(error is one for one in self._given_up):
            return False
        self._left -= 1
        return True
