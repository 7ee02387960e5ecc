"""IDM: a retried create gives the same resource and no second one (overview › Idempotency keys for POSTs)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.judging.expect import expect, expect_same, expect_status, shown
from conformance.judging.hints import LAGS
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, NotJudged
from conformance.target.discovery import known_attributes
from conformance.target.reading import Resource, read_resource
from scenarios._creates import NO_KEY
from scenarios._idempotency import id_of, is_ruled_out, key_window, succeeded, written

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

BAD_REQUEST = 400
"""RFC 9110: Bad Request."""
IDENTITIES = ("another key", "the key in another case", "no key", "no key again")


@dataclass(frozen=True, slots=True)
class _Retry:
    """One create sent three times under one key, once under another and twice without; all of the same body."""

    body: Resource
    key: str
    first: Exchange
    again: tuple[Exchange, Exchange]
    others: dict[str, Exchange]

    @property
    def ids(self) -> set[str]:
        """The ids that creates of their own gave."""
        return {id_of(exchange) for exchange in (self.first, *self.others.values())}

    def require_told_apart(self) -> None:
        """Let a replay count only where a create of its own gave something else: a mock answers all of them alike."""
        if id_of(self.others["another key"]) == id_of(self.first):  # which is a matter of IDM-05
            raise Blocked("a create of its own, under another key, got the same id")


async def _retry(target: Target) -> _Retry:
    return await target.once("a retried create", lambda: _create_and_retry(target))


async def _create_and_retry(target: Target) -> _Retry:
    body = await _full_body(target)
    key = f"retried-{target.chance.uuid()}-a"
    first = succeeded(await target.create(body, key=key))
    again = await target.create(body, key=key)
    creates = (target.create(body), target.create(body, key=f"{key[:-1]}A"), target.create(body, **NO_KEY))
    others = dict(zip(IDENTITIES, (*await asyncio.gather(*creates), await target.create(body, **NO_KEY)), strict=True))
    return _Retry(body, key, first, (again, await target.create(body, key=key)), others)


async def _full_body(target: Target) -> Resource:
    """Give a body with every field: what a replay could lose must be there first."""
    return await target.body(
        impact="Sent more than once.",
        recommended_action="Count what it leaves.",
        attribute_ids=await known_attributes(target, 2),
        observation_date=key_window(target).day(1),
    )


@judges("IDM-01")
async def test_a_retry_with_the_same_key_gives_the_same_resource(target: Target) -> str:
    """The second POST and the third succeed and answer with the id of the first."""
    retry = await _retry(target)
    for again in retry.again:
        expect_status(again, 200, 201)
        expect(
            id_of(again) == id_of(retry.first),
            "a retry with the same key and body gave another resource",
            expected=id_of(retry.first),
            observed=id_of(again),
        )
    retry.require_told_apart()
    return "two retries answer with the resource of the first create"


@judges("IDM-01")
async def test_a_retry_some_seconds_later_gives_the_same_resource(target: Target) -> str:
    """A client that backs off retries seconds later; the key is known still."""
    retry = await _retry(target)
    await asyncio.sleep(min(target.settings.settle, 2))
    later = expect_status(await target.create(retry.body, key=retry.key), 200, 201)
    expect(
        id_of(later) == id_of(retry.first),
        "a later retry gave another resource",
        expected=id_of(retry.first),
        observed=id_of(later),
    )
    retry.require_told_apart()
    return "a retry some seconds later answers with the resource of the first create"


@judges("IDM-10")
async def test_a_replay_is_the_original_response(target: Target) -> str:
    """While the resource is unchanged each retry has the same status and the same resource."""
    retry = await _retry(target)
    for again in retry.again:
        expect_status(again, 200, 201)
        _expect_original(again, retry.first)
    retry.require_told_apart()
    return f"each replay is {retry.first.status} with the same resource"


def _expect_original(again: Exchange, first: Exchange) -> None:
    """Expect the status and the documented fields of the first response; an addition may tell of the request."""
    expect(
        again.status == first.status,
        f"the create was answered with {first.status}, its replay with {again.status}",
        expected=str(first.status),
        observed=shown(again),
    )
    expect_same(read_resource(again), read_resource(first))


@judges("IDM-02")
async def test_a_retry_creates_no_second_resource(target: Target) -> str:
    """After a create, its retries, and creates of their own, no further observation carries the text."""
    retry = await _retry(target)
    if len(retry.ids) <= len(IDENTITIES):  # IDM-05 judges that each is a resource of its own
        raise Blocked("creates of their own were not told apart, so a second resource can't be counted")
    found = {str(item.get("id")) for item in await written(target, {retry.body["observation"]}, key_window(target))}
    expect(
        not found - retry.ids,
        "a retried create left a further observation with the same text",
        expected=f"only {sorted(retry.ids)}",
        observed=sorted(found - retry.ids),
    )
    if found != retry.ids:
        raise NotJudged("the list does not show all that was created", hint=LAGS)
    return f"seven POSTs under {len(retry.ids)} identities made {len(found)} observations"


@judges("IDM-05", over=IDENTITIES)
async def test_the_same_body_under_another_identity_creates_another_resource(target: Target, identity: str) -> str:
    """A create of the same body under another key, or without one, is a new resource."""
    retry = await _retry(target)
    exchange = expect_status(retry.others[identity], 201)
    same = [name for name, other in retry.others.items() if name != identity and id_of(other) == id_of(exchange)]
    expect(
        id_of(exchange) != id_of(retry.first) and not same,
        f"the same body under {identity} gave a resource of another create",
        expected="a new id",
        observed=id_of(exchange),
    )
    return f"the same body under {identity} made another observation"


@judges("IDM-14", over=("a change", "an archive"))
async def test_a_replay_after_a_later_event_is_still_the_original_response(target: Target, event: str) -> str:
    """A retry after a PATCH, or after an archive, gives the response of the create, not today's state."""
    body, key = await target.body(impact="As created."), target.chance.uuid()
    first = succeeded(await target.create(body, key=key))
    if event == "a change":
        read_resource(await target.patch(f"/observations/{id_of(first)}", json={"impact": "As changed since."}))
    else:
        read_resource(await target.archive(id_of(first)))
    again = await target.create(body, key=key)
    expect_status(again, 200, 201)
    _expect_original(again, first)
    (await _retry(target)).require_told_apart()
    return f"the replay after {event} is the response of the create"


SOURCE = "a source id"
"""What the documents derive a key from themselves: no spec can rule that out."""
STEMS = {
    SOURCE: "import-source:{run}:record-",
    "a long digest": "{digest}",
    "all kinds of characters": "from-slack/{run}?a=b&c=[d]|#e+f%20~'g'-",
}


@judges("IDM-09", over=STEMS)
async def test_a_key_that_is_no_uuid_works(target: Target, form: str) -> str:
    """A key derived from a source replays, and one that differs only at its end is another key."""
    stem = STEMS[form].format(run=target.run_id, digest=target.chance.digits(96))
    body = await target.body()
    first = await target.create(body, key=f"{stem}1")
    is_own_choice = form != SOURCE and first.status == BAD_REQUEST
    if is_own_choice and await is_ruled_out(target, f"{stem}1"):
        raise NotApplicable("the published spec rules such keys out, and the documents don't say which there may be")
    expect_status(first, 201)
    again, other = await asyncio.gather(target.create(body, key=f"{stem}1"), target.create(body, key=f"{stem}2"))
    expect_status(again, 200, 201)
    expect_status(other, 201)
    expect(id_of(again) == id_of(first), "a key that is no UUID does not replay", observed=[id_of(first), id_of(again)])
    expect(id_of(other) != id_of(first), "two keys that differ only at their end count as one", observed=id_of(other))
    return f"keys of {len(stem) + 1} characters replay, and are told apart by their last"
