"""What implementations stumble over is asked of every place, and reaches nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.openapi.document.published import Published, nesting
from conformance.openapi.fuzzing.questions import Question, Twin
from conformance.openapi.fuzzing.stumbling import DEEP, DEPTHS, MANY, stumbling
from tests.openapi.fuzzing.conftest import RESPONSES, answer, query, twin_of

MOST_OF_OTHERS = 4
LABELS = ("GET /things", "POST /things", "GET /things/{id}", "PATCH /things/{id}")


def asked(spec: Published, label: str) -> list[Question]:
    """Give what an operation of the small spec may stumble over."""
    return [*stumbling(twin_of(spec, label), spec.document, "0123")]


def values(spec: Published, label: str, name: str) -> list[Any]:
    """Give the values of one place."""
    told = [each for one in asked(spec, label) for each in one.differences]
    return [one.value for one in told if one.slot.name == name]


@pytest.mark.parametrize("label", LABELS)
def test_no_question_comes_twice_or_reaches_somebody(spec: Published, label: str) -> None:
    """Each can be put into words, whatever its characters."""
    questions = asked(spec, label)
    twin = twin_of(spec, label)
    harmless = all(twin.changed(one.differences).is_harmless for one in questions)
    assert (len({one.mark for one in questions}), harmless) == (len(questions), True)


@pytest.mark.parametrize(
    ("label", "name", "value"),
    [
        ("GET /things", "q", ("\ud800",)),
        ("GET /things", "limit", ("9" * 20,)),
        ("GET /things", "filter[at]", ("2024-01-01T00:00:00+14:00",)),
        ("GET /things", "filter[day]", ("0000-01-01",)),
        ("GET /things", "filter[kind]", ("one", "one")),
        ("GET /things", "filter[kind]", ("one,one",)),
        ("GET /things", "sort", (",,,",)),
        ("GET /things", "sort", ("a,-a",)),
        ("POST /things", "contact", "\u00e9@example.com"),
        ("POST /things", "contact", "a+b@example.com"),
        ("GET /things", "cursor", ("bnVsbA==",)),
        ("GET /things/{id}", "id", "%"),
        ("POST /things", "title", "a\0b"),
        ("POST /things", "rank", 10**20),
        ("POST /things", "day", "2024-02-29"),
        ("POST /things", "__proto__", {"a": 1}),
    ],
)
def test_each_place_gets_what_is_hard_for_its_kind(spec: Published, label: str, name: str, value: object) -> None:
    """Texts, numbers, days, instants, lists and ids have each their own."""
    assert value in values(spec, label, name)


def test_what_refers_to_others_stays_as_it_is(spec: Published) -> None:
    """So do URLs, read-only fields and those of few values."""
    found = [values(spec, "POST /things", name) for name in ("employee_id", "link", "id", "kind")]
    assert found == [[]] * 4


def test_a_body_may_nest_deeply(spec: Published) -> None:
    """In a field that nobody knows."""
    assert DEEP in {nesting(one) for one in values(spec, "POST /things", "unknown")}


def test_an_object_of_which_nothing_is_said_holds_anything() -> None:
    """Also objects in each other; one of which the fields are known is left to those who draw."""
    known = {"type": "object", "properties": {"a": {"type": "string"}}}
    body = {"type": "object", "properties": {"metadata": {"type": "object"}, "known": known}}
    create = {"requestBody": {"content": {"application/json": {"schema": body}}}, "responses": RESPONSES}
    spec = Published({"openapi": "3.0.3", "paths": {"/others": {"post": create}}}, answer())
    twin = Twin(spec.operations[0], "/others", body={}, exchange=answer())
    told = [each for one in stumbling(twin, spec.document, "0123") for each in one.differences]
    found = {name: [one.value for one in told if one.slot.name == name] for name in ("metadata", "known")}
    assert (found["known"], {} in found["metadata"], max(map(nesting, found["metadata"]))) == ([], True, DEPTHS[-1] + 1)


@pytest.mark.parametrize(
    ("label", "names"),
    [("POST /things", ["note", "mark", "old"]), ("PATCH /things/{id}", ["title", "note", "mark", "old"])],
)
def test_all_that_may_be_left_out_is_empty_at_once(spec: Published, label: str, names: list[str]) -> None:
    """What is required stays, and what refers to others."""
    asked_for = [[(one.slot.name, one.value) for one in each.differences] for each in asked(spec, label)]
    assert [(name, "") for name in names] in asked_for


def test_what_takes_several_values_is_given_far_more_than_anybody_needs(spec: Published) -> None:
    """All of them different, and of the kind that is compared."""
    counted = [
        [len({*one[0].split(",")}) for one in values(spec, "GET /things", name) if one[0].count(",") > MOST_OF_OTHERS]
        for name in ("filter[due_date][in]", "filter[tag]", "filter[kind]")
    ]
    assert counted == [[*MANY], [*MANY], []]
    assert any(
        one[0].startswith("2024-01-01,2024-01-02,") for one in values(spec, "GET /things", "filter[due_date][in]")
    )


def test_a_list_holds_the_same_twice_or_far_too_often(spec: Published) -> None:
    """The first of what it held, or of what its schema says."""
    found = [one for one in values(spec, "POST /things", "tags") if isinstance(one, list) and len(one) > 1]
    assert [(len(one), {*one}) for one in found] == [(2, {"a"}), (MANY[-1], {"a"})]


def test_a_field_is_filtered_in_two_ways_at_once() -> None:
    """By one of its values, and by a list of them or all that follow."""
    parameters = [query("filter[kind]", {"enum": ["a", "b"]}), query("filter[kind][in]", {"type": "string"})]
    parameters += [query("filter[day]", {"format": "date"}), query("filter[day][gte]", {"format": "date"})]
    document = {"openapi": "3.0.3", "paths": {"/all": {"get": {"parameters": parameters, "responses": RESPONSES}}}}
    twin = Twin(Published(document, answer()).operations[0], "/all", exchange=answer())
    pairs = [one.differences for one in stumbling(twin, document, "0") if len(one.differences) > 1]
    assert [[(each.slot.name, *each.value) for each in one] for one in pairs] == [
        [("filter[kind]", "a"), ("filter[kind][in]", "b")],
        [("filter[day]", "2024-02-29"), ("filter[day][gte]", "2024-02-29")],
    ]


def test_the_page_of_one_list_is_turned_in_another(spec: Published) -> None:
    """In another order, and with a filter, of which the spec names values."""
    twin = replace(twin_of(spec, "GET /things"), exchange=answer(body=b'{"data": [], "next_cursor": "abc"}'))
    found = [one.differences for one in stumbling(twin, spec.document, "0") if one.differences[0].value == ("abc",)]
    told = [(one.slot.name, *one.value) for _, one in found]
    assert told == [("sort", "a"), ("sort", "-a"), ("filter[kind]", "one"), ("filter[kind]", "two")]
