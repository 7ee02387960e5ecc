"""An item is found by what its path is named after, and what lies within it is read and added to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.faults.publishing import publishes
from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.bounds import Bounds
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.openapi.fuzzing.twins import Twins
from conformance.reference import HONEST
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client
from tests.openapi.fuzzing.conftest import BASE_URL, RESPONSES, answer

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Behaviour, Handler, Request, Response
    from tests.openapi.fuzzing.conftest import Fuzzing

DEEP = Bounds(requests=900, seconds=240, rounds=NO_END)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/employees/{employee_id}", "id"),
        ("/team-summaries/{teamSummaryId}", "id"),
        ("/preferences/{employee_id}", "employee_id"),
        ("/preferences/{key}", "key"),
        ("/preferences", "id"),
    ],
)
def test_an_item_is_found_by_what_its_path_is_named_after(path: str, expected: str) -> None:
    """By its id, where that is what the parameter means."""
    spec = Published({"openapi": "3.0.3", "paths": {path: {"get": {"responses": RESPONSES}}}}, answer())
    target = Target(Client(BASE_URL, {}, run_id="t"), Settings(), run_id="t")
    assert Twins(target, spec).identifier(path.partition("/{")[0]) == expected


def content(properties: dict[str, Any]) -> dict[str, Any]:
    """Write a request body."""
    return {"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}


def noting(body: dict[str, Any] | None = None, *more: dict[str, Any]) -> Behaviour:
    """Give a reference in whose webhooks there are notes of a body, of which one breaks when it is read.

    What reads one takes `more` parameters.
    """
    inner: list[Any] = [{"id": "nte_1", "status": "read"}, {"id": "nte_2", "status": "read"}]
    inner.append({"id": "nte_3", "status": "lost"})

    def declare(document: Document) -> None:
        one = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        created = {"201": {"description": "Made."}}
        document["paths"]["/webhooks/{id}/notes"] = {
            "parameters": [one],
            "get": {"parameters": [{"$ref": "#/components/parameters/Limit"}], "responses": RESPONSES},
            "post": {"responses": created} | ({"requestBody": content(body)} if body else {}),
        }
        document["paths"]["/webhooks/{id}/notes/{note}"] = {
            "parameters": [one, one | {"name": "note"}, *more],
            "get": {"responses": RESPONSES},
        }

    async def door(request: Request, honest: Handler) -> Response:
        whole, notes, note = request.path.partition("/notes")
        if not notes:
            return await honest(request)
        item = await honest(replace(request, method="GET", path=whole, query=(), raw_query="", body=b""))
        if item.status != 200:
            return item
        page = {"data": inner[:1] if request.param("limit") == "1" else inner, "next_cursor": None, "has_more": False}
        known = {f"/{one['id']}": one for one in inner}
        if note == "/nte_3":
            return item.with_json({}) if request.method != "GET" else replace(item, status=500)
        if request.method == "POST":
            return replace(item.with_json({"id": "nte_4", "status": "new"}), status=201)
        return item.with_json(known.get(note, page))

    return replace(publishes(declare), door=door)


def test_what_lies_within_an_item_is_read_and_added_to(fuzzing: Fuzzing) -> None:
    """One of each state, although a plain list shows one alone; of what is added the item is the run's own."""
    fuzzed, target, _ = fuzzing(DEEP, noting(), leave_data=False, fuzz="deep")
    assert "GET /webhooks/{id}/notes/{note}" in {one.operation.label for one in fuzzed.found.values()}
    added = [one for one in target.client.recorder.exchanges if one.path.endswith("/notes") and one.status == 201]
    assert {target.journal.knows(one.path.split("/")[2]) for one in added} == {True}
    keys = [key for one in added if (key := one.request.header("idempotency-key")) is not None]
    assert len(keys) > len(set(keys)), keys


def test_what_can_not_be_asked_for_is_left_alone(fuzzing: Fuzzing) -> None:
    """Whatever else is asked: it takes a value that nobody can tell."""
    needed = {"in": "query", "required": True}
    word = needed | {"name": "q", "schema": {"type": "string"}}
    secret = needed | {"name": "secret", "schema": {"type": "integer", "minimum": 5, "maximum": 1}}
    _, target, _ = fuzzing(replace(DEEP, requests=200), noting(None, word, secret), leave_data=False, fuzz="deep")
    asked = [one for one in target.client.recorder.exchanges if one.path.startswith("/webhooks/") and "_3" in one.path]
    assert (asked, target.client.count > 100) == ([], True)


@pytest.mark.parametrize(
    ("body", "fuzz"), [({"reviewer_id": {"type": "string"}}, "deep"), ({"text": {"type": "string"}}, "quick")]
)
def test_nothing_is_added_to_an_item_that_names_people_or_in_a_quick_run(
    fuzzing: Fuzzing, body: dict[str, Any], fuzz: str
) -> None:
    """Whoever is named might hear of it."""
    _, target, _ = fuzzing(replace(DEEP, requests=200), noting(body), leave_data=False, fuzz=fuzz)
    added = [one for one in target.client.recorder.exchanges if one.method == "POST" and one.path.endswith("/notes")]
    assert {one.status for one in added} <= {401, 403, 404}


def forgetful() -> Behaviour:
    """Give a reference that breaks where a webhook is made again under a key."""
    used: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        key = request.header("idempotency-key") if request.path == "/v1/webhooks" else None
        response = await honest(request)
        breaks = key in used
        used.update(filter(None, [key]))
        return replace(response, status=500) if breaks else response

    return replace(HONEST, door=door)


def test_what_breaks_on_a_replay_is_told_as_such(fuzzing: Fuzzing) -> None:
    """Its plainest request is served."""
    fuzzed, _, _ = fuzzing(replace(DEEP, requests=400), forgetful(), leave_data=False, fuzz="deep")
    assert "ROB-01 POST /webhooks again 500" in fuzzed.found
