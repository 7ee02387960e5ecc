"""How patiently and how fast the wire talks."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TypeAlias

from conformance.errors import UsageProblem

Trust: TypeAlias = bool | str | ssl.SSLContext
"""Whose certificates are good: those of this machine's authorities, of a file with authorities, of a context."""


@dataclass(frozen=True)
class WireOptions:
    """Bounds of a run's conversation; times in seconds, sizes in octets.

    `timeout` is for one whole attempt, `connect_timeout` for its connection; `retries` come after the first
    attempt; `throttle_budget` is what the run waits on 429 and 503 while nothing is served; `request_budget` counts
    every attempt. `verify` is True, False, the path of a file with certificate authorities, or a context.
    """

    in_flight: int = 16
    max_rps: float | None = None
    request_budget: int | None = None
    timeout: float = 10.0
    connect_timeout: float = 5.0
    retries: int = 2
    throttle_budget: float = 60.0
    body_limit: int = 16 * 1024 * 1024
    verify: Trust = True

    @property
    def connecting(self) -> float:
        """The seconds that a connection may take: no more than half of an attempt, so that it ends by itself."""
        return min(self.connect_timeout, self.timeout / 2)

    def __post_init__(self) -> None:
        _at_least("in_flight", self.in_flight, 1)
        _at_least("request_budget", self.request_budget, 0)
        _at_least("retries", self.retries, 0)
        _at_least("throttle_budget", self.throttle_budget, 0)
        _at_least("body_limit", self.body_limit, 1)
        _above_zero("max_rps", self.max_rps)
        _above_zero("timeout", self.timeout)
        _above_zero("connect_timeout", self.connect_timeout)


def _at_least(name: str, value: float | None, least: int) -> None:
    if value is not None and value < least:
        raise UsageProblem(f"{name} is {value}, but it can't be below {least}", f"give {least} or more")


def _above_zero(name: str, value: float | None) -> None:
    if value is not None and value <= 0:
        raise UsageProblem(f"{name} is {value}, but it has to be above 0", "give a positive number")
