"""Sequences over what a spec relates to one item: which steps an item goes through, one after the other.

create ── read ── update ── list by it ── archive ── update ── restore ── delete ── read
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.judging.shortening import without_some
from conformance.openapi.fuzzing.assessing import Expected
from conformance.openapi.fuzzing.questions import WHOLE, Difference, Slot
from conformance.openapi.fuzzing.relations import PATH, Kin, Taker
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from random import Random

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.assessing import Candidate

    Values = Mapping[str, Sequence[Difference]]

STEPS = (5, 9)
"""So many steps are drawn for a sequence, at least and at most; its end comes on top."""
_READS = frozenset({"GET", "HEAD"})
_CHANGES = ("PATCH", "PUT")
NO_CHANGE = Difference(Slot("body", WHOLE), {})


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One request about the item: who takes its id, and what differs from that operation's plain request."""

    taker: Taker
    differences: tuple[Difference, ...] = ()

    @property
    def operation(self) -> Operation:
        """What is asked."""
        return self.taker.operation


@dataclass(frozen=True, slots=True)
class Course:
    """The steps of a sequence about one item of a collection, which begins with its create."""

    collection: str
    steps: tuple[Step, ...]


def usual(kin: Kin, values: Values) -> list[Step]:
    """Give the course that an item takes in any run: all its states, each looked at, and its deletion.

    Of an item that has no other state and can't be deleted there is none: the plain requests tell as much.
    """
    read, change, delete = kin.of("GET"), _change(kin, values), kin.of("DELETE")
    looks = [Step(Taker(read))] if read else []
    moved = [one for move in kin.moves for one in (Step(Taker(move)), *looks)]
    if moved:
        moved[len(looks) + 1 : len(looks) + 1] = change
        moved += [*change, *_listed(kin), Step(Taker(kin.moves[0]))]
    return [*moved, *([*looks, Step(Taker(delete)), *looks, *change] if delete else [])]


def insistent(kin: Kin, values: Values) -> list[Step]:
    """Give a course of everything twice, and of changes that change nothing: what was done already, or is gone."""
    change = kin.of("PATCH")
    empty = [Step(Taker(change), (NO_CHANGE,))] if change else []
    moved = [step for one in kin.moves for step in (*[Step(Taker(one))] * 2, *empty)]
    deleted = [Step(Taker(one)) for one in [kin.of("DELETE")] * 2 if one]
    return [*moved, *deleted, *(_change(kin, values) if deleted else [])]


def _change(kin: Kin, values: Values) -> list[Step]:
    found = next(filter(None, map(kin.of, _CHANGES)), None)
    return [Step(Taker(found), tuple(values.get(found.label, ())[:1]))] if found else []


def _listed(kin: Kin) -> list[Step]:
    return [Step(one) for one in kin.takers if one.slot.where == "query"][:1]


def drawn(kin: Kin, values: Values, known: Collection[str], chance: Random) -> list[Step]:
    """Draw a course; `values` are the differences to choose from by operation, `known` those that may be asked.

    A deletion comes last, if at all, and is followed by something that can't be done any more.
    """
    takers = [one for one in kin.takers if one.operation.label in known]
    groups = [group for group in map(list, _groups(kin, takers)) if group]
    length = chance.randint(*STEPS) if groups else 0
    course = [_step(chance.choice(chance.choice(groups)), values, chance) for _ in range(length)]
    delete, own = kin.of("DELETE"), [one for one in takers if one.slot == PATH]
    if delete is not None and chance.random() < 0.7:  # noqa: PLR2004  # some live on
        read = [Step(Taker(one)) for one in [kin.of("GET")] if one]
        course += [*read, Step(Taker(delete)), *read, *(_step(chance.choice(own), values, chance) for _ in own[:2])]
    return course


def _groups(kin: Kin, takers: Sequence[Taker]) -> Iterator[list[Taker]]:
    """Sort what can be asked so that each kind has the same chance: reads, changes, moves, and what others take."""
    own = [one for one in takers if one.slot == PATH]
    yield [one for one in own if one.operation.method in _READS]
    yield [one for one in own if one.operation.method in _CHANGES]
    yield [one for one in own if one.operation in kin.moves] * 2
    yield [one for one in takers if one.slot != PATH]


def _step(taker: Taker, values: Values, chance: Random) -> Step:
    some = values.get(taker.operation.label, ())
    return Step(taker, (chance.choice(some),) if some and chance.random() < 0.8 else ())  # noqa: PLR2004  # some are plain


def shorter(course: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """Give courses of fewer or plainer steps; the last one is what fails."""
    yield from (one for one in without_some(course) if len(one) < len(course))
    for place, step in enumerate(course):
        if step.differences:
            yield [*course[:place], Step(step.taker), *course[place + 1 :]]


def values(singles: Iterable[Candidate]) -> Values:
    """Sort out what a field of a body may be set to, by operation: what should be served."""
    found: dict[str, list[Difference]] = defaultdict(list)
    for one in sorted(singles, key=lambda one: one.question.mark):
        difference = one.question.differences[0]
        if one.expected is Expected.SERVICE and difference.slot.where == "body" and difference.value is not ABSENT:
            found[one.question.operation.label].append(difference)
    return found
