"""Lists beyond their first page, under each filter, sort and expansion that is served: whoever draws turns no pages."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from conformance.openapi.fuzzing.assessing import Expected
from conformance.openapi.fuzzing.mutating import USUAL
from conformance.openapi.fuzzing.questions import CURSOR, PAGES, Difference, Question, Slot
from conformance.openapi.fuzzing.stumbling import unexpected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from conformance.openapi.fuzzing.assessing import Candidate

MOST = 60
"""Of so many values of each operation a second page is asked for."""
LIMIT = Slot("query", "limit")
SORT = Slot("query", "sort")
FEW = "7"
"""The limit of pages that are turned to see what lies further back."""
FAR = 12
"""So many of them."""


def paged(singles: Sequence[Candidate], chance: Random) -> Iterator[Candidate]:
    """Ask for the second page of what may be served, and for a dozen in each order; of the answers nothing is expected.

    `singles` change one thing each.
    """
    by_label: dict[str, list[Candidate]] = defaultdict(list)
    for one in singles:
        if _is_listed(one):
            by_label[one.question.operation.label].append(one)
    for label in sorted(by_label):
        served = sorted(by_label[label], key=lambda one: one.question.mark)
        yield from (unexpected(one) for one in _of_list(served, chance))


def _of_list(served: Sequence[Candidate], chance: Random) -> Iterator[Question]:
    """Give what is asked of one list, orders first: they make another page of every one."""
    orders = [one for one in served if one.question.differences[0].slot == SORT]
    others = [one for one in served if one not in orders]
    for one in [*orders, *chance.sample(others, len(others))][:MOST]:
        yield _turned(one, Difference(PAGES, 1))
    yield from (_turned(one, Difference(LIMIT, (FEW,)), Difference(PAGES, FAR)) for one in orders)


def _is_listed(one: Candidate) -> bool:
    """Tell whether a list that has pages may well be served with this one difference."""
    (difference,) = one.question.differences
    takes = ("query", "cursor") in one.question.operation.parameters and one.question.operation.method == "GET"
    served = one.expected is Expected.SERVICE or one.question.phase == USUAL
    return takes and served and difference.slot.where == "query" and difference.slot not in {LIMIT, CURSOR}


def _turned(one: Candidate, *differences: Difference) -> Question:
    return Question(one.question.operation, "paged", (*one.question.differences, *differences))
