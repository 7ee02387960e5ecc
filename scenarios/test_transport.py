"""TRN: JSON over HTTP, both ways (overview › REST principles, Standard request headers)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.judging.expect import (
    asked,
    error_of,
    expect,
    expect_page,
    expect_refusal,
    expect_status,
    require_accepted,
    shown,
)
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, Noted
from conformance.target.identifiers import unknown_id
from scenarios._answers import DOCUMENTED_METHODS, declared_json, is_answer, owes_json

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

WITH_CHARSET = ("application/json; charset=utf-8", "application/json;charset=UTF-8")
"""The parameter as clients write it: with and without a space, its value in either case (RFC 9110, 8.3.1)."""
FEW = {"limit": "2"}


@judges("TRN-01")
def test_every_answer_is_json_and_says_so(exchange: Exchange) -> bool:
    """Success or error, the body is JSON under Content-Type application/json."""
    if not owes_json(exchange) or exchange.response is None:
        return False
    _expect_json(exchange)
    return True


def _expect_json(exchange: Exchange) -> None:
    declared = exchange.header("content-type")
    expect(
        declared_json(exchange),
        f"an answer declares its content as {declared or 'nothing at all'}",
        expected="Content-Type: application/json",
        observed={"status": exchange.status, "content-type": declared},
    )
    expect(
        exchange.response is not None and exchange.response.is_json,
        "an answer declared as JSON is none",
        expected="a JSON text",
        observed=shown(exchange),
    )


@judges("TRN-02")
async def test_requests_without_accept_get_json(target: Target) -> str:
    """A list and an error come as JSON to a client that sends no Accept header, or one that allows anything."""
    twin = await target.once("first page", lambda: target.get("/observations", FEW))
    if not declared_json(require_accepted(twin, 200)):
        raise Blocked("the same list is not declared as JSON with an Accept header either")
    listed, anything, unknown = await asyncio.gather(
        target.get("/observations", FEW, headers={"Accept": None}),
        target.get("/observations", FEW, headers={"Accept": "*/*"}),
        target.get(f"/observations/{unknown_id('obs')}", headers={"Accept": None}),
    )
    for exchange in (listed, anything):
        _expect_json(expect_status(exchange, 200))
        expect_page(exchange)
    _expect_json(unknown)
    expect_refusal(unknown, 404, "not_found")
    return "a list and a 404 are JSON without an Accept header, as the list is with one"


@judges("TRN-04")
async def test_creates_are_accepted_with_and_without_a_charset(target: Target) -> str:
    """The same valid create gets 201 as application/json, and with either spelling of its charset."""
    await target.make()
    created = await asyncio.gather(*(_create_as(target, media_type) for media_type in WITH_CHARSET))
    for media_type, exchange in zip(WITH_CHARSET, created, strict=True):
        _expect_accepted(exchange, media_type, 201)
    return f"a create is accepted as application/json and as {' and as '.join(WITH_CHARSET)}"


@judges("TRN-04")
async def test_updates_are_accepted_with_and_without_a_charset(target: Target) -> str:
    """The same valid update gets 200 as application/json, and with either spelling of its charset."""
    made = await target.make()
    path = f"/observations/{made.id}"
    require_accepted(await target.patch(path, json={"impact": "Declared as plain JSON."}))
    for media_type in WITH_CHARSET:
        exchange = await target.patch(path, json={"impact": "With a charset."}, headers={"Content-Type": media_type})
        _expect_accepted(exchange, media_type, 200)
    return f"an update is accepted as application/json and as {' and as '.join(WITH_CHARSET)}"


async def _create_as(target: Target, media_type: str | None) -> Exchange:
    return await target.create(await target.body(), headers={"Content-Type": media_type})


def _expect_accepted(exchange: Exchange, media_type: str, status: int) -> None:
    expect(
        exchange.status == status,
        f"{asked(exchange)} got {exchange.status} for a body declared as {media_type}",
        expected=f"{status}, as for application/json alone",
        observed=shown(exchange),
    )


@judges("TRN-05")
async def test_other_media_types_are_recorded(target: Target) -> Noted:
    """What a create without Content-Type or as text/plain gets, and a read that asks for text/html."""
    await target.make()
    undeclared, plain, html = await asyncio.gather(
        _create_as(target, None),
        _create_as(target, "text/plain"),
        target.get("/observations", FEW, headers={"Accept": "text/html"}),
    )
    page = f"{html.status} {(html.header('content-type') or 'no type').partition(';')[0].lower()}"
    return Noted(
        f"a create without Content-Type gets {_told(undeclared)}, as text/plain {_told(plain)}; "
        f"a read with Accept: text/html gets {page}",
        {"no content-type": _told(undeclared), "text/plain": _told(plain), "accept text/html": page},
    )


def _told(exchange: Exchange) -> str:
    code = error_of(exchange).get("code")
    return f"{exchange.status} {code}" if isinstance(code, str) else str(exchange.status)


@judges("TRN-06")
def test_success_is_200_or_201(exchange: Exchange) -> bool:
    """No other status of the 2xx range, DELETE and methods beyond the documents aside."""
    if exchange.method not in DOCUMENTED_METHODS or not is_answer(exchange) or (exchange.status or 0) >= 300:
        return False
    expect_status(exchange, 200, 201)
    return True
