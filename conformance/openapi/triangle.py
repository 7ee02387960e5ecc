"""The triangle: what the documents say, what the spec says, what was seen in a run, and where these differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.errors import ERROR_CODES
from conformance.contract.queries import LIMIT_DEFAULT, LIMIT_MAX, LIST_PARAMETERS
from conformance.contract.resources import LIST
from conformance.judging.verdicts import Blocked
from conformance.openapi.lights import (
    ABSENT,
    BAD_REQUEST,
    NOT_SAID,
    NOT_SEEN,
    SUCCESS,
    UNAUTHENTICATED,
    Row,
    Seen,
)
from conformance.openapi.operations import ENDPOINTS
from conformance.openapi.parameters import query_parameters
from conformance.openapi.triangle_fields import bound_rows, field_rows
from conformance.target.documents import merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.openapi.published import Published
    from conformance.wire.exchange import Exchange

_NOWHERE = frozenset({404, 405, 501})


def triangle(spec: Published, exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """Give a row for each documented endpoint, status, parameter, field and bound."""
    seen = Seen(spec, exchanges)
    rows: list[Row] = []
    for look in (_endpoints, _statuses, _parameters, _limit, field_rows, bound_rows):
        try:
            rows += look(spec, seen)
        except Blocked:  # a schema that can't be worked with leaves its rows out
            continue
    return [row.as_json() for row in rows]


def _differing(documents: bool | None, spec: bool | None, observed: bool | None) -> tuple[str, ...]:  # noqa: FBT001  # three lights
    """Name the pairs of lights that say different things; None says nothing."""
    lights = {"documents": documents, "spec": spec, "observed": observed}
    pairs = (("documents", "spec"), ("spec", "observed"), ("documents", "observed"))
    return tuple(
        f"{one}/{other}"
        for one, other in pairs
        if None not in (lights[one], lights[other]) and lights[one] != lights[other]
    )


def _endpoints(spec: Published, seen: Seen) -> Iterator[Row]:
    for label, endpoint in ENDPOINTS.items():
        described = spec.find(endpoint.method, endpoint.path) is not None
        statuses = seen.statuses(label)
        told_apart = set(statuses) - {UNAUTHENTICATED}
        there = None if told_apart <= _NOWHERE and ("{" in label or not told_apart) else bool(told_apart - _NOWHERE)
        told = ", ".join(f"{status} ({times})" for status, times in sorted(statuses.items()))
        yield Row(
            "endpoint",
            label,
            "there",
            "there" if described else ABSENT,
            told or NOT_SEEN,
            _differing(documents=True, spec=described, observed=there),
        )


def _statuses(spec: Published, seen: Seen) -> Iterator[Row]:
    """Compare statuses; the documents say of errors what may come of any operation, so only a seen one is missed."""
    for label, endpoint in ENDPOINTS.items():
        declared = spec.find(endpoint.method, endpoint.path)
        if endpoint.documented is None or declared is None:
            continue
        counts = seen.statuses(label)
        known = {int(one) for one in declared.responses if one.isdecimal()}
        for status in sorted({endpoint.documented.status, *known, *counts}):
            own = status == endpoint.documented.status
            says = own or status in ERROR_CODES
            in_spec = declared.response(status) is not None
            missed = ("spec/observed",) if counts[status] and not in_spec else ()
            wrong = ("documents/observed",) if counts[status] and status in SUCCESS and not own else ()
            yield Row(
                "status",
                f"{label} {status}",
                ("its success" if own else "an error of the API") if says else NOT_SAID,
                "declared" if in_spec else "not declared",
                f"{counts[status]} times" if counts[status] else NOT_SEEN,
                (*(("documents/spec",) if own and not in_spec else ()), *missed, *wrong),
            )


def _parameters(spec: Published, seen: Seen) -> Iterator[Row]:
    operation = spec.find(LIST.method, LIST.path)
    declared = query_parameters(operation) if operation is not None else {}
    for name in LIST_PARAMETERS:
        asked = [one for one in seen.by_endpoint[LIST.label] if name in dict(one.request.query)]
        accepted = sum(one.status in SUCCESS for one in asked)
        refused = sum(one.status == BAD_REQUEST for one in asked)
        taken = None if not (accepted or refused) else accepted > 0
        yield Row(
            "parameter",
            f"{LIST.label} {name}",
            "a parameter",
            "declared" if name in declared else "not declared",
            f"accepted {accepted} times, refused {refused} times" if asked else NOT_SEEN,
            _differing(documents=True, spec=name in declared, observed=taken),
        )


def _limit(spec: Published, seen: Seen) -> Iterator[Row]:
    operation = spec.find(LIST.method, LIST.path)
    schema = query_parameters(operation).get("limit") if operation is not None else None
    told = merged(spec.document, schema.value) if schema is not None else {}
    pages = [(one, _items(one)) for one in seen.by_endpoint[LIST.label] if one.status in SUCCESS]
    plain = [size for one, size in pages if "limit" not in dict(one.request.query)]
    yield _number("default of limit", LIMIT_DEFAULT, told.get("default"), max(plain, default=None))
    yield _number("maximum of limit", LIMIT_MAX, told.get("maximum"), max((size for _, size in pages), default=None))


def _items(exchange: Exchange) -> int:
    value = exchange.json if exchange.response is not None and exchange.response.is_json else None
    data = value.get("data") if isinstance(value, dict) else None
    return len(data) if isinstance(data, list) else 0


def _number(subject: str, documented: int, declared: object, largest: int | None) -> Row:
    differ = () if declared == documented else ("documents/spec",)
    more = ("documents/observed",) if largest is not None and largest > documented else ()
    observed = NOT_SEEN if largest is None else f"at most {largest} items on a page"
    spec = NOT_SAID if declared is None else str(declared)
    return Row("bound", f"{LIST.label} {subject}", str(documented), spec, observed, (*differ, *more))
