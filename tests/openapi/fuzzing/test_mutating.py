"""Values beside the valid ones lie where implementations have their bounds, one at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.mutating import filled, mutants, several, usual
from conformance.openapi.fuzzing.questions import Twin
from conformance.wire.outgoing import ABSENT
from tests.openapi.fuzzing.conftest import RESPONSES, answer, query, twin_of


def values(spec: Published, label: str, name: str) -> list[Any]:
    """Give the values of one place."""
    told = [one.differences[0] for one in mutants(twin_of(spec, label), spec.document)]
    return [one.value for one in told if one.slot.name == name]


@pytest.mark.parametrize("label", ["GET /things", "POST /things", "PATCH /things/{id}"])
def test_one_thing_is_changed_at_a_time_and_nothing_twice(spec: Published, label: str) -> None:
    """So that each answer has one cause."""
    questions = [*mutants(twin_of(spec, label), spec.document)]
    assert ({len(one.differences) for one in questions}, len({one.mark for one in questions})) == ({1}, len(questions))


@pytest.mark.parametrize(
    ("label", "name", "value"),
    [
        ("GET /things", "limit", ("-1",)),
        ("GET /things", "limit", ("2147483648",)),
        ("GET /things", "filter[rank]", ("-9223372036854775808",)),
        ("GET /things", "filter[rank]", ("abc",)),
        ("GET /things", "filter[on]", ("2",)),
        ("GET /things", "filter[day]", ("2024-02-30",)),
        ("GET /things", "filter[at]", ("abc",)),
        ("GET /things", "filter[kind]", ("onex",)),
        ("GET /things", "sort", ("-a ",)),
        ("GET /things", "q", ("a" * 1025,)),
        ("POST /things", "title", "a" * 65_535),
        ("POST /things", "title", []),
        ("POST /things", "title", ABSENT),
        ("POST /things", "rank", 6),
        ("POST /things", "on", None),
        ("POST /things", "kind", "ONE"),
        ("POST /things", "tags", ["ax"]),
    ],
)
def test_each_place_gets_what_is_beside_its_values(spec: Published, label: str, name: str, value: object) -> None:
    """Numbers, words, texts and types have each their own."""
    assert value in values(spec, label, name)


def test_what_refers_to_others_is_no_other_text(spec: Published) -> None:
    """Whatever it might name."""
    found = values(spec, "POST /things", "employee_id")
    assert (ABSENT in found, [] in found, [one for one in found if isinstance(one, str)]) == (True, True, [])


def test_an_id_that_is_there_is_asked_for_a_little_off(spec: Published) -> None:
    """In another case, cut off, prolonged."""
    assert values(spec, "GET /things/{id}", "id") == ["THG_1", "thg_", "thg_10", "1", " thg_1", "thg_1 ", "thg_1,thg_1"]


def test_a_cursor_that_was_given_is_asked_for_a_little_off(spec: Published) -> None:
    """And as it is."""
    told = replace(twin_of(spec, "GET /things"), exchange=answer(body=b'{"data": [], "next_cursor": "abc"}'))
    cursors = [one.differences[0].value for one in mutants(told, spec.document)]
    assert {("abc",), ("ab",), ("cba",), ("ABC",)} <= set(cursors)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["a", "-a"], ["a,-a"]),
        (["a", "-a", "-b"], ["a,-b"]),
        (["a", "-a", "b", "c", "-c", "d", "e"], ["a,b,c,d", "d,e,a"]),
    ],
)
def test_an_order_is_asked_for_by_all_fields(spec: Published, words: list[str], expected: list[str]) -> None:
    """Each of which follows others: what is compared second may be compared otherwise."""
    twin = twin_of(spec, "GET /things")
    order = query("sort", {"type": "array", "items": {"enum": words}}, style="form", explode=False)
    own = twin.operation.own | {"parameters": [order]}
    twin = replace(twin, operation=replace(twin.operation, own=own))
    assert [one.differences[0].value[0] for one in several(twin, spec.document)] == expected


def test_a_parameter_that_takes_a_list_is_asked_for_several_values(spec: Published) -> None:
    """As the spec writes them: with commas between, or each by itself."""
    told = [one.differences[0] for one in several(twin_of(spec, "GET /things"), spec.document)]
    assert {one.slot.name: one.value for one in told} == {"sort": ("a,-a",), "filter[tag]": ("1", "2", "3", "4")}


def test_the_words_of_a_pattern_and_a_small_number_are_asked_for(spec: Published) -> None:
    """Those that fit it by themselves, and what takes a minus in front also so."""
    schemas = ["^-?(read_at|rank)(,-?(read_at|rank))*$", "^(owner)$", "^[a-z]{3}[0-9]+$", "([a"]
    parameters = [query(f"p{place}", {"type": "string", "pattern": one}) for place, one in enumerate(schemas)]
    parameters.append(query("rank", {"type": "integer", "maximum": 10**14}))
    document = {**spec.document, "paths": {"/others": {"get": {"parameters": parameters, "responses": RESPONSES}}}}
    twin = Twin(Published(document, answer()).operations[0], "/others", exchange=answer())
    told = [(one.differences[0].slot.name, *one.differences[0].value) for one in usual(twin, document)]
    assert told == [
        ("p0", "read_at"),
        ("p0", "-read_at"),
        ("p0", "rank"),
        ("p0", "-rank"),
        ("p1", "owner"),
        ("rank", "1"),
    ]


def test_each_item_of_a_list_and_a_point_in_time_is_asked_for(spec: Published) -> None:
    """Whoever draws gives several at once, and times in UTC."""
    told = [
        (one.differences[0].slot.name, *one.differences[0].value)
        for one in usual(twin_of(spec, "GET /things"), spec.document)
    ]
    assert [one for one in told if one[0] in {"sort", "filter[at]"}] == [
        ("sort", "a"),
        ("sort", "-a"),
        ("filter[at]", "2024-05-01T12:00:00+02:00"),
        ("filter[at]", "2024-02-29T12:00:00Z"),
    ]


def test_texts_are_as_long_as_they_may_be_in_characters_that_are_more_than_one_octet(spec: Published) -> None:
    """Of all fields at once that any text would do for."""
    told = [one for one in filled(twin_of(spec, "POST /things"), spec.document) if one.phase == "longest"]
    names = [[one.slot.name for one in each.differences] for each in told]
    lengths = [{len(one.value) for one in each.differences} for each in told]
    assert (names, lengths) == ([["title", "mark", "old"]] * 2, [{10, 20, 5}] * 2)


def test_a_text_without_a_bound_is_not_filled(spec: Published) -> None:
    """Nor is anything asked of what has no body."""
    assert [one for label in ("GET /things", "GET /things/{id}") for one in filled(twin_of(spec, label), {})] == []


def test_a_filter_is_asked_for_what_its_field_may_be(spec: Published) -> None:
    """Where it is any text itself, and the schema of what is listed names the values."""
    item = {"type": "object", "properties": {"state": {"type": "string", "enum": ["open", "done"]}}}
    page = {"type": "object", "properties": {"data": {"type": "array", "items": item}}}
    responses = {"200": {"description": "OK", "content": {"application/json": {"schema": page}}}}
    parameters = [query(name, {"type": "string"}) for name in ("filter[state]", "filter[state][gt]", "filter[other]")]
    document = {**spec.document, "paths": {"/others": {"get": {"parameters": parameters, "responses": responses}}}}
    twin = Twin(Published(document, answer()).operations[0], "/others", exchange=answer())
    told = [(one.differences[0].slot.name, *one.differences[0].value) for one in usual(twin, document)]
    assert told == [("filter[state]", "open"), ("filter[state]", "done")]
