"""What broke a server is asked for no more among other things."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from conformance.openapi.fuzzing.blaming import Blame
from conformance.openapi.fuzzing.findings import COMBINED, Fuzzed
from conformance.openapi.fuzzing.questions import Difference, Question, Slot, Twin
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
