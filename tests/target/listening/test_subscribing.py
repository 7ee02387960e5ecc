"""Subscribing follows the target's own spec, whatever its fields are called, and says what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import Missing, Refused
from conformance.target.listening.subscribing import NAMES, Subscriber, subscription_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.target.target import Target
    from tests.target.conftest import Open

URL = "https://hooks.example.com/1"
TWO = ["observation.created", "observation.archived"]
TEXT = {"type": "string"}
URI = {"type": "string", "format": "uri"}
EVENT = {"type": "string", "enum": [*NAMES, "employee.created"]}
EVENTS = {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}


def document(schema: dict[str, Any], *, removable: bool = True) -> dict[str, Any]:
    """Give a spec whose subscriptions are made with a body of this schema."""
    create = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    one = {"/webhooks/{id}": {"delete": {}}} if removable else {}
    return {"paths": {"/webhooks": {"post": create}, **one}, "components": {"schemas": {"Event": EVENT}}}


def fields(required: str = "", **properties: Any) -> dict[str, Any]:  # noqa: ANN401  # any schema
    """Give the schema of an object."""
    return {"type": "object", "required": required.split(), "properties": properties}


@pytest.fixture
def subscribing(answering: Open, ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that subscribes to two event types by a spec, and gives the bodies that were sent."""

    def subscribe_by(spec: dict[str, Any], answer: httpx.Response | None = None) -> list[Any]:
        sent: list[Any] = []

        def handler(request: httpx.Request) -> httpx.Response:
            if request.method == "GET":
                is_spec = request.url.path.endswith("/openapi.json")
                return httpx.Response(200, json=spec if is_spec else {"data": {"api_key": {"scopes": ["*"]}}})
            if request.method == "DELETE":
                return httpx.Response(204)
            sent.append(httpx.Response(200, content=request.content).json())
            return answer or httpx.Response(201, json={"id": f"hook {len(sent)}"})

        async def do(target: Target) -> list[Any]:
            async with Subscriber(target, await subscription_form(target)) as subscriber:
                await subscriber.subscribe(URL, TWO)
            return sent

        told: list[Any] = ask(answering(handler), do)
        return told

    return subscribe_by


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (fields("url event_types", url=URI, event_types=EVENTS), [{"url": URL, "event_types": TWO}]),
        (fields("callback_url events", callback_url=TEXT, events=EVENTS), [{"callback_url": URL, "events": TWO}]),
        (
            fields("target topics", target=TEXT, topics={"type": "array", "items": TEXT}),
            [{"target": URL, "topics": TWO}],
        ),
        (fields(where=URI, wanted=EVENTS), [{"where": URL, "wanted": TWO}]),
        (
            fields("config", config=fields("url", url=URI, secret=TEXT), events=EVENTS),
            [{"config": {"url": URL}, "events": TWO}],
        ),
        (fields("url event", url=URI, event=EVENT), [{"url": URL, "event": name} for name in TWO]),
        (
            fields("url enabled", url=URI, enabled=fields(**{name: {"type": "boolean"} for name in NAMES})),
            [{"url": URL, "enabled": {name: name in TWO for name in NAMES}}],
        ),
        (
            {"allOf": [fields("url", url=URI), {"anyOf": [fields("events", events=EVENTS)]}]},
            [{"url": URL, "events": TWO}],
        ),
    ],
    ids=[
        "usual",
        "other names",
        "no enum",
        "by format",
        "nested",
        "one at a time",
        "switches",
        "any of",
    ],
)
def test_the_url_and_the_types_go_where_the_spec_has_room(
    subscribing: Callable[..., Any], schema: dict[str, Any], expected: list[Any]
) -> None:
    """Required fields are filled in, others left out."""
    assert subscribing(document(schema)) == expected


def test_of_two_addresses_the_plainest_name_takes_the_listener(subscribing: Callable[..., Any]) -> None:
    """The other one gets an address that nobody has."""
    (sent,) = subscribing(document(fields("logo_url url", logo_url=URI, url=URI, events=EVENTS)))
    assert (sent["url"], sent["logo_url"] == URL) == (URL, False)


@pytest.mark.parametrize(
    ("field", "schema", "expected"),
    [
        ("active", {"type": "boolean"}, True),
        ("disabled", {"type": "boolean"}, False),
        ("status", {"type": "string", "enum": ["paused", "active"]}, "active"),
    ],
)
def test_a_subscription_is_switched_on(
    subscribing: Callable[..., Any], field: str, schema: dict[str, Any], expected: object
) -> None:
    """Where the body has to say whether it delivers, it says so."""
    (sent,) = subscribing(document(fields(f"url events {field}", url=URI, events=EVENTS, **{field: schema})))
    assert sent[field] == expected


def test_a_switch_that_is_off_by_default_is_set(subscribing: Callable[..., Any]) -> None:
    """Also where it is optional."""
    active = {"type": "boolean", "default": False}
    (sent,) = subscribing(document(fields("url events", url=URI, events=EVENTS, active=active)))
    assert sent["active"] is True


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({}, "a JSON body of POST /webhooks in the published spec"),
        (document(fields(events=EVENTS, note={"type": "integer"})), "a field for the URL"),
        (document(fields(url=URI, name=TEXT)), "a field for the event types"),
        (document(fields(url=URI, events=EVENTS), removable=False), "neither DELETE nor archive"),
        (document(fields(url={**TEXT, "pattern": "^https://x"}, events=EVENTS)), "a listener URL that"),
        (
            document(fields("url events odd", url=URI, events=EVENTS, odd={**TEXT, "pattern": "^$", "minLength": 1})),
            "odd",
        ),
    ],
    ids=["no spec", "no URL", "no types", "no removal", "another URL", "no body"],
)
def test_what_a_spec_lacks_is_told(subscribing: Callable[..., Any], spec: dict[str, Any], told: str) -> None:
    """Nothing is sent then."""
    with pytest.raises(Missing) as missing:
        subscribing(spec)
    assert told in missing.value.message


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (httpx.Response(403, json={"error": {}}), Missing, "scope webhooks:write"),
        (httpx.Response(422, json={"error": {"message": "no such host"}}), Missing, "422 no such host"),
        (
            httpx.Response(400, json={"error": {"details": [{"field": "url", "message": "https"}]}}),
            Missing,
            "url: https",
        ),
        (httpx.Response(500, json={"error": {}}), Refused, "500"),
        (httpx.Response(200, json={}), Refused, "no resource"),
    ],
    ids=["403", "422", "400", "500", "no id"],
)
def test_a_subscription_that_is_not_made_is_told_as_the_target_tells_it(
    subscribing: Callable[..., Any], answer: httpx.Response, error: type[Exception], told: str
) -> None:
    """A refusal is a prerequisite that is missing; an error of the target's is its own."""
    with pytest.raises(error) as raised:
        subscribing(document(fields(url=URI, events=EVENTS)), answer)
    assert told in str(raised.value)
