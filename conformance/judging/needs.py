"""What a run can't give to rules that need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.model import Need
from conformance.contract.needs import REMEDIES
from conformance.wire.roles import NO_SCOPE, OTHER_ORG, READ_ONLY

if TYPE_CHECKING:
    from collections.abc import Collection

    from conformance.target.means import Means
    from conformance.target.settings import Settings


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
    return {need: REMEDIES[need] for need, is_met in met.items() if not is_met}
