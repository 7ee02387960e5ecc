"""Requests that ask for several things at once, of which each may be asked for: whole requests by chance seldom are."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, combinations, islice, product, zip_longest
from typing import TYPE_CHECKING

from conformance.contract.resources import CREATE
from conformance.openapi.fuzzing.assessing import Expected
from conformance.openapi.fuzzing.dealing import COVERING, alternating, is_spelled_out
from conformance.openapi.fuzzing.mutating import SEVERAL, USUAL
from conformance.openapi.fuzzing.questions import WHOLE, Question
from conformance.openapi.fuzzing.reusing import EXPAND
from conformance.openapi.fuzzing.weighing import may_be_combined
from conformance.target.documents import as_object
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

    from conformance.openapi.fuzzing.assessing import Candidate
    from conformance.openapi.fuzzing.questions import Difference, Slot

PER_OPERATION = 2
PER_SPELLED_OUT = 8
"""So many combinations are made for an operation, and for one that the documents spell out."""
TOGETHER = (2, 4)
"""So many parameters are combined, at least and at most."""
PAIRED = 8
"""So many at most where every two are to meet: what fails is made small anyway."""
NAMED = 12
"""So many values of a parameter, each of which the spec names, meet those of others."""
LONG = 50
"""Lists of so many items at most are expanded."""
LIMIT = "limit"
SHARES = (60, 120, 200)
"""So many times at most what can be expanded meets an order, what can be expanded another parameter, two others."""
MEETINGS = 260
"""So many of these at most are asked of one operation, of every two parameters about as many."""


def combine(singles: Sequence[Candidate], chance: Random) -> Iterator[Question]:
    """Combine query parameters that have nothing to do with each other, each with a value that should be served."""
    for slots in _served(singles):
        if is_spelled_out(next(iter(slots.values()))[0].question.operation):
            yield from _covering(slots, chance)
        yield from _by_chance(slots, chance)
    for fields in _fields(singles):
        yield from _filled(fields, chance)


def combine_thoroughly(singles: Sequence[Candidate], chance: Random) -> Iterator[Question]:
    """Let every two query parameters of an operation meet, and what breaks the spec meet what does not."""
    for slots in _served(singles, USUAL):
        yield from _pairwise(slots, chance)
        yield from _meetings(slots, chance)
        yield from _in_long_lists(slots)
    yield from _expanded(singles)
    served = {next(iter(one.values()))[0].question.operation.label: one for one in _served(singles)}
    broken = {(one.question.operation.label, one.feature): one for one in singles if one.expected is Expected.REFUSAL}
    for one in broken.values():
        if _difference(one).slot.where == "query":
            yield from _among(one, served.get(one.question.operation.label, {}), chance)


def _served(singles: Sequence[Candidate], *phases: str) -> Iterator[dict[Slot, list[Candidate]]]:
    """Give the values of query parameters that should be served, or come of these phases, by operation and place."""
    return _by_place(
        one
        for one in singles
        if _difference(one).slot.where == "query" and (one.expected is Expected.SERVICE or one.question.phase in phases)
    )


def _fields(singles: Sequence[Candidate]) -> Iterator[dict[Slot, list[Candidate]]]:
    """Give what fields of updates that the documents spell out may be set to, by operation and field."""
    return _by_place(
        one
        for one in singles
        if is_spelled_out(one.question.operation)
        and one.question.operation.method != CREATE.method
        and one.expected is Expected.SERVICE
        and _is_field(_difference(one))
    )


def _by_place(candidates: Iterable[Candidate]) -> Iterator[dict[Slot, list[Candidate]]]:
    by_label: dict[str, dict[Slot, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for one in candidates:
        by_label[one.question.operation.label][_difference(one).slot].append(one)
    yield from (by_label[label] for label in sorted(by_label))


def _difference(single: Candidate) -> Difference:
    return single.question.differences[0]


def _is_field(one: Difference) -> bool:
    return one.slot.where == "body" and one.slot.name != WHOLE and one.value is not ABSENT


def _filled(fields: dict[Slot, list[Candidate]], chance: Random) -> Iterator[Question]:
    """Change all fields at once, until each value was asked for."""
    left = {slot: _values(fields[slot], chance) for slot in sorted(fields, key=str)}
    operation = next(iter(fields.values()))[0].question.operation
    for together in zip_longest(*left.values()):
        yield Question(operation, COVERING, tuple(one for one in together if one is not None))


def _covering(slots: dict[Slot, list[Candidate]], chance: Random) -> Iterator[Question]:
    """Combine so that each value is asked for once, those first of which there are most."""
    left = {slot: _values(slots[slot], chance) for slot in sorted(slots, key=str)}
    while any(left.values()):
        chosen: list[Slot] = []
        for slot in sorted(left, key=lambda one: (not left[one], -_weight(one, left))):
            if len(chosen) < TOGETHER[1] and (left[slot] or len(chosen) == 1) and may_be_combined([*chosen, slot]):
                chosen.append(slot)
        if len(chosen) < TOGETHER[0]:
            return
        together = tuple(left[one].pop() if left[one] else _value(slots[one], chance) for one in chosen)
        yield Question(slots[chosen[0]][0].question.operation, COVERING, together)


def _weight(slot: Slot, left: dict[Slot, list[Difference]]) -> int:
    """Count how many values are left of a slot and of those that it can't be combined with."""
    return sum(len(values) for one, values in left.items() if one == slot or not may_be_combined([slot, one]))


def _by_chance(slots: dict[Slot, list[Candidate]], chance: Random) -> Iterator[Question]:
    names = sorted(slots, key=str)
    operation = slots[names[0]][0].question.operation
    for _ in range(PER_SPELLED_OUT if is_spelled_out(operation) else PER_OPERATION):
        chosen: list[Slot] = []
        for slot in chance.sample(names, len(names)):
            if len(chosen) < chance.randint(*TOGETHER) and may_be_combined([*chosen, slot]):
                chosen.append(slot)
        if len(chosen) >= TOGETHER[0]:
            yield Question(operation, "combined", tuple(_value(slots[slot], chance) for slot in chosen))


def _pairwise(slots: dict[Slot, list[Candidate]], chance: Random) -> Iterator[Question]:
    """Ask for several places at once until every two of them were asked together."""
    names = sorted(slots, key=str)
    left = {frozenset(pair) for pair in combinations(names, 2)}
    while left:
        chosen = sorted(min(left, key=lambda pair: sorted(map(str, pair))), key=str)
        for name in chance.sample(names, len(names)):
            new = sum(frozenset((name, one)) in left for one in chosen)
            if len(chosen) < PAIRED and name not in chosen and new * 2 > len(chosen):
                chosen.append(name)
        left -= {frozenset(pair) for pair in combinations(chosen, 2)}
        operation = slots[chosen[0]][0].question.operation
        yield Question(operation, "pairwise", tuple(_value(slots[one], chance) for one in chosen))


def _meetings(slots: dict[Slot, list[Candidate]], chance: Random) -> Iterator[Question]:
    """Let every two values meet that a spec names: in one of its states an item may have nothing to expand."""
    named = {slot: _values([one for one in some if _is_named(one)], chance) for slot, some in slots.items()}
    decks: dict[int, list[list[tuple[Difference, Difference]]]] = {0: [], 1: [], 2: []}
    for first, second in combinations(sorted(named, key=str), 2):
        if may_be_combined([first, second]):
            pairs = [*product(named[first][:NAMED], named[second][:NAMED])]
            names = {first.name, second.name}
            likely = 0 if names == {EXPAND, "sort"} else 1 if EXPAND in names else 2
            decks[likely].append(chance.sample(pairs, len(pairs)))
    shares = [islice(alternating(*decks[likely]), most) for likely, most in enumerate(SHARES)]
    longer = _longer(slots)
    for pair in islice(chain(*shares), MEETINGS):
        names = {one.slot.name for one in pair}
        more = longer if EXPAND in names and LIMIT not in names else []
        yield Question(next(iter(slots.values()))[0].question.operation, "meetings", (*pair, *more))


def _expanded(singles: Sequence[Candidate]) -> Iterator[Question]:
    """Let each item that was served meet all that can be expanded in it: some have nothing there."""
    by_label: dict[str, dict[str, list[Difference]]] = defaultdict(lambda: defaultdict(list))
    for one in singles:
        slot, label = _difference(one).slot, one.question.operation.label
        if one.question.phase == USUAL and slot.where == "path":
            by_label[label]["items"].append(_difference(one))
        elif slot.name == EXPAND and one.expected is not Expected.REFUSAL and _is_named(one):
            by_label[label][EXPAND].append(_difference(one))
    operations = {one.question.operation.label: one.question.operation for one in singles}
    for label in sorted(by_label):
        for pair in product(by_label[label]["items"], by_label[label][EXPAND]):
            yield Question(operations[label], "expanded", pair)


def _in_long_lists(slots: dict[Slot, list[Candidate]]) -> Iterator[Question]:
    """Ask for each value that a spec names in a longer list: the few items of a plain one may all be alike."""
    longer = _longer(slots)
    named = (one for slot, some in slots.items() if slot.name != LIMIT for one in some if _is_named(one))
    for one in named if longer else ():
        yield Question(one.question.operation, "longer", (_difference(one), *longer))


def _longer(slots: dict[Slot, list[Candidate]]) -> list[Difference]:
    """Ask for more items than a plain request does: the first ones may have nothing to expand."""
    limits = [_difference(one) for slot, some in slots.items() if slot.name == LIMIT for one in some]
    plain = [one for one in limits if one.value is not ABSENT and str(one.value[0]).isdecimal()]
    return sorted((one for one in plain if int(one.value[0]) <= LONG), key=lambda one: int(one.value[0]))[-1:]


def _is_named(one: Candidate) -> bool:
    """Tell whether the spec names a value, in an enum or in a pattern, and does not only allow it.

    Of lists there is one of several values, and otherwise none.
    """
    value = _difference(one).value
    if one.question.phase == SEVERAL:
        return True
    schema = one.reads[0].schema if one.reads else {}
    items = as_object(schema.get("items"))
    if value is ABSENT or len(value) != 1 or "," in value[0]:
        return False
    return one.question.phase == USUAL or "enum" in schema or "enum" in items or schema.get("type") == "boolean"


def _among(broken: Candidate, slots: dict[Slot, list[Candidate]], chance: Random) -> Iterator[Question]:
    """Put one value that breaks the spec among some that don't: alone it may well be refused."""
    (difference,) = broken.question.differences
    others = sorted((one for one in slots if one != difference.slot), key=str)
    chosen = chance.sample(others, min(len(others), chance.randint(1, TOGETHER[1] - 1)))
    if chosen:
        differences = (difference, *(_value(slots[one], chance) for one in chosen))
        yield Question(broken.question.operation, "among", differences)


def _value(values: list[Candidate], chance: Random) -> Difference:
    return chance.choice(_values(values, chance))


def _values(values: list[Candidate], chance: Random) -> list[Difference]:
    by_mark = {one.question.mark: one for one in values}
    return [_difference(by_mark[mark]) for mark in chance.sample(sorted(by_mark), len(by_mark))]
