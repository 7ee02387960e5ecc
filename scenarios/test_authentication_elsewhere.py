"""AUT: scopes hold on the other collections, too (overview › What the API is for, A minimal first request)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.judging.expect import asked, expect_refusal
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import NotApplicable, NotJudged
from conformance.target.bodies import Builder
from conformance.target.documents import as_list, as_object, demanded_scopes, json_content, merged, operation, spec
from conformance.target.reading import read_resource
from conformance.wire.roles import READ_ONLY
from scenarios._elsewhere import COLLECTIONS, accepted_create, create, declared_create, scopes_of_create
from scenarios._keys import (
    DENIED,
    VALID,
    Attempt,
    KnownKey,
    expect_denied,
    known_key,
    require_lack,
    require_same_organization,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

INVALID = frozenset({400, 422})
"""What was validated, and so was authorized first or will never tell."""


@during(Phase.MAKING)
@judges("AUT-12", over=COLLECTIONS)
async def test_creates_elsewhere_with_a_read_only_key_are_denied(target: Target, path: str) -> str:
    """A create that the first key is allowed gets 403 permission_denied with a key that lacks its scope."""
    scope = (await scopes_of_create(target, path))[0]
    key = await _reader(target, scope)
    try:
        accepted = await accepted_create(target, path)
    except (NotJudged, Missing) as reason:
        return await _denied_before_validation(target, path, key, reason)
    denied = await create(target, path, accepted.body, role=READ_ONLY)
    if denied.status in {409, *INVALID}:
        raise NotJudged(
            f"POST {path} was refused with {denied.status}, which may come before the scope is looked at",
            hint=f"Let the key in {key.variable} see what PB_API_KEY sees, so that the body is valid to both.",
        )
    return expect_denied(key, scope, Attempt(accepted.exchange, {"the same create": denied}))


async def _reader(target: Target, scope: str) -> KnownKey:
    """Give the read-only key, as one that surely lacks a scope."""
    key = await known_key(target, READ_ONLY)
    if key.session.status not in {200, 403}:
        raise NotJudged(f"the key in {key.variable} gets {key.session.status} on /session", hint=VALID)
    require_lack(key, scope)
    await require_same_organization(target, key)
    return key


async def _denied_before_validation(target: Target, path: str, key: KnownKey, reason: Exception) -> str:
    """Judge by a create that makes nothing: where an empty body is invalid with one key and denied with the other."""
    document, declared = await spec(target), await declared_create(target, path)
    schema = merged(document, json_content(document, declared).get("schema"))
    if not as_list(schema.get("required")):
        raise reason
    allowed, denied = await create(target, path, {}), await create(target, path, {}, role=READ_ONLY)
    if allowed.status not in INVALID or denied.status in INVALID:
        raise reason
    if (denied.status or 0) < 300:
        return expect_denied(key, (await scopes_of_create(target, path))[0], Attempt(allowed, {"a create": denied}))
    expect_refusal(denied, *DENIED)
    return f"POST {path} without what is required gets {allowed.status}, and 403 with a read-only key"


@during(Phase.FUZZING)  # when nobody removes what was made in a collection any more
@judges("AUT-12")
async def test_an_item_elsewhere_is_neither_changed_nor_removed_with_a_read_only_key(target: Target) -> str:
    """What the first key made and may remove is denied to a key that lacks the scope, to change and to remove."""
    document = await spec(target)
    path = next((one for one in COLLECTIONS if operation(document, "DELETE", f"{one}/{{id}}") is not None), None)
    if path is None:
        raise NotApplicable("the published spec declares DELETE on no item but perhaps observations")
    scopes = demanded_scopes(document, operation(document, "DELETE", f"{path}/{{id}}") or {})
    scope = scopes[0] if scopes else f"{path.strip('/')}:write"
    key = await _reader(target, scope)
    await accepted_create(target, path)  # of which another rule counts how often it is there, so one of our own follows
    body = await Builder(target, document).body(json_content(document, await declared_create(target, path)))
    made = await create(target, path, body)
    if made.status not in {200, 201}:
        raise NotJudged(f"a second create by POST {path} got {made.status}", hint="Let the organization have several.")
    item = f"{path}/{read_resource(made)['id']}"
    tried = await _change(target, item, document, body)
    tried["a removal"] = await target.send("DELETE", item, role=READ_ONLY)
    return expect_denied(key, scope, Attempt(await _removed(target, item, tried), tried))


async def _removed(target: Target, item: str, tried: Mapping[str, Exchange]) -> Exchange:
    """Remove an item with the first key; undecided where that is refused and nobody else has done it before."""
    twin = await target.send("DELETE", item)
    if 200 <= (twin.status or 0) < 300:
        target.journal.removed(item.rpartition("/")[2])
    elif all((one.status or 0) >= 300 for one in tried.values()):
        raise NotJudged(f"{asked(twin)} got {twin.status} with the first key, too", hint="Let PB_API_KEY remove it.")
    return twin


async def _change(target: Target, item: str, document: Resource, body: Resource) -> dict[str, Exchange]:
    """Try to update an item to what it is; leave out a refusal that may come of the body."""
    declared = operation(document, "PATCH", f"{item.rpartition('/')[0]}/{{id}}")
    schema = merged(document, json_content(document, declared or {}).get("schema"))
    name = next((name for name in as_object(schema.get("properties")) if name in body), None)
    if name is None:
        return {}
    answer = await target.patch(item, json={name: body[name]}, role=READ_ONLY)
    return {"an update": answer} if (answer.status or 0) < 300 or answer.status == DENIED[0] else {}
