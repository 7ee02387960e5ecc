"""A trial: scenarios against a reference with a given behaviour, in this process; only webhooks take a socket."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import httpx

from conformance.judging.embedded import ROLES
from conformance.judging.needs import missing
from conformance.judging.runner import Runner
from conformance.judging.scenario import all_scenarios
from conformance.reference import HONEST, Behaviour, Quota, Reference
from conformance.target.clock import TargetClock
from conformance.target.listening.listener import Listener
from conformance.target.means import Means
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from conformance.judging.results import Check

BASE_URL = "https://reference.localhost:4443/v1"
CLOCK_URL = "https://reference.localhost:4443/_control/clock"
SETTINGS = Settings(base_url=BASE_URL, settle=0.3, leave_data=True)
"""Nothing lags in a reference in memory, so a lie that needs waiting for is known soon; and nothing outlives it."""

QUICKLY_SPENT = Quota(10, 2)
"""The quota key's: it is spent, and its window waited out, in each trial of everything."""


DRAWN = {"ROB-01": "quick", "ROB-02": "quick", "ROB-03": "quick", "ROB-04": "deep"}
"""Rules that judge what is drawn, and how far that goes where a lie about them is tried: some meet it only late."""


def settings_for(rule_id: str) -> Settings:
    """Give the settings in which a lie about this rule is tried."""
    return replace(SETTINGS, fuzz=DRAWN.get(rule_id, "off"))


async def trial(
    rule_ids: Collection[str],
    behaviour: Behaviour = HONEST,
    *,
    settings: Settings = SETTINGS,
    within: Mapping[str, Any] = MappingProxyType({}),
) -> Sequence[Check]:
    """Judge the rules of `rule_ids` (all where it is empty) and return their checks.

    `within` are further arguments for the `Reference`.
    """
    reference = Reference(behaviour, control=True, secure=True, **{"small_quota": QUICKLY_SPENT, **within})
    transport = httpx.ASGITransport(reference.asgi, raise_app_exceptions=False)
    named = {role: getattr(reference.keys, name) for name, role in ROLES.items()}
    chosen = [one for one in all_scenarios() if not rule_ids or one.rule.id in rule_ids]
    try:
        async with (
            Client(BASE_URL, named, run_id="trial", transport=transport) as client,
            Listener(client.recorder) as listener,
        ):
            means = Means(clock=TargetClock(CLOCK_URL, transport=transport), listener=listener, spend_quota=True)
            unmet = missing(named, settings, means, base_url=BASE_URL)
            target = Target(client, settings, run_id="trial", means=means)
            return await Runner(target, chosen, missing=unmet).all()
    finally:
        reference.close()
