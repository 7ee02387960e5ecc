"""The triangle of bounds: how long a text and how many items a create and an update take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from conformance.contract.observation import FIELDS, PATCHABLE
from conformance.contract.resources import CREATE, UPDATE
from conformance.judging.expect import fields_named, names_field
from conformance.openapi.audit.field_reference import Use, ids
from conformance.openapi.audit.probing import FORM
from conformance.openapi.triangle.fields import fields_of, observations
from conformance.openapi.triangle.lights import BAD_REQUEST, NOT_SEEN, SUCCESS, UNREAD, Row, Seen, differing
from conformance.target.documents import as_list

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from conformance.contract.observation import Field
    from conformance.openapi.audit.probing import Fields
    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange

Value: TypeAlias = "str | list[str]"
_FARTHEST = 16_384
_PLAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9 .,-]*[A-Za-z0-9.])?)?")
"""A text that has the same length by any count, and that nothing but its length speaks against."""


@dataclass(frozen=True, slots=True)
class _Sizes:
    """From which size up to which something is taken; without end where `most` is None."""

    least: int
    most: int | None

    def __contains__(self, size: int) -> bool:
        return size >= self.least and (self.most is None or size <= self.most)

    def words(self, what: str) -> str:
        return f"{self.least} to {self.most} {what}" if self.most is not None else f"{self.least} {what} and any more"


@dataclass(frozen=True, slots=True)
class _Tried:
    """The sizes that were accepted, and those that were refused for their size beyond them."""

    accepted: tuple[int, ...]
    refused: tuple[int, ...]

    def contradicts(self, sizes: _Sizes) -> bool:
        return any(size not in sizes for size in self.accepted) or any(size in sizes for size in self.refused)

    def words(self) -> str:
        told = [f"{min(self.accepted)} to {max(self.accepted)} accepted"] if self.accepted else []
        below = [size for size in self.refused if size < min(self.accepted, default=0)]
        above = [size for size in self.refused if size not in below]
        told += [f"{max(below)} refused"] if below else []
        told += [f"refused from {min(above)}"] if above else []
        return ", ".join(told) or NOT_SEEN


def bound_rows(spec: Published | None, seen: Seen) -> Iterator[Row]:
    """Compare the bounds of create and update: as documented, as the schema takes values, as they were taken."""
    known = {str(item) for one in observations(seen) for item in as_list(one.get("attribute_ids"))}
    for operation, use in ((CREATE, Use.CREATED), (UPDATE, Use.UPDATED)):
        fields = fields_of(spec, use)
        for field in FIELDS:
            if not (field.max_length or field.max_items) or (use is Use.UPDATED and field.name not in PATCHABLE):
                continue
            stated = _sizes(field, fields) if fields is not None else None
            tried = _tried(field, seen.by_endpoint[operation.label], known)
            yield _bound(f"{operation.label} {field.name}", field, stated, tried)


_FORM = FORM - {"minLength", "maxLength"}


def _bound(subject: str, field: Field, stated: _Sizes | None, tried: _Tried) -> Row:
    what = "items" if field.max_items else "characters"
    documents = _documented(field)
    return Row(
        "bound",
        subject,
        documents.words(what),
        UNREAD if stated is None else stated.words(what),
        tried.words(),
        differing(
            spec=stated is not None and stated != documents,
            observed=tried.contradicts(documents),
            between=stated is not None and tried.contradicts(stated),
        ),
    )


def _sizes(field: Field, fields: Fields) -> _Sizes | None:
    """Find the sizes that a schema takes; None where it does not take what the documents do in any size."""

    def fits(size: int) -> bool:
        value = ids(size) if field.max_items else "x" * size
        return fields.takes(field.name, value, but_for=_FORM)

    some = next((size for size in (1, field.max_length or field.max_items or 1) if fits(size)), None)
    if some is None:
        return None
    least = next(size for size in (0, 1, some) if fits(size))
    return _Sizes(least, None if fits(_FARTHEST) else _largest(fits, some))


def _largest(fits: Callable[[int], bool], low: int) -> int:
    high = _FARTHEST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _documented(field: Field) -> _Sizes:
    return _Sizes(field.min_length or 0, field.max_length or field.max_items)


def _tried(field: Field, writes: Sequence[Exchange], known: Collection[str]) -> _Tried:
    """Return which sizes of a field were accepted and refused.

    What is refused at a size that was accepted otherwise is refused for another reason. So may be, at a documented
    size, an id that was never served.
    """
    accepted = [len(value) for one in writes if one.status in SUCCESS and (value := _plain(one, field)) is not None]
    refused = [
        len(value)
        for one in writes
        if one.status == BAD_REQUEST and _names(one, field.name) and (value := _plain(one, field)) is not None
        if isinstance(value, str) or len(value) not in _documented(field) or set(value) <= set(known)
    ]
    low, high = min(accepted, default=0), max(accepted, default=-1)
    return _Tried(tuple(accepted), tuple(size for size in refused if not low <= size <= high))


def _plain(exchange: Exchange, field: Field) -> Value | None:
    """Return what was sent in a field, where it is a plain text or an array of different texts, as the field is."""
    sent = exchange.request.json
    value = sent.get(field.name) if isinstance(sent, dict) else None
    if field.max_items:
        items = value if isinstance(value, list) else [None]
        texts = [one for one in items if isinstance(one, str)]
        return texts if len(set(texts)) == len(items) else None
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else None


def _names(exchange: Exchange, name: str) -> bool:
    return any(names_field(spelled, name) for spelled in fields_named(exchange))
