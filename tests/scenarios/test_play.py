"""A list that a sequence looks at is judged by what was read of it, and by no page that was not."""

from __future__ import annotations

import pytest

from conformance.target.reading import Page, Walk
from scenarios._play import PAGES, _may_follow
from tests.openapi.fuzzing.conftest import answer

CUT_OFF = Walk(tuple(Page((), "more", answer()) for _ in range(PAGES)), ended=False)
WHOLE = Walk(CUT_OFF.pages, ended=True)
IN_A_CIRCLE = Walk(CUT_OFF.pages[:2], ended=False)


@pytest.mark.parametrize(
    ("listed", "walk", "may"),
    [
        (["first"], CUT_OFF, True),
        ([], CUT_OFF, True),
        (["first", "first"], CUT_OFF, False),
        (["first", "third"], CUT_OFF, False),
        (["first"], WHOLE, False),
        (["first"], IN_A_CIRCLE, False),
    ],
)
def test_what_is_missing_may_follow_where_not_all_was_read(listed: list[str], walk: Walk, *, may: bool) -> None:
    """What is there and should not be is a breach all the same, and what is there twice."""
    assert _may_follow(listed, {"first", "second"}, walk) is may
