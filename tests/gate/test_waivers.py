"""A waiver covers one breach until a day, and says so when it is over or has nothing left to cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from conformance.errors import UsageProblem
from conformance.gate.waivers import Waiver, Waivers, read_waivers
from conformance.judging.results import Check
from conformance.judging.signature import signature
from conformance.judging.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 25)
BREACH = Check("test_x.py::test_it[employees]", "PAG-11", Verdict.FAIL, "/employees", "the last page has a cursor")
WAIVER = Waiver("PAG-11", signature(BREACH), "api-team", "PB-1", TODAY + timedelta(days=60), "employees")


def waivers(*entries: Waiver) -> Waivers:
    """Give waivers as of today."""
    return Waivers(entries, today=TODAY)


def test_a_breach_is_waived_by_its_own_waiver() -> None:
    """Rule, subject and signature are its own."""
    found = waivers(WAIVER).waive(BREACH)
    assert (found.owner, found.expires) == ("api-team", "2027-01-24") if found else False


@pytest.mark.parametrize(
    "other",
    [
        replace(BREACH, message="the last page is missing"),
        replace(BREACH, rule="PAG-09"),
        replace(BREACH, subject="/summaries"),
        replace(BREACH, verdict=Verdict.ERROR),
    ],
    ids=["another breach", "another rule", "another subject", "an error of the suite"],
)
def test_anything_else_is_not_waived(other: Check) -> None:
    """A waiver is no licence for what comes after it."""
    assert waivers(WAIVER).waive(other) is None


def test_a_waiver_counts_on_its_last_day() -> None:
    """The day itself is included."""
    assert waivers(replace(WAIVER, expires=TODAY)).waive(BREACH) is not None


def test_an_expired_waiver_waives_nothing() -> None:
    """It is told, with who answers for it."""
    past = waivers(replace(WAIVER, expires=TODAY - timedelta(days=1)))
    assert (past.waive(BREACH), past.told([BREACH])) == (
        None,
        ["The waiver of PAG-11[employees] expired on 2026-11-24 (owner: api-team)."],
    )


def test_a_waiver_is_spoken_of_two_weeks_ahead() -> None:
    """One day earlier it is not."""
    ends = {days: waivers(replace(WAIVER, expires=TODAY + timedelta(days=days))).ending for days in (14, 15)}
    assert {days: len(found) for days, found in ends.items()} == {14: 1, 15: 0}


def test_a_waiver_whose_breach_is_gone_is_told() -> None:
    """Only where its rule and subject were judged."""
    holds = replace(BREACH, verdict=Verdict.PASS)
    elsewhere = replace(holds, subject="/summaries")
    told = [len(waivers(WAIVER).unneeded([check])) for check in (holds, elsewhere)]
    assert told == [1, 0]


ENTRY = """
[[waiver]]
rule = "PAG-11"
subject = "employees"
signature = "0123456789ab"
owner = "api-team"
reason = "PB-1"
expires = 2027-01-31
"""


def test_a_file_of_waivers_is_read(tmp_path: Path) -> None:
    """Each table is a waiver."""
    file = tmp_path / "waivers.toml"
    file.write_text(ENTRY, "utf-8")
    expected = Waiver("PAG-11", "0123456789ab", "api-team", "PB-1", date(2027, 1, 31), "employees")
    assert read_waivers(file) == (expected,)


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (ENTRY.replace('rule = "PAG-11"', 'rule = "PAG-99"'), "there is no rule"),
        (ENTRY.replace('owner = "api-team"\n', ""), "lacks owner"),
        (ENTRY.replace("2027-01-31", '"2027-01-31"'), "expires is no date"),
        (ENTRY.replace("2027-01-31", "2027-01-31T00:00:00"), "expires is no date"),
        (ENTRY.replace('"PB-1"', '" "'), "empty or no text"),
        (ENTRY + "until = 1\n", "has until"),
        (ENTRY.replace("[[waiver]]", "[[waivers]]"), "something else"),
        ("waiver = ", "is no TOML"),
    ],
)
def test_a_spoilt_file_says_which_entry_is_wrong(tmp_path: Path, spoilt: str, told: str) -> None:
    """With what to do about it."""
    file = tmp_path / "waivers.toml"
    file.write_text(spoilt, "utf-8")
    with pytest.raises(UsageProblem, match=told) as refused:
        read_waivers(file)
    assert refused.value.hint


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A gate must not run without the waivers that it was given."""
    with pytest.raises(UsageProblem, match="can't be read"):
        read_waivers(tmp_path / "none.toml")


def test_each_finding_of_an_item_needs_a_waiver_of_its_own() -> None:
    """The item is waived only with the last of them."""
    one, other = (replace(BREACH, finding=f"PAG-11 GET /employees {kind}") for kind in ("limit 500", "cursor 500"))
    both = replace(BREACH, found=(one, other))
    first, second = (replace(WAIVER, signature=signature(breach)) for breach in (one, other))
    half, whole = waivers(first).marked(both), waivers(first, second).marked(both)
    assert ([each.waived is not None for each in half.found], half.waived) == ([True, False], None)
    assert ([each.waived is not None for each in whole.found], whole.waived is not None) == ([True, True], True)
