"""Where making something would do harm, scopes are judged by creates that make nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.faults.publishing import publishes
from conformance.faults.trial import SETTINGS, trial
from conformance.judging.verdicts import Verdict
from conformance.reference import HONEST, Behaviour, Keys
from conformance.reference.keys import presented

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.faults.publishing import Document
    from conformance.judging.results import Check
    from conformance.reference import Handler, Request, Response

KEYS = Keys()


CREATES, ITEMS = "creates", "items"


def judge(
    behaviour: Behaviour = HONEST, what: str = CREATES, *, leave_data: bool = False
) -> Mapping[str | None, Check]:
    """Judge what AUT-12 says of creates or of items, in a target in which nothing may be left behind."""
    checks = asyncio.run(trial({"AUT-12"}, behaviour, settings=replace(SETTINGS, leave_data=leave_data)))
    return {check.subject: check for check in checks if f"test_{what}_" in check.item}


def reading_keys_may(path: str, seen: list[bytes] | None = None) -> Behaviour:
    """Give a reference in which any key may create at a path; what was sent there is noted."""

    async def door(request: Request, honest: Handler) -> Response:
        if request.method != "POST" or request.path != f"/v1{path}":
            return await honest(request)
        (seen if seen is not None else []).append(request.body)
        reads = presented(request) == KEYS.read_only
        return await honest(request.with_header("authorization", f"Bearer {KEYS.full}") if reads else request)

    return replace(HONEST, door=door)


def test_an_empty_body_tells_who_may_create() -> None:
    """Invalid with one key, forbidden with the other: nothing was made to find that out."""
    checks = judge()
    assert {check.verdict for check in checks.values()} == {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert "without what is required" in checks["/assignments"].message


def test_what_is_validated_before_it_is_forbidden_is_not_judged() -> None:
    """Nothing but empty bodies are sent, and the reason is why no others are."""
    seen: list[bytes] = []
    check = judge(reading_keys_may("/assignments", seen))["/assignments"]
    assert (check.verdict, "reaches people" in check.message, set(seen)) == (Verdict.NOT_JUDGED, True, {b"{}"})


def test_what_can_be_removed_again_is_judged_by_a_valid_body() -> None:
    """And a create that ought to be forbidden is told."""
    assert judge(reading_keys_may("/webhooks"))["/webhooks"].verdict is Verdict.WARN


ROTATE = "/webhooks/{id}/rotate-secret"


def rotating(key_of: Mapping[str, str]) -> Behaviour:
    """Give a reference whose webhooks can be given a new secret; some keys are taken for others there."""

    def declare(document: Document) -> None:
        document["paths"][ROTATE] = {"post": {"responses": {"200": {"description": "The webhook."}}}}

    async def door(request: Request, honest: Handler) -> Response:
        item, _, action = request.path.rpartition("/")
        if (request.method, action) != ("POST", "rotate-secret"):
            return await honest(request)
        key = presented(request) or ""
        changed = replace(request, method="PATCH", path=item, body=b'{"enabled": true}')
        changed = changed.with_header("content-type", "application/json")
        return await honest(changed.with_header("authorization", f"Bearer {key_of.get(key, key)}"))

    return replace(publishes(declare), door=door)


def test_an_action_on_an_item_is_denied_to_a_reading_key() -> None:
    """It is tried on what the first key made, before that is removed."""
    check = judge(rotating({}), ITEMS)["/webhooks"]
    assert (check.verdict, "POST {id}/rotate-secret, DELETE {id}" in check.message) == (Verdict.PASS, True)


def test_an_action_that_is_open_to_a_reading_key_is_told() -> None:
    """Although updates and removals are closed to it."""
    check = judge(rotating({KEYS.read_only: KEYS.full}), ITEMS)["/webhooks"]
    assert (check.verdict, "POST {id}/rotate-secret" in check.message) == (Verdict.WARN, True)


def test_what_can_not_be_removed_again_is_not_made_to_be_tried() -> None:
    """Unless it may be left behind: then a create is the twin."""
    assert judge(what=ITEMS)["/summaries"].verdict is Verdict.NOT_JUDGED
    assert "POST /summaries gets 201" in judge(what=ITEMS, leave_data=True)["/summaries"].message


@pytest.mark.parametrize(
    ("path", "security"),
    [
        ("/webhooks/{id}/search", None),
        ("/webhooks/{id}/acknowledge", None),
        ("/webhooks/{id}/notes/add", None),
        ("/webhooks/{id}:rotate", None),
        ("/webhooks/{id}/remind", [{"ApiKey": ["webhooks:write"]}]),
        ("/webhooks/{id}/rotate", [{"ApiKey": ["webhooks:write"]}, {"ApiKey": ["session:read"]}]),
    ],
)
def test_what_may_be_open_to_readers_or_calls_on_somebody_is_not_tried(
    path: str, security: list[dict[str, list[str]]] | None
) -> None:
    """Nor what is no action on an item."""
    asked: list[str] = []

    def declare(document: Document) -> None:
        more = {"security": security} if security else {}
        document["paths"][path] = {"post": {"responses": {"200": {"description": "Done."}}, **more}}

    async def door(request: Request, honest: Handler) -> Response:
        asked.append(request.path.rpartition("/")[2])
        return await honest(request)

    check = judge(replace(publishes(declare), door=door), ITEMS)["/webhooks"]
    tried = any(one in asked for one in ("search", "acknowledge", "add", "remind", "rotate")) or ":" in "".join(asked)
    assert (check.verdict, tried) == (Verdict.PASS, False)


def test_a_key_that_names_no_scopes_is_judged_by_nothing() -> None:
    """It may have the scope, so that nothing is tried with it."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if request.path != "/v1/session" or response.status != 200:
            return response
        told = response.json()
        del told["data"]["api_key"]["scopes"]
        return response.with_json(told)

    assert judge(replace(HONEST, door=door), ITEMS)["/webhooks"].verdict is Verdict.NOT_JUDGED
