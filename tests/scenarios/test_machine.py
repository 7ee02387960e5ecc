"""Sequences are drawn from the seed alone, and cost no more than they may."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

import httpx
import pytest

from conformance.reference import Reference
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client
from scenarios._machine import NAMES, REQUESTS
from scenarios.test_robustness_model import (
    AT_ONCE,
)
from scenarios.test_robustness_model import (
    test_random_sequences_are_answered_as_a_model_of_the_documents_does as sequences,
)

BASE_URL = "http://reference.test/v1"
VARYING = re.compile(r"cursor=[^&]*|(?:obs|emp|attr)_\w+|\d{4}-\d\d-\d\d|run \w+, number \S+;")


def asked(*, seed: int, run_id: str) -> Counter[str]:
    """Play in a run of that id, and count what was asked, without what is another in each run."""

    async def doing() -> Counter[str]:
        reference = Reference()
        transport = httpx.ASGITransport(reference.asgi)
        async with Client(BASE_URL, {"key": reference.keys.full}, run_id=run_id, transport=transport) as client:
            target = Target(client, Settings(base_url=BASE_URL), run_id=run_id, seed=seed)
            await sequences(target)
        reference.close()
        found = [one.request for one in client.recorder.exchanges]
        return Counter(
            tuple(VARYING.sub("", text) for text in (one.method, one.target, str(one.body))) for one in found
        )

    return asyncio.run(doing())


def test_another_run_of_the_same_seed_asks_the_same() -> None:
    """Whatever days it plays on."""
    one, same, other = asked(seed=1, run_id="one"), asked(seed=1, run_id="two"), asked(seed=2, run_id="one")
    assert (one == same, one == other) == (True, False)


@pytest.mark.parametrize("seed", range(4))
def test_a_sequence_takes_no_more_than_it_may(seed: int) -> None:
    """Beside the bound there are the last command, its look, and a last read of each; and what finds somebody."""
    assert asked(seed=seed, run_id="one").total() <= AT_ONCE * (REQUESTS + 1 + len(NAMES)) + 10
