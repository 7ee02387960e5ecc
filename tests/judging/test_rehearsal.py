"""A rehearsal says what a run will not judge, in the run's own words, and writes nothing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.model import Need
from conformance.contract.rules import RULES as ALL
from conformance.judging.rehearsal import Rehearsal
from conformance.judging.run import Run
from conformance.judging.scenario import all_scenarios
from conformance.reference import HONEST, Reference, serving
from conformance.target.settings import Settings
from conformance.wire.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conformance.reference import Handler, Request, Response
    from conformance.reference.keys import Keys

RULES = {"PAG-01", "RES-01", "SES-01", "OBC-01", "ARC-01", "IDM-06", "IDM-11", "IDM-12", "AUT-10", "EVT-01", "ROB-02"}
"""One of each kind: those that need nothing, a scope, each thing that can be lent, or a harmless create."""


RO = {rule.id for rule in ALL if Need.RO in rule.needs}


class World:
    """A reference that is served, and what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.reference = Reference(replace(HONEST, door=self._door))

    async def _door(self, request: Request, handler: Handler) -> Response:
        self.asked.append(request.method)
        return await handler(request)

    @property
    def keys(self) -> Keys:
        """Its keys, by the reference's names for them."""
        return self.reference.keys


@pytest.fixture
def world() -> Iterator[World]:
    """Make a reference that keeps account."""
    world = World()
    yield world
    world.reference.close()


@contextmanager
def rehearsed(
    world: World,
    keys: Mapping[str, str],
    rules: set[str] = RULES,
    **settings: Any,  # noqa: ANN401  # as Settings
) -> Iterator[Rehearsal]:
    """Rehearse some rules against it with these keys."""
    chosen = [one for one in all_scenarios() if one.rule.id in rules]
    with serving(world.reference) as url:
        asked = Rehearsal(Settings(base_url=url, settle=0.2, fuzz="off", **settings), Roles(keys), chosen)
        try:
            asked.open()
            yield asked
        finally:
            asked.close()


def test_only_reads_arrive_and_few_of_them(world: World) -> None:
    """Whatever the scenarios would have liked to write."""
    with rehearsed(world, {"key": world.keys.full}) as asked:
        asked.prospects()
    assert (set(world.asked), len(world.asked) < 40) == ({"GET"}, True)


def test_nothing_is_written_to_disk(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no journal, and no folder for reports."""
    monkeypatch.chdir(tmp_path)
    with rehearsed(world, {"key": world.keys.full}) as asked:
        asked.prospects()
    assert list(tmp_path.iterdir()) == []


def test_what_it_says_is_what_a_run_says(world: World, tmp_path: Path) -> None:
    """The same checks end without a judgement, for the same reasons, in a run by the same keys and settings."""
    keys = {"key": world.keys.full, "read_only": world.keys.read_only}
    with rehearsed(world, keys) as asked:
        foretold = {(one.rule, one.subject, one.reason, one.hint) for one in asked.prospects() if not one.is_judged}
        run = Run(replace(asked.settings, report_dir=tmp_path), Roles(keys), asked.scenarios)
        run.open()
        checks = [run.check(one.item, within=20) for one in asked.scenarios]
        run.close()
    came = {(one.rule, one.subject, one.message, one.hint) for one in checks if not one.verdict.judged}
    assert foretold == came


def test_a_key_that_is_refused_counts_as_none(world: World) -> None:
    """The reason names its variable."""
    with rehearsed(world, {"key": world.keys.full, "read_only": "pb_test_refused"}, RO) as asked:
        hints = {one.hint.partition(" ")[0] for one in asked.prospects()}
    assert hints == {"PB_READ_ONLY_API_KEY"}


def test_a_scope_that_the_session_does_not_tell_is_asked_for(world: World) -> None:
    """A create would be forbidden, which is known without one."""
    with rehearsed(world, {"key": world.keys.read_only}, {"OBC-03"}) as asked:
        told = {(one.reason, one.hint) for one in asked.prospects()}
    wanted = ("needs a key with the scope observations:write", "Give PB_API_KEY the scope observations:write.")
    assert told == {wanted}


def test_a_ledger_without_a_key_that_is_due_judges_nothing_yet(world: World, tmp_path: Path) -> None:
    """It is read and not written to."""
    file = tmp_path / "ledger.jsonl"
    with rehearsed(world, {"key": world.keys.full}, {"IDM-06", "IDM-07"}, ledger=file) as asked:
        told = {one.reason for one in asked.prospects()}
    assert (told, file.exists()) == ({"needs an Idempotency-Key that a run used a day ago"}, False)
