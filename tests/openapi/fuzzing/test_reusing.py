"""What was served is asked for again: items, values of fields, words of texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.reusing import ITEMS, look, look_into_archive, reused, swept, taken, various
from tests.openapi.fuzzing.conftest import DOCUMENT, answer, query, twin_of

THINGS = [
    {
        "id": f"thg_{number}",
        "day": "2026-01-02",
        "rank": number,
        "on": True,
        "owner_id": "own_9",
        "note": "Fine Ölkanne 7",
    }
    for number in range(1, 31)
]
SERVED: dict[str, Any] = {"/things": THINGS, "/owners": [{"id": "own_1", "name": "Ada Kovács", "created_at": "Noon"}]}


def values(spec: Published, label: str, name: str) -> list[Any]:
    """Give what a place is set to, in the order in which it is asked."""
    told = (one.differences[0] for one in reused(twin_of(spec, label), spec.document, SERVED))
    return [one.value for one in told if one.slot.name == name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("filter[day]", [("2026-01-02",)]),
        ("filter[rank]", [("1",), ("11",), ("21",)]),
        ("filter[on]", [("true",)]),
        ("filter[owner_id]", [("own_9",), ("own_1",)]),
        ("filter[kind]", []),
        ("limit", []),
    ],
)
def test_filters_ask_for_what_their_fields_hold(spec: Published, name: str, expected: list[tuple[str, ...]]) -> None:
    """Of a reference, for what it might refer to as well; an enum says itself what it may be."""
    assert values(spec, "GET /things", name) == expected


def test_searches_ask_for_words_that_were_written(spec: Published) -> None:
    """No ids, no points in time, no numbers."""
    assert values(spec, "GET /things", "q") == [("Ada",), ("Kovács",), ("Fine",)]


def test_items_are_read_by_their_ids(spec: Published) -> None:
    """Not by all, and spread over them."""
    found = values(spec, "GET /things/{id}", "id")
    assert (len(found) <= ITEMS, found[0], found[1]) == (True, "thg_1", "thg_2")


def test_of_many_items_one_of_each_kind_comes_first() -> None:
    """They differ in a status, or in what is not there."""
    kinds = [{"id": "thg_31", "status": "open"}, {"id": "thg_32", "status": "open", "note": None}]
    found = [one["id"] for one in various([*THINGS, *kinds], 4)]
    assert found == ["thg_1", "thg_31", "thg_32", "thg_2"]


def test_no_more_items_are_taken_than_asked_for() -> None:
    """However many kinds there are."""
    assert len(various([{"id": str(number), "status": str(number)} for number in range(9)], 4)) == 4


def test_each_item_is_read_with_all_that_can_be_expanded(spec: Published) -> None:
    """At once where several can be."""
    twin = twin_of(spec, "GET /things/{id}")
    several = {"type": "array", "items": {"type": "string", "enum": ["owner", "parts"]}}
    named = {"parameters": [*twin.operation.own["parameters"], query("expand", several, explode=False)]}
    twin = replace(twin, operation=replace(twin.operation, own=twin.operation.own | named))
    found = [{one.slot.name: one.value for one in each.differences} for each in swept(twin, spec.document, SERVED)]
    assert found[:2] == [{"id": "thg_1"}, {"id": "thg_1", "expand": ("owner,parts",)}]


@pytest.mark.parametrize(
    ("words", "expected"),
    [(["false", "true", "all"], ("all",)), (["true", "false"], ("true",)), (["no", "yes"], None), (None, None)],
)
def test_what_is_archived_is_looked_at_where_a_list_shows_it(
    spec: Published, words: list[str] | None, expected: tuple[str, ...] | None
) -> None:
    """Beside the limit, by the word that the spec has for it."""
    twin = twin_of(spec, "GET /things")
    more = [query("filter[archived]", {"type": "string", "enum": words})] if words else []
    own = twin.operation.own | {"parameters": [*twin.operation.own["parameters"], *more]}
    twin = replace(twin, operation=replace(twin.operation, own=own), query={"limit": ("1",)})
    question = look_into_archive(twin, spec.document)
    assert (question.differences[-1].value if question else None) == expected


def test_only_lists_are_looked_at(spec: Published) -> None:
    """Of those, only such as take a limit in their plain request."""
    assert (look(twin_of(spec, "GET /things")), look(twin_of(spec, "GET /things/{id}"))) == (None, None)


@pytest.mark.parametrize(
    ("label", "schema", "expected"),
    [
        ("GET /things", {"type": "string"}, [("owner",), ("parts",)]),
        ("GET /things/{id}", {"type": "array", "items": {"type": "string"}}, [("owner",), ("parts",)]),
        ("GET /things", {"type": "array", "items": {"enum": ["owner"]}}, []),
        ("GET /things", {"type": "string", "pattern": "^(owner|parts)$"}, []),
    ],
)
def test_what_fields_refer_to_is_expanded(
    spec: Published, label: str, schema: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    """Where the spec does not say itself what can be."""
    twin = twin_of(spec, label)
    parameters = [*twin.operation.own["parameters"], query("expand", schema)]
    parameters = [one for one in parameters if one["name"] != "expand" or one["schema"] is schema]
    changed = DOCUMENT["paths"] | {twin.operation.path.replace("{}", "{id}"): {"get": {"parameters": parameters}}}
    told = Published({**DOCUMENT, "paths": changed}, answer())
    served = {"/things": [{"id": "thg_1", "owner_id": "own_9", "part_ids": [], "note": "Fine"}]}
    found = [one.differences[0] for one in reused(twin_of(told, label), told.document, served)]
    assert [one.value for one in found if one.slot.name == "expand"] == expected


def test_what_another_item_holds_is_written_again(spec: Published) -> None:
    """Texts, as they stand there; no references, no days, no words of an enum."""
    held = {"id": "thg_1", "title": "Taken", "employee_id": "emp_2", "day": "2026-01-02", "kind": "one", "rank": 3}
    found = [*taken(twin_of(spec, "POST /things"), spec.document, {"/things": [held]})]
    assert [(one.differences[0].slot.name, one.differences[0].value) for one in found] == [("title", "Taken")]
    assert [*taken(twin_of(spec, "POST /things"), spec.document, {})] == []
