"""Beyond the first page, lists are asked for under all that may be served."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.openapi.fuzzing.assessing import Candidate, Expected
from conformance.openapi.fuzzing.bounds import Bounds
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.openapi.fuzzing.mutating import USUAL
from conformance.openapi.fuzzing.paging import FAR, MOST, paged
from conformance.openapi.fuzzing.questions import PAGES, Difference, Question, Slot
from conformance.reference import HONEST
from tests.openapi.fuzzing.conftest import twin_of

if TYPE_CHECKING:
    from conformance.openapi.document.published import Published
    from conformance.reference import Handler, Request, Response
    from tests.openapi.fuzzing.conftest import Fuzzing


def single(spec: Published, name: str, value: str, expected: Expected, phase: str = "coverage") -> Candidate:
    """Give a question that changes one parameter."""
    operation = twin_of(spec, "GET /things").operation
    return Candidate(Question(operation, phase, (Difference(Slot("query", name), (value,)),)), (), expected)


def turned(singles: list[Candidate]) -> list[tuple[str, ...]]:
    """Give the places of what is asked, and how many pages are turned."""
    told = (one.question for one in paged(singles, random.Random(1)))
    return sorted((*(each.slot.name for each in one.differences if each.slot != PAGES), str(one.turns)) for one in told)


def test_a_second_page_is_asked_for_under_what_may_be_served(spec: Published) -> None:
    """And a dozen pages in each order."""
    served = [
        single(spec, "filter[kind]", "one", Expected.SERVICE),
        single(spec, "sort", "a", Expected.ANYTHING, USUAL),
    ]
    others = [single(spec, "filter[kind]", "x", Expected.REFUSAL), single(spec, "limit", "2", Expected.SERVICE)]
    assert turned([*served, *others]) == [("filter[kind]", "1"), ("sort", "1"), ("sort", "limit", str(FAR))]


def test_of_many_values_only_some_are_asked_for(spec: Published) -> None:
    """Each costs a request."""
    many = [single(spec, "q", str(number), Expected.SERVICE) for number in range(MOST + 9)]
    assert len(turned(many)) == MOST


async def forgetful(request: Request, honest: Handler) -> Response:
    """Break on the second page of the employees that are sorted by their last names."""
    sorts = request.path == "/v1/employees" and (request.param("sort") or "").endswith("last_name")
    response = await honest(request)
    return replace(response, status=500) if sorts and request.param("cursor") else response


@pytest.mark.slow
def test_what_breaks_on_a_later_page_is_told(fuzzing: Fuzzing) -> None:
    """By what it was sorted by, and that a page was turned."""
    fuzzed, _, _ = fuzzing(Bounds(requests=9000, seconds=240, rounds=NO_END), replace(HONEST, door=forgetful))
    assert "ROB-01 GET /employees query sort, page 500" in fuzzed.found
