"""Which fields of a write are surely invalid, by the documents alone (observations › Create an observation)."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from conformance.contract.headers import IDEMPOTENCY_KEY
from conformance.contract.observation import PATCHABLE, REQUIRED, WRITABLE
from conformance.errors import NotJSON
from conformance.target.instants import target_now
from conformance.wire.exchange import parse
from scenarios._answers import LARGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.exchange import Exchange

_WRITES = re.compile(r"POST /observations|PATCH /observations/[^/]+")
_TYPES = ("strength", "opportunity")
_LONGEST = {"observation": 4000, "impact": 2000, "recommended_action": 2000}
_MOST_ATTRIBUTES = 12


def invalid_fields(exchange: Exchange) -> Sequence[str]:
    """Return the fields by which a write of ours is invalid; none where something else may be wrong with it."""
    body = _sent(exchange)
    if body is None or not _is_else_in_order(body, exchange.method):
        return ()
    texts = [name for name, longest in _LONGEST.items() if _is_bad_text(body.get(name), longest)]
    found = {
        "type": "type" in body and body["type"] not in _TYPES,
        "attribute_ids": _is_bad_list(body.get("attribute_ids", [])),
        "observation_date": _is_bad_date(body.get("observation_date"), (target_now(exchange) + _A_DAY).date()),
    }
    return [*texts, *(name for name, bad in found.items() if bad)]


_A_DAY = timedelta(days=1)


def doubtful_fields(exchange: Exchange) -> Sequence[str]:
    """Return the fields of a write that may be what is wrong with it, for all that the documents say.

    A text near its limit, a reference that may be none, a day that a reader may not take, what an update can't change:
    a server that tells of one reason at a time may well have told of these.
    """
    body = _sent(exchange) or {}
    long = [
        name for name, longest in _LONGEST.items() if isinstance(text := body.get(name), str) and len(text) > longest
    ]
    fixed = [name for name in body if name not in PATCHABLE] if exchange.method == "PATCH" else []
    return [*long, *fixed, *(name for name in ("employee_id", "attribute_ids", "observation_date") if body.get(name))]


def _sent(exchange: Exchange) -> dict[str, Any] | None:
    """Give the object that was sent as a create or an update; None where it is none or the request is odd."""
    request = exchange.request
    key = request.header(IDEMPOTENCY_KEY.name)
    declared = request.header("content-type") == "application/json" and not request.query  # that may be invalid, too
    if not (declared and _WRITES.fullmatch(f"{request.method} {request.path}") and _is_key(key)):
        return None
    try:
        value = parse(request.body) if len(request.body) <= LARGEST else None
    except NotJSON:
        return None
    return value if isinstance(value, dict) else None


def _is_else_in_order(body: dict[str, Any], method: str) -> bool:
    """Tell whether nothing else in a body may be a reason to refuse it: a server may tell of one reason at a time."""
    texts = [value for value in body.values() if isinstance(value, str)]
    named = isinstance(body.get("employee_id", "emp_1"), str) and body.get("observation", "said") not in ("", None)
    needed = set(REQUIRED) if method == "POST" else set()
    return named and needed <= body.keys() <= set(WRITABLE) and all(text.isprintable() for text in texts)


def _is_key(key: str | None) -> bool:
    try:
        return key is None or bool(uuid.UUID(key))
    except ValueError:
        return False


def _is_bad_text(value: object, longest: int) -> bool:
    return isinstance(value, int | float | list | dict) or (isinstance(value, str) and len(value) > 2 * longest)


def _is_bad_list(value: object) -> bool:
    return not isinstance(value, list | None) or (
        isinstance(value, list) and len(set(map(str, value))) > _MOST_ATTRIBUTES
    )


def _is_bad_date(value: object, tomorrow: date) -> bool:
    if not isinstance(value, str):
        return isinstance(value, int | float | list | dict)
    try:
        return date.fromisoformat(value) > tomorrow
    except ValueError:
        return not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", value)
