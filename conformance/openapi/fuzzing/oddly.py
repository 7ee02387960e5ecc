"""What is asked oddly, without any drawing: dealt out to all operations, so that each has had its share at any end."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from conformance.openapi.fuzzing.assessing import Expected
from conformance.openapi.fuzzing.assigning import assigned
from conformance.openapi.fuzzing.beneath import half_bodies, no_bodies, refusals, same_types, with_other_keys
from conformance.openapi.fuzzing.dealing import alternating
from conformance.openapi.fuzzing.inside import INSIDE
from conformance.openapi.fuzzing.mutating import MUTATED, filled, mutants
from conformance.openapi.fuzzing.questions import CURSOR, WHOLE, Difference, Question, Slot
from conformance.openapi.fuzzing.stumbling import stumbling, unexpected
from conformance.openapi.fuzzing.twins import is_create
from conformance.target.made.removal import BY_DELETING, ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from random import Random

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.published import Published
    from conformance.openapi.fuzzing.assessing import Candidate
    from conformance.openapi.fuzzing.guarded import Guarded
    from conformance.openapi.fuzzing.plainly import Plainly
    from conformance.openapi.fuzzing.questions import Twin
    from conformance.target.target import Target

    Assess = Callable[[Iterable[Question]], Iterable[Candidate]]

NO_BODY = Difference(Slot("octets", WHOLE), "")
BREAKING = 2
"""So many values of a place that break the same keyword are likely to be taken."""
LIKELY = 4
"""So many values of a place come in the order in which they are given; what is left to chance is asked after them."""


def oddities(target: Target, spec: Published, known: tuple[Plainly, Guarded], assess: Assess) -> Iterator[Candidate]:
    """Give what is known to trip implementations up: an hour of chance would not come upon it.

    `known` are the plain requests, and the guarded ones; `assess` tells what to expect of what is new.
    """
    plainly, guarded = known
    chance = target.random("oddities")
    decks = []
    for operation in spec.operations:
        twin = plainly.twins.get(operation.label)
        accepted = twin is not None and twin.accepted
        rest = [*_of_accepted(target, spec, twin, assess)] if twin is not None and accepted else []
        rest += guarded.odd(operation.label, spec.document, target.chance.digits(16)) if not accepted else ()
        waiting = _of_waiting(rest, plainly.alike.get(operation.label, ()), assess)
        refused = _refused(target, spec, operation, twin, assess)
        decks.append([*waiting, *refused, *_first(rest), *_by_place(rest, chance)])
    yield from alternating(*decks)


def _of_waiting(candidates: Sequence[Candidate], items: Sequence[str], assess: Assess) -> Iterator[Candidate]:
    """Act oddly on items that wait for it, one each: what just breaks each keyword, no body, then what is likeliest."""
    in_body = [one for one in candidates if {each.slot.where for each in one.question.differences} == {"body"}]
    shortest = sorted((one for one in in_body if one.blamed), key=lambda one: -len(one.mark))
    broken = {one.feature: one for one in shortest}
    empty = [one for one in candidates if one.question.differences == (NO_BODY,)]
    others = (one for one in in_body if not one.blamed)
    for item, one in zip(items, chain(broken.values(), empty, others), strict=False):
        of = Difference(Slot("path", one.question.operation.path_names[0]), item)
        yield from _beside(assess([one.question.with_only(of, *one.question.differences)]))


def _first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Give the first value of each filter that a refusal is expected of, and of other places one for each keyword."""
    found: dict[str, Candidate] = {}
    for one in candidates:
        slot = one.blamed[0].slot if one.blamed and one.question.phase == MUTATED else None
        if slot is not None and slot.where == "query":
            found.setdefault(str(slot) if slot.name.startswith("filter[") else one.feature, one)
    return [*found.values()]


def _by_place(candidates: Iterable[Candidate], chance: Random) -> Iterator[Candidate]:
    """Take one of each place, or places, in turn, the likeliest first: some have far more values than others."""
    by_place: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        by_place[_place(one.question)].append(one)
    decks = [_likeliest(deck, chance) for deck in by_place.values()]
    yield from alternating(*decks)


def _place(question: Question) -> str:
    """Tell where a question differs; parameters that the spec does not know are one place, as are cursors of others."""
    if question.phase.startswith(INSIDE):
        return question.phase
    slots, known = [one.slot for one in question.differences], question.operation.parameters
    if any(one.where == "query" and ("query", one.name) not in known for one in slots):
        return "unknown"
    return str(CURSOR) if slots[0] == CURSOR else " ".join(map(str, slots))


def _likeliest(deck: list[Candidate], chance: Random) -> list[Candidate]:
    """Put what comes first, and in turn with it the first two that break each keyword, before the rest.

    Bounds are what is checked most often, and another type what is most often taken.
    """
    breaking: dict[str, list[Candidate]] = {}
    for one in sorted((one for one in deck if one.blamed), key=lambda one: not one.feature.endswith(" type")):
        breaking.setdefault(one.feature, []).append(one)
    first = chain.from_iterable(some[:BREAKING] for some in breaking.values())
    likely = {one.mark: one for one in alternating([*first], deck[:LIKELY])}
    rest = [one for one in deck if one.mark not in likely]
    return [*likely.values(), *chance.sample(rest, len(rest))]


def _refused(
    target: Target, spec: Published, operation: Operation, twin: Twin | None, assess: Assess
) -> Iterator[Candidate]:
    """Ask for refusals of each kind; of a write that must not be done with half a body, by which nothing can be."""
    if twin is None and not _may_be_asked(target, operation):
        return
    yield from _with_other_keys(target, operation, assess)
    bare = not (twin and twin.accepted)
    asked = half_bodies(operation) if bare and operation.request_body.value else no_bodies(operation) if bare else ()
    if twin is not None and twin.accepted:
        yield from assess(Question(operation, "same types", tuple(one)) for one in same_types(twin))
        yield from assess(filled(twin, spec.document))
        asked = refusals(twin, target.chance.unknown_id(_prefix(twin)))
    yield from (unexpected(Question(operation, "refusals", tuple(one))) for one in asked)


def _with_other_keys(target: Target, operation: Operation, assess: Assess) -> Iterator[Candidate]:
    """Expect a refusal without a key where the spec wants one: AUT-01 asks that of what the documents spell out."""
    for one in with_other_keys(operation, target.client.roles):
        question = Question(operation, "other keys", tuple(one))
        yield from assess([question]) if question.is_keyless else [unexpected(question)]


def _may_be_asked(target: Target, operation: Operation) -> bool:
    """Tell whether an operation without a plain request may be asked so that nothing comes of it."""
    return is_create(operation) and not target.settings.read_only


def _of_accepted(target: Target, spec: Published, twin: Twin, assess: Assess) -> Iterator[Candidate]:
    odd = stumbling(twin, spec.document, target.chance.digits(16))
    own = (Question(twin.operation, "assigned", tuple(one)) for one in _assigned(target, spec, twin))
    yield from _beside(assess(chain(odd, own, mutants(twin, spec.document))))


def _assigned(target: Target, spec: Published, twin: Twin) -> Iterable[Sequence[Difference]]:
    """Write what only an API sets where that does not stay: an item that can't be deleted shows it for good."""
    collection = f"/{twin.operation.path.split('/')[1]}"
    goes = target.settings.is_disposable or BY_DELETING in ways(spec.document, collection)
    return assigned(twin, spec.document) if goes else ()


def _beside(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Expect refusals only: that what is odd is served, a schema does not promise."""
    for one in candidates:
        yield unexpected(one.question) if one.expected is Expected.SERVICE else one


def _prefix(twin: Twin) -> str:
    item = twin.path.rpartition("/")[2]
    return item.partition("_")[0] if "_" in item else "x"
