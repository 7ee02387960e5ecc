"""IDM: a retried create gives the same resource, on every collection (overview › Idempotency keys for POSTs)."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.resources import COLLECTIONS as DOCUMENTED
from conformance.contract.resources import CREATE, SPEC_PATH
from conformance.errors import Missing, Refused
from conformance.judging.expect import error_of, expect, expect_refusal, expect_resource
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import Blocked, NotApplicable, NotJudged
from conformance.target.bodies import Builder
from conformance.target.documents import demanded_scopes, json_content, operation, spec
from conformance.target.reading import Resource, read_page, read_resource
from conformance.target.removal import may_leave_data, remove_made, ways

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

COLLECTIONS = tuple(resource.path for resource in DOCUMENTED if resource.path != CREATE.path)
"""Observations are judged by rules of their own."""
REACHING_PEOPLE = frozenset({"/notifications", "/assignments"})
"""A notification is read, and a request for feedback lands on somebody's desk: removing it takes neither back."""
PAUSE = 1.0
"""Seconds after which a list is looked at once more for what it did not show at first."""


@dataclass(frozen=True, slots=True)
class _Retried:
    """A create, and its retry under the same key."""

    path: str
    key: str
    first: Exchange
    again: Exchange


@during(Phase.MAKING)
@judges("IDM-11", over=COLLECTIONS)
async def test_a_create_honours_its_idempotency_key(target: Target, path: str) -> str:
    """A retry gives the same resource and no second one, and the same key with another body a conflict."""
    media = await _creating(target, path)
    try:
        return await _judge(target, path, media)
    finally:
        await remove_made(target, path)


async def _creating(target: Target, path: str) -> Resource:
    """Return what the spec says of the body of a create; undecided where there is none, or none to be made."""
    document = await spec(target)
    if not document.get("paths"):
        raise NotJudged(f"{SPEC_PATH} tells of no paths, so no body can be built", hint=f"Publish {SPEC_PATH}.")
    declared = operation(document, "POST", path)
    if declared is None:
        raise NotApplicable("the published spec declares no POST on this collection")
    if not may_leave_data(target):
        _require_harmless(document, path)
    media = json_content(document, declared)
    if not media:
        raise NotJudged(f"the published spec gives POST {path} no JSON body")
    return media


def _require_harmless(document: Resource, path: str) -> None:
    """Don't judge where a create would touch people, or leave something behind for good."""
    hint = "Say --leave-data where that does no harm."
    if path in REACHING_PEOPLE:
        raise NotJudged("a create on this collection reaches people", hint=hint)
    if not ways(document, path):
        raise NotJudged("the published spec declares neither DELETE nor archive for what a create makes", hint=hint)


async def _judge(target: Target, path: str, media: Resource) -> str:
    builder = Builder(target, await spec(target))
    body = await builder.body(media)
    key = str(uuid.uuid4())
    first = await _accepted(target, path, await _create(target, path, body, key))
    retried = _Retried(path, key, first, await _create(target, path, body, key))
    _expect_replayed(retried)
    reused = await _expect_conflict(target, retried, await builder.other(body))
    alone = await _expect_alone(target, retried, frozenset(builder.fresh))
    return f"the retry gives {first.status} and the same id; {reused}; {alone}"


async def _create(target: Target, path: str, body: Resource, key: str) -> Exchange:
    return await target.post(path, json=body, headers={"Idempotency-Key": key})


async def _accepted(target: Target, path: str, first: Exchange) -> Exchange:
    """Return a create that succeeded; not judged where the body or the key did not do, blocked where it broke off."""
    if first.status == 403:
        scopes = demanded_scopes(await spec(target), operation(await spec(target), "POST", path) or {})
        wanted = " and ".join(scopes) or f"{path.strip('/')}:write"
        raise Missing(f"a key that may POST {path}", hint=f"Give PB_API_KEY the scope {wanted}.")
    if first.status in {400, 409, 422}:
        said = error_of(first).get("details") or error_of(first).get("message")
        raise NotJudged(f"no valid body for POST {path} could be built from the published spec: {said}")
    if first.status not in {200, 201}:
        raise Blocked(f"a create by POST {path} got {first.status}, so there is nothing to retry")
    read_resource(first)
    return first


def _id(exchange: Exchange) -> str:
    return str(read_resource(exchange)["id"])


def _expect_replayed(retried: _Retried) -> None:
    """Expect the status and the id of the first answer (IDM-01)."""
    first, again = retried.first, retried.again
    replayed = expect_resource(again, int(first.status or 0)).get("id")
    expect(
        replayed == _id(first),
        f"a retried POST {retried.path} gave another resource",
        expected=_id(first),
        observed=replayed,
    )


async def _expect_conflict(target: Target, retried: _Retried, other: Resource | None) -> str:
    """Expect 409 conflict for another payload under the same key (IDM-03); tell what was found out."""
    if other is None:
        return "no other payload could be built"
    reused = await _create(target, retried.path, other, retried.key)
    if reused.status in {400, 422}:
        twin = await _create(target, retried.path, other, str(uuid.uuid4()))
        if twin.status not in {200, 201}:
            return f"no other valid payload could be built ({twin.status} under a key of its own)"
    expect_refusal(reused, 409, "conflict")
    return "another payload gets 409 conflict"


async def _expect_alone(target: Target, retried: _Retried, fresh: AbstractSet[str]) -> str:
    """Expect no second resource with our texts in the list, be they of the refused payload; tell what was found out."""
    made = _id(retried.first)
    found = await _listed(target, retried.path, fresh)
    if made not in found:
        await asyncio.sleep(min(PAUSE, target.settings.settle))
        found = await _listed(target, retried.path, fresh)
    if made not in found:
        return "its first page does not show whether there is a second one"
    extra = [one for one in found if one != made]
    for one in extra:
        target.journal.made(one, retried.path)
    expect(
        not extra,
        f"a retried POST {retried.path} created {len(extra) + 1} resources",
        expected=f"only {made}",
        observed=found,
    )
    return "the list shows no second one"


async def _listed(target: Target, path: str, fresh: AbstractSet[str]) -> Sequence[str]:
    """Return the ids on the collection's first page that carry one of our texts; newest come first by default."""
    try:
        page = read_page(await target.get(path, {"limit": "100"}))
    except Refused:
        return ()
    return [str(item.get("id")) for item in page.items if _texts(item) & fresh]


def _texts(item: Resource) -> set[str]:
    return {value for value in item.values() if isinstance(value, str)}
