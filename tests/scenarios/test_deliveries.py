"""Where nothing is delivered the one who is to blame is named, and no subscription outlives its run."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import Missing
from conformance.faults.announcing import announces
from conformance.faults.trial import BASE_URL, SETTINGS
from conformance.judging.verdicts import Blocked, NotJudged, Undecided, Violation
from conformance.reference import HONEST, Behaviour, Reference, Request
from conformance.target.listening.listener import Listener
from conformance.target.made.cleanup import clean_up
from conformance.target.means import NONE, Means
from conformance.target.target import Target
from conformance.wire.client import Client
from scenarios._deliveries import WHOLE, evidence
from scenarios.test_webhooks import test_a_create_delivers_created as judge_creates
from scenarios.test_webhooks import test_a_refused_change_delivers_nothing as judge_attempts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

SILENT = announces(lambda _event, _before: None)


@asynccontextmanager
async def opened(behaviour: Behaviour, *, url: str = "", deaf: bool = False) -> AsyncIterator[tuple[Target, Reference]]:
    """Open a reference as a target, with a listener (said to be at `url`) unless the run is `deaf`."""
    reference = Reference(behaviour)
    transport = httpx.ASGITransport(reference.asgi)
    try:
        async with (
            Client(BASE_URL, {"key": reference.keys.full}, run_id="t", transport=transport) as client,
            Listener(client.recorder, url=url) as listener,
        ):
            means = NONE if deaf else Means(listener=listener)
            yield Target(client, SETTINGS, run_id="t", means=means), reference
    finally:
        reference.close()


def judged(doing: Callable[[Target], Any], behaviour: Behaviour = HONEST, **options: Any) -> Any:  # noqa: ANN401
    """Give what `doing` with a target gives."""

    async def run() -> Any:  # noqa: ANN401  # as given
        async with opened(behaviour, **options) as (target, _):
            return await doing(target)

    return asyncio.run(run())


def test_silence_breaks_the_rule_on_creates_alone() -> None:
    """A target that delivers nothing fails there, with the URL; all else is blocked."""

    async def judge(target: Target) -> tuple[str, type[BaseException]]:
        with pytest.raises(Violation) as breach:
            await judge_creates(target, WHOLE)
        with pytest.raises(Undecided) as other:
            await judge_attempts(target, "invalid create")
        return breach.value.message, other.type

    message, other = judged(judge, SILENT)
    assert ("does the target reach that URL, or" in message, other) == (True, Blocked)


def test_a_url_that_leads_nowhere_accuses_nobody() -> None:
    """It is not judged, with a hint at the tunnel."""
    with pytest.raises(NotJudged) as undecided:
        judged(lambda target: judge_creates(target, WHOLE), url="http://127.0.0.1:9/nowhere")
    assert "--listener-url" in undecided.value.hint


def test_without_a_listener_nothing_is_asked() -> None:
    """Not even a subscription."""

    async def judge(target: Target) -> int:
        with pytest.raises(Missing):
            await evidence(target)
        return target.client.count

    assert judged(judge, deaf=True) == 0


async def subscriptions(reference: Reference) -> set[str]:
    """Give the ids of all subscriptions."""
    request = Request("GET", "/v1/webhooks", (("limit", "100"),), (("authorization", f"Bearer {reference.keys.full}"),))
    return {item["id"] for item in (await reference.handle(request)).json()["data"]}


def test_subscriptions_are_removed_once_the_evidence_is_there() -> None:
    """Not only at the end of the run, and at no more requests than a run can spare."""

    async def run() -> Any:  # noqa: ANN401
        async with opened(HONEST) as (target, reference):
            before = await subscriptions(reference)
            await evidence(target)
            return await subscriptions(reference) == before, target.client.count <= 40

    assert asyncio.run(run()) == (True, True)


def test_subscriptions_are_removed_after_an_interruption() -> None:
    """A clean-up while deliveries are awaited takes them away, too."""

    async def run() -> Any:  # noqa: ANN401
        async with opened(SILENT) as (target, reference):
            before = await subscriptions(reference)
            waiting = asyncio.create_task(evidence(target))
            while await subscriptions(reference) == before:  # noqa: ASYNC110  # nothing else tells
                await asyncio.sleep(0.01)
            left = await clean_up(target)
            waiting.cancel()
            return left, await subscriptions(reference) == before

    assert asyncio.run(run()) == ((), True)
