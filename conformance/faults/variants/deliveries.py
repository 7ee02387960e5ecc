"""Legal choices in how webhooks are subscribed to, verified and delivered."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

from conformance.faults.announcing import WEBHOOKS, Message, Subscriptions, event_of
from conformance.faults.rewriting import refusal, sent
from conformance.faults.variants import legal, legal_at_the_door
from conformance.reference import HONEST, Behaviour
from conformance.reference.http import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response

    Item = dict[str, Any]
    Deliver = Callable[[Subscriptions, Request, Handler, str, Item], Any]

NAMES = {"url": "callback_url", "event_types": "events"}
SPEC = "/v1/openapi.json"


def _delivering(write: Callable[[str, Item], Message], deliver: Deliver) -> Behaviour:
    """Keep the reference from delivering, and deliver from the door: `write` makes a message, `deliver` sends it."""
    known = Subscriptions(write)

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        known.note(request, response)
        event = event_of(request, response)
        if event and response.status in {200, 201}:
            await deliver(known, request, honest, event, response.json())
        return response

    return replace(HONEST, door=door, announce=lambda _: None)


async def _at_once(known: Subscriptions, request: Request, _: Handler, event: str, data: Item) -> None:
    await known.tell(request, event, data)


@legal
def deliveries_in_another_envelope() -> Behaviour:
    """The event's name stands in `event`, beside a list of all that the subscription asked for, and more fields."""

    def write(event: str, data: Item) -> Message:
        told = {"id": 7, "sent": "2026-01-01T00:00:00Z", "subscription": {"events": ["observation.created", event]}}
        return Message({"X-Attempt": "1"}, {**told, "event": event, "data": {**data, "links": {"self": data["id"]}}})

    return _delivering(write, _at_once)


@legal
def deliveries_named_in_a_header() -> Behaviour:
    """The event's name stands in a header alone, the body is an object with data."""
    return _delivering(lambda event, data: Message({"Webhook-Event": event}, {"data": data}), _at_once)


@legal
def deliveries_twice_late_and_in_any_order() -> Behaviour:
    """Each delivery comes twice, up to two seconds late, and so in any order."""
    chance = random.Random(7)  # noqa: S311  # no secret

    async def deliver(known: Subscriptions, request: Request, _: Handler, event: str, data: Item) -> None:
        async def late(seconds: float) -> None:
            await asyncio.sleep(seconds)
            await known.tell(request, event, data)

        for _time in range(2):
            known.spawn(late(2 * chance.random()))

    return _delivering(lambda event, data: Message({}, {"type": event, "data": data}), deliver)


@legal
def deliveries_that_read_late() -> Behaviour:
    """A delivery is made half a second later, of the observation as it is then."""

    async def deliver(known: Subscriptions, request: Request, honest: Handler, event: str, data: Item) -> None:
        async def late() -> None:
            await asyncio.sleep(0.5)
            path = f"/v1/observations/{data['id']}"
            read = await honest(replace(request, method="GET", path=path, query=(), body=b"", raw_query=""))
            await known.tell(request, event, read.json())

        known.spawn(late())

    return _delivering(lambda event, data: Message({}, {"type": event, "data": data}), deliver)


@legal
def archiving_is_delivered_as_an_update_too() -> Behaviour:
    """An archive and a restore are delivered as updates, too: they set a field."""

    async def deliver(known: Subscriptions, request: Request, _: Handler, event: str, data: Item) -> None:
        await known.tell(request, event, data)
        if event in {"observation.archived", "observation.restored"}:
            await known.tell(request, "observation.updated", data)

    return _delivering(lambda event, data: Message({}, {"type": event, "data": data}), deliver)


@legal
def subscriptions_that_take_a_second() -> Behaviour:
    """Nothing that happens in the first second of a subscription is delivered to it."""
    return replace(HONEST, subscribed=_after_a_second())


def _after_a_second() -> Callable[[Any, Any], bool]:
    def subscribed(event: Any, webhook: Any) -> bool:  # noqa: ANN401  # as the field it stands for
        changed = event.data["updated_at"]
        ready = HONEST.timestamp(webhook["created_at"] + 1_000_000)
        return HONEST.subscribed(event, webhook) and changed >= ready

    return subscribed


@legal_at_the_door
async def listeners_are_verified(request: Request, honest: Handler) -> Response:
    """A subscription is refused unless its URL echoes a challenge."""
    if request.method == "POST" and request.path == WEBHOOKS and await _is_deaf(request):
        return refusal("unprocessable", "url")
    return await honest(request)


async def _is_deaf(request: Request) -> bool:
    """Tell whether a URL on this machine does not echo; elsewhere nothing is asked."""
    url = str(sent(request).get("url"))
    if not url.startswith("http://127.0.0.1"):
        return False
    async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501  # loopback only
        answer = await client.get(url, params={"challenge": "c-1"})
    return answer.text != "c-1"


@legal_at_the_door
async def webhooks_under_other_names(request: Request, honest: Handler) -> Response:
    """A subscription has a callback_url and events, and the spec says so."""
    if request.path == SPEC:
        response = await honest(request)
        served = response.status == 200 and request.method == "GET"
        return replace(response, body=encode(_respelled_spec(response.json()))) if served else response
    if not request.path.startswith(WEBHOOKS):
        return await honest(request)
    back = {other: name for name, other in NAMES.items()}
    body = sent(request)
    response = await honest(request.with_json(_respelled(body, back)) if body else request)
    return replace(response, body=encode(_respelled(response.json(), NAMES))) if response.body else response


def _respelled_spec(document: Item) -> Item:
    schemas = document["components"]["schemas"]
    ours = {name: schema for name, schema in schemas.items() if name.startswith("Webhook")}
    respelled = {name: _respelled(schema, NAMES) for name, schema in ours.items()}
    for schema in respelled.values():
        schema["required"] = [NAMES.get(name, name) for name in schema.get("required", ["id"])]
    create = document["paths"]["/webhooks"]["post"]
    paths = {**document["paths"], "/webhooks": {**document["paths"]["/webhooks"], "post": _respelled(create, NAMES)}}
    components = {**document["components"], "schemas": {**schemas, **respelled}}
    return {**document, "paths": paths, "components": components}


def _respelled(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, list):
        return [_respelled(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {names.get(name, name): _respelled(one, names) for name, one in value.items()}
