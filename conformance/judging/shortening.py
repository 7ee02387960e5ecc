"""Making a failing sequence of steps shorter, by playing it again without some of it, as far as its cost is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shortened(Generic[T]):
    """The shortest failing sequence that was found, and whether it failed more than once."""

    steps: Sequence[T]
    again: bool


async def shorten(
    steps: Sequence[T],
    fails: Callable[[Sequence[T]], Awaitable[Sequence[T] | None]],
    shorter: Callable[[Sequence[T]], Iterator[Sequence[T]]],
) -> Shortened[T]:
    """Leave out whatever a failing sequence fails without.

    `fails` plays a sequence and gives as much of it as failed, or None where it did not fail or may not be played any
    more. It is asked for the whole sequence first: what does not fail again can't be made shorter. `shorter` gives
    what may fail as well, what costs least first.
    """
    found = await fails(steps)
    if found is None:
        return Shortened(steps, again=False)
    tried: dict[tuple[int, ...], Sequence[T]] = {}  # which keeps them, and so their identities
    candidates = shorter(found)
    while (candidate := next(candidates, None)) is not None:
        names = tuple(map(id, candidate))
        if names not in tried and (failed := await fails(candidate)) is not None:
            found, candidates = failed, shorter(failed)
        tried[names] = candidate
    return Shortened(found, again=True)


def without_some(steps: Sequence[T]) -> Iterator[Sequence[T]]:
    """Leave out all but the last step, a half of what comes before it, a quarter ... and each by itself."""
    before, last = steps[:-1], steps[-1]
    size = len(before)
    while size:
        for start in range(0, len(before), size):
            yield [*before[:start], *before[start + size :], last]
        size //= 2
