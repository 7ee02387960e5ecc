"""AUT: what a key may do is what its scopes say (observations › Common error responses)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.headers import IDEMPOTENCY_KEY, REQUEST_ID
from conformance.contract.resources import ARCHIVE, CREATE, GET, LIST, RESTORE, UPDATE
from conformance.judging.expect import expect_same
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import NotJudged
from conformance.target.reading import read_resource
from conformance.wire.roles import KEY, NO_SCOPE, READ_ONLY
from scenarios._anonymous import read_attempt
from scenarios._answers import require_readable, require_writable
from scenarios._keys import (
    VALID,
    Attempt,
    KnownKey,
    expect_denied,
    known_key,
    require_lack,
    require_same_organization,
    require_valid,
)
from scenarios._refused import expect_nothing_left

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.reading import Resource
    from conformance.target.target import Made, Target
    from conformance.wire.exchange import Exchange

WRITES = (CREATE, UPDATE, ARCHIVE, RESTORE)
READ, WRITE, SESSION_READ = LIST.scope, CREATE.scope, "session:read"


@dataclass(frozen=True, slots=True)
class _Break:
    """The four writes with a read-only key, by operation, and what the observation read before and after them."""

    key: KnownKey
    attempts: Mapping[str, Attempt]
    active: tuple[Resource, Resource]
    archived: tuple[Resource, Resource]


async def _break(target: Target) -> _Break:
    key = await known_key(target, READ_ONLY)
    require_lack(key, WRITE)
    await require_same_organization(target, key)
    await require_readable(target)
    return await target.once("writes with a read-only key", lambda: _attempt(target, key))


async def _attempt(target: Target, key: KnownKey) -> _Break:
    made = await target.make(impact="As it was made.")
    active = await _read_by(target, key, made)
    creates = await _creates(target, made)
    updated, on_active = await _patch(target, made), await _act(target, made)
    untouched = await target.read(made.id)
    updated_twin = await target.patch(_path(made), json={"impact": "Changed with the first key."})
    archived_twin = await target.archive(made.id)
    archived = await target.read(made.id)
    on_archived = await _act(target, made)
    still_archived = await target.read(made.id)
    restored_twin = await target.restore(made.id)
    attempts = {
        CREATE.label: Attempt(made.exchange, creates),
        UPDATE.label: Attempt(updated_twin, {"an update": updated}),
        ARCHIVE.label: Attempt(archived_twin, {"an active one": on_active[0], "an archived one": on_archived[0]}),
        RESTORE.label: Attempt(restored_twin, {"an archived one": on_archived[1], "an active one": on_active[1]}),
    }
    return _Break(key, attempts, (active, untouched), (archived, still_archived))


async def _read_by(target: Target, key: KnownKey, made: Made) -> Resource:
    """Read what the first key made; don't judge by a key that can't: it may be another organization's, or invalid."""
    exchange = await target.get(_path(made), role=READ_ONLY)
    if exchange.status == 200:
        return read_resource(exchange)
    hints = {401: VALID, 403: f"Give it {READ}.", 404: "Is it of the organization that PB_API_KEY is of?"}
    raise NotJudged(
        f"the key in {key.variable} can't read an observation of PB_API_KEY's: it gets {exchange.status}",
        hint=hints.get(exchange.status or 0, f"Set {key.variable} to a key with {READ} and without {WRITE}."),
    )


def _path(made: Made) -> str:
    return f"/observations/{made.id}"


async def _creates(target: Target, made: Made) -> dict[str, Exchange]:
    used = made.exchange.request.header(IDEMPOTENCY_KEY.name)
    fresh, replayed = await asyncio.gather(
        target.create(await target.body(), role=READ_ONLY), target.create(made.sent, key=used, role=READ_ONLY)
    )
    return {"a create": fresh, "a create under an Idempotency-Key that was used": replayed}


async def _patch(target: Target, made: Made) -> Exchange:
    change = {"observation": target.marker(), "impact": "Changed with a read-only key.", "attribute_ids": []}
    return await target.patch(_path(made), json=change, role=READ_ONLY)


async def _act(target: Target, made: Made) -> tuple[Exchange, Exchange]:
    """Archive and restore, of which one would be a conflict with the first key."""
    return await asyncio.gather(
        target.post(f"{_path(made)}/archive", role=READ_ONLY), target.post(f"{_path(made)}/restore", role=READ_ONLY)
    )


@judges("AUT-06", over=[one.label for one in WRITES])
async def test_writes_with_a_read_only_key_are_denied(target: Target, operation: str) -> str:
    """A write with a key that lacks observations:write gets 403 permission_denied, whatever the observation's state."""
    tried = await _break(target)
    attempt = tried.attempts[operation]
    require_writable(attempt.twin)
    return expect_denied(tried.key, WRITE, attempt)


@judges("AUT-06")
async def test_writes_with_a_read_only_key_change_nothing(target: Target) -> str:
    """An observation reads the same after them, active and archived."""
    tried = await _break(target)
    for before, after in (tried.active, tried.archived):
        expect_same(after, before)
    return "an observation is unchanged by writes with a read-only key, active and archived"


@during(Phase.MAKING)
@judges("AUT-06")
async def test_creates_with_a_read_only_key_make_nothing(target: Target) -> str:
    """What a refused create with it carried does not stand in the list of all that was created."""
    await _break(target)
    return await expect_nothing_left(target, lambda exchange: exchange.request.role == READ_ONLY)


@judges("AUT-07", over=(LIST.label, GET.label))
async def test_reads_with_a_key_without_scopes_are_denied(target: Target, operation: str) -> str:
    """The list and an item get 403 permission_denied with a key that lacks observations:read."""
    key = await known_key(target, NO_SCOPE)
    require_lack(key, READ)
    await require_same_organization(target, key)
    attempts = await target.once("reads with a key without scopes", lambda: _reads(target))
    await require_valid(target, key, [key.session, *(one for each in attempts.values() for one in each.tried.values())])
    return expect_denied(key, READ, attempts[operation])


def _named(target: Target) -> dict[str, str]:
    """Give a request an id of ours, which HDR-02 looks for in the 403, too."""
    return {REQUEST_ID.name: target.chance.uuid()}


async def _reads(target: Target) -> Mapping[str, Attempt]:
    listed, read = await require_readable(target), (await read_attempt(target)).twin
    denied = await asyncio.gather(
        *(target.get(twin.path, twin.request.query, role=NO_SCOPE, headers=_named(target)) for twin in (listed, read)),
    )
    return {
        LIST.label: Attempt(listed, {"a list": denied[0]}),
        GET.label: Attempt(read, {"a read": denied[1]}),
    }


@judges("AUT-08")
async def test_the_session_is_denied_to_a_key_without_scopes(target: Target) -> str:
    """GET /session gets 403 permission_denied with a key that lacks session:read."""
    own, key = await asyncio.gather(known_key(target, KEY), known_key(target, NO_SCOPE))
    if own.session.status == 403:
        raise NotJudged("the first key may not read /session either", hint=f"Give PB_API_KEY {SESSION_READ}.")
    require_lack(key, SESSION_READ)
    await require_valid(target, key, [key.session])
    return expect_denied(key, SESSION_READ, Attempt(own.session, {"the session": key.session}))
