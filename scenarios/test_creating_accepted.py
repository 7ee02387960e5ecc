"""OBC, LIM: what no write that was done can have held, whoever sent it and why (observations › Validation rules).

Fuzzing and the scenarios of other families send many a value that these rules' own scenarios do not try.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD, TYPES, WRITABLE
from conformance.errors import NotJSON
from conformance.judging.expect import asked, expect, expect_same, shown
from conformance.judging.scenario import judges
from conformance.target.reading import unwrap
from conformance.wire.exchange import parse
from scenarios._creates import named
from scenarios._instants import is_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.wire.exchange import Exchange

CREATED = 201
_UPDATE = re.compile(r"/observations/[^/]+")
_OPEN = ("attribute_ids", "observation_date")
"""What null gets in these the documents leave open (OBC-17)."""


@judges("OBC-01")
def test_every_create_holds_its_subject_its_type_and_its_day(exchange: Exchange) -> bool:
    """Whatever else was sent, the answer to a create holds its subject, type and date as they were sent."""
    sent = {name: value for name, value in _created(exchange).items() if name in _PLAIN and _PLAIN[name](value)}
    response = exchange.response
    resource = unwrap(response.json) if response is not None and response.is_json else None
    if not sent or exchange.request.query or exchange.status != CREATED or resource is None:
        return False  # a query may ask for another form of the answer, such as an expansion
    expect_same(resource, sent)
    return True


_PLAIN: Mapping[str, Callable[[object], bool]] = {
    "employee_id": lambda value: isinstance(value, str) and re.fullmatch(r"[\w-]+", value) is not None,
    "type": lambda value: value in TYPES,
    "observation_date": is_date,
}
"""Fields that hold what was sent or nothing at all, and which values of theirs are in order."""


@judges("OBC-06")
def test_no_create_with_another_type_is_done(exchange: Exchange) -> bool:
    """Whatever else a create holds, it is refused where its type is a text outside the enum."""
    told = _created(exchange).get("type")
    return isinstance(told, str) and told not in TYPES and _expect_not_done(exchange, [f"type {named(told)}"])


@judges("OBC-15")
def test_no_create_with_a_wrong_json_type_is_done(exchange: Exchange) -> bool:
    """Whatever else a create holds, it is refused where a field has a value of another JSON type."""
    wrong = list(_wrong(_created(exchange)))
    return bool(wrong) and _expect_not_done(exchange, wrong)


@judges("LIM-08")
def test_no_update_with_a_wrong_json_type_is_done(exchange: Exchange) -> bool:
    """Nor is an update done where a field that it may change has a value of another JSON type."""
    body = _sent(exchange) if exchange.method == "PATCH" and _UPDATE.fullmatch(exchange.path) else {}
    wrong = list(_wrong({name: value for name, value in body.items() if FIELD[name].patchable}))
    return bool(wrong) and _expect_not_done(exchange, wrong)


def _expect_not_done(exchange: Exchange, wrong: list[str]) -> bool:
    told = ", ".join(wrong)
    done = exchange.status in {200, 201}
    expect(
        not done, f"{asked(exchange)} with {told} is done", expected="400 validation_error", observed=shown(exchange)
    )
    return True


def _created(exchange: Exchange) -> dict[str, Any]:
    create = exchange.method == "POST" and exchange.path == "/observations"
    return _sent(exchange) if create else {}


def _sent(exchange: Exchange) -> dict[str, Any]:
    """Give the writable fields of a body that is an object; nothing of any other."""
    try:
        value = parse(exchange.request.body)
    except NotJSON:
        return {}
    return {name: value[name] for name in WRITABLE if name in value} if isinstance(value, dict) else {}


def _wrong(body: dict[str, Any]) -> Iterator[str]:
    """Name the values that are of another JSON type than their field."""
    for name, value in body.items():
        field = FIELD[name]
        is_null = value is None and (field.nullable or name in _OPEN)
        if not is_null and not (_is_texts(value) if field.type == "array" else isinstance(value, str)):
            yield f"{name} {named(value)}"


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
