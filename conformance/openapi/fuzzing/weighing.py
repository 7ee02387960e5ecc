"""Whether an answer is what was to be expected of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.contract.headers import RETRY_AFTER
from conformance.contract.resources import CREATE, SPEC_PATH
from conformance.judging.expect import fields_named, names_field
from conformance.openapi.fuzzing.exemptions import is_update
from conformance.openapi.fuzzing.questions import WHOLE, succeeded
from conformance.target.documents import as_object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.oracle import Read
    from conformance.openapi.fuzzing.questions import Slot, Twin
    from conformance.wire.exchange import Exchange

BAD_REQUEST, NOT_FOUND, METHOD_NOT_ALLOWED, CONFLICT, UNPROCESSABLE = 400, 404, 405, 409, 422
SERVER_ERRED, UNAVAILABLE = 500, 503
DOCUMENTED = frozenset({400, 401, 403, 404, 409, 422, 429})
"""Observations › Common error responses."""
UNSPOKEN = frozenset({401, 403, 429, 413, 414, 431})
"""Refusals that speak of the key, of the pace or of the size (RFC 9110, RFC 6585), and not of what is asked."""
ABSENT_METHODS = frozenset({405, 415, 501})
"""Answers of a server that has no such operation, or does not take JSON there."""


def is_refusal(exchange: Exchange) -> bool:
    """Tell whether an answer is a 4xx that speaks of the request."""
    status = exchange.status or 0
    return 400 <= status < 500 and status not in UNSPOKEN  # noqa: PLR2004  # RFC 9110: 4xx


def has_erred(exchange: Exchange) -> bool:
    """Tell whether an answer is a 5xx other than a 503 that says when to come back."""
    patient = exchange.status == UNAVAILABLE and exchange.header(RETRY_AFTER.name) is not None
    return (exchange.status or 0) >= SERVER_ERRED and not patient


def served_nothing(reads: Sequence[Read], exchange: Exchange) -> bool:
    """Tell whether a filter that no item can meet was answered by a page without items, which is as good (FLT-21)."""
    response = exchange.response
    value = as_object(response.json) if response is not None and response.is_json else {}
    filters = all(one.slot.where == "query" and one.slot.name not in {"limit", "sort", "expand"} for one in reads)
    return filters and value.get("data") == []


def refused_without_reason(read: Read, exchange: Exchange) -> bool:
    """Tell whether a refusal of one valid difference from an accepted request has no reason in the documents."""
    if not is_refusal(exchange):
        return False
    write = read.operation.method != "GET"
    if exchange.status == CONFLICT:
        return not write
    if exchange.status == UNPROCESSABLE:
        return not write or _is_spelled_out(read.operation)
    return not (exchange.status == BAD_REQUEST and write and _names_another(exchange, read.slot))


def _is_spelled_out(operation: Operation) -> bool:
    """Tell whether the documents say for which reasons a write gets 422."""
    return is_update(operation) or (operation.method, operation.path) == (CREATE.method, CREATE.path)


def _names_another(exchange: Exchange, slot: Slot) -> bool:
    """Tell whether a validation error names other fields: one of a body may want another beside it."""
    named = fields_named(exchange)
    is_field = slot.where != "header" and slot.name != WHOLE
    return bool(named) and is_field and not any(names_field(one, slot.name) for one in named)


def may_be_combined(slots: Sequence[Slot]) -> bool:
    """Tell whether query parameters have nothing to do with each other, so that none is a reason to refuse another."""
    fields = [re.sub(r"^filter\[([^\]]*)\].*", r"\1", one.name) for one in slots]
    return all(one.where == "query" for one in slots) and len({*fields}) == len(fields)


def is_not_there(twin: Twin) -> bool:
    """Tell whether the plain request of an operation is refused in a way that the documents and the spec don't know."""
    exchange, operation = twin.exchange, twin.operation
    if exchange is None or succeeded(exchange) or not is_refusal(exchange) or operation.path == SPEC_PATH:
        return False
    status = exchange.status or 0
    if str(status) in operation.responses or "4XX" in operation.responses:
        return False
    if status in ABSENT_METHODS or status not in DOCUMENTED:
        return True
    plain = operation.method == "GET" and "{}" not in operation.path
    return plain and (status == NOT_FOUND or (status == BAD_REQUEST and not _needed(operation)))


def _needed(operation: Operation) -> bool:
    return any(where == "query" and one.get("required") for (where, _), one in operation.parameters.items())
