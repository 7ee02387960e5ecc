"""Where the documents leave a resource open, no choice of a target's is held against it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.faults.rewriting import refusal
from conformance.faults.trial import trial
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST
from conformance.reference.http import answer
from scenarios._resources import is_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.judging.results import Check
    from conformance.reference import Handler, Request, Response


def checks_of(rule_id: str, **behaviour: Any) -> Mapping[str | None, Check]:  # noqa: ANN401  # fields of Behaviour
    """Judge one rule and give its checks by subject."""
    checks = asyncio.run(trial({rule_id}, replace(HONEST, **behaviour)))
    return {check.subject: check for check in checks}


async def one_object(request: Request, honest: Handler) -> Response:
    """Answer the preferences as one object inside data."""
    response = await honest(request)
    if request.path != "/v1/preferences" or response.status != 200:
        return response
    return response.with_json({"data": {"language": "en"}})


def test_preferences_may_be_one_object() -> None:
    """Then there is no item to read, and their shape is that of the object."""
    assert checks_of("RES-03", door=one_object)["/preferences"].verdict is Verdict.NOT_APPLICABLE
    assert checks_of("RES-05", door=one_object)["/preferences"].value == {"shape": "in data"}


@pytest.mark.parametrize(("path", "expected"), [("/preferences", Verdict.PASS), ("/summaries", Verdict.FAIL)])
def test_a_query_may_be_required_where_the_documents_leave_it_open(path: str, expected: Verdict) -> None:
    """A collection is read at its path; what preferences are, nobody says but the spec."""

    def publish(document: Mapping[str, Any]) -> Mapping[str, Any]:
        required = {"name": "user_id", "in": "query", "required": True, "schema": {"type": "string"}}
        get = document["paths"][path]["get"]
        changed = {"get": get | {"parameters": [*get["parameters"], required]}}
        return {**document, "paths": document["paths"] | {path: document["paths"][path] | changed}}

    async def door(request: Request, honest: Handler) -> Response:
        wanted = request.path == f"/v1{path}" and request.param("user_id") is None
        return refusal("validation_error", "user_id") if wanted else await honest(request)

    assert checks_of("RES-01", door=door, publish=publish)[path].verdict is expected


def test_a_method_that_the_spec_declares_is_an_addition() -> None:
    """DELETE where applicable: it is not even sent."""
    sent: list[str] = []

    def publish(document: Mapping[str, Any]) -> Mapping[str, Any]:
        path = "/observations/{id}"
        item = document["paths"][path] | {"delete": {"responses": {"200": {"description": "Gone."}}}}
        return {**document, "paths": document["paths"] | {path: item}}

    async def door(request: Request, honest: Handler) -> Response:
        sent.append(request.method)
        return await honest(request)

    checks = checks_of("RES-04", door=door, publish=publish)
    assert (checks["DELETE"].verdict, checks["PUT"].verdict) == (Verdict.NOT_APPLICABLE, Verdict.PASS)
    assert "DELETE" not in sent


def test_all_in_data_is_told_as_one() -> None:
    """The sentence is the same whatever the resources."""
    told = checks_of("RES-05", envelope=lambda item: {"data": item})[None]
    assert told.message == "All single resources come in data."


def test_an_item_that_was_removed_meanwhile_accuses_nobody() -> None:
    """It is no longer listed when its id gets 404."""
    removed: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if request.path == "/v1/webhooks" and response.status == 200:
            page = response.json()
            return response.with_json(page | {"data": [one for one in page["data"] if one["id"] not in removed]})
        if request.path.startswith("/v1/webhooks/"):
            removed.add(request.path.rpartition("/")[2])
            return answer(404, {"error": {"code": "not_found", "message": "It is gone."}})
        return response

    assert checks_of("RES-03", door=door)["/webhooks"].verdict is Verdict.NOT_JUDGED


@pytest.mark.parametrize(("value", "expected"), [("emp_1", True), (7, True), ("", False), (None, False), (True, False)])
def test_ids_may_be_numbers(value: object, *, expected: bool) -> None:
    """Only those of observations are documented to be texts."""
    assert is_id(value) is expected


@pytest.mark.parametrize("spoilt", [None, 7, [], ...])
def test_ids_that_are_none_break_no_check(spoilt: object) -> None:
    """Whatever stands where an id should: the target is told, the suite goes on."""

    async def nameless(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        page = response.json() if request.method == "GET" and response.status == 200 else None
        if not isinstance(page, dict) or not isinstance(page.get("data"), list):
            return response
        items = [{**item, "id": spoilt} for item in page["data"]]
        return response.with_json({**page, "data": [_without_dots(item) for item in items]})

    checks = asyncio.run(trial({"TRN-01", "ERR-02", "RES-02", "AUT-01", "AUT-11"}, replace(HONEST, door=nameless)))
    assert [one.item for one in checks if one.verdict is Verdict.ERROR] == []


def _without_dots(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value is not ...}
