"""Without a movable clock, keys go from run to run in a ledger, and are used again when a day has nearly passed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.contract.rules import rule
from conformance.faults.idempotency_later import HOUR
from conformance.faults.model import all_faults
from conformance.faults.trial import BASE_URL
from conformance.judging.needs import missing
from conformance.judging.runner import Runner
from conformance.judging.scenario import Scenario
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Behaviour, Reference
from conformance.target.ledger import Ledger
from conformance.target.made.cleanup import clean_up
from conformance.target.means import NONE
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client
from scenarios import test_idempotency_later as later

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.judging.results import Check
    from conformance.reference import Handler, Request, Response

SCENARIOS = (
    Scenario("replays", rule("IDM-06"), later.test_a_key_replays_until_just_before_24_hours_are_over),
    Scenario("alone", rule("IDM-06"), later.test_a_replay_within_24_hours_creates_no_second_resource),
    Scenario("after", rule("IDM-07"), later.test_what_a_key_gets_after_24_hours),
)


@dataclass
class Days:
    """A reference on which runs are made, hours apart, with one ledger; each run ends with its clean-up."""

    file: Path
    behaviour: Behaviour = HONEST
    reference: Reference = field(init=False)
    runs: int = 0

    def __post_init__(self) -> None:
        self.reference = Reference(self.behaviour, secure=True)

    def run(self, *, after: float = 0.0, key: str = "full", base_url: str = BASE_URL) -> dict[str, Check]:
        """Let hours pass, and judge once more; give the checks by their items."""
        self.reference.clock.advance(after * HOUR)
        self.runs += 1
        run_id = f"run-{self.runs}"
        settings = Settings(base_url=base_url, settle=0.3, ledger=self.file)
        keys = {"key": getattr(self.reference.keys, key)}

        async def judge() -> dict[str, Check]:
            transport = httpx.ASGITransport(self.reference.asgi)
            async with Client(base_url, keys, run_id=run_id, transport=transport) as client:
                target = Target(client, settings, run_id=run_id)
                unmet = missing(keys, settings, NONE, base_url=base_url)
                checks = await Runner(target, SCENARIOS, missing=unmet).all()
                await clean_up(target)
                return {check.item: check for check in checks}

        return asyncio.run(judge())

    def verdicts(self, **run: Any) -> list[Verdict]:  # noqa: ANN401  # as run
        """Let hours pass and judge; give the verdicts."""
        return [check.verdict for check in self.run(**run).values()]

    def active(self) -> int:
        """Count the active observations."""

        async def count() -> int:
            transport = httpx.ASGITransport(self.reference.asgi)
            async with Client(BASE_URL, {"key": self.reference.keys.full}, run_id="t", transport=transport) as client:
                target = Target(client, Settings(base_url=BASE_URL), run_id="t")
                return len((await target.walk("/observations", {"limit": "100"})).ids)

        return asyncio.run(count())


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    """Give an honest reference and an empty ledger."""
    made = Days(tmp_path / "ledger.jsonl")
    yield made
    made.reference.close()


NOT_JUDGED = Verdict.NOT_JUDGED
UNDECIDED = [NOT_JUDGED] * 3


def test_the_first_run_says_from_when_on_a_later_one_can_judge(days: Days) -> None:
    """In UTC, with the same option."""
    checks = days.run()
    entry = next(one for one in Ledger(days.file).entries() if one.rule == "IDM-06")
    when = f"between {entry.opens:%Y-%m-%d %H:%M:%S} and {entry.closes:%Y-%m-%d %H:%M:%S} UTC"
    assert checks["replays"].hint == f"Run again with this --ledger {when}."
    assert [check.verdict for check in checks.values()] == UNDECIDED


def test_a_run_of_nearly_a_day_later_judges_that_keys_replay(days: Days) -> None:
    """What comes after 24 hours is left for a third."""
    days.run()
    assert days.verdicts(after=23.5) == [Verdict.PASS, Verdict.PASS, NOT_JUDGED]
    assert days.verdicts(after=1) == [NOT_JUDGED, NOT_JUDGED, Verdict.NOTED]


def test_a_run_too_early_changes_nothing(days: Days) -> None:
    """The keys wait on, untouched."""
    days.run()
    before = days.file.read_bytes()
    assert (days.verdicts(after=12), days.file.read_bytes()) == (UNDECIDED, before)


def test_a_run_too_late_plants_anew(days: Days) -> None:
    """It says so, and records what comes after 24 hours."""
    days.run()
    checks = days.run(after=30)
    assert "too old" in checks["replays"].message
    assert checks["after"].message == "After 24 hours a key that was not used since makes a new resource."
    assert days.verdicts(after=23.5)[:2] == [Verdict.PASS, Verdict.PASS]


@pytest.mark.parametrize(
    ("lie", "expected"),
    [
        ("keys_are_forgotten_after_twelve_hours", [Verdict.FAIL, Verdict.BLOCKED]),
        ("keys_are_forgotten_twenty_hours_after_their_last_use", [Verdict.FAIL, Verdict.BLOCKED]),
        ("late_retries_are_conflicts", [Verdict.FAIL, Verdict.BLOCKED]),
        ("late_replays_leave_a_twin", [Verdict.PASS, Verdict.FAIL]),
    ],
)
def test_lies_are_found_as_by_a_moved_clock(tmp_path: Path, lie: str, expected: list[Verdict]) -> None:
    """And nothing that they make is left behind."""
    days = Days(tmp_path / "ledger.jsonl", next(one for one in all_faults() if one.name == lie).behaviour())
    before = days.active()
    days.run()
    assert (days.verdicts(after=23.5)[:2], days.active()) == (expected, before)
    days.reference.close()


def test_nothing_is_left_behind(days: Days) -> None:
    """What runs plant, replay and create anew is archived at the end of each."""
    before = days.active()
    for hours in (0, 23.5, 1, 48):
        days.run(after=hours)
    assert days.active() == before


@pytest.mark.parametrize("other", [{"key": "other_org"}, {"base_url": "https://reference.localhost:4444/v1"}])
def test_what_another_target_or_key_planted_is_left_alone(days: Days, other: dict[str, str]) -> None:
    """It is judged when its own run comes back."""
    days.run()
    assert days.verdicts(after=23.5, **other) == UNDECIDED
    assert days.verdicts()[:2] == [Verdict.PASS, Verdict.PASS]


def test_a_target_that_was_begun_anew_is_not_accused(days: Days) -> None:
    """It has lost the observation with the key."""
    days.run()
    days.reference.reset()
    checks = days.run(after=23.5)
    assert (checks["replays"].verdict, "has lost" in checks["replays"].message) == (NOT_JUDGED, True)


def test_a_target_that_replays_nothing_archived_is_not_accused(tmp_path: Path) -> None:
    """A replay that shows the present state may be refused for what is archived: IDM-14 warns of that."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if not response.header("Idempotent-Replayed"):
            return response
        path = f"{request.path}/{response.json()['id']}"
        read = await honest(replace(request, method="GET", path=path, body=b""))
        return replace(response, status=409) if read.json()["archived_at"] else response

    days = Days(tmp_path / "ledger.jsonl", replace(HONEST, door=door))
    days.run()
    assert days.verdicts(after=23.5) == [Verdict.BLOCKED] * 3
    days.reference.close()


def test_a_spoilt_ledger_is_told_and_left(days: Days) -> None:
    """The run goes on."""
    days.file.write_text("spoilt", "utf-8")
    checks = days.run()
    assert {check.verdict for check in checks.values()} == {NOT_JUDGED}
    assert ("line 1 is no entry" in checks["replays"].message, days.file.read_text("utf-8")) == (True, "spoilt")


def test_the_ledger_holds_no_api_key(days: Days) -> None:
    """Nor does the report need one to come from it."""
    days.run()
    assert days.reference.keys.full not in days.file.read_text("utf-8")
