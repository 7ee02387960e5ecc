"""How lies and variants about webhooks are told: deliveries that are changed, or sent from the door."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx

from conformance.faults.rewriting import COLLECTION, is_create, is_update
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from conformance.reference import Handler, Request, Response
    from conformance.reference.call import Event

    Item = dict[str, Any]

WEBHOOKS = "/v1/webhooks"
ACTIONS = {"archive": "observation.archived", "restore": "observation.restored"}


@dataclass(frozen=True)
class Message:
    """A delivery: its headers and its body."""

    headers: Mapping[str, str]
    body: Mapping[str, Any]


def as_the_reference(event: str, data: Item) -> Message:
    """Name the event where the reference does."""
    return Message({}, {"type": event, "data": data})


def event_of(request: Request, response: Response) -> str | None:
    """Tell of which event the answer to a write would be told, had it succeeded; None where of none."""
    if is_create(request):
        return None if response.header("Idempotent-Replayed") else "observation.created"
    if is_update(request):
        return "observation.updated"
    action = request.path.rpartition("/")[2]
    return ACTIONS.get(action) if request.method == "POST" and request.path.startswith(COLLECTION) else None


def announces(tell: Callable[[Event, Item | None], Event | None]) -> Behaviour:
    """Tell subscribers `tell(event, before)`, or nothing where that is None.

    `before` is the observation as it was at its event before, None at its first.
    """
    told: dict[str, Item] = {}

    def announce(event: Event) -> Event | None:
        before = told.get(event.data["id"])
        told[event.data["id"]] = dict(event.data)
        return tell(event, before)

    return replace(HONEST, announce=announce)


class Subscriptions:
    """The subscriptions that were made through a door, and deliveries to them."""

    def __init__(self, write: Callable[[str, Item], Message] = as_the_reference) -> None:
        self._write = write
        self._known: dict[str, tuple[str | None, Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def note(self, request: Request, response: Response) -> None:
        """Remember a subscription that was made, forget one that was removed."""
        if request.method == "POST" and request.path == WEBHOOKS and response.status == 201:
            made = response.json()
            self._known[made["id"]] = (request.header("authorization"), made)
        elif request.method == "DELETE" and request.path.startswith(WEBHOOKS):
            self._known.pop(request.path.rpartition("/")[2], None)

    async def tell(self, request: Request, event: str, data: Item, *, everybody: bool = False) -> None:
        """Deliver to all who asked for the event, with the key of a request or with any, before that is answered."""
        message = self._write(event, data)
        key = request.header("authorization")
        urls = [
            one["url"]
            for owner, one in self._known.values()
            if (everybody or owner == key) and event in one["event_types"]
        ]
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501  # loopback only
            posts = (client.post(url, json=message.body, headers=message.headers) for url in urls)
            await asyncio.gather(*posts, return_exceptions=True)

    def spawn(self, later: Coroutine[Any, Any, None]) -> None:
        """Let something be done while the request is answered."""
        task = asyncio.get_running_loop().create_task(later)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def telling_of_refusals(event: str, status: int) -> Behaviour:
    """Tell subscribers of `event` where a write of it is refused with `status`; `data` is the observation as it is."""
    known = Subscriptions()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        known.note(request, response)
        if event_of(request, response) == event and response.status == status:
            await known.tell(request, event, await _as_it_is(request, honest))
        return response

    return replace(HONEST, door=door)


async def _as_it_is(request: Request, honest: Handler) -> Item:
    """Read the observation that a write is about; what a create sends is its own."""
    if is_create(request):
        return {"id": "obs_01HXX9YK7Z8N2P3Q4R5S6T7U8V", **request.json()}
    path = "/".join(request.path.split("/")[:4])
    read = await honest(replace(request, method="GET", path=path, body=b""))
    return dict(read.json())
