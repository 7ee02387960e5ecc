"""In which order questions are asked, so that wherever the asking ends every operation has had its share."""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, TypeVar

from conformance.contract.resources import CREATE, OPERATIONS
from conformance.openapi.fuzzing.assessing import Expected
from conformance.target.documents import below_base

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from random import Random

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.assessing import Candidate

    Decks = dict[str, deque[Candidate]]

T = TypeVar("T")
SPELLED_OUT = frozenset((one.method, below_base(one.path)) for one in OPERATIONS)
"""The operations that the documents spell out: after the first round it is their turn until every feature was tried."""

LAST = ("format", "pattern", "type")
"""Of what a spec rules out a short run asks first what lies beyond a bound, and these in this order."""
COVERING = "covering"
"""The phase of combinations that together ask for every value once: far fewer than asking for each alone."""


def deal(
    singles: Sequence[Candidate],
    combined: Iterable[Candidate],
    wholes: Iterable[Candidate],
    chance: Random,
    thorough: Iterable[Candidate] = (),
) -> list[Candidate]:
    """Order questions: one refusal of each operation, all that is spelled out, and the rest in turn.

    `singles` change one thing. Of what is `combined`, what covers several of them stands for them; the others, what is
    asked `thorough`ly, and `wholes` by chance, take every other turn once the spelled out is done.
    """
    combined = list(combined)
    covering = [one for one in combined if one.question.phase == COVERING]
    covered = {one.question.with_only(each).mark for one in covering for each in one.question.differences}
    refused, served, rest = (_decks(singles, one, chance) for one in Expected)
    alone = _spelled_out(served, but_for=CREATE.method, covered=covered)
    first = _round(refused)
    forbidden = sorted(_spelled_out(refused), key=_rank)
    dealt = [*first, *alternating(forbidden, chain(covering, alone))]
    left = [one for kinds in _rounds(refused, served, rest) for one in kinds]
    others = [one for one in combined if one.question.phase != COVERING]
    others.sort(key=lambda one: not is_spelled_out(one.question.operation))
    return [*dealt, *alternating(left, alternating(others, *_by_phase(thorough), wholes))]


def _by_phase(thorough: Iterable[Candidate]) -> list[Iterator[Candidate]]:
    """Sort questions by their phase; in each the operations take turns."""
    phases: dict[str, dict[str, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for one in thorough:
        phases[one.question.phase][one.question.operation.label].append(one)
    return [alternating(*by_label.values()) for by_label in phases.values()]


def is_spelled_out(operation: Operation) -> bool:
    """Tell whether the documents spell out an operation."""
    return (operation.method, operation.path) in SPELLED_OUT


def _rounds(*decks: Decks) -> Iterator[list[Candidate]]:
    """Take rounds as long as any deck has a card."""
    while any(decks):
        yield [one for each in decks for one in _round(each)]


def _round(decks: Decks) -> list[Candidate]:
    """Take one card from each operation's deck."""
    taken = [deck.popleft() for deck in decks.values()]
    for label in [label for label, deck in decks.items() if not deck]:
        del decks[label]
    return taken


def _spelled_out(decks: Decks, *, but_for: str = "", covered: Collection[str] = frozenset()) -> Iterator[Candidate]:
    """Take each feature once from the decks of the operations that the documents spell out, `covered` questions aside.

    What is served makes something, where the operation is a create: `but_for` its method.
    """
    for label in list(decks):
        operation = decks[label][0].question.operation
        if is_spelled_out(operation) and operation.method != but_for:
            deck = decks.pop(label)
            tried = {one.feature: one for one in reversed(deck) if one.question.mark not in covered}
            yield from [one for one in deck if tried.get(one.feature) is one]
            rest = deque(one for one in deck if tried.get(one.feature) is not one)
            decks |= {label: rest} if rest else {}


def alternating(*cards: Iterable[T]) -> Iterator[T]:
    """Take one of each in turn."""
    for row in zip_longest(*cards):
        yield from (one for one in row if one is not None)


def _decks(candidates: Sequence[Candidate], expected: Expected, chance: Random) -> Decks:
    """Sort questions by operation; in each deck every feature comes once before any comes again."""
    by_label: dict[str, dict[str, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for one in candidates:
        if one.expected is expected:
            by_label[one.question.operation.label][one.feature].append(one)
    labels = sorted(by_label)
    chance.shuffle(labels)
    return {label: deque(_by_turns(by_label[label], chance)) for label in labels}


def _rank(one: Candidate) -> int:
    """Return how late its turn is: 0 beyond a bound, and where nothing is ruled out."""
    return max((LAST.index(read.keyword) + 1 for read in one.blamed if read.keyword in LAST), default=0)


def _by_turns(features: dict[str, list[Candidate]], chance: Random) -> Iterator[Candidate]:
    stacks = [features[name] for name in sorted(features)]
    chance.shuffle(stacks)
    stacks.sort(key=lambda stack: _rank(stack[0]))
    for stack in stacks:
        chance.shuffle(stack)
    while stacks := [stack for stack in stacks if stack]:
        yield from [stack.pop() for stack in stacks]
