"""How far a run is, in a few words and about how long it will go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.judging.progress import Progress
from conformance.judging.run import Run
from conformance.judging.scenario import all_scenarios
from conformance.reference import Reference, serving
from conformance.target.settings import Settings
from conformance.wire.roles import Roles

if TYPE_CHECKING:
    from pathlib import Path

HALF = Progress(500, 1000, 8, 21, 750, 1500, seconds=12.0)


def test_it_tells_the_most_telling_first() -> None:
    """Checks, time, requests, families."""
    assert HALF.words == ["500/1,000 checks", "~10 s left", "750 requests", "8/21 families"]


def test_a_budget_stands_beside_what_is_spent_of_it() -> None:
    """Whoever gave one wants to know."""
    assert replace(HALF, budget=2000).words[2] == "750/2,000 requests"


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        (replace(HALF, seconds=1.0), None),
        (replace(HALF, checks=0, requests=10), None),
        (replace(HALF, seconds=300.0), 300),
        (replace(HALF, requests=5000), 5),
        (replace(HALF, checks=1000, requests=1500), 5),
        (replace(HALF, checks=0, of_checks=0, expected=0), 5),
    ],
)
def test_the_time_that_is_left_is_told_once_it_can_be(moment: Progress, left: int | None) -> None:
    """In steps, and never as nothing; a target with more data than expected does not turn it round."""
    assert moment.seconds_left == left


def test_minutes_are_told_as_such() -> None:
    """Nobody counts 300 seconds."""
    assert replace(HALF, seconds=300.0).words[1] == "~5 min left"


def test_a_run_counts_what_is_done(tmp_path: Path) -> None:
    """At its end all checks of all families that it has."""
    chosen = [one for one in all_scenarios() if one.rule.family in {"SES", "VER"}]
    reference = Reference()
    with serving(reference) as url:
        run = Run(Settings(base_url=url, report_dir=tmp_path, fuzz="off"), Roles({"key": reference.keys.full}), chosen)
        run.open()
        for one in chosen:
            run.check(one.item, within=20)
        told = run.progress()
        run.close()
    reference.close()
    assert (told.checks, told.families, told.of_families, told.requests > 0) == (len(chosen), 2, 2, True)
