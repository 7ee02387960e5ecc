"""Places bound what is in flight, and let through first whoever has come furthest."""

from __future__ import annotations

import asyncio

from conformance.wire.places import Places


async def _enter(places: Places, rank: int, seen: list[int]) -> None:
    async with places.place(rank):
        seen.append(rank)
        await asyncio.sleep(0)


def test_no_more_are_in_at_once_than_there_are_places() -> None:
    """Of many who want in at once, two are in at any moment."""
    inside: list[int] = [0]
    most: list[int] = []

    async def visit(places: Places) -> None:
        async with places.place(0):
            inside[0] += 1
            most.append(inside[0])
            await asyncio.sleep(0.001)
            inside[0] -= 1

    async def all_visit() -> None:
        places = Places(2)
        await asyncio.gather(*(visit(places) for _ in range(10)))

    asyncio.run(all_visit())
    assert max(most) == 2


def test_the_one_who_came_furthest_goes_first() -> None:
    """The first takes the free place; of those who wait, the highest rank is next, and turn decides among equals."""
    seen: list[int] = []

    async def all_enter() -> None:
        places = Places(1)
        await asyncio.gather(*(_enter(places, rank, seen) for rank in (0, 1, 3, 2)))

    asyncio.run(all_enter())
    assert seen == [0, 3, 2, 1]


def test_who_gives_up_waiting_takes_no_place_along() -> None:
    """After a cancelled wait the place is still there for the next."""
    seen: list[int] = []

    async def one_gives_up() -> None:
        places = Places(1)
        async with places.place(0):
            waiting = asyncio.create_task(_enter(places, 9, seen))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        await asyncio.wait_for(_enter(places, 1, seen), 1)

    asyncio.run(one_gives_up())
    assert seen == [1]


def test_several_places_are_held_at_once_or_not_at_all() -> None:
    """Who needs three waits until three are free, and nobody of a lower rank slips in before."""
    seen: list[str] = []

    async def enter(places: Places, name: str, size: int, rank: int) -> None:
        async with places.place(rank, size=size):
            seen.append(name)
            await asyncio.sleep(0.001)

    async def all_enter() -> None:
        places = Places(3)
        await asyncio.gather(enter(places, "one", 1, 0), enter(places, "three", 3, 1), enter(places, "behind", 1, 0))

    asyncio.run(all_enter())
    assert seen == ["one", "three", "behind"]


def test_more_than_there_are_means_all() -> None:
    """Five of two are two, so that nobody waits for ever."""

    async def enter() -> None:
        async with Places(2).place(0, size=5):
            pass

    asyncio.run(asyncio.wait_for(enter(), 1))


def test_who_gives_up_waiting_for_many_lets_those_behind_pass() -> None:
    """What is free is enough for the next, who had to wait only because of the one before."""
    seen: list[int] = []

    async def one_gives_up() -> None:
        places = Places(2)
        async with places.place(0):
            many = asyncio.create_task(_hold(places, 9, 2))
            await asyncio.sleep(0)
            behind = asyncio.create_task(_enter(places, 1, seen))
            await asyncio.sleep(0)
            many.cancel()
            await asyncio.wait_for(behind, 1)

    asyncio.run(one_gives_up())
    assert seen == [1]


async def _hold(places: Places, rank: int, size: int) -> None:
    async with places.place(rank, size=size):
        pass
