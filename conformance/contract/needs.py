"""What each need of a rule asks for, in words, and how it is given to a run."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.contract.model import Need

if TYPE_CHECKING:
    from collections.abc import Mapping

WANTED: Mapping[Need, str] = MappingProxyType(
    {
        Need.RO: "a key that may only read",
        Need.NOSCOPE: "a key without the read scopes",
        Need.OTHER: "a key of another organization",
        Need.CLOCK: "a way to move the target's clock",
        Need.LISTENER: "a URL at which the target reaches the suite",
        Need.QUOTA: "leave to spend the rate limit",
        Need.HTTPS: "an https target",
        Need.WRITE: "leave to write",
    }
)
"""What each need asks for, to be said after "needs"."""

REMEDIES: Mapping[Need, str] = MappingProxyType(
    {
        Need.RO: "Set PB_READ_ONLY_API_KEY to a key that may read and not write.",
        Need.NOSCOPE: "Set PB_NO_SCOPE_API_KEY to a key without the read scopes.",
        Need.OTHER: "Set PB_OTHER_ORG_API_KEY to a key of another organization.",
        Need.CLOCK: "Give --clock-url, which moves the target's clock, or --ledger and run again a day later.",
        Need.LISTENER: "Give --listen, and --listener-url where the target reaches it under another URL.",
        Need.QUOTA: "Give --spend-quota, and best a PB_QUOTA_API_KEY of its own.",
        Need.HTTPS: "Judge the target at an https base URL.",
        Need.WRITE: "Leave --read-only out; for a pb_live_ key add --allow-live-writes.",
    }
)
"""How to give each need."""
