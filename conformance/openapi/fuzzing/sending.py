"""Sending what fuzzing asks: within its allowance, patiently, and in no trail but its own."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from conformance.errors import BudgetSpent, Missing, NotOurs, TargetError, Unreachable, UsageProblem
from conformance.openapi.fuzzing.questions import succeeded
from conformance.target.identifiers import PLAIN
from conformance.wire.client import SAFE
from conformance.wire.outgoing import ABSENT
from conformance.wire.roles import KEY
from conformance.wire.throttling import is_throttled, retry_after

if TYPE_CHECKING:
    from collections.abc import Collection

    from conformance.openapi.fuzzing.bounds import Allowance
    from conformance.openapi.fuzzing.questions import Draft
    from conformance.target.target import Target
    from conformance.wire.exchange import JSON, Exchange


_MADE_UP = re.compile(r"(?<=^conformance-)[0-9a-f]{16}(?=@example\.com$)")
"""What is fresh in an address of a body (target/bodies.py)."""
JSON_TYPE = "application/json"
UNAUTHENTICATED, FORBIDDEN = 401, 403
"""RFC 9110: Unauthorized, Forbidden."""


class Sender:
    """Sends drafts to a target. `stopped` is why nothing more is sent, None while something is.

    `forbidden` are the first segments of paths that the key may not read or write.
    """

    def __init__(self, target: Target, allowance: Allowance) -> None:
        self._target = target
        self._allowance = allowance
        self._open = asyncio.Event()
        self._open.set()
        self.stopped: TargetError | None = None
        self.forbidden: set[str] = set()
        asked = (one for one in target.client.recorder.exchanges if _is_plain(one))
        self._before = {(one.method, one.path, *one.request.query): one for one in asked}

    async def send(self, draft: Draft) -> Exchange | None:
        """Send a draft; None where it may not go out, or got no answer."""
        while self.stopped is None and self._allowance.take():
            await self._open.wait()
            exchange = await self._sent(draft)
            if exchange is not None and exchange.status == FORBIDDEN and draft.role == KEY:
                self.forbidden.add(draft.path.split("/")[1])
            if exchange is None or exchange.response is None or not is_throttled(exchange.response):
                return exchange
            await self._pause(retry_after(exchange.response))
        return None

    def recall(self, draft: Draft) -> Exchange | None:
        """Give the last time that other rules asked the same, so that it need not be asked again.

        It counts as asked: how far fuzzing goes is no matter of what else was.
        """
        plain = draft.method in SAFE and draft.role == KEY and not (draft.headers or draft.line or draft.octets)
        found = self._before.get((draft.method, draft.path, *draft.pairs)) if plain else None
        return found if found is not None and self._allowance.take() else None

    def named(self) -> Collection[str]:
        """Give each word of the bodies that were taken: an id among them may be needed by what was made of them."""
        taken = (one for one in self._target.client.recorder.exchanges if one.request.body and succeeded(one))
        return {word for one in taken for word in PLAIN.findall(one.request.body.decode(errors="replace"))}

    def grant(self, requests: int) -> None:
        """Allow so many requests more: what fails may be looked into, however much was asked before."""
        self._allowance.grant(requests)

    async def _sent(self, draft: Draft) -> Exchange | None:
        try:
            return await self._target.send(draft.method, draft.path, **self._request(draft))
        except (Unreachable, BudgetSpent) as end:
            self.stopped = end
        except Missing:
            self.forbidden.add(draft.path.split("/")[1])
        except (TargetError, UsageProblem, NotOurs):  # no answer, which ROB-01 knows of; or nothing that may go out
            pass
        return None

    def _request(self, draft: Draft) -> dict[str, Any]:
        query = "&".join(filter(None, (urlencode(draft.pairs, errors="surrogatepass"), draft.line)))
        request: dict[str, Any] = {
            "query": query if draft.line else draft.pairs,
            "throttled": "return",
            "headers": dict(draft.headers),
            "content": draft.octets,
            "role": draft.role,
            "beside": urlsplit(self._target.client.base_url).path if draft.is_rough else None,
        }
        named = {name.lower() for name in draft.headers}
        if draft.makes and "idempotency-key" not in named:
            request["headers"]["Idempotency-Key"] = self._target.chance.uuid()  # one for each: a replay is no answer
            request["headers"] |= {} if "x-request-id" in named or draft.role != KEY else self._target.request_id()
        if draft.body is not ABSENT:
            key = next((one for name, one in request["headers"].items() if name.lower() == "idempotency-key"), None)
            request["json"] = with_own_addresses(draft.body, key) if draft.makes and key is not None else draft.body
        return request

    async def _pause(self, seconds: float) -> None:
        """Hold everything back for as long as the target asks, or as there is time."""
        if self._open.is_set():
            self._open.clear()
            await asyncio.sleep(min(seconds, self._allowance.seconds))
            self._open.set()
        await self._open.wait()


def with_own_addresses(body: JSON, key: str) -> JSON:
    """Give a body with other addresses in place of those that we made up, the same ones for the same Idempotency-Key.

    There may be only one of each, and a conflict would be all that creates are answered with after the first.
    """
    if not isinstance(body, dict):
        return body
    digits = hashlib.blake2s(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return {name: _MADE_UP.sub(digits, one) if isinstance(one, str) else one for name, one in body.items()}


def _is_plain(exchange: Exchange) -> bool:
    """Tell whether a request of the first key, without headers of its own, was answered and not put off."""
    request, response = exchange.request, exchange.response
    if response is None or response.status == UNAUTHENTICATED or is_throttled(response):  # 401: a key in disguise
        return False
    own = request.header("x-request-id") or request.header("accept") not in {JSON_TYPE, None}
    return request.role == KEY and not (request.beside or request.body or own)
