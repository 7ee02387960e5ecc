"""IDM: a retried create gives the same resource and no second one (overview › Idempotency keys for POSTs)."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.judging.expect import error_of, expect, expect_refusal, expect_same, expect_status, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, Noted, NotJudged, Violation
from conformance.target.discovery import employee_ids, known_attributes
from conformance.target.reading import Resource, read_page, read_resource, with_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

ROUNDS = 2
AT_ONCE = 5
NO_KEY: dict[str, Any] = {"headers": {"Idempotency-Key": None}}
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
        return {_id(exchange) for exchange in (self.first, *self.others.values())}


async def _retry(target: Target) -> _Retry:
    return await target.once("a retried create", lambda: _create_and_retry(target))


async def _create_and_retry(target: Target) -> _Retry:
    body = await _full_body(target)
    key = f"retried-{uuid.uuid4()}-a"
    first = _made(await target.create(body, key=key))
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
        observation_date="2021-03-04",
    )


def _made(exchange: Exchange) -> Exchange:
    """Block unless the first create succeeded: a retry of nothing proves nothing."""
    read_resource(exchange)
    return exchange


def _id(exchange: Exchange) -> str:
    return str(read_resource(exchange)["id"])


async def _written(target: Target, texts: set[str]) -> list[Resource]:
    """Return the observations that carry one of `texts`, once everything created so far must be listed.

    A list may lag behind writes, so a later sentinel is awaited first. Newest first, ours are on the first pages.
    """
    sentinel = await target.make()
    seen = await target.eventually(lambda: _newest(target, until=sentinel.id))
    if not seen:
        raise NotJudged("a fresh observation does not appear in the list, so what is missing there proves nothing")
    return [item for item in seen if item.get("observation") in texts]


async def _newest(target: Target, *, until: str) -> list[Resource] | None:
    """Return the newest observations, archived or not, some pages deep; None while `until` is not among them."""
    query = [("sort", "-created_at"), ("limit", "100"), ("filter[archived]", "all")]
    items: list[Resource] = []
    for _ in range(5):
        page = read_page(await target.get("/observations", query))
        items += page.items
        if page.next_cursor is None:
            break
        if len(items) >= 300 and any(item.get("id") == until for item in items):  # ours are newest
            break
        query = with_query(query, cursor=page.next_cursor)
    return items if any(item.get("id") == until for item in items) else None


@judges("IDM-01")
async def test_a_retry_with_the_same_key_gives_the_same_resource(target: Target) -> str:
    """The second POST and the third succeed and answer with the id of the first."""
    retry = await _retry(target)
    for again in retry.again:
        expect_status(again, 200, 201)
        expect(
            _id(again) == _id(retry.first),
            "a retry with the same key and body gave another resource",
            expected=_id(retry.first),
            observed=_id(again),
        )
    return "two retries answer with the resource of the first create"


@judges("IDM-01")
async def test_a_retry_some_seconds_later_gives_the_same_resource(target: Target) -> str:
    """A client that backs off retries seconds later; the key is known still."""
    retry = await _retry(target)
    await asyncio.sleep(min(target.settings.settle, 4))
    later = expect_status(await target.create(retry.body, key=retry.key), 200, 201)
    expect(
        _id(later) == _id(retry.first),
        "a later retry gave another resource",
        expected=_id(retry.first),
        observed=_id(later),
    )
    return "a retry some seconds later answers with the resource of the first create"


@judges("IDM-10")
async def test_a_replay_is_the_original_response(target: Target) -> str:
    """While the resource is unchanged each retry has the same status and the same body as JSON."""
    retry = await _retry(target)
    for again in retry.again:
        expect_status(again, 200, 201)
        expect(
            (again.status, again.json) == (retry.first.status, retry.first.json),
            "a replay differs from the original response",
            expected="the same status and the same JSON",
            observed={"original": shown(retry.first), "replay": shown(again)},
        )
    return f"each replay is {retry.first.status} with the same JSON"


@judges("IDM-02")
async def test_a_retry_creates_no_second_resource(target: Target) -> str:
    """After a create, its retries, and creates of their own, no further observation carries the text."""
    retry = await _retry(target)
    if len(retry.ids) <= len(IDENTITIES):  # IDM-05 judges that each is a resource of its own
        raise Blocked("creates of their own were not told apart, so a second resource can't be counted")
    found = {str(item.get("id")) for item in await _written(target, {retry.body["observation"]})}
    expect(
        not found - retry.ids,
        "a retried create left a further observation with the same text",
        expected=f"only {sorted(retry.ids)}",
        observed=sorted(found - retry.ids),
    )
    if found != retry.ids:
        raise NotJudged("the list does not show all that was created")
    return f"seven POSTs under {len(retry.ids)} identities made {len(found)} observations"


@judges("IDM-05", over=IDENTITIES)
async def test_the_same_body_under_another_identity_creates_another_resource(target: Target, identity: str) -> str:
    """A create of the same body under another key, or without one, is a new resource."""
    retry = await _retry(target)
    exchange = expect_status(retry.others[identity], 201)
    same = [name for name, other in retry.others.items() if name != identity and _id(other) == _id(exchange)]
    expect(
        _id(exchange) != _id(retry.first) and not same,
        f"the same body under {identity} gave a resource of another create",
        expected="a new id",
        observed=_id(exchange),
    )
    return f"the same body under {identity} made another observation"


@dataclass(frozen=True, slots=True)
class _Reuse:
    """A key that was used, used again for other payloads, and then retried for its own."""

    body: Resource
    first: Exchange
    answers: dict[str, Exchange]
    texts: set[str]
    retried: Exchange
    read: Exchange


async def _reuse(target: Target) -> _Reuse:
    return await target.once("a reused key", lambda: _create_and_reuse(target))


async def _create_and_reuse(target: Target) -> _Reuse:
    people, body = await asyncio.gather(employee_ids(target), target.body(impact="The original payload."))
    key = str(uuid.uuid4())
    first = _made(await target.create(body, key=key))
    others = _other_payloads(body, people)
    *most, last = others.values()
    answers = [
        *await asyncio.gather(*(target.create(one, key=key) for one in most)),
        await target.create(last, key=key),
    ]
    retried = await target.create(body, key=key)
    read = await target.get(f"/observations/{_id(first)}")
    texts = {other["observation"] for other in others.values()} | {body["observation"]}
    return _Reuse(body, first, dict(zip(others, answers, strict=True)), texts, retried, read)


DIFFERENCES = ("one character", "a field more", "a field less", "another type", "another employee", "another text")


def _other_payloads(body: Resource, people: Sequence[str]) -> dict[str, Resource]:
    """Return valid payloads that differ from `body`, each in one thing; "one character" keeps the length.

    "another text" is last and alone, so that a refused payload which is stored all the same shows in a read.
    """
    text = body["observation"]
    others = {
        "one character": body | {"observation": f"{text[:-1]}!"},
        "a field more": body | {"recommended_action": "A field that the first payload did not have."},
        "a field less": {name: value for name, value in body.items() if name != "impact"},
        "another type": body | {"type": "opportunity"},
    }
    stranger = next((one for one in people if one != body["employee_id"]), None)
    others |= {"another employee": body | {"employee_id": stranger}} if stranger else {}
    return others | {"another text": body | {"observation": f"{text} And more."}}


@judges("IDM-03", over=DIFFERENCES)
async def test_the_same_key_for_another_payload_is_a_conflict(target: Target, difference: str) -> str:
    """A reused key gets 409 conflict where the payload differs in anything, be it one character."""
    reuse = await _reuse(target)
    if difference not in reuse.answers:
        raise NotJudged("there is only one employee to write about", hint="Give the key a second employee.")
    expect_refusal(reuse.answers[difference], 409, "conflict")
    return f"a payload that differs by {difference} gets 409 conflict"


@judges("IDM-04")
async def test_a_refused_reuse_leaves_the_resource_and_its_replay_as_they_were(target: Target) -> str:
    """After the conflicts the observation reads as it was made, and the key still replays its own create."""
    reuse = await _reuse(target)
    _require_conflicts(reuse)
    expect_same(read_resource(reuse.read), read_resource(reuse.first))
    expect_status(reuse.retried, 200, 201)
    expect(
        _id(reuse.retried) == _id(reuse.first),
        "after a refused reuse the key replays another resource",
        expected=_id(reuse.first),
        observed=_id(reuse.retried),
    )
    return "the observation is unchanged and its key still replays it"


@judges("IDM-04")
async def test_a_refused_reuse_creates_nothing(target: Target) -> str:
    """No observation carries the text of a refused payload; the original is the only one with its own."""
    reuse = await _reuse(target)
    refused = _require_conflicts(reuse)
    accepted = {_id(one) for one in (reuse.first, *reuse.answers.values()) if one.status in {200, 201}}
    found = {str(item.get("id")) for item in await _written(target, reuse.texts)}
    expect(
        found <= accepted,
        "a refused reuse of a key created an observation",
        expected=f"only {sorted(accepted)}",
        observed=sorted(found),
    )
    return f"{refused} refused payloads left no observation"


def _require_conflicts(reuse: _Reuse) -> int:
    """Return how many payloads were refused; block where none was."""
    refused = sum(exchange.status == 409 for exchange in reuse.answers.values())
    if not refused:
        raise Blocked("no reuse of a key for another payload was refused")
    return refused


@judges("IDM-14", over=("a change", "an archive"))
async def test_a_replay_after_a_later_event_is_still_the_original_response(target: Target, event: str) -> str:
    """A retry after a PATCH, or after an archive, gives the response of the create, not today's state."""
    body, key = await target.body(impact="As created."), str(uuid.uuid4())
    first = _made(await target.create(body, key=key))
    if event == "a change":
        read_resource(await target.patch(f"/observations/{_id(first)}", json={"impact": "As changed since."}))
    else:
        read_resource(await target.archive(_id(first)))
    again = await target.create(body, key=key)
    expect(
        (again.status, again.json) == (first.status, first.json),
        f"after {event} the replay is not the original response",
        expected="the response of the create",
        observed=shown(again),
    )
    return f"the replay after {event} is the response of the create"


@judges("IDM-08")
async def test_simultaneous_retries_leave_exactly_one_resource(target: Target) -> str:
    """Of creates sent at once under one key each answers with the one resource or 409 conflict."""
    bodies = [await target.body() for _ in range(ROUNDS)]
    made = [await _race(target, body) for body in bodies]
    found = await _written(target, {body["observation"] for body in bodies})
    extra = {str(item.get("id")) for item in found} - set(made)
    expect(
        not extra,
        "simultaneous retries left more than one observation",
        expected=f"only {made}",
        observed=sorted(extra),
    )
    return f"{ROUNDS} rounds of {AT_ONCE} at once left {ROUNDS} observations"


async def _race(target: Target, body: Resource) -> str:
    key = str(uuid.uuid4())
    answers = await asyncio.gather(*(target.create(body, key=key) for _ in range(AT_ONCE)))
    made = {_id(exchange) for exchange in answers if exchange.status in {200, 201}}
    told: list[Any] = [(exchange.status, error_of(exchange).get("code")) for exchange in answers]
    rest = [pair for pair in told if pair[0] not in {200, 201}]
    if not made and all(status != 409 for status, _ in rest):
        raise Blocked(f"none of {len(told)} simultaneous creates succeeded: {told}")
    if len(made) != 1 or any(pair != (409, "conflict") for pair in rest):
        raise Violation(
            f"{len(told)} simultaneous retries of one create gave {len(made)} resources",
            expected="one resource; each answers with it, or 409 conflict",
            observed={"resources": sorted(made), "answers": told},
        )
    return made.pop()


@judges("IDM-09", over=("a source id", "a long digest"))
async def test_a_key_that_is_no_uuid_works(target: Target, form: str) -> str:
    """A key derived from a source replays, and one that differs only at its end is another key."""
    stem = f"import-source:{target.run_id}:record-" if form == "a source id" else f"{uuid.uuid4().hex * 3}"
    body = await target.body()
    first = await target.create(body, key=f"{stem}1")
    expect_status(first, 201)
    again, other = await asyncio.gather(target.create(body, key=f"{stem}1"), target.create(body, key=f"{stem}2"))
    expect_status(again, 200, 201)
    expect_status(other, 201)
    expect(_id(again) == _id(first), "a key that is no UUID does not replay", observed=[_id(first), _id(again)])
    expect(_id(other) != _id(first), "two keys that differ only at their end count as one", observed=_id(other))
    return f"keys of {len(stem) + 1} characters replay, and are told apart by their last"


@judges("IDM-13")
async def test_what_the_same_json_written_differently_gets(target: Target) -> Noted:
    """The documents don't say whether "different inputs" means other octets or another meaning."""
    body, key = await target.body(), str(uuid.uuid4())
    first = _made(await target.create(body, key=key))
    reordered = dict(reversed(body.items()))
    again = await target.create(reordered, key=key)
    return _as_noted("The same JSON with its members in another order", first, again)


@judges("IDM-13")
async def test_what_null_against_left_out_gets(target: Target) -> Noted:
    """The documents don't say whether null and absence are different inputs."""
    body, key = await target.body(), str(uuid.uuid4())
    first = _made(await target.create(body, key=key))
    return _as_noted(
        "The same payload with impact null instead of left out",
        first,
        await target.create(body | {"impact": None}, key=key),
    )


@judges("IDM-13", over=("archive", "restore"))
async def test_what_a_used_key_on_an_action_gets(target: Target, action: str) -> Noted:
    """The documents give keys to creates; what one does on archive or restore they don't say."""
    key = str(uuid.uuid4())
    first = _made(await target.create(await target.body(), key=key))
    if action == "restore":
        read_resource(await target.archive(_id(first)))
    answer = await target.post(f"/observations/{_id(first)}/{action}", headers={"Idempotency-Key": key})
    return Noted(f"A create's key on {action} gets {answer.status}.", {"status": answer.status})


@judges("IDM-13")
async def test_what_a_key_gets_whose_first_use_failed(target: Target) -> Noted:
    """The documents don't say whether a refusal is remembered."""
    body, key = await target.body(), str(uuid.uuid4())
    await target.create(body | {"type": "neither"}, key=key)
    answer = await target.create(body, key=key)
    return Noted(f"A key whose first use failed with 400 then gets {answer.status}.", {"status": answer.status})


@judges("IDM-13", over=("an empty key", "255 characters", "4096 characters"))
async def test_what_an_odd_key_gets(target: Target, form: str) -> Noted:
    """The documents set no bounds for a key."""
    odd = {"an empty key": "", "255 characters": uuid.uuid4().hex * 8, "4096 characters": uuid.uuid4().hex * 128}
    key = odd[form][: 255 if form == "255 characters" else None]
    body = await target.body()
    headers = {"headers": {"Idempotency-Key": key}}
    first, again = await target.create(body, **headers), await target.create(body, **headers)
    if first.status not in {200, 201} or again.status not in {200, 201}:
        statuses = [first.status, again.status]
        return Noted(f"A key of {form} gets {statuses[0]}, then {statuses[1]}.", {"statuses": statuses})
    same = _id(first) == _id(again)
    return Noted(f"A key of {form} {'replays' if same else 'does not replay'}.", {"replays": same})


def _as_noted(what: str, first: Exchange, again: Exchange) -> Noted:
    if again.status not in {200, 201}:
        return Noted(f"{what} gets {again.status}.", {"status": again.status})
    same = _id(first) == _id(again)
    return Noted(f"{what} {'replays' if same else 'creates another resource'}.", {"replays": same})
