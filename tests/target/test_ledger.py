"""The ledger keeps what one run leaves for another, whole and without a secret."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conformance.errors import UsageProblem
from conformance.target.ledger import AFTER, BEFORE, Entry, Ledger
from conformance.target.made.intents import Owner

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
ENTRY = Entry(
    rule=BEFORE,
    base_url="https://api.test/v1",
    organization="org_1",
    api_key="key_1",
    run="20260115T1200-abcdef",
    at=NOON,
    key="a-key",
    body={"employee_id": "emp_1", "observation": "Grüße"},
    made="obs_1",
)
LATER = replace(ENTRY, rule=AFTER)


def test_what_is_put_in_is_there(tmp_path: Path) -> None:
    """Also in a folder that is made for it."""
    ledger = Ledger(tmp_path / "new" / "ledger.jsonl")
    ledger.change(put=[ENTRY, LATER])
    assert ledger.entries() == (ENTRY, LATER)


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """The first run finds none."""
    assert Ledger(tmp_path / "ledger.jsonl").entries() == ()


def test_only_what_is_taken_goes(tmp_path: Path) -> None:
    """What another run has put in meanwhile stays."""
    file = tmp_path / "ledger.jsonl"
    Ledger(file).change(put=[ENTRY])
    Ledger(file).change(put=[LATER])
    Ledger(file).change(take=[ENTRY])
    assert Ledger(file).entries() == (LATER,)


@pytest.mark.parametrize(
    "text",
    ["no JSON", "{}", "[1]", "17", '{"rule": "IDM-06"}', "\x00", "[" * 100_000],
    ids=["text", "empty", "list", "number", "short", "zero", "deep"],
)
def test_a_file_that_is_no_ledger_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    """The message names file and line."""
    file = tmp_path / "ledger.jsonl"
    Ledger(file).change(put=[ENTRY])
    file.write_text(file.read_text("utf-8") + text + "\n", "utf-8")
    before = file.read_bytes()
    for ask in (Ledger(file).entries, Ledger(file).change):
        with pytest.raises(UsageProblem, match=r"ledger\.jsonl can't be read: line 2 is no entry"):
            ask()
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "changed", [{"rule": "PAG-01"}, {"at": "2026-01-15T12:00:00"}, {"body": {}}, {"key": 7}, {"more": 1}]
)
def test_an_entry_of_another_form_is_none(tmp_path: Path, changed: dict[str, object]) -> None:
    """Whoever edited it, nothing is sent that is not understood."""
    file = tmp_path / "ledger.jsonl"
    Ledger(file).change(put=[ENTRY])
    told = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(told | changed), "utf-8")
    with pytest.raises(UsageProblem, match="line 1 is no entry"):
        Ledger(file).entries()


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    """A folder, say."""
    with pytest.raises(UsageProblem, match="can't be read: Is a directory"):
        Ledger(tmp_path).entries()


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is left there."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageProblem, match="can't be written: No space left on device"):
        Ledger(tmp_path / "ledger.jsonl").change(put=[ENTRY])
    assert list(tmp_path.iterdir()) == []


def test_nothing_but_the_ledger_is_left_in_its_folder(tmp_path: Path) -> None:
    """It was written beside its place and moved there."""
    Ledger(tmp_path / "ledger.jsonl").change(put=[ENTRY])
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.jsonl"]


@pytest.mark.parametrize(
    ("hours", "due", "late"),
    [(0, [], []), (22.9, [], []), (23.5, [BEFORE], []), (24, [], [BEFORE]), (25, [AFTER], [BEFORE])],
)
def test_a_key_is_due_shortly_before_24_hours_or_afterwards(hours: float, due: list[str], late: list[str]) -> None:
    """Around the very hour it is neither, for clocks tell whole seconds and answers take time."""
    now = NOON + timedelta(hours=hours)
    entries = (ENTRY, LATER)
    assert [one.rule for one in entries if one.is_due(now)] == due
    assert [one.rule for one in entries if one.is_late(now)] == late


@pytest.mark.parametrize(
    ("url", "owner", "ours"),
    [
        ("https://api.test/v1", Owner("org_1", "key_1"), True),
        ("https://api.test/v2", Owner("org_1", "key_1"), False),
        ("https://api.test/v1", Owner("org_2", "key_1"), False),
        ("https://api.test/v1", Owner("org_1", "key_2"), False),  # Idempotency-Keys may belong to an API key
    ],
    ids=["ours", "another target", "another organization", "another API key"],
)
def test_a_key_is_of_one_target_and_one_api_key(url: str, owner: Owner, *, ours: bool) -> None:
    """Elsewhere it tells nothing."""
    assert ENTRY.is_of(url, owner) is ours
