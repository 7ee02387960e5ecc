"""TRN: what an https API serves over plain http (overview › Base URL)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.contract.resources import SPEC_PATH
from conformance.judging.expect import expect, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked
from conformance.target.documents import spec_exchange
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


@judges("TRN-03")
async def test_plain_http_serves_no_api_data(target: Target) -> str:
    """The spec, the session and a list that https serves are refused, redirected or not answered over plain http."""
    encrypted, plain = await asyncio.gather(_encrypted(target), _plain(target))
    for exchange in plain:
        expect(
            not data_in(exchange),
            f"GET {exchange.request.url} serves {data_in(exchange)} over plain http",
            expected="no connection, an error or a redirect",
            observed=shown(exchange),
        )
    served = {one.path for one in encrypted if data_in(one)}
    told = {one.path: _told(one) for one in plain if one.path in served}
    if not told:
        raise Blocked("https serves no API data either, so that plain http serves none proves nothing")
    return f"over plain http {', '.join(f'{path} gets {what}' for path, what in told.items())}"


async def _encrypted(target: Target) -> list[Exchange]:
    """Ask over https as others do: the spec without a key, the rest with one where plain http may have one, too."""
    asked = [spec_exchange(target)]
    if target.client.may_send_key_in_clear:
        asked += [
            target.once("session", lambda: target.get("/session")),
            target.once("first page", lambda: target.get("/observations", {"limit": "2"})),
        ]
    return await asyncio.gather(*asked)


async def _plain(target: Target) -> list[Exchange]:
    """Ask the same over plain http, without a key unless it stays with this very server on this machine."""
    role = KEY if target.client.may_send_key_in_clear else None
    roles = {SPEC_PATH: None, "/session": role, "/observations": role}
    return await asyncio.gather(*(target.ask_in_clear(path, role=role) for path, role in roles.items()))


def data_in(exchange: Exchange) -> str:
    """Name the data of the API that an answer serves; "" where it serves none."""
    response = exchange.response
    value = response.json if response is not None and 200 <= response.status < 300 and response.is_json else None
    if not isinstance(value, dict):
        return ""
    if isinstance(value.get("paths"), dict):
        return "the spec"
    data = value.get("data")
    if isinstance(data, list):
        return "a list"
    return "the session" if isinstance(data, dict) and {"api_key", "organization"} <= data.keys() else ""


def _told(exchange: Exchange) -> str:
    """Say what came instead of data."""
    if exchange.response is None:
        return "no answer"
    kind = (exchange.header("content-type") or "no type").partition(";")[0]
    return f"{exchange.status} {kind}" if (exchange.status or 0) < 300 else str(exchange.status)
