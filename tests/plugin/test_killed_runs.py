"""A run that is killed at any moment leaves a journal by which everything that it made is found and removed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.reference import Reference, serving
from conformance.target.made.earlier import Access, Settlement, journals, settle
from conformance.target.settings import Settings
from conformance.wire.options import WireOptions
from conformance.wire.roles import ENVIRONMENT
from tests.plugin.dropping import dropping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent.parent
MAKING = "OBC,IDM,ARC,LIM,PAG-15,TRN-04,AUT-06,AUT-09"
"""Busy with creates of every kind: unsigned ones, in other collections and other organizations."""
LISTENING = "EVT"
"""Subscribes, and lets observations live whose events are delivered."""
RUN = """
import os, sys
from pathlib import Path
from types import SimpleNamespace
from conformance.contract.rules import select
from conformance.judging.run import Run
from conformance.judging.scenario import all_scenarios
from conformance.target.settings import Settings
from conformance.wire.roles import Roles

chosen = {rule.id for rule in select(sys.argv[3])}
scenarios = [one for one in all_scenarios() if one.rule.id in chosen]
settings = Settings(base_url=sys.argv[1], report_dir=Path(sys.argv[2]), settle=1.0, listen="127.0.0.1:0")
run = Run(settings, Roles.from_environ(os.environ), scenarios)
run.open()
for scenario in scenarios:
    run.check(scenario.item, within=120)
run.close()
"""


@dataclass
class World:
    """A served reference, what was in it before, and how many writes it has seen."""

    reference: Reference
    base_url: str
    creates: int = 0
    enough: int = 0
    busy: threading.Event = field(default_factory=threading.Event)

    def note(self, entry: Mapping[str, Any]) -> None:
        """Count creates, and say when there were enough."""
        self.creates += entry["method"] == "POST" and entry["path"].count("/") == 2
        if self.enough and self.creates >= self.enough:
            self.busy.set()

    @property
    def keys(self) -> dict[str, str]:
        """The keys by role."""
        known = self.reference.keys
        return {"key": known.full, "read_only": known.read_only, "other_org": known.other_org}

    def listed(self, path: str, role: str) -> set[str]:
        """Read the ids of a whole collection."""
        found: set[str] = set()
        query = {"limit": "100"}
        with httpx.Client(headers={"Authorization": f"Bearer {self.keys[role]}"}) as client:
            while True:
                page = client.get(f"{self.base_url}{path}", params=query).json()
                found |= {item["id"] for item in page["data"]}
                if page["next_cursor"] is None:
                    return found
                query["cursor"] = page["next_cursor"]

    def everything(self) -> set[str]:
        """Read what is active of all that a run makes and can remove."""
        return {
            one
            for role in ("key", "other_org")
            for path in ("/observations", "/webhooks")
            for one in self.listed(path, role)
        }

    def environment(self) -> dict[str, str]:
        """Give an environment with the keys."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("CONFORMANCE_", "PYTEST_"))}
        return ours | {"PYTHONPATH": str(ROOT)} | {ENVIRONMENT[role]: key for role, key in self.keys.items()}


@pytest.fixture
def world() -> Iterator[World]:
    """Serve a reference."""
    noting: list[World] = []
    reference = Reference(on_exchange=lambda entry: [one.note(entry) for one in noting])
    with serving(reference) as base_url:
        noting.append(World(reference, base_url))
        yield noting[0]
    reference.close()


def start(world: World, base_url: str, reports: Path, rules: str) -> subprocess.Popen[bytes]:
    """Start a run in a process of its own."""
    command = [sys.executable, "-c", RUN, base_url, str(reports), rules]
    return subprocess.Popen(command, env=world.environment(), cwd=reports.parent)


@dataclass(frozen=True)
class Moment:
    """When a run is killed: so many seconds after so many creates of what it judges."""

    rules: str
    creates: int
    seconds: float

    @classmethod
    def drawn(cls, number: int) -> Moment:
        """Draw one; every third is of a run that listens."""
        chance = random.Random(number)
        listens = number % 3 == 2
        creates = chance.choice((2, 4, 8) if listens else (1, 5, 30, 100))
        return cls(LISTENING if listens else MAKING, creates, chance.random() * 0.3)


def kill_at(moment: Moment, world: World, base_url: str, reports: Path) -> int:
    """Start a run, and kill it at a moment; give its exit code."""
    world.enough, world.creates = moment.creates, 0
    world.busy.clear()
    with start(world, base_url, reports, moment.rules) as run:
        threading.Thread(target=lambda: (run.wait(), world.busy.set()), daemon=True).start()
        world.busy.wait(90)
        threading.Event().wait(moment.seconds)
        run.send_signal(signal.SIGKILL)
    return run.returncode


def cleaned(world: World, reports: Path) -> list[Settlement]:
    """Clean up by all journals of a folder."""
    settings = Settings(settle=1.0)
    access = Access(world.keys, settings, WireOptions())
    return [asyncio.run(settle(file, access)) for file in journals(reports)]


def rounds(world: World, base_url: str, folder: Path, numbers: range, lossy: Any = None) -> list[Any]:  # noqa: ANN401
    """Kill runs at random moments and clean up after each; give what then was left or not done.

    `lossy` is the handler that loses answers while a run lives; it has been mended by the time of the cleanup.
    """
    before, wrong = world.everything(), []
    door = lossy or SimpleNamespace()
    for number in numbers:
        door.losing = True
        killed = kill_at(Moment.drawn(number), world, base_url, folder / "reports")
        door.losing = False
        settled = cleaned(world, folder / "reports")
        left = world.everything() - before, list((folder / "reports").iterdir())
        if killed != -signal.SIGKILL or left != (set(), []) or not all(one.is_done for one in settled):
            wrong.append((number, killed, left, settled))
    return wrong


def test_nothing_remains_of_a_run_that_was_killed(world: World, tmp_path: Path) -> None:
    """No active observation, no subscription, in no organization, and no journal."""
    assert rounds(world, world.base_url, tmp_path, range(3)) == []


def test_nothing_remains_where_answers_were_lost_too(world: World, tmp_path: Path) -> None:
    """A target that makes things and drops the connection leaves creates of which nobody knows what they made."""
    with dropping(world.base_url) as (base_url, handler):
        assert rounds(world, base_url, tmp_path, range(3, 6), handler) == []


@pytest.mark.slow
def test_nothing_remains_whatever_the_moment(world: World, tmp_path: Path) -> None:
    """Many more moments, of both."""
    wrong = rounds(world, world.base_url, tmp_path, range(6, 36))
    with dropping(world.base_url) as (base_url, handler):
        wrong += rounds(world, base_url, tmp_path, range(36, 66), handler)
    assert wrong == []


# the next run ----------------------------------------------------------------------------------------------


def judge(world: World, reports: Path, *options: str) -> str:
    """Judge one rule of the reference; give what the terminal shows."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rules", "SES-01", "scenarios"]
    done = subprocess.run(
        [*command, "--base-url", world.base_url, "--report-dir", str(reports), *options],
        cwd=ROOT,
        env=world.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout


def test_the_next_run_cleans_up_and_one_that_may_not_write_says_what_waits(world: World, tmp_path: Path) -> None:
    """In one line of the terminal."""
    before, reports = world.everything(), tmp_path / "reports"
    kill_at(Moment(MAKING, 20, 0.1), world, world.base_url, reports)
    reading = judge(world, reports, "--read-only")
    assert (len(journals(reports)), "Earlier runs left things here (1)" in reading) == (1, True), reading
    told = judge(world, reports)
    assert (world.everything() - before, journals(reports)) == (set(), []), told
    assert ("Earlier: Run " in told, "left nothing." in told) == (True, True), told


def test_the_next_run_leaves_one_alone_that_lives(world: World, tmp_path: Path) -> None:
    """What is made beside it is none of its business."""
    reports = tmp_path / "reports"
    world.enough = 20
    with start(world, world.base_url, reports, MAKING) as run:
        world.busy.wait(90)
        run.send_signal(signal.SIGSTOP)
        held, active = journals(reports), world.everything()
        told = judge(world, reports)
        left = journals(reports), active - world.everything()
        run.send_signal(signal.SIGKILL)
    assert (left, "Earlier" in told) == ((held, set()), False), told
