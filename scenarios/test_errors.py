"""ERR: refusals and their envelope (observations › Common error responses)."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from conformance.contract.errors import DETAIL_FIELDS, ERROR_CODES, ERROR_STATUSES, INVALID_ENUM
from conformance.contract.headers import IDEMPOTENCY_KEY
from conformance.contract.resources import CREATE
from conformance.judging.expect import (
    asked,
    error_of,
    expect,
    expect_field_named,
    expect_refusal,
    fields_named,
    names_field,
    require_accepted,
    shown,
)
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable
from scenarios._answers import is_error, is_of_http
from scenarios._collections import ELSEWHERE, unknown_item
from scenarios._invalid import doubtful_fields, invalid_fields
from scenarios._leaks import leak_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.target import Made, Target
    from conformance.wire.exchange import Exchange

VALIDATION_ERROR = ERROR_CODES[400]
LONG = "x" * 4001
TOO_LONG = "x" * 2001
INVALID: Mapping[str, Any] = {
    "employee_id": ...,
    "type": "neither",
    "observation": LONG,
    "impact": TOO_LONG,
    "recommended_action": 7,
    "attribute_ids": "none",
    "observation_date": "2026-13-01",
}
"""A value for each field that makes it invalid, each in a way of its own; `...` leaves the field out."""
INVALID_UPDATES: Mapping[str, Any] = {
    "observation": None,
    "impact": TOO_LONG,
    "attribute_ids": "none",
    "observation_date": "9999-12-31",
}
NO_OBJECTS: Mapping[str, Any] = {"a string": "text", "a number": 7, "null": None}
EMPTY_NO_OBJECTS: Mapping[str, Any] = {"an empty array": [], "null": None, "an empty string": "", "zero": 0}
"""What many languages hold for false, and so may take for a body that was left out."""


async def _accepted(target: Target) -> Made:
    """Return the accepted twin of every refusal of this family: a create that differs in nothing but what is wrong."""
    return await target.once("a create that errors are compared with", target.make)


async def _accepted_update(target: Target) -> str:
    """Return the path of an observation that takes a valid update."""
    return await target.once("an update that errors are compared with", lambda: _update(target))


async def _update(target: Target) -> str:
    path = f"{CREATE.path}/{(await target.make()).id}"
    require_accepted(await target.patch(path, json={"impact": "Accepted."}), 200)
    return path


async def _send_text(target: Target, text: str, path: str = CREATE.path) -> Exchange:
    """Send a text as a JSON body: a create, or an update of an observation's path."""
    return await _send_octets(target, text.encode(), path)


async def _send_octets(target: Target, octets: bytes, path: str = CREATE.path) -> Exchange:
    headers = {"Content-Type": "application/json"}
    if path != CREATE.path:
        return await target.patch(path, content=octets, headers=headers)
    headers[IDEMPOTENCY_KEY.name] = target.chance.uuid()
    return await target.post(path, content=octets, headers=headers, idempotent=True)


@judges("ERR-01")
def test_errors_come_in_the_envelope(exchange: Exchange) -> bool:
    """A 4xx or 5xx is an object with an error that has a code and a message, both strings."""
    if not is_error(exchange):
        return False
    error = error_of(exchange)
    expect(
        error.get("code") and isinstance(error["code"], str) and isinstance(error.get("message"), str),
        "an error is not in the documented envelope",
        expected='{"error": {"code": string, "message": string}}',
        observed=shown(exchange),
    )
    return True


@judges("ERR-02")
def test_status_and_code_agree(exchange: Exchange) -> bool:
    """Each status of the table has its code, and each code of the table its status."""
    code = error_of(exchange).get("code")
    if not is_error(exchange) or not isinstance(code, str):
        return False
    status = exchange.status or 0
    if status not in ERROR_CODES and (code not in ERROR_STATUSES or is_of_http(exchange)):
        return False
    expect(
        ERROR_CODES.get(status) == code,
        f"a {status} has the code {code}",
        expected=f"{status} {ERROR_CODES[status]}" if status in ERROR_CODES else f"{ERROR_STATUSES[code]} {code}",
        observed=shown(exchange),
    )
    return True


@judges("ERR-02", over=ELSEWHERE)
async def test_an_unknown_item_has_the_code_of_its_status(target: Target, path: str) -> str:
    """What an id gets that was never issued agrees in status and code, in every collection."""
    exchange = await unknown_item(target, path)
    if not test_status_and_code_agree(exchange):
        raise NotApplicable(f"{asked(exchange)} got {exchange.status}, which is in no table")
    return f"{path} answers an unknown id with {exchange.status} {error_of(exchange).get('code')}"


@judges("ERR-03")
def test_validation_errors_about_a_field_have_details(exchange: Exchange) -> bool:
    """Whoever sent a field that the documents forbid, the details of the refusal name one of these."""
    if exchange.status != 400 or error_of(exchange).get("code") != VALIDATION_ERROR:
        return False
    invalid = invalid_fields(exchange)
    if not invalid:
        return False
    details = error_of(exchange).get("details")
    blamed = (*invalid, *doubtful_fields(exchange))
    expect(
        isinstance(details, list)
        and all(map(_is_detail, details))
        and any(names_field(spelled, field) for spelled in fields_named(exchange) for field in blamed),
        f"a validation error has no details on {', '.join(invalid)}",
        expected=f"entries with {', '.join(DETAIL_FIELDS)}, one of them on {' or '.join(invalid)}",
        observed=shown(exchange),
    )
    return True


@judges("ERR-03")
async def test_a_refused_create_names_the_invalid_field(target: Target) -> str:
    """Whichever field is invalid, and however, details name it, with a code and a message."""
    refused = await _refused_creates(target)
    for field, exchange in refused.items():
        _expect_details(exchange, field)
    return f"the details of {len(refused)} validation errors name the field: {', '.join(refused)}"


@judges("ERR-03")
async def test_a_refused_update_names_the_invalid_field(target: Target) -> str:
    """The details of an invalid update are as those of a create."""
    path = await _accepted_update(target)
    answers = await asyncio.gather(
        *(target.patch(path, json={field: value}) for field, value in INVALID_UPDATES.items())
    )
    refused = _validation_errors(dict(zip(INVALID_UPDATES, answers, strict=True)))
    for field, exchange in refused.items():
        _expect_details(exchange, field)
    return f"the details of {len(refused)} validation errors name the field: {', '.join(refused)}"


async def _refused_creates(target: Target) -> Mapping[str, Exchange]:
    """Return the validation errors of creates with one invalid field each, by that field."""
    return await target.once("creates with one invalid field", lambda: _create_invalid(target))


async def _create_invalid(target: Target) -> Mapping[str, Exchange]:
    await _accepted(target)
    valid = await target.body()
    bodies = [
        {name: one for name, one in (valid | {field: value}).items() if one is not ...}
        for field, value in INVALID.items()
    ]
    answers = await asyncio.gather(*map(target.create, bodies))
    return _validation_errors(dict(zip(INVALID, answers, strict=True)))


def _validation_errors(answers: Mapping[str, Exchange]) -> Mapping[str, Exchange]:
    """Return the answers that are validation errors: what else they are, the rules on these fields judge."""
    refused = {
        field: exchange
        for field, exchange in answers.items()
        if exchange.status == 400 and error_of(exchange).get("code") == VALIDATION_ERROR
    }
    if not refused:
        raise Blocked(f"no invalid field was refused with 400 {VALIDATION_ERROR}")
    return refused


def _expect_details(exchange: Exchange, field: str) -> None:
    details = error_of(exchange).get("details")
    expect(
        isinstance(details, list) and details and all(map(_is_detail, details)),
        f"the validation error of {asked(exchange)} about {field} has no such details",
        expected=f"an array of entries with {', '.join(DETAIL_FIELDS)}",
        observed=shown(exchange),
    )
    expect_field_named(exchange, field)


def _is_detail(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and all(isinstance(entry.get(name), str) for name in DETAIL_FIELDS)
        and bool(entry["code"])
    )


@judges("ERR-04")
async def test_a_create_with_several_invalid_fields_names_them_all(target: Target) -> str:
    """A field that is missing, one out of its enum, one too long and one malformed are all named at once."""
    await _refused_creates(target)
    wrong = {"observation": ..., "type": "neither", "impact": TOO_LONG, "observation_date": "2026-13-01"}
    exchange = await target.create(await target.body(**wrong))
    return _expect_all_named(exchange, list(wrong))


@judges("ERR-04")
async def test_an_update_with_several_invalid_fields_names_them_all(target: Target) -> str:
    """An empty text and one too long are both named."""
    path = await _accepted_update(target)
    wrong = {"observation": "", "recommended_action": TOO_LONG}
    return _expect_all_named(await target.patch(path, json=wrong), list(wrong))


def _expect_all_named(exchange: Exchange, wrong: Sequence[str]) -> str:
    _validation_errors({"all": exchange})
    named = fields_named(exchange)
    unnamed = [field for field in wrong if not any(names_field(spelled, field) for spelled in named)]
    if len(unnamed) == len(wrong):
        raise Blocked(f"the validation error of {asked(exchange)} names none of the invalid fields")
    expect(
        not unnamed,
        f"the validation error of {asked(exchange)} does not name {', '.join(unnamed)}",
        expected=f"details on {', '.join(wrong)}",
        observed=shown(exchange),
    )
    return f"one validation error names all {len(wrong)} invalid fields"


def _broken(valid: Mapping[str, Any]) -> Mapping[str, str]:
    """Spoil a valid body's JSON in the ways in which hand-made or cut-off JSON is spoilt."""
    whole = json.dumps(valid)
    return {
        "cut off before its brace": whole[:-1],
        "with a trailing comma": f"{whole[:-1]},}}",
        "in single quotes": whole.replace('"', "'"),
        "with a second object after it": f"{whole} {whole}",
        "with a word after it": f"{whole} end",
        "with a bare word": whole.replace('"strength"', "strength"),
        "that is empty": "",
    }


@judges("ERR-05")
async def test_a_create_in_malformed_json_is_refused(target: Target) -> str:
    """A body that is spoilt, in each of the usual ways, gets 400 validation_error."""
    await _accepted(target)
    broken = _broken(await target.body())
    for exchange in await asyncio.gather(*(_send_text(target, text) for text in broken.values())):
        expect_refusal(exchange, 400, VALIDATION_ERROR)
    return f"a create gets 400 for JSON {', '.join(broken)}"


@judges("ERR-05")
async def test_an_update_in_malformed_json_is_refused(target: Target) -> str:
    """A cut-off body, and one with more after its end, get 400 validation_error."""
    path = await _accepted_update(target)
    broken = {kind: text for kind, text in _broken({"impact": "Spoilt."}).items() if kind in _SPOILT_UPDATES}
    for exchange in await asyncio.gather(*(_send_text(target, text, path) for text in broken.values())):
        expect_refusal(exchange, 400, VALIDATION_ERROR)
    return f"an update gets 400 for JSON {', '.join(broken)}"


@judges("ERR-05")
async def test_a_create_that_is_no_utf8_is_refused(target: Target) -> str:
    """A text with octets that are no UTF-8 is refused with 400, unless a decoder puts U+FFFD in their place."""
    await _accepted(target)
    octets = json.dumps(await target.body(observation="Spoilt here.")).encode().replace(b"here", b"\xff\xfe")
    exchange = await _send_octets(target, octets)
    if exchange.status == 201:
        raise NotApplicable("octets that are no UTF-8 are replaced before the body is read as JSON")
    expect_refusal(exchange, 400, VALIDATION_ERROR)
    return "a create gets 400 for octets that are no UTF-8"


_SPOILT_UPDATES = ("cut off before its brace", "with a second object after it", "with a word after it")


@judges("ERR-06")
async def test_a_create_that_is_no_object_is_refused(target: Target) -> str:
    """An array around a valid body, a string, a number and null get 400 validation_error."""
    await _accepted(target)
    bodies = {"an array": [await target.body()], **NO_OBJECTS}
    for exchange in await asyncio.gather(*map(target.create, bodies.values())):
        expect_refusal(exchange, 400, VALIDATION_ERROR)
    return f"a create gets 400 for {', '.join(bodies)}"


@judges("ERR-06")
async def test_an_update_that_is_no_object_is_refused(target: Target) -> str:
    """An array around a valid update gets 400 validation_error, and so does each value that is empty."""
    path = await _accepted_update(target)
    bodies = {"an array": [{"impact": "In an array."}], **EMPTY_NO_OBJECTS}
    for exchange in await asyncio.gather(*(target.patch(path, json=body) for body in bodies.values())):
        expect_refusal(exchange, 400, VALIDATION_ERROR)
    return f"an update gets 400 for {', '.join(bodies)}"


@judges("ERR-07")
async def test_a_value_outside_an_enum_is_called_invalid_enum(target: Target) -> str:
    """The detail on an unknown type, and on a known one in another case, has the code invalid_enum."""
    unknown = (await _refused_creates(target)).get("type")
    if unknown is None:
        raise Blocked(f"a type outside the enum was not refused with 400 {VALIDATION_ERROR}")
    cased = await target.create(await target.body(type="Strength"))
    for exchange in (unknown, *_validation_errors({"type": cased}).values()):
        codes = _codes_of(exchange, "type")
        if not codes:
            raise Blocked("no detail with a code is about the type")
        expect(
            INVALID_ENUM in codes,
            f"a type outside the enum has the detail code {', '.join(codes)}",
            expected=INVALID_ENUM,
            observed=shown(exchange),
        )
    return "two types outside the enum have the detail code invalid_enum"


def _codes_of(exchange: Exchange, field: str) -> Sequence[str]:
    """Return the codes of the details on a field."""
    details = error_of(exchange).get("details")
    entries = [entry for entry in details if isinstance(entry, dict)] if isinstance(details, list) else []
    about = [entry for entry in entries if names_field(str(entry.get("field")), field)]
    return [entry["code"] for entry in about if isinstance(entry.get("code"), str)]


@judges("ERR-08")
def test_errors_show_nothing_of_the_inside(exchange: Exchange) -> bool:
    """No stack trace, no SQL and no file path stands in an error."""
    if (exchange.status or 0) < 400 or not exchange.response or not exchange.response.body:
        return False
    leak = leak_in(exchange)
    expect(
        leak is None,
        f"an error shows {leak[0] if leak else ''}",
        expected="words for the client only",
        observed=leak[1] if leak else None,
    )
    return True
