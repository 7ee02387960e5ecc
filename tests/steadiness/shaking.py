"""Runs under conditions that a conforming target may meet any day: load, weather, leftovers, midnight.

A run here is whole: every scenario against an honest reference in this process, and the clean-up. What it finds is a
false alarm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import httpx

from conformance.contract.rules import select
from conformance.faults.rewriting import COLLECTION
from conformance.faults.trial import BASE_URL, CLOCK_URL, SETTINGS
from conformance.judging.embedded import ROLES
from conformance.judging.needs import missing
from conformance.judging.runner import Runner
from conformance.judging.scenario import all_scenarios
from conformance.reference import HONEST, Clock, Reference
from conformance.reference.errors import Refusal, envelope
from conformance.target.clock import TargetClock
from conformance.target.listening.listener import Listener
from conformance.target.made.cleanup import clean_up
from conformance.target.means import Means
from conformance.target.target import Target
from conformance.target.tour import arrive
from conformance.wire.client import Client, WireOptions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from conformance.judging.results import Check
    from conformance.reference import Handler, Request, Response
    from conformance.wire.recorder import Recorder

WRITING = frozenset(rule.id for rule in select("IDM,OBU,ARC,ROB-04,ROB-05"))
"""The rules whose conversations are the longest, and the first to suffer."""


@dataclass(frozen=True)
class Conditions:
    """What a run meets. `throttled` and `broken` are shares of all requests; times are seconds.

    `midnight` is how long after the start the target's day ends, `lag` how far its lists are behind; `runs` on the
    same target come one after the other.
    """

    seed: int = 0
    in_flight: int = 16
    shuffled: bool = False
    throttled: float = 0.0
    broken: float = 0.0
    midnight: float | None = None
    lag: float = 0.0
    runs: int = 1
    rules: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in vars(self).items() if value)


class Weather(httpx.AsyncBaseTransport):
    """A network that breaks now and then: before a request arrives, or after it was handled."""

    def __init__(self, inner: httpx.AsyncBaseTransport, share: float, chance: Random) -> None:
        self._inner, self._share, self._chance = inner, share, chance

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, or break its connection."""
        if self._chance.random() >= self._share:
            return await self._inner.handle_async_request(request)
        kind = self._chance.choice(("unconnected", "cut off before", "cut off after", "closed"))
        if kind == "unconnected":
            raise httpx.ConnectError("no route to host", request=request)
        if kind == "cut off before":
            raise httpx.WriteError("broken pipe", request=request)
        await self._inner.handle_async_request(request)
        if kind == "closed":
            raise httpx.RemoteProtocolError("server disconnected without sending a response", request=request)
        raise httpx.ReadError("connection reset by peer", request=request)


def throttling(share: float, chance: Random) -> object:
    """Give a door that puts off a share of the requests that come with a key."""

    async def door(request: Request, honest: Handler) -> Response:
        if chance.random() >= share or not request.path.startswith("/v1/"):
            return await honest(request)
        probe = await honest(replace(request, method="GET", path=COLLECTION, query=(("limit", "1"),), body=b""))
        if probe.status != 200:
            return await honest(request)
        told = envelope(Refusal("rate_limited", "too many at a time"), 429)
        kept = tuple(pair for pair in probe.headers if pair[0].lower() not in {"content-type", "x-ratelimit-remaining"})
        spent = (("X-RateLimit-Remaining", "0"), ("Retry-After", "1"))  # the least that the spec allows
        return replace(told, headers=(*told.headers, *kept, *spent))

    return door


async def shaken(conditions: Conditions) -> tuple[Sequence[Check], Sequence[Recorder]]:
    """Run everything under these conditions; give all checks, and what was exchanged in each run."""
    chance = Random(f"weather {conditions.seed}")
    reference = Reference(
        replace(HONEST, door=throttling(conditions.throttled, chance), lag=conditions.lag),
        clock=_clock(conditions.midnight),
        control=True,
        secure=True,
    )
    checks: list[Check] = []
    recorders: list[Recorder] = []
    try:
        for number in range(conditions.runs):
            told, recorder = await _run(reference, conditions, f"r{conditions.seed}-{number}", chance)
            checks += told
            recorders.append(recorder)
    finally:
        reference.close()
    return checks, recorders


def _clock(midnight: float | None) -> Clock:
    clock = Clock()
    if midnight is not None:
        now = clock.now()
        tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        clock.advance((tomorrow - now).total_seconds() - midnight)
    return clock


async def _run(
    reference: Reference, conditions: Conditions, run_id: str, chance: Random
) -> tuple[Sequence[Check], Recorder]:
    inner = httpx.ASGITransport(reference.asgi, raise_app_exceptions=False)
    transport = Weather(inner, conditions.broken, chance)
    keys = {role: getattr(reference.keys, name) for name, role in ROLES.items()}
    options = WireOptions(in_flight=conditions.in_flight)
    settings = replace(SETTINGS, settle=max(SETTINGS.settle, 5 * conditions.lag))
    async with (
        Client(BASE_URL, keys, run_id=run_id, transport=transport, options=options) as client,
        Listener(client.recorder) as listener,
    ):
        means = Means(clock=TargetClock(CLOCK_URL, transport=inner), listener=listener, spend_quota=True)
        target = Target(client, settings, run_id=run_id, means=means, seed=conditions.seed)
        unmet = missing(keys, settings, means, base_url=BASE_URL)
        await arrive(target)  # as a run does before anything else
        checks = await Runner(target, _chosen(conditions), missing=unmet).all()
        await clean_up(target)
    return checks, client.recorder


def _chosen(conditions: Conditions) -> Collection[object]:
    chosen = [one for one in all_scenarios() if not conditions.rules or one.rule.id in conditions.rules]
    if conditions.shuffled:
        Random(conditions.seed).shuffle(chosen)
    return chosen
