"""The triangle: what the documents say, what the spec says, what was seen in a run, and where these differ.

Where the documents are silent there is nothing to differ from, and what was not seen differs from nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.errors import ERROR_CODES
from conformance.openapi.document.operations import ENDPOINTS
from conformance.openapi.triangle.bounds import bound_rows
from conformance.openapi.triangle.fields import field_rows
from conformance.openapi.triangle.lights import ABSENT, NOT_SAID, NOT_SEEN, SUCCESS, UNREAD, Row, Seen, differing
from conformance.openapi.triangle.lists import limit_rows, parameter_rows

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from conformance.openapi.document.operations import Endpoint, Operation
    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange

_TELLING = frozenset({400, 403, 409, 415, 422})
"""Errors that an endpoint gives which is there; any may stand before one that is not: 401, 429, a 5xx."""
_NOWHERE = frozenset({405, 501})
_NOT_FOUND = 404
_OK = 200


def triangle(spec: Published | None, schemas: Published | None, exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """Give a row for each documented endpoint, status, parameter, field and bound.

    `schemas` is the spec once more where its schemas can be read; None stands for what can't be read.
    """
    seen = Seen(exchanges)
    rows: list[Row] = []
    for look in (_endpoints, _statuses, parameter_rows, limit_rows):
        rows += look(spec, seen)
    for look in (field_rows, bound_rows):
        rows += look(schemas, seen)
    return [row.as_json() for row in rows]


def _endpoints(spec: Published | None, seen: Seen) -> Iterator[Row]:
    for label, endpoint in ENDPOINTS.items():
        described = None if spec is None else spec.find(endpoint.method, endpoint.path) is not None
        statuses = seen.statuses(label)
        there = _is_there(label, statuses)
        yield Row(
            "endpoint",
            label,
            "there",
            UNREAD if described is None else "there" if described else ABSENT,
            ", ".join(f"{status} ({times})" for status, times in sorted(statuses.items())) or NOT_SEEN,
            differing(
                spec=described is False,
                observed=there is False,
                between=None not in (described, there) and described != there,
            ),
        )


def _is_there(label: str, statuses: Counter[int]) -> bool | None:
    """Tell from its statuses whether an endpoint is there; None where they don't say. A 404 may mean an id."""
    if any(one in SUCCESS or one in _TELLING for one in statuses):
        return True
    nowhere = _NOWHERE if "{" in label else {*_NOWHERE, _NOT_FOUND}
    return False if nowhere & statuses.keys() else None


def _statuses(spec: Published | None, seen: Seen) -> Iterator[Row]:
    for label, endpoint in ENDPOINTS.items():
        declared = spec.find(endpoint.method, endpoint.path) if spec is not None else None
        counts = seen.statuses(label)
        if declared is not None or counts:
            yield from _statuses_of(endpoint, declared, counts)


def _statuses_of(endpoint: Endpoint, declared: Operation | None, counts: Counter[int]) -> Iterator[Row]:
    """Compare statuses; the documents say of errors what may come of any operation, so only a seen one is missed."""
    success = endpoint.documented.status if endpoint.documented is not None else _OK
    known = {int(one) for one in declared.responses if one.isdecimal() and len(one) == 3} if declared else set()  # noqa: PLR2004  # as a status has
    for status in sorted({success, *known, *counts}):
        missing = declared is not None and declared.response(status) is None
        yield Row(
            "status",
            f"{endpoint.label} {status}",
            "its success" if status == success else "an error of the API" if status in ERROR_CODES else NOT_SAID,
            NOT_SAID if declared is None else "not declared" if missing else "declared",
            f"{counts[status]} times" if counts[status] else NOT_SEEN,
            differing(
                spec=missing and status == success,
                observed=status in SUCCESS and status != success and counts[status] > 0,
                between=missing and counts[status] > 0,
            ),
        )
