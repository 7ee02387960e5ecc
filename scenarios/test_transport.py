"""TRN: JSON over HTTP, both ways (overview › REST principles, Standard request headers)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.judging.expect import (
    asked,
    error_of,
    expect,
    expect_page,
    expect_status,
    require_accepted,
    shown,
)
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, Noted, Violation
from conformance.target.reading import read_resource
from scenarios._answers import (
    DOCUMENTED_METHODS,
    JSON_TYPE,
    declared_json,
    is_answer,
    owes_json,
    require_readable,
    require_writable,
)
from scenarios._collections import ELSEWHERE, unknown_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

MEDIA_TYPES = (JSON_TYPE, f"{JSON_TYPE}; charset=utf-8", f"{JSON_TYPE};charset=UTF-8")
"""Without a parameter, and with it as clients write it: spaced or not, its value in either case (RFC 9110, 8.3.1)."""
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


@judges("TRN-01", over=ELSEWHERE)
async def test_an_unknown_item_is_answered_in_json(target: Target, path: str) -> str:
    """What an id gets that was never issued, in a collection of which the documents say little, is JSON too."""
    exchange = await unknown_item(target, path)
    if not owes_json(exchange):
        raise NotApplicable(f"{asked(exchange)} got {exchange.status}, which needs no body")
    _expect_json(exchange)
    return f"a {exchange.status} of {path} is JSON"


@judges("TRN-02")
async def test_a_create_without_accept_gets_json(target: Target) -> str:
    """A create that does not say what it accepts is done, and answered with JSON."""
    if not declared_json(await _accepted_create(target)):
        raise Blocked("the same create is not declared as JSON with an Accept header either")
    exchange = await target.create(await target.body(), headers={"Accept": None})
    _expect_json(expect_status(exchange, 201))
    return "a create gets JSON without an Accept header, as it does with one"


@judges("TRN-02")
async def test_requests_without_accept_get_json(target: Target) -> str:
    """A list and an error come as JSON to a client that sends no Accept header, or one that allows anything."""
    nowhere = f"/observations/{target.chance.unknown_id('obs')}"
    page, error, listed, anything, unknown = await asyncio.gather(
        target.once("first page", lambda: target.get("/observations", FEW)),
        target.get(nowhere),
        target.get("/observations", FEW, headers={"Accept": None}),
        target.get("/observations", FEW, headers={"Accept": "*/*"}),
        target.get(nowhere, headers={"Accept": None}),
    )
    await require_readable(target)
    if not (declared_json(require_accepted(page, 200)) and declared_json(error)):
        raise Blocked("the same list or error is not declared as JSON with an Accept header either")
    for exchange in (listed, anything):
        _expect_json(expect_status(exchange, 200))
        expect_page(exchange)
    _expect_json(unknown)
    expect_status(unknown, error.status or 404)
    return f"a list and a {error.status} are JSON without an Accept header, as they are with one"


@judges("TRN-02")
def test_every_request_without_accept_gets_json(exchanges: Sequence[Exchange]) -> int:
    """Each answer of the run to a request that did not say what it accepts is JSON, unless its like never is."""
    owed = [one for one in exchanges if owes_json(one) and one.method in DOCUMENTED_METHODS]
    never = {_kind(one) for one in owed if one.request.header("accept") == JSON_TYPE and not declared_json(one)}
    judged = [one for one in owed if one.request.header("accept") is None and _kind(one) not in never]
    for exchange in judged:
        try:
            _expect_json(exchange)
        except Violation as breach:
            message, cited = f"{asked(exchange)} without Accept: {breach.message}", [exchange.number]
            raise Violation(message, expected=breach.expected, observed=breach.observed, exchanges=cited) from None
    return len(judged)


def _kind(exchange: Exchange) -> tuple[str, str, tuple[str, ...], int | None]:
    """Give what was asked but for the id, and the status that came."""
    _, collection, *rest = exchange.path.split("/")
    return exchange.method, collection, tuple(rest[1:]), exchange.status


@judges("TRN-04")
async def test_creates_are_accepted_with_and_without_a_charset(target: Target) -> str:
    """A valid create gets 201 as application/json alone, and with either spelling of its charset."""
    return _expect_accepted(await _creates(target), 201)


@judges("TRN-04")
async def test_updates_are_accepted_with_and_without_a_charset(target: Target) -> str:
    """A valid update gets 200 as application/json alone, and with either spelling of its charset."""
    path = f"/observations/{read_resource(await _accepted_create(target))['id']}"
    body = {"impact": "Declared in one way or another."}
    return _expect_accepted(
        [await target.patch(path, json=body, headers={"Content-Type": media_type}) for media_type in MEDIA_TYPES], 200
    )


async def _creates(target: Target) -> Sequence[Exchange]:
    """Return one valid create for each media type."""
    return await target.once(
        "creates by media type", lambda: asyncio.gather(*(_create_as(target, media_type) for media_type in MEDIA_TYPES))
    )


async def _accepted_create(target: Target) -> Exchange:
    """Return a create that was accepted under some media type, so that a refusal of others means something."""
    answers = await _creates(target)
    return require_accepted(require_writable(next((one for one in answers if one.status == 201), answers[0])), 201)


def _expect_accepted(answers: Sequence[Exchange], status: int) -> str:
    """Expect all to be accepted if one is: where none is, more is wrong than the media type."""
    if all(require_writable(exchange).status != status for exchange in answers):
        raise Blocked(f"{asked(answers[0])} got {answers[0].status}, however its body was declared")
    for media_type, exchange in zip(MEDIA_TYPES, answers, strict=True):
        expect(
            exchange.status == status,
            f"{asked(exchange)} got {exchange.status} for a body declared as {media_type}",
            expected=f"{status}, as for the same body declared otherwise",
            observed=shown(exchange),
        )
    return f"{asked(answers[0])} gets {status} as {', as '.join(MEDIA_TYPES)}"


async def _create_as(target: Target, media_type: str | None) -> Exchange:
    return await target.create(await target.body(), headers={"Content-Type": media_type})


@judges("TRN-05")
async def test_other_media_types_are_recorded(target: Target) -> Noted:
    """What a create without Content-Type or as text/plain gets, and a read that asks for text/html."""
    await _accepted_create(target)
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
