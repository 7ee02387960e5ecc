"""What is drawn ahead is drawn by one process, which ends with its reader, or with the run."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.openapi.document.published import published
from conformance.openapi.fuzzing import drawing as module
from conformance.openapi.fuzzing.ahead import draw_ahead, drawn
from conformance.openapi.fuzzing.bounds import BOUNDS
from conformance.reference import HONEST, Reference
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client
from tests.openapi.fuzzing.conftest import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

SCRIPT = """
import os, time
with open({!r}, "a") as starts: print(os.getpid(), file=starts)
print('{{"line": 1}}', flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let a script that never ends stand in the drawer's place, and give the file in which it writes its process."""
    path, starts = tmp_path / "drawer.py", tmp_path / "starts"
    path.write_text(SCRIPT.format(str(starts)), "utf-8")
    starts.touch()
    monkeypatch.setattr(module, "COMMAND", (module.COMMAND[0], str(path)))
    monkeypatch.setattr(module, "_KNOWN", {})
    return starts


def run(doing: Callable[[Target], Awaitable[None]], fuzz: str = "quick") -> None:
    """Await `doing` with a target that is a reference."""

    async def running() -> None:
        reference = Reference(HONEST)
        transport = httpx.ASGITransport(reference.asgi)
        async with Client(BASE_URL, {"key": reference.keys.full}, run_id="trial", transport=transport) as client:
            await doing(Target(client, Settings(base_url=BASE_URL, fuzz=fuzz), run_id="trial"))

    asyncio.run(running())


async def read(target: Target) -> None:
    """Read the first line."""
    async with drawn(target, await published(target), BOUNDS["quick"]) as lines:
        assert await anext(lines) == {"line": 1}


def running(starts: Path) -> list[bool]:
    """Tell of each process that was started whether it is still there."""
    return [_is_there(int(process)) for process in starts.read_text().split()]


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def ended_early(target: Target) -> None:
    """Begin, and give up while nobody has read yet."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await draw_ahead(target)


def test_what_was_begun_is_read_and_ended(starts: Path) -> None:
    """No second process is started."""

    async def both(target: Target) -> None:
        ahead = asyncio.create_task(draw_ahead(target))
        await asyncio.sleep(0)
        await read(target)
        await ahead

    run(both)
    assert running(starts) == [False]


def test_what_nobody_reads_ends_with_the_run(starts: Path) -> None:
    """As where a run is interrupted."""
    run(ended_early)
    assert running(starts) == [False]


def test_whoever_comes_too_late_gets_a_drawing_of_his_own(starts: Path) -> None:
    """What was ended gives no more lines."""

    async def late(target: Target) -> None:
        await ended_early(target)
        await read(target)

    run(late)
    assert running(starts) == [False, False]


def test_nothing_is_drawn_ahead_where_fuzzing_is_off(starts: Path) -> None:
    """No process is started."""
    run(draw_ahead, "off")
    assert running(starts) == []
