"""Expectations: each raises `Violation` with what was expected and what was observed, or returns what it read.

Where an answer is only the ground of a check and not its object, read it with target.reading instead: what is
wrong there blocks the check, and another rule's scenario reports it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD
from conformance.judging.verdicts import Blocked, Violation
from conformance.target.instants import instant
from conformance.target.reading import Page, Resource, read_page, unwrap

if TYPE_CHECKING:
    from collections.abc import Collection

    from conformance.wire.exchange import Exchange


def expect(holds: object, message: str, *, expected: str = "", observed: object = None) -> None:
    """Raise `Violation` unless `holds`."""
    if not holds:
        raise Violation(message, expected=expected, observed=observed)


def asked(exchange: Exchange) -> str:
    """Name a question as a person would: method, path and query."""
    return f"{exchange.method} {exchange.request.target}"


def shown(exchange: Exchange) -> Any:  # noqa: ANN401  # any JSON value
    """Show an answer in a report: its status, and what its error says or how its body begins."""
    response = exchange.response
    if response is None:
        return None
    body = response.json if response.is_json else response.text[:200]
    if isinstance(body, dict) and "error" in body:
        body = {"error": body["error"]}
    elif isinstance(body, dict) and isinstance(body.get("data"), list):
        body = {**body, "data": f"{len(body['data'])} items"}
    return {"status": response.status, "body": body}


def expect_status(exchange: Exchange, *statuses: int) -> Exchange:
    """Expect one of `statuses`."""
    wanted = " or ".join(map(str, statuses))
    if exchange.status not in statuses:
        raise Violation(
            f"{asked(exchange)} got {exchange.status}, not {wanted}", expected=wanted, observed=shown(exchange)
        )
    return exchange


def expect_page(exchange: Exchange) -> Page:
    """Expect 200 and a page (overview › Pagination)."""
    expect_status(exchange, 200)
    return read_page(exchange)


def expect_resource(exchange: Exchange, *statuses: int) -> Resource:
    """Expect one of `statuses` (200 without any) and a JSON object, bare or in data."""
    expect_status(exchange, *(statuses or (200,)))
    value = exchange.response.json if exchange.response is not None and exchange.response.is_json else None
    resource = unwrap(value)
    if resource is None:
        raise Violation(f"{asked(exchange)} gave no resource", expected="a JSON object", observed=shown(exchange))
    return resource


def error_of(exchange: Exchange) -> dict[str, Any]:
    """Return the error object of the envelope, {} where there is none (ERR-01 judges that)."""
    value = exchange.response.json if exchange.response is not None and exchange.response.is_json else None
    error = value.get("error") if isinstance(value, dict) else None
    return error if isinstance(error, dict) else {}


def expect_refusal(exchange: Exchange, status: int, code: str) -> Exchange:
    """Expect exactly this status and error code (observations › Common error responses)."""
    got = error_of(exchange).get("code")
    if exchange.status != status or got != code:
        raise Violation(
            f"{asked(exchange)} got {exchange.status} {got or ''}".rstrip() + f", not {status} {code}",
            expected=f"{status} {code}",
            observed=shown(exchange),
        )
    return exchange


def fields_named(exchange: Exchange) -> list[str]:
    """Return the fields that a validation error's details name, as they are spelled there."""
    details = error_of(exchange).get("details")
    entries = details if isinstance(details, list) else []
    return [entry["field"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("field"), str)]


def names_field(spelled: str, field: str) -> bool:
    """Tell whether a detail's field means `field`, also as a pointer or path: /type, body.type, attribute_ids[12]."""
    return field in re.split(r"[^A-Za-z0-9_]+", spelled)


def expect_field_named(exchange: Exchange, field: str) -> None:
    """Expect a validation error whose details name `field`."""
    named = fields_named(exchange)
    if not any(names_field(spelled, field) for spelled in named):
        raise Violation(
            f"the validation error of {asked(exchange)} does not name {field}",
            expected=f"an entry of error.details with field {field!r}",
            observed=shown(exchange),
        )


def require_accepted(exchange: Exchange, *statuses: int) -> Exchange:
    """Block unless the valid twin of a refusal was accepted: only then does the refusal prove anything.

    Without `statuses` any 2xx will do: which one is another rule's matter, and of DELETE the documents say none.
    """
    if exchange.status not in (statuses or range(200, 300)):
        raise Blocked(f"the valid twin {asked(exchange)} got {exchange.status}, so a refusal proves nothing")
    return exchange


def expect_same(observed: Resource, expected: Resource, *, ignoring: Collection[str] = ()) -> None:
    """Expect each documented field of an observation `expected` (but those in `ignoring`) in `observed`, the same.

    Fields of the target's own are its own business (overview › Versioning). Two spellings of one instant are the
    same, and so is another order of attribute_ids: the documents promise none.
    """
    wrong = {
        name: {"expected": value, "observed": observed.get(name, "(absent)")}
        for name, value in expected.items()
        if name in FIELD and name not in ignoring and not _alike(observed.get(name, ...), value)
    }
    expect(not wrong, f"{', '.join(wrong)} differ", expected="the same values", observed=wrong)


def _alike(one: object, other: object) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one, key=str) == sorted(other, key=str)
    moment = instant(one)
    return one == other or (moment is not None and moment == instant(other))
