"""What a spec relates to the items of a collection is found by its links, and by what fields and filters are called."""

from __future__ import annotations

from typing import Any

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.relations import Kin, kin_of
from tests.openapi.fuzzing.conftest import RESPONSES, answer, query

ITEM = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
BODY = {"type": "object", "properties": {"thing_id": {"type": "string"}, "thing": {"type": "string"}}}
WRITE = {"requestBody": {"content": {"application/json": {"schema": BODY}}}, "responses": RESPONSES}
NOTED = [query("filter[thing_id]", {}), query("filter[thing]", {})]
READ = {"responses": RESPONSES}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Related", "version": "1"},
    "paths": {
        "/things": {"get": {**READ, "parameters": [query("filter[thing_id][in]", {})]}, "post": WRITE},
        "/things/{id}": {"parameters": [ITEM], "get": READ, "patch": WRITE, "delete": READ},
        "/things/{id}/archive": {"parameters": [ITEM], "post": READ},
        "/things/{id}/ring": {"parameters": [ITEM], "post": READ},
        "/things/{id}/parts/{part}": {"parameters": [ITEM], "get": READ},
        "/notes": {"get": {**READ, "parameters": NOTED}, "post": WRITE},
        "/history/{of}": {"get": {**READ, "operationId": "history"}},
        "/log": {"get": READ},
    },
}  # fmt: skip


def kin(links: dict[str, Any] | None = None) -> Kin:
    """Relate the things, with links of their create."""
    post = {**WRITE, "responses": {"201": {"description": "Made.", "links": links or {}}}}
    paths = {**DOCUMENT["paths"], "/things": {**DOCUMENT["paths"]["/things"], "post": post}}
    found = kin_of(Published({**DOCUMENT, "paths": paths}, answer()), "/things")
    assert found is not None
    return found


def told(found: Kin) -> list[str]:
    """Name what takes an id, and where."""
    return [f"{one.operation.label} {one.slot}" for one in found.takers]


def test_paths_filters_and_fields_that_are_called_so_take_an_id() -> None:
    """And nothing else does."""
    assert told(kin()) == [
        "GET /things query filter[thing_id][in]",
        "POST /things body thing_id",
        "GET /things/{id} path",
        "DELETE /things/{id} path",
        "PATCH /things/{id} path",
        "POST /things/{id}/archive path",
        "POST /things/{id}/ring path",
        "GET /notes query filter[thing_id]",
        "POST /notes body thing_id",
    ]


def test_links_come_first() -> None:
    """By the id or the place of an operation, into its path or its query."""
    links = {
        "one": {"operationId": "history", "parameters": {"path.of": "$response.body#/id"}},
        "two": {"operationRef": "#/paths/~1log/get", "parameters": {"query.about": "$response.body#/data/id"}},
        "three": {"operationId": "nothing", "parameters": {"id": "$response.body#/id"}},
        "four": {"operationId": "history", "parameters": {"of": "$request.body#/id"}},
    }
    assert told(kin(links))[:3] == ["GET /history/{of} path", "GET /log query about", told(kin())[0]]


def test_only_what_surely_changes_a_state_is_a_move() -> None:
    """A bell that is rung may call somebody."""
    assert [one.label for one in kin().moves] == ["POST /things/{id}/archive"]


def test_without_a_create_nothing_is_related() -> None:
    """There is no item to begin with."""
    assert kin_of(Published(DOCUMENT, answer()), "/log") is None
