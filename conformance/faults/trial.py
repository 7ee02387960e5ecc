"""A trial: scenarios against a reference with a given behaviour, in this process and without a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from conformance.judging.runner import Runner
from conformance.judging.scenario import all_scenarios
from conformance.reference import HONEST, Behaviour, Reference
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from conformance.judging.results import Check

BASE_URL = "http://reference.test/v1"
SETTINGS = Settings(base_url=BASE_URL, settle=0.3, leave_data=True)
"""Nothing lags in a reference in memory, so a lie that needs waiting for is known soon; and nothing outlives it."""


async def trial(rule_ids: Collection[str], behaviour: Behaviour = HONEST) -> Sequence[Check]:
    """Judge the rules of `rule_ids` (all where it is empty) and return their checks."""
    reference = Reference(behaviour)
    keys = reference.keys
    transport = httpx.ASGITransport(reference.asgi, raise_app_exceptions=False)
    named = {"key": keys.full, "read_only": keys.read_only, "no_scope": keys.no_scope, "other_org": keys.other_org}
    chosen = [one for one in all_scenarios() if not rule_ids or one.rule.id in rule_ids]
    try:
        async with Client(BASE_URL, named, run_id="trial", transport=transport) as client:
            return await Runner(Target(client, SETTINGS, run_id="trial"), chosen).all()
    finally:
        reference.close()
