"""An answer is held against what was expected of it, and what broke a server is asked for no more among others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from conformance.openapi.fuzzing.assessing import Candidate, Expected, assess
from conformance.openapi.fuzzing.blaming import Blame
from conformance.openapi.fuzzing.findings import COMBINED, Fuzzed, subject_of
from conformance.openapi.fuzzing.oracle import Oracle
from conformance.openapi.fuzzing.questions import NOBODY, Difference, Question, Slot, Twin
from conformance.openapi.fuzzing.stumbling import unexpected
from tests.openapi.fuzzing.conftest import answer, twin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange

Q, LIMIT, SORT = (Slot("query", name) for name in ("q", "limit", "sort"))


def bad(slot: Slot, text: str = "1") -> Difference:
    """Give another value of a place."""
    return Difference(slot, (text,))


def blamed(twin: Twin, breaks: Callable[[set[Slot]], bool], *asked: tuple[Difference, ...]) -> Blame:
    """Ask for several things at once of a server that breaks on some places."""

    def reply(question: Question) -> Exchange:
        return answer(500 if breaks({one.slot for one in question.differences}) else 200)

    async def send(_: Twin, question: Question) -> Exchange:
        return reply(question)

    async def ask() -> Blame:
        blame = Blame(Fuzzed([twin.operation]), send)
        for differences in asked:
            question = Question(twin.operation, "combined", differences)
            await blame.weigh(unexpected(question), twin, reply(question))
        return blame

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("differences", "foreseen"),
    [
        ((bad(Q), bad(SORT)), True),
        ((bad(Q, "2"), bad(SORT)), False),
        ((bad(LIMIT), bad(SORT)), False),
        ((bad(Q),), False),
    ],
)
def test_a_value_that_broke_it_alone_tells_nothing_among_others(
    spec: Published, differences: tuple[Difference, ...], *, foreseen: bool
) -> None:
    """Another value of the same place may, and by itself it is asked as ever."""
    twin = twin_of(spec, "GET /things")
    blame = blamed(twin, lambda slots: Q in slots, (bad(Q), bad(LIMIT)))
    assert blame.foresees(Question(twin.operation, "combined", differences)) is foreseen


@pytest.mark.parametrize(("times", "foreseen"), [(COMBINED - 1, False), (COMBINED, True)])
def test_places_that_broke_it_together_are_left_after_some_values(
    spec: Published, times: int, *, foreseen: bool
) -> None:
    """Further values of both would do so, too."""
    twin = twin_of(spec, "GET /things")
    pairs = [(bad(Q, str(number)), bad(LIMIT)) for number in range(times)]
    blame = blamed(twin, lambda slots: slots >= {Q, LIMIT}, *pairs)
    question = Question(twin.operation, "combined", (bad(Q, "new"), bad(LIMIT, "new"), bad(SORT)))
    assert blame.foresees(question) is foreseen


# refusals --------------------------------------------------------------------------------------------------


def weighed(spec: Published, difference: Difference, refusal: int, plain: int) -> Fuzzed:
    """Ask for a change of a thing that gets a refusal; its plain request gets `plain`, when that is asked again."""
    twin = twin_of(spec, "PATCH /things/{id}")
    fuzzed = Fuzzed([twin.operation])
    question = Question(twin.operation, "coverage", (difference,))

    async def send(_: Twin, asked: Question) -> Exchange:
        return answer(refusal if asked.differences else plain, b'{"error": {}}')

    async def weigh() -> Fuzzed:
        candidate = assess(question, twin, Oracle(spec))
        await Blame(fuzzed, send).weigh(candidate, twin, await send(twin, question))
        return fuzzed

    return asyncio.run(weigh())


@pytest.mark.parametrize(("plain", "rules"), [(200, ["ROB-03"]), (400, [])])
def test_a_change_that_is_refused_counts_beside_a_plain_one_that_still_is_served(
    spec: Published, plain: int, rules: list[str]
) -> None:
    """What was asked since may have put an end to changes."""
    fuzzed = weighed(spec, Difference(Slot("body", "rank"), 2), 400, plain)
    assert [one.rule for one in fuzzed.found.values()] == rules


@pytest.mark.parametrize(("status", "held"), [(401, 1), (403, 0)])
def test_a_missing_key_is_refused_as_such(spec: Published, status: int, held: int) -> None:
    """Of any other request a 401 says nothing."""
    twin = twin_of(spec, "GET /things")
    fuzzed = Fuzzed([twin.operation])
    question = Question(twin.operation, "other keys", (Difference(Slot("key", ""), NOBODY),))
    candidate = Candidate(question, (), Expected.REFUSAL)

    async def send(_: Twin, __: Question) -> Exchange:
        return answer(status)

    asyncio.run(Blame(fuzzed, send).weigh(candidate, twin, answer(status)))
    assert fuzzed.tallies["ROB-02", subject_of(twin.operation)].held == held
