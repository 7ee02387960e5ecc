"""Requests that ask for several things at once, of which each may be asked for: whole requests by chance seldom are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from conformance.openapi.fuzzing.assessing import Expected
from conformance.openapi.fuzzing.dealing import is_spelled_out
from conformance.openapi.fuzzing.questions import Question
from conformance.openapi.fuzzing.weighing import may_be_combined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from conformance.openapi.fuzzing.assessing import Candidate
    from conformance.openapi.fuzzing.questions import Difference, Slot

PER_OPERATION = 2
PER_SPELLED_OUT = 8
"""So many combinations are made for an operation, and for one that the documents spell out."""
TOGETHER = (2, 4)
"""So many parameters are combined, at least and at most."""


def combine(singles: Sequence[Candidate], chance: Random) -> Iterator[Question]:
    """Combine query parameters that have nothing to do with each other, each with a value that should be served."""
    by_label: dict[str, dict[Slot, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for one in singles:
        slot = one.question.differences[0].slot
        if one.expected is Expected.SERVICE and slot.where == "query":
            by_label[one.question.operation.label][slot].append(one)
    for label in sorted(by_label):
        yield from _of_one(by_label[label], chance)


def _of_one(slots: dict[Slot, list[Candidate]], chance: Random) -> Iterator[Question]:
    names = sorted(slots, key=str)
    operation = slots[names[0]][0].question.operation
    for _ in range(PER_SPELLED_OUT if is_spelled_out(operation) else PER_OPERATION):
        chosen: list[Slot] = []
        for slot in chance.sample(names, len(names)):
            if len(chosen) < chance.randint(*TOGETHER) and may_be_combined([*chosen, slot]):
                chosen.append(slot)
        if len(chosen) >= TOGETHER[0]:
            yield Question(operation, "combined", tuple(_value(slots[slot], chance) for slot in chosen))


def _value(values: list[Candidate], chance: Random) -> Difference:
    by_mark = {one.question.mark: one for one in values}
    return by_mark[chance.choice(sorted(by_mark))].question.differences[0]
