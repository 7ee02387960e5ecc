"""Creates in collections of which the documents say little: a body that the published spec allows, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.resources import COLLECTIONS as DOCUMENTED
from conformance.contract.resources import CREATE, SPEC_PATH
from conformance.errors import Missing
from conformance.judging.expect import error_of
from conformance.judging.verdicts import Blocked, NotApplicable, NotJudged
from conformance.target.bodies import Builder
from conformance.target.documents import demanded_scopes, json_content, operation, spec
from conformance.target.made.removal import REACHING_PEOPLE, may_leave_data, ways
from conformance.target.reading import Resource, read_resource
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

COLLECTIONS = tuple(resource.path for resource in DOCUMENTED if resource.path != CREATE.path)
"""Observations are judged by rules of their own."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A create that succeeded: its body, what built it, and its Idempotency-Key."""

    body: Resource
    builder: Builder
    key: str
    exchange: Exchange


async def declared_create(target: Target, path: str) -> Resource:
    """Return what the published spec says of POST on a collection; undecided where it says nothing."""
    document = await spec(target)
    if not document.get("paths"):
        raise NotJudged(f"{SPEC_PATH} tells of no paths, so no body can be built", hint=f"Publish {SPEC_PATH}.")
    declared = operation(document, "POST", path)
    if declared is None:
        raise NotApplicable("the published spec declares no POST on this collection")
    return declared


async def scopes_of_create(target: Target, path: str) -> tuple[str, ...]:
    """Return the scopes that a create takes, as the spec demands them or as the documents' own are spelled."""
    return demanded_scopes(await spec(target), await declared_create(target, path)) or (f"{path.strip('/')}:write",)


async def accepted_create(target: Target, path: str) -> Accepted:
    """Share a create by the first key; undecided where no body can be built, none is accepted, or it does harm."""
    return await target.once(f"a create in {path}", lambda: _accepted_create(target, path))


async def _accepted_create(target: Target, path: str) -> Accepted:
    document, declared = await spec(target), await declared_create(target, path)
    if not may_leave_data(target):
        _require_harmless(document, path)
    media = json_content(document, declared)
    if not media:
        raise NotJudged(f"the published spec gives POST {path} no JSON body", hint="Describe it in /openapi.json.")
    builder = Builder(target, document)
    body, key = await builder.body(media), target.chance.uuid()
    return Accepted(body, builder, key, await _accepted(target, path, await create(target, path, body, key=key)))


def _require_harmless(document: Resource, path: str) -> None:
    """Don't judge where a create would touch people, or leave something behind for good."""
    hint = "Say --leave-data where that does no harm."
    if path in REACHING_PEOPLE:
        raise NotJudged("a create on this collection reaches people", hint=hint)
    if not ways(document, path):
        raise NotJudged("the published spec declares neither DELETE nor archive for what a create makes", hint=hint)


async def create(target: Target, path: str, body: Resource, *, key: str = "", role: str = KEY) -> Exchange:
    """POST a body to a collection under an Idempotency-Key, a fresh one without `key`."""
    return await target.post(path, json=body, headers={"Idempotency-Key": key or target.chance.uuid()}, role=role)


async def _accepted(target: Target, path: str, first: Exchange) -> Exchange:
    """Return a create that succeeded; not judged where the body or the key did not do, blocked where it broke off."""
    if first.status == 403:
        wanted = " and ".join(await scopes_of_create(target, path))
        raise Missing(f"a key that may POST {path}", hint=f"Give PB_API_KEY the scope {wanted}.")
    if first.status in {400, 409, 422}:
        said = error_of(first).get("details") or error_of(first).get("message")
        raise NotJudged(
            f"no valid body for POST {path} could be built from the published spec: {said}",
            hint="Let the schema of its body in /openapi.json say what it takes.",
        )
    if first.status not in {200, 201} and 200 <= (first.status or 0) < 300:  # TRN-06 judges that
        hint = "Let a create answer with what it made."
        raise NotJudged(f"a create by POST {path} got {first.status}, which may have made nothing yet", hint=hint)
    if first.status not in {200, 201}:
        raise Blocked(f"a create by POST {path} got {first.status}, so there is nothing to build on")
    read_resource(first)
    return first
