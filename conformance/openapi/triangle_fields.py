"""The triangle of the observation: its fields as they are served, and the bounds of those that are created."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD, FIELDS
from conformance.contract.resources import CREATE, LIST
from conformance.judging.expect import fields_named, names_field
from conformance.openapi.field_reference import KINDS, Use, ids
from conformance.openapi.lights import ABSENT, BAD_REQUEST, NOT_SAID, NOT_SEEN, SUCCESS, Row, Seen
from conformance.openapi.observation_schemas import observation_schemas
from conformance.openapi.operations import ENDPOINTS
from conformance.openapi.probing import FORM, Fields
from conformance.target.reading import unwrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from conformance.contract.observation import Field
    from conformance.openapi.published import Published
    from conformance.wire.exchange import Exchange

NO_BOUND = "no bound"
_FARTHEST = 16_384


def field_rows(spec: Published, seen: Seen) -> Iterator[Row]:
    """Compare what the fields of a served observation hold."""
    fields = Fields(spec.answers, observation_schemas(spec, Use.SERVED)[0])
    served = [one for endpoint in ENDPOINTS for one in _observations(seen.by_endpoint[endpoint])]
    for field in FIELDS:
        documents = {_kind_of(field), *(("null",) if field.nullable else ())}
        samples = {**KINDS, "a text": _sample(field), "null": None}
        allowed = {kind for kind, value in samples.items() if fields.takes(field.name, value, but_for=FORM)}
        found = Counter(_kind(one[field.name]) for one in served if field.name in one)
        yield Row(
            "field",
            field.name,
            _words(documents),
            _words(allowed) if fields.declares(field.name) else ABSENT,
            ", ".join(f"{kind} ({times})" for kind, times in found.most_common()) or NOT_SEEN,
            _kinds_differ(documents, allowed, set(found)),
        )
    yield _types(fields, served)


def _kinds_differ(documents: set[str], spec: set[str], observed: set[str]) -> tuple[str, ...]:
    """Compare kinds of values; a spec may say nothing of them, and need not be seen in all that it allows."""
    says_nothing = len(spec) > len(KINDS)
    return (
        *(() if says_nothing or spec == documents else ("documents/spec",)),
        *(() if says_nothing or observed <= spec else ("spec/observed",)),
        *(() if observed <= documents else ("documents/observed",)),
    )


def _types(fields: Fields, served: Iterable[dict[str, Any]]) -> Row:
    documents = set(FIELD["type"].enum)
    spec = {str(value) for value in fields.choices("type") if fields.takes("type", value)}
    observed = {str(one["type"]) for one in served if "type" in one}
    return Row(
        "values",
        "type",
        _words(documents),
        _words(spec) if spec else NOT_SAID,
        _words(observed) if observed else NOT_SEEN,
        (
            *(("documents/spec",) if spec and spec != documents else ()),
            *(("spec/observed",) if spec and observed - spec else ()),
            *(("documents/observed",) if observed - documents else ()),
        ),
    )


def _observations(exchanges: Sequence[Exchange]) -> Iterator[dict[str, Any]]:
    """Give the observations that the operations on observations served, not expanded."""
    for exchange in exchanges:
        if exchange.status not in SUCCESS or not exchange.path.startswith(LIST.path):
            continue
        value = exchange.json if exchange.response is not None and exchange.response.is_json else None
        listed = value.get("data") if isinstance(value, dict) else None
        yield from (one for one in (listed if isinstance(listed, list) else [unwrap(value)]) if isinstance(one, dict))


def _kind_of(field: Field) -> str:
    return "an array" if field.type == "array" else "a text"


def _sample(field: Field) -> str:
    return field.enum[0] if field.enum else "x"


def _kind(value: object) -> str:
    if value is None:
        return "null"
    kinds = {str: "a text", bool: "a boolean", int: "an integer", float: "a number", list: "an array"}
    return kinds.get(type(value), "an object")


def _words(kinds: Iterable[str]) -> str:
    return ", ".join(sorted(kinds)) or "nothing"


def bound_rows(spec: Published, seen: Seen) -> Iterator[Row]:
    """Compare the bounds of a create: as documented, as the schema takes values, and as creates were taken."""
    fields = Fields(spec.bodies, observation_schemas(spec, Use.CREATED)[0])
    for field in FIELDS:
        if field.max_length is not None:
            yield from _bound(field, field.max_length, "characters", _taking(fields, field), seen)
        if field.max_items is not None:
            yield from _bound(field, field.max_items, "items", _taking(fields, field), seen)


def _taking(fields: Fields, field: Field) -> Callable[[int], bool]:
    def takes(size: int) -> bool:
        value = ids(size) if field.type == "array" else "x" * size
        return fields.takes(field.name, value, but_for=FORM - {"minLength", "maxLength"})

    return takes


def _bound(field: Field, most: int, what: str, takes: Callable[[int], bool], seen: Seen) -> Iterator[Row]:
    """Say up to which size a field is taken, in three lights."""
    stated = None if takes(_FARTHEST) else _largest(takes)
    accepted, refused = _sizes(field.name, seen.by_endpoint[CREATE.label])
    observed = [
        *([f"accepted up to {accepted}"] if accepted is not None else []),
        *([f"refused from {refused}"] if refused is not None else []),
    ]
    contradicted = (accepted or 0) > most or (refused is not None and refused <= most)
    broken = stated is not None and ((accepted or 0) > stated or (refused is not None and refused <= stated))
    yield Row(
        "bound",
        f"{CREATE.label} {field.name}",
        f"{most} {what}",
        NO_BOUND if stated is None else f"{stated} {what}",
        ", ".join(observed) or NOT_SEEN,
        (
            *(() if stated == most else ("documents/spec",)),
            *(("spec/observed",) if broken else ()),
            *(("documents/observed",) if contradicted else ()),
        ),
    )


def _largest(takes: Callable[[int], bool]) -> int:
    low, high = 0, _FARTHEST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if takes(middle) else (low, middle)
    return low


def _sizes(name: str, creates: Sequence[Exchange]) -> tuple[int | None, int | None]:
    """Return the largest size of a field that was accepted, and the smallest beyond it that was refused for the field.

    What is refused at a size that was accepted otherwise is refused for another reason.
    """
    sized = [(one, size) for one in creates if (size := _size(one, name)) is not None]
    accepted = max((size for one, size in sized if one.status in SUCCESS), default=None)
    refused = [
        size for one, size in sized if one.status == BAD_REQUEST and size > (accepted or 0) and _names(one, name)
    ]
    return accepted, min(refused, default=None)


def _size(exchange: Exchange, name: str) -> int | None:
    """Return the size of what was sent in a field; None where it was neither a text nor an array of texts."""
    sent = exchange.request.json
    value = sent.get(name) if isinstance(sent, dict) else None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return len(value)
    return len(value) if isinstance(value, str) else None


def _names(exchange: Exchange, name: str) -> bool:
    return any(names_field(spelled, name) for spelled in fields_named(exchange))
