"""Sets of observations are made on days of their own, so that walks over them stand still."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from conformance.errors import Missing
from conformance.target.planting import planted
from conformance.target.volume import crowd, standing
from conformance.target.windows import WINDOWS, Window, window

if TYPE_CHECKING:
    from conformance.target.target import Target
    from tests.target.conftest import Ask, Open


def test_a_window_is_asked_for_by_inclusive_bounds() -> None:
    """Both are documented filters (observations › List)."""
    assert Window(date(2020, 2, 24)).query == (
        ("filter[observation_date][gte]", "2020-02-24"),
        ("filter[observation_date][lte]", "2020-03-03"),
    )


def test_the_days_in_use_keep_away_from_the_bounds() -> None:
    """Whether a bound is inclusive is another rule's matter."""
    where = Window(date(2020, 2, 24))
    assert (where.day(1), where.day(7)) == ("2020-02-25", "2020-03-02")


@pytest.mark.parametrize(
    ("told", "held"),
    [("2020-02-24", True), ("2020-03-03", True), ("2020-02-23", False), ("2020-03-04", False), (None, False)],
)
def test_a_window_holds_its_days(told: object, held: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Both ends included; an item without a date is in none."""
    assert Window(date(2020, 2, 24)).holds({"observation_date": told}) is held


def test_windows_of_a_run_share_no_day(referring: Open, ask: Ask) -> None:
    """What one scenario makes never shows in another's window."""

    async def days(target: Target) -> list[str]:
        windows = [window(target, purpose) for purpose in WINDOWS]
        return [where.day(number) for where in windows for number in range(9)]

    found = ask(referring(), days)
    assert len(set(found)) == len(found)


def test_the_standing_set_is_made_once(referring: Open, ask: Ask) -> None:
    """Every asker gets the same, and exactly it is listed in its window."""

    async def doing(target: Target) -> tuple[bool, bool]:
        first, second = await standing(target), await standing(target)
        listed = await target.page("/observations", [*first.window.query, ("limit", "100")])
        return first is second, set(listed.ids) == first.ids

    assert ask(referring(), doing) == (True, True)


def test_a_crowd_is_more_than_a_page(referring: Open, ask: Ask) -> None:
    """The list under its query goes on after a hundred."""

    async def doing(target: Target) -> bool:
        page = await target.page("/observations", [*await crowd(target), ("limit", "100")])
        return page.next_cursor is not None

    assert ask(referring(), doing) is True


def test_nothing_is_made_in_a_run_that_may_not_write(referring: Open, ask: Ask) -> None:
    """The standing set is then missing."""
    with pytest.raises(Missing):
        ask(referring(read_only=True), standing)


def test_a_planting_is_listed_as_it_was_planted(referring: Open, ask: Ask) -> None:
    """Its rows are what the target serves of them, archived ones included."""

    async def doing(target: Target) -> list[tuple[bool, str]]:
        planting = await planted(target)
        served = [await target.read(row["id"]) for row in planting.rows]
        told = [(one["archived_at"] is None, one["observation"]) for one in served]
        return [*set(told) ^ {(row["archived_at"] is None, row["observation"]) for row in planting.rows}]

    assert ask(referring(), doing) == []


def test_a_planting_that_may_not_be_made_is_found(referring: Open, ask: Ask) -> None:
    """What is there takes its place, and nothing is written."""

    async def doing(target: Target) -> tuple[bool, set[str]]:
        planting = await planted(target)
        return bool(planting.rows), {one.method for one in target.client.recorder.exchanges}

    assert ask(referring(read_only=True), doing) == (True, {"GET"})
