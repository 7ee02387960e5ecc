"""The end of a run: what it made goes, then what earlier runs left, as far as it may and in bounded time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.judging import leaving
from conformance.judging.leaving import Left, leave
from conformance.reference import Reference, serving
from conformance.target.made.earlier import journals
from conformance.target.made.journal import Journal
from conformance.target.made.owners import name_owners
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client, WireOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, str]]:
    """Serve a reference; give its base URL and its full key."""
    reference = Reference()
    with serving(reference) as base_url:
        yield base_url, reference.keys.full
    reference.close()


@pytest.fixture
def run(served: tuple[str, str], tmp_path: Path) -> Callable[..., Left | None]:
    """Return a function that makes an observation in a run of this id, and ends it or lets it die."""
    base_url, key = served

    async def living(name: str, *, dies: bool, budget: int | None, **settings: Any) -> Left | None:  # noqa: ANN401
        options = WireOptions(request_budget=budget)
        async with Client(base_url, {"key": key}, run_id=name, options=options) as client:
            journal = Journal(tmp_path / f"made-{name}.jsonl", run=name, base_url=base_url)
            known = replace(Settings(base_url=base_url, settle=0.2), **settings)
            target = Target(client, known, run_id=name, journal=journal)
            await name_owners(target)
            if not known.read_only:
                await target.make()
            if not dies:
                return await leave(target, {"key": key}, tmp_path)
            journal.release()
            return None

    def run_it(name: str, *, dies: bool = False, budget: int | None = None, **settings: Any) -> Left | None:  # noqa: ANN401
        return asyncio.run(living(name, dies=dies, budget=budget, **settings))

    return run_it


def test_a_run_leaves_nothing_of_its_own(run: Callable[..., Left], tmp_path: Path) -> None:
    """Neither observation nor journal."""
    assert (run("r1"), journals(tmp_path)) == (Left(), [])


def test_a_run_cleans_up_after_one_that_died(run: Callable[..., Left], tmp_path: Path) -> None:
    """And says what came of it, and what it cost."""
    run("r1", dies=True)
    left = run("r2")
    told = [one.sentence.partition(": ")[2] for one in left.earlier]
    assert (told, left.waiting, left.requests > 0, journals(tmp_path)) == (
        ["found 1, removed 1, left nothing."],
        0,
        True,
        [],
    )


@pytest.mark.parametrize("limits", [{"read_only": True}, {"budget": 60}])
def test_a_run_that_may_not_only_tells_of_it(run: Callable[..., Left], tmp_path: Path, limits: dict[str, Any]) -> None:
    """One that may not write, or not send more than so many requests, which the judging is to have."""
    run("r1", dies=True)
    left = run("r2", **limits)
    assert (left.earlier, left.waiting, len(journals(tmp_path))) == ((), 1, 1)


def test_what_there_is_no_time_for_waits(
    run: Callable[..., Left], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run takes it up."""
    monkeypatch.setattr(leaving, "EARLIER_SECONDS", 0.0)
    run("r1", dies=True)
    left = run("r2")
    assert (left.earlier, left.waiting, len(journals(tmp_path))) == ([], 1, 1)


def test_a_target_that_has_gone_breaks_nothing(run: Callable[..., Left], monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be removed is told by its id, and the journal stays."""

    async def gone(_target: Target) -> tuple[str, ...]:
        raise TimeoutError

    monkeypatch.setattr(leaving, "clean_up", gone)
    assert [one[:4] for one in run("r1").behind] == ["obs_"]


def test_without_sessions_nothing_is_known_of_owners_and_nothing_breaks() -> None:
    """A target that answers no session leaves the owner untold."""

    async def told() -> str:
        transport = httpx.MockTransport(lambda _: httpx.Response(403, json={}))
        async with Client("http://target.test/v1", {"key": "k"}, run_id="r1", transport=transport) as client:
            target = Target(client, Settings(base_url="http://target.test/v1"), run_id="r1")
            await name_owners(target)
            return target.journal.owners["key"].organization

    assert asyncio.run(told()) == ""
