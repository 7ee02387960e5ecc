"""The target's clock, where there is a way to move it: a URL to which {"advance_seconds": N} is POSTed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from conformance.errors import TargetError
from conformance.wire.connections import verifying

if TYPE_CHECKING:
    from ssl import SSLContext

PATIENCE = 10.0
"""Seconds to wait for an answer."""


class TargetClock:
    """Moves a target's clock forward; `moved` is by how many seconds so far.

    No key is sent. `transport` replaces the network, for a target in this process.
    """

    def __init__(
        self, url: str, *, verify: SSLContext | bool = True, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.url = url
        self.moved = 0.0
        self._verify = verify
        self._transport = transport

    async def advance(self, seconds: float) -> None:
        """Move it forward; raise `TargetError` unless the answer is a 2xx, which means done."""
        client = httpx.AsyncClient(
            verify=verifying(self.url, self._verify) if self._transport is None else False,
            transport=self._transport,
            timeout=PATIENCE,
            trust_env=False,
            follow_redirects=False,
        )
        try:
            async with client:
                answer = await client.post(self.url, json={"advance_seconds": seconds})
        except httpx.HTTPError as error:
            raise TargetError(
                f"the clock at {self.url} could not be moved: {error or type(error).__name__}", "Is --clock-url right?"
            ) from None
        if not answer.is_success:
            raise TargetError(
                f"the clock at {self.url} could not be moved: it answered {answer.status_code}", "Is --clock-url right?"
            )
        self.moved += seconds
