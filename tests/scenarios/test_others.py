"""Collections that a spec adds are found in it, judged by the rules of all, and told apart by their paths."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.faults.trial import trial
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST
from conformance.reference.http import answer
from scenarios._others import MOST, OTHERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.judging.results import Check
    from conformance.reference import Handler, Request, Response

    Spec = Mapping[str, Any]

ATTRIBUTES = "/attributes"
EMPTY = {"data": [], "next_cursor": None, "has_more": False}


def judge(publish: Callable[[Spec], Spec], served: Mapping[str, object] | None = None) -> Check:
    """Judge PAG-01 on the collections that a spec adds; `served` are bodies by path."""

    async def door(request: Request, honest: Handler) -> Response:
        path = request.path.removeprefix("/v1")
        return answer(200, (served or {})[path]) if path in (served or {}) else await honest(request)

    checks = asyncio.run(trial({"PAG-01"}, replace(HONEST, publish=publish, door=door)))
    return next(check for check in checks if check.subject == OTHERS)


def adding(**schemas: Mapping[str, Any] | None) -> Callable[[Spec], Spec]:
    """Take the attributes out of the spec, and add collections of these names and schemas of their answers."""

    def publish(document: Spec) -> Spec:
        paths = {path: item for path, item in document["paths"].items() if not path.startswith(ATTRIBUTES)}
        for name, schema in schemas.items():
            content = {"content": {"application/json": {"schema": schema}}} if schema else {}
            paths[f"/{name}"] = {"get": {"responses": {"200": {"description": "Things.", **content}}}}
        return {**document, "paths": paths}

    return publish


PAGE = {"type": "object", "properties": {"data": {"type": "array", "items": {}}, "next_cursor": {"type": "string"}}}
REPORT = {"type": "object", "properties": {"data": {"type": "array", "items": {}}, "total": {"type": "integer"}}}


@pytest.mark.parametrize("schemas", [{}, {"report": REPORT}, {"tags": {"type": "array"}}])
def test_a_spec_without_further_collections_is_no_matter(schemas: dict[str, Any]) -> None:
    """What answers no page is no collection of resources."""
    assert judge(adding(**schemas)).verdict is Verdict.NOT_APPLICABLE


def test_a_spec_that_is_not_published_tells_of_no_collections() -> None:
    """Then it is not known whether there are any."""
    check = judge(lambda _: {})
    assert (check.verdict, check.hint) == (Verdict.NOT_JUDGED, "Publish /openapi.json.")


def test_each_is_told_by_its_path_worst_first() -> None:
    """The item ends as the worst of them does."""
    check = judge(adding(notes=PAGE, tags=PAGE), {"/notes": EMPTY, "/tags": {"data": "none"}})
    told = [part.partition(":")[0] for part in check.message.split("; ")]
    assert (check.verdict, told) == (Verdict.FAIL, ["/tags", "/notes"])


@pytest.mark.parametrize(("served", "expected"), [(EMPTY, Verdict.PASS), ({"ok": True}, Verdict.NOT_APPLICABLE)])
def test_where_the_spec_says_nothing_the_answer_decides(served: object, expected: Verdict) -> None:
    """It is a page, or it is none."""
    assert judge(adding(notes=None), {"/notes": served}).verdict is expected


def test_only_a_few_are_judged() -> None:
    """Each costs the target requests."""
    names = {f"things{number}": PAGE for number in range(MOST + 3)}
    check = judge(adding(**names), {f"/{name}": EMPTY for name in names})
    assert (check.verdict, len(check.message.split("; "))) == (Verdict.PASS, MOST)


def test_what_wants_a_parameter_is_not_asked() -> None:
    """Nobody knows what to send."""

    def publish(document: Spec) -> Spec:
        required = {"name": "team", "in": "query", "required": True, "schema": {"type": "string"}}
        changed = adding(notes=PAGE)(document)
        get = changed["paths"]["/notes"]["get"] | {"parameters": [required]}
        return {**changed, "paths": changed["paths"] | {"/notes": {"get": get}}}

    assert judge(publish).verdict is Verdict.NOT_APPLICABLE
