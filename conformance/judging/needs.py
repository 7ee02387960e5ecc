"""What rules need of a run, and how to give what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.model import Need
from conformance.wire.roles import NO_SCOPE, OTHER_ORG, READ_ONLY

if TYPE_CHECKING:
    from collections.abc import Collection

    from conformance.target.means import Means
    from conformance.target.settings import Settings

REMEDY = {
    Need.RO: "Set PB_READ_ONLY_API_KEY.",
    Need.NOSCOPE: "Set PB_NO_SCOPE_API_KEY.",
    Need.OTHER: "Set PB_OTHER_ORG_API_KEY.",
    Need.WRITE: "Run without --read-only.",
    Need.HTTPS: "Judge an https base URL.",
    Need.CLOCK: "Give --clock-url, or --ledger and run again a day later.",
    Need.LISTENER: "Give --listen, and --listener-url where the target reaches it under another URL.",
    Need.QUOTA: "Give --spend-quota, and best a PB_QUOTA_API_KEY of its own.",
}


def missing(roles: Collection[str], settings: Settings, means: Means, *, base_url: str) -> dict[Need, str]:
    """Say of each need that a run with these keys and means can't meet how to meet it."""
    met = {
        Need.RO: READ_ONLY in roles,
        Need.NOSCOPE: NO_SCOPE in roles,
        Need.OTHER: OTHER_ORG in roles,
        Need.WRITE: not settings.read_only,
        Need.HTTPS: base_url.startswith("https://"),
        Need.CLOCK: means.clock is not None or settings.ledger is not None,
        Need.LISTENER: means.listener is not None,
        Need.QUOTA: means.spend_quota,
    }
    return {need: REMEDY[need] for need, is_met in met.items() if not is_met}
