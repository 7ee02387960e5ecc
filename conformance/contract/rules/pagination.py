"""Rules on pages, limits and cursors."""

from __future__ import annotations

from conformance.contract.model import Level, Need, Rule, observations, overview

COMMON_ERROR_RESPONSES = observations("Common error responses")
PAGINATION = overview("Pagination")
SORTING = overview("Sorting")

RULES: tuple[Rule, ...] = (
    Rule(
        id="PAG-01",
        level=Level.MUST,
        title="A collection answers an object with a data array.",
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-02",
        level=Level.MUST,
        title="next_cursor is always there: a non-empty string, or null.",
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-03",
        level=Level.SHOULD,
        title="has_more is there and boolean.",
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-04",
        level=Level.MUST,
        title="has_more, where present, is true exactly when next_cursor is not null.",
        sources=(PAGINATION,),
        passive=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-05",
        level=Level.MUST,
        title="Without limit a page holds 50 items where at least 50 match.",
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-06",
        level=Level.MUST,
        title="limit=N (1 to 100, both ends) gives N items where at least N match, and never more than N.",
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-07",
        level=Level.MUST,
        title=(
            "No page ever holds more than 100 items, whatever limit asks; a limit above 100 is either 400 "
            "validation_error or served with at most 100 (which of the two is recorded)."
        ),
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-08",
        level=Level.SHOULD,
        title="A limit that is no positive integer (0, -1, abc, 1.5, empty) gets 400 validation_error.",
        sources=(PAGINATION, COMMON_ERROR_RESPONSES),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-09",
        level=Level.MUST,
        title="Following next_cursor to the end visits every matching item exactly once.",
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-10",
        level=Level.MUST,
        title="The walk's order does not depend on the page size, also where many items tie on the sort key.",
        sources=(PAGINATION, SORTING),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-11",
        level=Level.SHOULD,
        title=(
            "The page that holds the last matching item has next_cursor null, also where it is exactly full."
        ),
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-12",
        level=Level.MUST,
        title="No match gives an empty data array with next_cursor null.",
        sources=(PAGINATION,),
        why="",
        how="",
    ),
    Rule(
        id="PAG-13",
        level=Level.MUST,
        title="Filters and sort hold on every page of a walk.",
        sources=(PAGINATION,),
        why="",
        how="",
    ),
    Rule(
        id="PAG-14",
        level=Level.SHOULD,
        title=(
            "A cursor the API never issued (garbage, truncated, altered) gets 400 validation_error: not a "
            "5xx, not another page."
        ),
        sources=(PAGINATION,),
        each=True,
        why="",
        how="",
    ),
    Rule(
        id="PAG-15",
        level=Level.SHOULD,
        title=(
            "Items created or archived during a walk never make it repeat an item or skip one that was there "
            "throughout."
        ),
        sources=(PAGINATION,),
        needs=frozenset({Need.WRITE}),
        why="",
        how="",
    ),
    Rule(
        id="PAG-16",
        level=Level.NOTE,
        title="What a cursor gets with another limit, another order of the parameters, or other filters.",
        sources=(PAGINATION,),
        why="",
        how="",
    ),
)
