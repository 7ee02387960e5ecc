"""Trials side by side: each is a run of its own, so as many go at once as there are cores."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Outcome = Any


class Trials:
    """Starts every trial that the session's items ask for at the first asking, in their order."""

    def __init__(self, pool: ProcessPoolExecutor, items: list[pytest.Item]) -> None:
        self._pool = pool
        self._items = items
        self._started: dict[tuple[Callable[[str], Outcome], str], Future[Outcome]] = {}

    def outcome(self, judge: Callable[[str], Outcome], name: str) -> Outcome:
        """Wait for what `judge` says of the subject of this name."""
        if (judge, name) not in self._started:
            for item in self._items:
                callspec = getattr(item, "callspec", None)
                if callspec is not None and getattr(item.module, "judge", None) is judge:  # type: ignore[attr-defined]
                    self._start(judge, callspec.params["name"])
        return self._started[judge, name].result()

    def _start(self, judge: Callable[[str], Outcome], name: str) -> None:
        self._started.setdefault((judge, name), self._pool.submit(judge, name))


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[Trials]:
    """Give the trials of this session; those that nobody waits for any more are dropped at its end."""
    pool = ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn"))
    yield Trials(pool, request.session.items)
    pool.shutdown(cancel_futures=True)
