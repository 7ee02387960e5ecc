"""What an API sets itself is written as no client would, and never by what an item is found by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.openapi.fuzzing.assigning import assigned
from conformance.openapi.fuzzing.mutating import NONSENSE
from tests.openapi.fuzzing.conftest import twin_of

if TYPE_CHECKING:
    from conformance.openapi.document.published import Published

SHOWN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "title": {"type": "string"},
        "owner_id": {"type": "string"},
        "created_at": {"type": "string", "format": "date-time"},
        "status": {"type": "string", "enum": ["open", "done"]},
        "author": {"type": "string"},
        "rank": {"type": "integer"},
        "parts": {"type": "array"},
    },
}


def written(spec: Published, label: str, schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Give what is written in a body, where an answer has this schema."""
    twin = twin_of(spec, label)
    responses = {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
    twin = replace(twin, operation=replace(twin.operation, own=twin.operation.own | {"responses": responses}))
    return [{one.slot.name: one.value for one in differences} for differences in assigned(twin, spec.document)]


@pytest.mark.parametrize("schema", [SHOWN, {"properties": {"data": SHOWN}}, {"allOf": [{"type": "object"}, SHOWN]}])
def test_a_change_writes_each_field_that_only_answers_have(spec: Published, schema: dict[str, Any]) -> None:
    """As what it can't be; neither the id nor what refers to others."""
    expected = [{"created_at": NONSENSE}, {"status": NONSENSE}, {"author": 1}, {"parts": NONSENSE}]
    assert written(spec, "PATCH /things/{id}", schema) == expected


def test_a_create_writes_all_of_them_at_once(spec: Published) -> None:
    """Each create makes something."""
    (all_at_once,) = written(spec, "POST /things", SHOWN)
    assert list(all_at_once) == ["created_at", "status", "author", "parts"]


def test_an_answer_without_a_shape_gives_nothing_to_write(spec: Published) -> None:
    """Nor does one of which a body has all."""
    assert [written(spec, "POST /things", schema) for schema in ({}, {"properties": {"title": {}}})] == [[], []]
