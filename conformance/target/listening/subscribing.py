"""Subscribing to webhooks as the target's own spec says: the documents describe no body, so its schema has to.

A body is built as for any create; then the URL and the event types are put where the schema has room for them.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from conformance.contract.events import EVENTS
from conformance.contract.resources import SPEC_PATH, resource
from conformance.errors import Missing, Refused
from conformance.target.bodies import Builder
from conformance.target.documents import (
    as_list,
    as_object,
    combined,
    demanded_scopes,
    json_content,
    merged,
    operation,
    spec,
)
from conformance.target.made.removal import may_leave_data, remove_these, ways
from conformance.target.reading import Resource, read_resource
from conformance.target.schemas import alternatives, fits, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

WEBHOOKS = resource("webhooks").path
FORBIDDEN = 403
DEPTH = 2
"""A body may hold the URL in an object of its own; no deeper."""
NAMES = tuple(event.type for event in EVENTS)
_URL = re.compile(r"(?:.*_)?(?:url|uri|endpoint|callback|destination|target|address)")
_TYPES = re.compile(r"(?:.*_)?(?:event_types?|event_names?|events?|types|topics?|triggers?|subscriptions)")
_SWITCHES = dict.fromkeys(("active", "enabled", "is_active", "is_enabled"), True) | dict.fromkeys(
    ("disabled", "paused", "inactive", "is_disabled", "is_paused"), False
)
"""What fields of these names must be for a subscription to deliver."""
_STATES = ("active", "enabled")


class Unsubscribable(Missing):
    """The target can't be subscribed to: `message` says for want of what."""


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a body: where it lies, as the names that lead there, its schema, and whether it is required."""

    path: tuple[str, ...]
    schema: Resource
    required: bool = False

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path[-1]

    @property
    def items(self) -> Resource:
        """The schema of its items, {} where it is no array."""
        return as_object(self.schema.get("items"))

    @property
    def kind(self) -> str:
        """What it holds, as `kind_of` tells."""
        return kind_of(self.name, self.schema)

    def is_in(self, body: Resource) -> bool:
        """Tell whether a body has it."""
        for name in self.path[:-1]:
            body = as_object(body.get(name))
        return self.name in body

    def put(self, body: Resource, value: Any) -> None:  # noqa: ANN401  # any JSON value
        """Set it in a body, and the objects around it where they are missing."""
        for name in self.path[:-1]:
            body = body.setdefault(name, {})
        body[self.name] = value


@dataclass(frozen=True, slots=True)
class Form:
    """How a target wants to be asked for a subscription: a body that lacks only the URL and the event types."""

    body: Resource
    url: Place
    types: Place

    def bodies(self, url: str, wanted: Sequence[str]) -> Sequence[Resource]:
        """Fill it in; a form that takes one type at a time is filled in once for each."""
        return [self._filled(url, value) for value in _values(self.types, wanted)]

    def _filled(self, url: str, types: Any) -> Resource:  # noqa: ANN401  # as the schema wants them
        filled = deepcopy(self.body)
        self.url.put(filled, url)
        self.types.put(filled, types)
        return filled


async def subscription_form(target: Target) -> Form:
    """Find out how to subscribe; raise `Missing` where the spec does not tell, or not how to undo it."""
    document = await spec(target)
    declared = operation(document, "POST", WEBHOOKS)
    media = json_content(document, declared) if declared else {}
    if not media:
        raise Unsubscribable(f"a JSON body of POST {WEBHOOKS} in the published spec", f"Describe it in {SPEC_PATH}.")
    if not may_leave_data(target) and not ways(document, WEBHOOKS):
        raise Unsubscribable(
            "a way to remove a subscription, and the published spec declares neither DELETE nor archive",
            "Say --leave-data where a subscription that stays does no harm.",
        )
    schema = merged(document, media.get("schema"))
    places = list(_places(document, schema))
    url, types = _best(places, _url_likeness), _best(places, _types_likeness)
    if url is None or types is None:
        what = "the URL" if url is None else "the event types"
        names = ", ".join(".".join(place.path) for place in places) or "none"
        raise Unsubscribable(f"a field for {what} in the spec's body of POST {WEBHOOKS} (its fields: {names})")
    ours = {place.name for place in (url, types) if len(place.path) == 1}
    required = [name for name in as_list(schema.get("required")) if name not in ours]
    body = await Builder(target, document).body(media | {"schema": schema | {"required": required}})
    _switch_on(body, places)
    return Form(body, url, types)


class Subscriber:
    """Makes subscriptions by a form, and removes them in the end: an async context manager."""

    def __init__(self, target: Target, form: Form) -> None:
        self._target = target
        self._form = form
        self._made: list[str] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await remove_these(self._target, self._made)

    async def subscribe(self, url: str, wanted: Sequence[str]) -> None:
        """Subscribe a URL to event types.

        Raises `Missing` where the spec has no room for the URL or the target refuses, `Refused` where it answers oddly.
        """
        if not fits(url, self._form.url.schema):
            raise Unsubscribable(
                f"a listener URL that the published spec allows as {self._form.url.name}, unlike {url}",
                "Give one as --listener-url, such as an https tunnel to --listen.",
            )
        for body in self._form.bodies(url, wanted):
            self._made.append(read_resource(await _asked(self._target, body))["id"])


async def _asked(target: Target, body: Resource) -> Exchange:
    answer = await target.post(WEBHOOKS, json=body, headers={"Idempotency-Key": target.chance.uuid()})
    if answer.status == FORBIDDEN:
        document = await spec(target)
        scopes = demanded_scopes(document, operation(document, "POST", WEBHOOKS) or {})
        wanted = " and ".join(scopes) or "webhooks:write"
        raise Missing(f"a key that may POST {WEBHOOKS}", f"Give PB_API_KEY the scope {wanted}.")
    if 400 <= (answer.status or 0) < 500:  # noqa: PLR2004  # RFC 9110: it is our request that the target minds
        hint = "Is --listener-url one that the target accepts and reaches?"
        raise Unsubscribable(f"a subscription, which the target refuses: {_said(answer)}", hint)
    if not 200 <= (answer.status or 0) < 300:  # noqa: PLR2004  # RFC 9110: 2xx is success
        raise Refused(f"{answer}: a subscription was not made", exchange=answer)
    return answer


def _said(answer: Exchange) -> str:
    value = answer.json if answer.response is not None and answer.response.is_json else None
    error = as_object(as_object(value).get("error"))
    told = [as_object(one) for one in as_list(error.get("details"))]
    details = "; ".join(f"{one.get('field')}: {one.get('message')}" for one in told)
    return f"{answer.status} {details or error.get('message') or ''}".rstrip()


def _places(document: Resource, schema: Resource, path: tuple[str, ...] = ()) -> Iterator[Place]:
    """Give the fields of a body that a client may set, those of its alternatives and of objects in it, too."""
    options, rest = alternatives(schema)
    whole = combined([rest, *(merged(document, option) for option in options)])
    required = as_list(whole.get("required"))
    for name, declared in as_object(whole.get("properties")).items():
        own = merged(document, declared)
        if own.get("readOnly") is True:
            continue
        items = {"items": merged(document, own["items"])} if "items" in own else {}
        yield Place((*path, name), own | items, name in required)
        if len(path) + 1 < DEPTH:
            yield from _places(document, own, (*path, name))


def _best(places: Sequence[Place], likeness: Callable[[Place], int]) -> Place | None:
    """Give the most likely place, of as likely ones the required, then the first; None where none is likely."""
    ranked = sorted(places, key=lambda place: (-likeness(place), not place.required))
    return ranked[0] if ranked and likeness(ranked[0]) else None


def _url_likeness(place: Place) -> int:
    """Rate how surely a field takes the listener's URL: by its name, then by its format; 0 where it can't."""
    if place.kind not in {"uri", "text", "formatted"}:
        return 0
    return 4 * (place.name == "url") + 2 * bool(_URL.fullmatch(place.name)) + (place.kind == "uri")


def _types_likeness(place: Place) -> int:
    """Rate how surely a field takes event types: by the values that its schema lists, then by its name."""
    if _offered(place):
        return {"array": 5, "object": 4}.get(place.kind, 3)
    if not _TYPES.fullmatch(place.name):
        return 0
    return {"array": 2 * (kind_of("", place.items) in {"text", "enum"}), "text": 1}.get(place.kind, 0)


def _offered(place: Place) -> Sequence[str]:
    """Give the documented event types that a field's schema lists, as values or as switches."""
    listed = {*map(str, as_list(place.items.get("enum"))), *map(str, as_list(place.schema.get("enum")))}
    listed |= as_object(place.schema.get("properties")).keys()
    return [name for name in NAMES if name in listed]


def _values(place: Place, wanted: Sequence[str]) -> Sequence[Any]:
    """Write event types as a field takes them; several values where it takes one type at a time."""
    offered = _offered(place)
    chosen = [name for name in wanted if name in offered] or list(wanted)
    if place.kind == "array":
        return [chosen]
    if place.kind == "object":
        return [{name: name in chosen for name in offered}]
    return chosen


def _switch_on(body: Resource, places: Sequence[Place]) -> None:
    """Let the subscription deliver, where a field of the body says whether it does."""
    for place in places:
        default = place.schema.get("default")
        if place.name in _SWITCHES and place.kind == "boolean":
            on: list[Any] = [_SWITCHES[place.name]]
        elif place.name in {"status", "state"}:
            on = [state for state in _STATES if state in as_list(place.schema.get("enum"))]
        else:
            continue
        if on and (place.is_in(body) or default not in (None, *on)):
            place.put(body, on[0])
