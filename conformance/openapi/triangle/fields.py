"""The triangle of the observation's fields, as they are served."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD, FIELDS
from conformance.contract.resources import LIST
from conformance.judging.verdicts import Blocked
from conformance.openapi.audit.field_reference import KINDS, Use
from conformance.openapi.audit.observation_schemas import observation_schemas
from conformance.openapi.audit.probing import FORM, Fields
from conformance.openapi.document.operations import ENDPOINTS
from conformance.openapi.triangle.lights import ABSENT, NOT_SAID, NOT_SEEN, SUCCESS, UNREAD, Row, Seen, differing
from conformance.target.reading import unwrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.contract.observation import Field
    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange


def field_rows(spec: Published | None, seen: Seen) -> Iterator[Row]:
    """Compare what the fields of a served observation hold."""
    fields = fields_of(spec, Use.SERVED)
    served = observations(seen)
    for field in FIELDS:
        found = Counter(_kind(one[field.name]) if field.name in one else ABSENT for one in served)
        yield _field(field, fields, found)
    yield _types(fields, served)


def fields_of(spec: Published | None, use: Use) -> Fields | None:
    """Return the fields of the observation's schema for a use; None where there is none that can be worked with."""
    if spec is None:
        return None
    try:
        return Fields(spec.answers if use is Use.SERVED else spec.bodies, observation_schemas(spec, use)[0])
    except Blocked:
        return None


def _field(field: Field, fields: Fields | None, found: Counter[str]) -> Row:
    documents = {_kind_of(field), *(("null",) if field.nullable else ())}
    allowed = _allowed(field, fields) if fields is not None else None
    observed = found.keys() - {ABSENT}
    return Row(
        "field",
        field.name,
        _words(documents),
        UNREAD if allowed is None else _words(allowed),
        ", ".join(f"{kind} ({times})" for kind, times in found.most_common()) or NOT_SEEN,
        differing(
            spec=allowed is not None and allowed != documents,
            observed=not found.keys() <= documents,
            between=allowed is not None and not observed <= (allowed - {ABSENT}),
        ),
    )


def _allowed(field: Field, fields: Fields) -> set[str]:
    """Return the kinds of values that a schema takes; that it has no such field is one, too."""
    if not fields.declares(field.name):
        return {ABSENT}
    samples = {**KINDS, "a text": field.enum[0] if field.enum else "x", "null": None}
    return {kind for kind, value in samples.items() if fields.takes(field.name, value, but_for=FORM)}


def _types(fields: Fields | None, served: Iterable[dict[str, Any]]) -> Row:
    documents = set(FIELD["type"].enum)
    choices = fields.choices("type") if fields is not None else []
    spec = {str(value) for value in choices if fields is not None and fields.takes("type", value)}
    observed = {str(one["type"]) for one in served if "type" in one}
    return Row(
        "values",
        "type",
        _words(documents),
        UNREAD if fields is None else _words(spec) if spec else NOT_SAID,
        _words(observed) if observed else NOT_SEEN,
        differing(
            spec=fields is not None and spec != documents,
            observed=not observed <= documents,
            between=bool(spec) and not observed <= spec,
        ),
    )


def observations(seen: Seen) -> list[dict[str, Any]]:
    """Return the observations that were served, but for expanded ones."""
    return [one for endpoint in ENDPOINTS for one in _observations(seen.by_endpoint[endpoint])]


def _observations(exchanges: Sequence[Exchange]) -> Iterator[dict[str, Any]]:
    for exchange in exchanges:
        if exchange.status not in SUCCESS or not exchange.path.startswith(LIST.path) or _expands(exchange):
            continue
        value = exchange.json if exchange.response is not None and exchange.response.is_json else None
        listed = value.get("data") if isinstance(value, dict) else None
        yield from (one for one in (listed if isinstance(listed, list) else [unwrap(value)]) if isinstance(one, dict))


def _expands(exchange: Exchange) -> bool:
    return any(name.startswith("expand") for name, _ in exchange.request.query)


def _kind_of(field: Field) -> str:
    return "an array" if field.type == "array" else "a text"


def _kind(value: object) -> str:
    if value is None:
        return "null"
    kinds = {str: "a text", bool: "a boolean", int: "an integer", float: "a number", list: "an array"}
    return kinds.get(type(value), "an object")


def _words(kinds: Iterable[str]) -> str:
    told = sorted(kinds)
    return "any value" if len(told) > len(KINDS) else ", ".join(told) or "nothing"
