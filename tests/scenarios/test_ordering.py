"""Order is judged only where every client would agree on it."""

from __future__ import annotations

import pytest

from scenarios._ordering import names_differ, names_out_of_order, times_differ, times_out_of_order


def test_a_later_time_before_an_earlier_one_is_out_of_ascending_order() -> None:
    """The two that stand wrong are named, the one served first before the other."""
    found = times_out_of_order(["2024-01-02", "2024-01-03", "2024-01-01"], descending=False)
    assert found == ("2024-01-03", "2024-01-01")


def test_equal_instants_in_different_spellings_are_in_order() -> None:
    """A tie is in order in both directions, whatever its precision and offset."""
    values = ["2024-01-01T10:00:00Z", "2024-01-01T11:00:00.000+01:00"]
    assert [times_out_of_order(values, descending=way) for way in (True, False)] == [None, None]


def test_what_is_no_time_is_passed_over() -> None:
    """A null between two times is not judged, the times are."""
    values = ["2024-01-01", None, "2024-01-02"]
    assert times_out_of_order(values, descending=True) == ("2024-01-01", "2024-01-02")


def test_equal_instants_do_not_differ() -> None:
    """An order over ties alone says nothing."""
    assert not times_differ(["2024-01-01T10:00:00Z", "2024-01-01T10:00:00.000Z", None])


@pytest.mark.parametrize(
    ("one", "other"),
    [("adams", "Zappa"), ("O'Neil", "Oakes"), ("Ångström", "Berg"), ("van Gogh", "Vance"), ("Smith", "smith")],
)
def test_names_on_which_collations_differ_are_in_any_order(one: str, other: str) -> None:
    """Case, punctuation, spaces and letters beyond ASCII decide nothing."""
    assert not names_differ([one, other])


def test_plain_names_out_of_order_are_found_past_others() -> None:
    """A pair that every collation orders alike counts even where a name between them can't be compared."""
    assert names_out_of_order(["Berg", "Ångström", "Adams"], descending=False) == ("Berg", "Adams")


def test_a_name_that_begins_another_comes_first() -> None:
    """Smith stands before Smithson in ascending order."""
    assert names_out_of_order(["Smithson", "Smith"], descending=False) == ("Smithson", "Smith")
