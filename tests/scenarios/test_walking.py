"""What is read out of walks and made up from cursors."""

from __future__ import annotations

import pytest

from conformance.target.reading import Page
from conformance.wire.exchange import Exchange, Request
from scenarios._collections import Trail, size_for
from scenarios._walking import misvisited, reordered
from scenarios.test_pagination_cursors import forgeries


def trail(*pages: str, size: int = 2) -> Trail:
    """Make a walk that ended, each page given as the ids of its items, one letter each."""
    exchange = Exchange(1, Request("GET", "http://target.test/v1/things", "/things"), None)
    made = tuple(Page(tuple({"id": letter} for letter in page), None, exchange) for page in pages)
    return Trail(size, made, ended=True)


def test_a_walk_over_everything_once_is_accused_of_nothing() -> None:
    """Every expected item stands on one page."""
    assert misvisited(trail("ab", "c"), "abc") is None


@pytest.mark.parametrize(("pages", "words"), [(("ab", "bc"), "repeats 1"), (("ab",), "skips 1 of 3")])
def test_a_walk_that_repeats_or_skips_is_accused(pages: tuple[str, ...], words: str) -> None:
    """The accusation says what happened and to how many."""
    found = misvisited(trail(*pages), "abc")
    assert words in str(found)


def test_walks_in_different_orders_are_accused() -> None:
    """The first place at which they differ is named."""
    found = reordered(trail("ab", "c"), trail("acb", size=3), "abc")
    assert "first at item 2 of 3" in str(found)


def test_items_that_are_not_judged_may_move() -> None:
    """Only the order among the judged ones counts."""
    assert reordered(trail("ab", "c"), trail("bac", size=3), "ac") is None


@pytest.mark.parametrize(("count", "size"), [(0, 1), (1, 1), (2, 1), (7, 3), (12, 4), (124, 62), (300, 75)])
def test_a_page_size_fills_the_last_page_where_it_can(count: int, size: int) -> None:
    """A divisor of the count is taken where one makes 2 to 6 pages of less than 100."""
    assert size_for(count) == size


def test_forged_cursors_are_all_different_from_the_issued_one() -> None:
    """Each is its own: made up, shortened, altered at the beginning, in the middle and at the end."""
    cursor = "eyJpZCI6Im9icyJ9=="
    forged = forgeries(cursor, every_place=True)
    assert len({*forged, cursor}) == 6


def test_padding_is_not_what_is_altered() -> None:
    """The last character that means something is replaced, the padding after it stays."""
    assert forgeries("abcd==", every_place=True)[-1] == "abcq=="
