"""The recorder numbers, keeps and hands out exchanges."""

from __future__ import annotations

import asyncio

import pytest

from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.recorder import Recorder


def record(recorder: Recorder, path: str = "/a") -> int:
    """Record one plain exchange and give its number."""
    return recorder.record(Request("GET", f"http://t/v1{path}", path), Response(200), []).number


def test_numbers_begin_at_one_and_have_no_gaps() -> None:
    """Exchanges are numbered in the order in which they were recorded."""
    recorder = Recorder()
    assert [record(recorder) for _ in range(3)] == [1, 2, 3]


def test_an_exchange_is_found_by_its_number() -> None:
    """A citation leads back to the exchange."""
    recorder = Recorder()
    record(recorder, "/a")
    assert recorder[record(recorder, "/b")].path == "/b"


def test_number_zero_is_nobody() -> None:
    """There is no exchange 0, and it is not the last one."""
    recorder = Recorder()
    record(recorder)
    with pytest.raises(KeyError):
        recorder[0]


def test_subscribers_hear_of_every_exchange_until_they_leave() -> None:
    """A passive judge sees each exchange once, as long as it listens."""
    recorder, heard = Recorder(), list[Exchange]()
    leave = recorder.subscribe(heard.append)
    record(recorder)
    leave()
    record(recorder)
    assert heard == [recorder[1]]


def test_a_trail_holds_what_was_made_inside() -> None:
    """Exchanges before and after the block are not on the trail."""
    recorder = Recorder()
    record(recorder)
    with recorder.trail() as numbers:
        record(recorder)
    record(recorder)
    assert numbers == [2]


def test_nested_trails_both_collect() -> None:
    """What an inner block makes, the outer one made too."""
    recorder = Recorder()
    with recorder.trail() as outer, recorder.trail() as inner:
        record(recorder)
    assert (outer, inner) == ([1], [1])


def test_a_trail_follows_into_tasks_and_stays_out_of_others() -> None:
    """Two checks at the same time keep their evidence apart, each with that of the tasks it starts."""

    async def check(recorder: Recorder) -> list[int]:
        async def ask() -> None:
            await asyncio.sleep(0)
            record(recorder)

        with recorder.trail() as numbers:
            await asyncio.gather(ask(), ask())
        return numbers

    async def both() -> tuple[list[int], list[int]]:
        recorder = Recorder()
        return await asyncio.gather(check(recorder), check(recorder))

    assert sorted(number for trail in asyncio.run(both()) for number in trail) == [1, 2, 3, 4]


def test_shared_evidence_can_be_cited() -> None:
    """Exchanges made elsewhere join the trail, each once."""
    recorder = Recorder()
    record(recorder)
    with recorder.trail() as numbers:
        recorder.cite([1, 1])
        recorder.cite([1])
    assert numbers == [1]


def test_trails_of_two_recorders_are_apart() -> None:
    """A trail collects from its own recorder alone."""
    one, other = Recorder(), Recorder()
    with one.trail() as numbers:
        record(other)
    assert numbers == []
