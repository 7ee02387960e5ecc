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
        title="A collection MUST answer an object whose data member is an array.",
        sources=(PAGINATION,),
        each=True,
        why=(
            "Clients iterate over data; a bare array, or an object keyed by id, breaks the loop of every one of them."
        ),
        how="One GET of each collection that the key may read.",
    ),
    Rule(
        id="PAG-02",
        level=Level.MUST,
        title="A page MUST always carry next_cursor, as a non-empty string or as null.",
        sources=(PAGINATION,),
        each=True,
        why=(
            "The loop of a client ends when next_cursor is null; if it is missing or empty, typed clients "
            "fail to decode and others walk forever."
        ),
        how="The first page of each collection, and its last one where the run reaches it.",
    ),
    Rule(
        id="PAG-03",
        level=Level.SHOULD,
        title="A page SHOULD carry has_more as a boolean.",
        sources=(PAGINATION,),
        each=True,
        why=(
            "Clients generated from the documented example branch on has_more; where it is missing they stop "
            "after the first page."
        ),
        how="One page of each collection. Only an example shows the field, hence no MUST.",
    ),
    Rule(
        id="PAG-04",
        level=Level.MUST,
        title="Where a page has has_more, it MUST be true exactly when next_cursor is not null.",
        sources=(PAGINATION,),
        passive=True,
        why=(
            "Some clients loop on has_more, others on next_cursor; where the two disagree one of them loses "
            "items or never ends."
        ),
        how="Every page of the whole run is looked at, not one asked for the purpose.",
    ),
    Rule(
        id="PAG-05",
        level=Level.MUST,
        title="A page asked for without a limit MUST hold 50 items where at least 50 match.",
        sources=(PAGINATION,),
        each=True,
        why=(
            "A client that sizes its buffers, its progress bar or its polling by the documented default gets "
            "another number of items."
        ),
        how=(
            "Each collection without limit, judged where limit=100 has shown at least 50 items; a collection "
            "with fewer is not judged."
        ),
    ),
    Rule(
        id="PAG-06",
        level=Level.MUST,
        title="A limit from 1 to 100 MUST give that many items where as many match, and never more.",
        sources=(PAGINATION,),
        each=True,
        why=("A dashboard that shows the newest 10 shows 9 or 11, and a client that pages by count loses its place."),
        how=(
            "The limits 1, 100 and some between on each collection. That many items are demanded only where "
            "as many are known to match; more than that are never allowed."
        ),
    ),
    Rule(
        id="PAG-07",
        level=Level.MUST,
        title="A page MUST NOT hold more than 100 items, whatever the limit asks for.",
        sources=(PAGINATION,),
        each=True,
        why=(
            "A client that asks for everything at once must not get an answer that its memory and its "
            "timeout were never sized for."
        ),
        how=(
            "limit=101 and a far larger one on each collection: 400 validation_error, or 200 with at most "
            "100 items. Which of the two is recorded, neither costs anything."
        ),
    ),
    Rule(
        id="PAG-08",
        level=Level.SHOULD,
        title="A limit that is no positive integer SHOULD get 400 validation_error.",
        sources=(PAGINATION, COMMON_ERROR_RESPONSES),
        each=True,
        why=(
            "A client's arithmetic that ends in 0, -1 or NaN should be told so, rather than be served a page "
            "of some other size."
        ),
        how="limit=0, -1, abc, 1.5 and empty on each collection, beside an accepted limit=1.",
    ),
    Rule(
        id="PAG-09",
        level=Level.MUST,
        title="Following next_cursor to the end MUST visit every matching item exactly once.",
        sources=(PAGINATION,),
        each=True,
        why=(
            "Exports and synchronizations are built on this walk; a skipped item is data lost in silence, a "
            "repeated one is counted twice."
        ),
        how=(
            "Each collection is walked in small pages, and the visited ids compared with those of a walk in "
            "pages of 100 and with the items that are known to exist."
        ),
    ),
    Rule(
        id="PAG-10",
        level=Level.MUST,
        title=("The order of a walk MUST NOT depend on the page size, also where many items tie on the sort key."),
        sources=(PAGINATION, SORTING),
        each=True,
        why=(
            "Where ties have no fixed order, items move between pages as the page size changes, and a client "
            "that tunes its limit skips some."
        ),
        how=(
            "Each collection is walked with two page sizes and the two sequences of ids are compared. Items "
            "that another user changed meanwhile are left out."
        ),
    ),
    Rule(
        id="PAG-11",
        level=Level.SHOULD,
        title=(
            "The page that holds the last matching item SHOULD have a null next_cursor, also where that page "
            "is exactly full."
        ),
        sources=(PAGINATION,),
        each=True,
        why=(
            "A client that promises one more page finds it empty: a wasted request, and a next button that "
            "leads nowhere."
        ),
        how="A limit equal to the number of matching items, and one that divides it, on each collection.",
    ),
    Rule(
        id="PAG-12",
        level=Level.MUST,
        title="A query that matches nothing MUST answer an empty data array with a null next_cursor.",
        sources=(PAGINATION,),
        why=("No results is an everyday case; a 404, a null or a missing array makes the simplest loop crash on it."),
        how="The observation list with filters that no item can meet, beside the same request without them.",
    ),
    Rule(
        id="PAG-13",
        level=Level.MUST,
        title="Filters and sort MUST hold on every page of a walk.",
        sources=(PAGINATION,),
        why=(
            "A cursor that forgets the filter mixes other people's observations into a report from its second page on."
        ),
        how=(
            "A filtered, sorted observation list is walked in small pages with the parameters repeated on "
            "each; every item of every page must match and stand in order."
        ),
    ),
    Rule(
        id="PAG-14",
        level=Level.SHOULD,
        title="A cursor that the API never issued SHOULD get 400 validation_error.",
        sources=(PAGINATION,),
        each=True,
        why=(
            "A truncated or corrupted cursor must be told from a good one, or a client restarts at a wrong "
            "place without knowing it."
        ),
        how=(
            "Made-up text, and a real cursor shortened and altered, on each collection beside the accepted "
            "original. A 5xx, or a page of items, breaks the rule."
        ),
    ),
    Rule(
        id="PAG-15",
        level=Level.SHOULD,
        title=(
            "A walk SHOULD NOT repeat an item, or skip one that was there throughout, because others are "
            "created or archived meanwhile."
        ),
        sources=(PAGINATION,),
        needs=frozenset({Need.WRITE}),
        why=(
            "Nobody stops writing while an export runs; with page numbers in disguise every insertion shifts "
            "the pages under it."
        ),
        how=(
            "Observations are created and archived between the pages of a walk. Only items that existed from "
            "beginning to end are judged."
        ),
    ),
    Rule(
        id="PAG-16",
        level=Level.NOTE,
        title=(
            "The run records what a cursor gets when it is sent with another limit, with reordered "
            "parameters or with other filters."
        ),
        sources=(PAGINATION,),
        why=(
            "The documents ask for the same request again; a client that changes it on the way should know "
            "whether it gets an error or a mixture."
        ),
        how="One issued cursor, sent three times in a changed request; status and kind of page are recorded.",
    ),
)
