"""IDM: an idempotency key belongs to the organization that used it (overview › What the API is for)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.judging.expect import asked, expect, require_accepted, shown
from conformance.judging.scenario import judges
from conformance.target.reading import read_resource
from conformance.wire.roles import KEY, OTHER_ORG
from scenarios._organizations import made_by_other, neighbours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

SAME, FITTING = "the same body", "a body of its own"
OURS_FIRST, THEIRS_FIRST = "ours first", "theirs first"
SECOND = {OURS_FIRST: OTHER_ORG, THEIRS_FIRST: KEY}
"""Which role uses the key after the organization that used it first."""


@dataclass(frozen=True, slots=True)
class _Reuse:
    """A create, and what the other organization got for the same Idempotency-Key."""

    first: Exchange
    then: Mapping[str, Exchange]


async def _reuse(target: Target, order: str) -> _Reuse:
    return await target.once(f"one Idempotency-Key in two organizations, {order}", lambda: _use_twice(target, order))


async def _use_twice(target: Target, order: str) -> _Reuse:
    """Create with one key, then send the same body with the other's, and one that differs only in the employee."""
    both = await neighbours(target)
    key, ours = target.chance.uuid(), await target.body()
    theirs = ours | {"employee_id": both.person["id"]}
    if order == OURS_FIRST:
        first = require_accepted(await target.create(ours, key=key), 201)
        bodies = {SAME: ours, FITTING: theirs}
    else:
        first = await made_by_other(target, theirs, key=key)
        bodies = {SAME: theirs, FITTING: ours}
    then = {what: await target.create(body, key=key, role=SECOND[order]) for what, body in bodies.items()}
    return _Reuse(first, then)


@judges("IDM-12", over=tuple(SECOND))
async def test_a_key_of_one_organization_replays_nothing_to_another(target: Target, order: str) -> str:
    """The same key and body from another organization, and a body that is valid there, bring nothing of the first."""
    reuse = await _reuse(target, order)
    made = str(read_resource(reuse.first)["id"])
    for what, exchange in reuse.then.items():
        text = exchange.response.text if exchange.response is not None else ""
        expect(
            made not in text,
            f"{asked(exchange)} with another organization's Idempotency-Key and {what} got its response",
            expected="a response of its own, or a refusal that tells nothing of the other's",
            observed=shown(exchange),
        )
    return ", ".join(f"{what} gets {exchange.status} of its own" for what, exchange in reuse.then.items())
