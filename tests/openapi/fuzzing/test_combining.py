"""What is combined asks for every value once, in far fewer requests, and never for what excludes each other."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from random import Random

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.assessing import Candidate, Expected, assess
from conformance.openapi.fuzzing.combining import combine, combine_thoroughly
from conformance.openapi.fuzzing.dealing import COVERING, deal
from conformance.openapi.fuzzing.oracle import Oracle
from conformance.openapi.fuzzing.questions import Difference, Question, Slot, Twin
from conformance.openapi.fuzzing.weighing import may_be_combined
from conformance.wire.outgoing import ABSENT
from tests.openapi.fuzzing.conftest import RESPONSES, answer, query

DAYS = [f"filter[observation_date]{operator}" for operator in ("", "[lt]", "[gt]")]
VALUES = {"sort": ("a", "b"), "filter[type]": ("strength", "opportunity"), "limit": ("1", "2")}
PARAMETERS = [
    *(query(name, {"type": "string", "enum": list(values)}) for name, values in VALUES.items() if name != "limit"),
    *(query(name, {"type": "string", "format": "date"}) for name in DAYS),
    query("limit", {"type": "integer", "minimum": 1}),
]
LIST = Published(
    {"openapi": "3.0.3", "paths": {"/observations": {"get": {"parameters": PARAMETERS, "responses": RESPONSES}}}},
    answer(),
)
TWIN = Twin(LIST.operations[0], "/observations", exchange=answer())


def candidate(*differences: tuple[str, str], phase: str = "coverage") -> Candidate:
    """Assess a question on the list of observations."""
    told = tuple(Difference(Slot("query", name), (text,)) for name, text in differences)
    return assess(Question(TWIN.operation, phase, told), TWIN, Oracle(LIST))


SINGLES = [
    *(candidate((name, text)) for name, texts in VALUES.items() for text in texts),
    *(candidate((name, "2020-01-01")) for name in DAYS),
]


@pytest.mark.parametrize("seed", range(20))
def test_every_value_is_covered_once(seed: int) -> None:
    """In as many requests as there are values of one field, or little more."""
    covering = [one for one in combine(SINGLES, Random(seed)) if one.phase == COVERING]
    asked = Counter(difference.mark for one in covering for difference in one.differences)
    wanted = {one.question.differences[0].mark for one in SINGLES}
    assert (wanted == set(asked), len(covering) in {3, 4}) == (True, True)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_combined_has_nothing_to_do_with_each_other(seed: int) -> None:
    """No field is filtered twice."""
    combined = combine(SINGLES, Random(seed))
    assert all(may_be_combined([each.slot for each in one.differences]) for one in combined)


@pytest.mark.parametrize("seed", range(20))
def test_thoroughly_every_two_places_meet(seed: int) -> None:
    """In fewer requests than there are pairs."""
    pairs = [one for one in combine_thoroughly(SINGLES, Random(seed)) if one.phase == "pairwise"]
    names = [sorted(difference.slot.name for difference in one.differences) for one in pairs]
    met = {pair for one in names for pair in combinations(one, 2)}
    assert (len(met), len(pairs) < 15) == (15, True)


def test_thoroughly_what_breaks_the_spec_meets_what_does_not() -> None:
    """It is still expected to be refused, for that one reason."""
    (one,) = [
        one for one in combine_thoroughly([*SINGLES, candidate(("limit", "-1"))], Random(1)) if one.phase == "among"
    ]
    told = assess(one, TWIN, Oracle(LIST))
    assert (told.expected, [read.slot.name for read in told.blamed]) == (Expected.REFUSAL, ["limit"])


def test_what_is_covered_is_not_asked_for_alone_before() -> None:
    """Each question is dealt, and none twice."""
    assert {one.expected for one in SINGLES} == {Expected.SERVICE}
    questions = combine(SINGLES, Random(1))
    combined = [candidate(*((d.slot.name, d.value[0]) for d in one.differences), phase=one.phase) for one in questions]
    dealt = [one.question for one in deal(SINGLES, combined, [], Random(1))]
    last = max(place for place, one in enumerate(dealt) if one.phase == COVERING)
    assert [one for one in dealt[:last] if len(one.differences) == 1] == []
    assert (Counter(map(id, dealt)).most_common(1)[0][1], len(dealt)) == (1, len(SINGLES) + len(combined))


@pytest.mark.parametrize("seed", range(5))
def test_what_lies_beyond_a_bound_is_asked_before_what_is_of_another_kind(seed: int) -> None:
    """A short run then reaches it with any seed."""
    values = {"limit": ("0", "one"), "sort": ("c",), DAYS[0]: ("tomorrow",), DAYS[1]: ("soon",)}
    singles = [candidate((name, text)) for name, texts in values.items() for text in texts]
    asked = [read.keyword for one in deal(singles, [], [], Random(seed)) for read in one.blamed]
    assert ({*asked[:2]}, asked[2:]) == ({"minimum", "enum"}, ["format", "format", "type"])


def test_an_update_is_asked_for_several_values_at_once() -> None:
    """Each field has each value once; a field that is left out is no value."""
    body = {"impact": {"type": "string", "maxLength": 9}, "observation": {"type": "string", "maxLength": 9}}
    update = {
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": body}}}},
        "responses": RESPONSES,
    }
    spec = Published({"openapi": "3.0.3", "paths": {"/observations/{id}": {"patch": update}}}, answer())
    twin = Twin(spec.operations[0], "/observations/1", body={"impact": "a"}, exchange=answer())
    values = [("impact", "b"), ("impact", "c"), ("observation", "d"), ("impact", ABSENT), ("observation", 1)]
    questions = [Question(twin.operation, "coverage", (Difference(Slot("body", name), one),)) for name, one in values]
    together = combine([assess(one, twin, Oracle(spec)) for one in questions], Random(1))
    assert sorted(len(one.differences) for one in together) == [1, 2]


def test_every_two_values_that_the_spec_names_meet() -> None:
    """Days it does not name, and of a list as a value it names the parts alone."""
    singles = [*SINGLES, candidate(("sort", "a,b"))]
    met = [one for one in combine_thoroughly(singles, Random(1)) if one.phase == "meetings"]
    told = {frozenset(each.value[0] for each in one.differences) for one in met}
    assert told == {frozenset((order, kind)) for order in "ab" for kind in VALUES["filter[type]"]}


def test_each_named_value_is_asked_for_in_a_longer_list() -> None:
    """The longest limit that is served and not too long; what is only allowed is left to others."""
    found = [one for one in combine_thoroughly(SINGLES, Random(1)) if one.phase == "longer"]
    told = {tuple(f"{each.slot.name}={each.value[0]}" for each in one.differences) for one in found}
    assert told == {(f"{name}={text}", "limit=2") for name in ("sort", "filter[type]") for text in VALUES[name]}
