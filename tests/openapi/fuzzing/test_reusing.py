"""What was served is asked for again: items, values of fields, words of texts."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.reusing import ITEMS, look, reused, taken
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
    assert (len(found) <= ITEMS, found[0], found[1]) == (True, "thg_1", "thg_4")


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
