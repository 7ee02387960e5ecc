"""Being subscribed: a subscription that is known to work, writes that are awaited, and what to say where nothing comes.

Deliveries may come twice and in any order, and a new subscription may take its time to work.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from conformance.contract.model import Need
from conformance.contract.needs import REMEDIES
from conformance.errors import Missing, TargetError
from conformance.judging.verdicts import Blocked, NotJudged
from conformance.target.reading import unwrap
from conformance.target.target import OBSERVATIONS
from scenarios._events import is_about, telling

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from conformance.target.listening.listener import Delivery, Inbox, Listener
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

T = TypeVar("T")

SHORTEST_WAIT = 2.0
"""Seconds in which a delivery may come in any case, however short `settle` is."""
QUIET = 0.3
"""Seconds, at least, after which what must not come would have come, once something later has."""
_ROUNDS: Sequence[tuple[float, Sequence[str]]] = (
    (1 / 6, ()),
    (1 / 6, ()),
    (1 / 6, ("archive",)),
    (1 / 2, ("archive", "restore")),
)
"""What a new subscription is tried with beside a create and an update, and for which part of the patience each."""


@dataclass(frozen=True, slots=True)
class Step:
    """A write, and what was delivered of its event before anything else was done to its observation.

    `about` are all deliveries about the observation by then. `seconds` is how long after the write the first one of
    its event came, or how long it was waited for.
    """

    event: str
    answer: Exchange
    deliveries: Sequence[Delivery] = ()
    about: Sequence[Delivery] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Silence:
    """A subscription that told nothing of any write: the listener's URL, how long it was tried, what came otherwise.

    `leads_here` tells whether this machine itself reaches the listener by that URL.
    """

    url: str
    seconds: float
    leads_here: bool
    deliveries: Sequence[Delivery]


def a_listener(target: Target) -> Listener:
    """Give the run's listener; raise `Missing` where it has none."""
    if target.means.listener is None:
        raise Missing("a URL at which the target reaches the suite", hint=REMEDIES[Need.LISTENER])
    return target.means.listener


def patience(target: Target) -> float:
    """Give the seconds that a delivery is waited for."""
    return max(SHORTEST_WAIT, 3 * target.settings.settle)


async def tried(target: Target, attempt: Callable[[], Awaitable[T]]) -> T | Exception:
    """Give what comes of an attempt, or what kept it from coming: the rest can go on without."""
    try:
        return await target.conversations.hold(attempt)
    except (TargetError, Missing) as error:
        return error


async def warm_up(target: Target, inboxes: Sequence[Inbox]) -> Silence | None:
    """Make and change observations until all inboxes were told of any of it, or patience ends.

    Returns the silence of the first inbox where it was told of nothing.
    """
    made: list[str] = []
    for part, actions in _ROUNDS:
        one = (await target.make()).id
        made.append(one)
        await tried(target, partial(target.patch, f"{OBSERVATIONS}/{one}", json={"impact": "Is anybody listening?"}))
        for action in actions:
            await tried(target, partial(target.post, f"{OBSERVATIONS}/{one}/{action}"))
        within = part * patience(target)
        if all(await asyncio.gather(*(each.wait(lambda came: _about(came, *made), within=within) for each in inboxes))):
            return None
    first = inboxes[0]
    if _about(first.deliveries, *made):
        return None
    listener = a_listener(target)
    return Silence(listener.url, patience(target), await listener.is_reachable(), first.deliveries)


def _about(deliveries: Iterable[Delivery], *texts: str) -> Sequence[Delivery]:
    return [one for one in deliveries if is_about(one, texts)]


def require_delivery(silence: Silence | None) -> None:
    """End a check for which nothing was delivered: not judged where nobody can reach us, else blocked by EVT-01."""
    if silence is None:
        return
    if not silence.leads_here:
        raise NotJudged(
            f"nothing came to {silence.url}, and this machine does not reach its listener by that URL either",
            hint="Does the tunnel or proxy behind --listener-url lead to --listen?",
        )
    raise Blocked("nothing was delivered at all (EVT-01)")


async def awaited(target: Target, inbox: Inbox, event: str, write: Awaitable[Exchange], *texts: str) -> Step:
    """Write, and wait for the delivery of `event` about what was written, by its id or by one of `texts`.

    What came before does not count: the same may have happened to it earlier.
    """
    sent = time.monotonic()
    answer = await write
    resource = unwrap(answer.json) if answer.response is not None and answer.response.is_json else None
    if resource is None or not 200 <= (answer.status or 0) < 300:
        return Step(event, answer)
    texts = (*texts, str(resource.get("id")))
    within = patience(target)

    def told(came: Iterable[Delivery]) -> Sequence[Delivery]:
        return telling([one for one in came if one.at >= sent], event, texts)

    deliveries = await inbox.wait(told, within=within)
    seconds = max(deliveries[0].at - sent, 0.0) if deliveries else within
    return Step(event, answer, deliveries, _about(inbox.deliveries, *texts), seconds)


async def keep_quiet(target: Target, steps: Iterable[Step], *, since: float | None = None) -> None:
    """Wait until thrice as long as the slowest delivery took has passed since a moment (now, without one).

    What happened before and is told of at all has been told of then, and what is told of later happened later.
    """
    slowest = max((step.seconds for step in steps if step.deliveries), default=0.0)
    passed = 0.0 if since is None else time.monotonic() - since
    await asyncio.sleep(min(max(QUIET, 3 * slowest), patience(target)) - passed)


def require_room(*inboxes: Inbox) -> None:
    """Don't judge where more came than the listener keeps."""
    if any(inbox.is_full for inbox in inboxes):
        raise NotJudged("more was delivered than the suite's listener keeps", hint="Judge a quieter target.")
