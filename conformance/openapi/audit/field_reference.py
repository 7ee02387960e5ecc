"""The Observation schemas of a spec beside the field reference (observations › Field reference).

A schema contradicts the reference where it refuses what the documents allow, or states something else; what it does
not state at all is another matter (SPC-16). Ids of people and attributes may look as they like: the documents say
of them only that they are texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD, FIELDS, PATCHABLE, REQUIRED, WRITABLE, Field
from conformance.openapi.audit.probing import FORM, Fields, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.openapi.document.dialect import Dialect
    from conformance.openapi.document.pointers import Place

ULID = "01HXX9YK7Z8N2P3Q4R5S6T7V8W"
OBSERVATION_ID = f"obs_{ULID}"
EMPLOYEE_ID = f"emp_{ULID}"
TEXT = "Led the retro; two gaps surfaced. Größe, 名前 & more: “plain” text?"
NOT_A_TIME = "neither a date nor a time"
DATE = "2026-04-12"
LEAP_DAY = "2024-02-29"
MOMENTS = tuple(
    f"2026-04-12T15:42:18{fraction}{offset}" for fraction in (".000", "", ".000000") for offset in ("Z", "+00:00")
)
"""One moment in the spellings of ISO 8601 that servers use."""
FAR = 200_000
"""A text of so many characters is refused by any bound there is."""
MANY = 2_000
"""The same of an array's items."""
KINDS: dict[str, Any] = {
    "a text": "x",
    "an integer": 7,
    "a number": 1.5,
    "a boolean": True,
    "an array": ["x"],
    "an object": {"x": "x"},
}
BARE = FORM | {"uniqueItems", "minItems", "maxItems"}
"""Keywords that don't matter where only the JSON type of a value is asked for."""


class Use(Enum):
    """What a schema of the observation is for."""

    SERVED = "served"
    CREATED = "created"
    UPDATED = "updated"

    @property
    def fields(self) -> Sequence[Field]:
        """The fields that belong into it."""
        names = {Use.SERVED: tuple(FIELD), Use.CREATED: WRITABLE, Use.UPDATED: PATCHABLE}[self]
        return tuple(field for field in FIELDS if field.name in names)


@dataclass(frozen=True)
class _Asked:
    """One field of a schema, asked with values."""

    field: Field
    fields: Fields

    def takes(self, value: object, *, form: bool = True) -> bool:
        return self.fields.takes(self.field.name, value, but_for=() if form else BARE)

    @property
    def is_free(self) -> bool:
        """Whether nothing at all is stated."""
        return all(self.takes(value) for value in KINDS.values())


def ids(number: int) -> list[str]:
    """Give so many different ids, as the documents' examples show those of attributes."""
    return [f"attr_{ULID[:-4]}{nth:04}" for nth in range(number)]


def contradictions(fields: Fields, use: Use) -> Iterator[str]:
    """Say where a schema's fields contradict the field reference."""
    for field in use.fields:
        asked = _Asked(field, fields)
        for look in (_type, _null, _enum, _length, _items, _format):
            yield from (f"{field.name} {told}" for told in look(asked, use))


def unstated(fields: Fields, use: Use) -> Iterator[str]:
    """Say which fields and bounds of the field reference a schema leaves out."""
    for field in use.fields:
        asked = _Asked(field, fields)
        if not fields.declares(field.name):
            yield f"{field.name} is not declared"
        else:
            yield from (f"{field.name} {told}" for told in _missing(asked, use))


def _type(asked: _Asked, _: Use) -> Iterator[str]:
    own = "an array" if asked.field.type == "array" else "a text"
    samples = KINDS | ({"a text": asked.field.enum[0]} if asked.field.enum else {})
    taken = {kind for kind, value in samples.items() if asked.takes(value, form=False)}
    if own not in taken and not any(map(asked.takes, asked.field.enum)):
        yield f"is not {own}"
    elif taken != samples.keys():
        yield from (f"may be {kind}, too" for kind in samples if kind in taken - {own})
    if own == "an array" and own in taken and not asked.takes(ids(1), form=False):
        yield "does not hold texts"


def _null(asked: _Asked, use: Use) -> Iterator[str]:
    takes = asked.takes(None)
    if asked.field.nullable and not takes:
        yield "is not nullable"
    # the documents don't say what null means in a request for what is optional and has another way to be left out
    silent = use is not Use.SERVED and not asked.field.required
    if takes and not asked.field.nullable and not silent and not asked.is_free:
        yield "is nullable"


def _enum(asked: _Asked, _: Use) -> Iterator[str]:
    if not asked.field.enum:
        return
    yield from (f"refuses {value!r}" for value in asked.field.enum if not asked.takes(value))
    others = [one for one in asked.fields.choices(asked.field.name) if one is not None]
    told = [one for one in others if one not in asked.field.enum and asked.takes(one)]
    yield from (f"allows {value!r}, too" for value in dict.fromkeys(map(str, told)))


def _length(asked: _Asked, _: Use) -> Iterator[str]:
    field = asked.field
    if field.max_length is None or not asked.takes("x", form=False):
        return
    if not asked.takes(TEXT):
        yield f"refuses a plain text: {TEXT}"
        return
    for length in (field.min_length or 0, field.max_length):
        if not asked.takes("x" * length):
            yield f"refuses {length} characters"
    yield from _wider(field.max_length, FAR, lambda size: asked.takes("x" * size), "characters")


def _items(asked: _Asked, _: Use) -> Iterator[str]:
    most = asked.field.max_items
    if most is None or not asked.takes(ids(1), form=False):
        return

    def takes(size: int) -> bool:
        return asked.fields.takes(asked.field.name, ids(size), but_for=FORM)

    for size in (0, 1, most):
        if not takes(size):
            yield f"refuses {size} items"
    yield from _wider(most, MANY, takes, "items")


def _wider(bound: int, far: int, takes: Callable[[int], bool], what: str) -> Iterator[str]:
    """Say which other bound is stated above the documented one; none is where even the farthest is taken."""
    if not takes(bound + 1) or takes(far):
        return
    low, high = bound + 1, far
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if takes(middle) else (low, middle)
    yield f"allows {low} {what}"


def _format(asked: _Asked, _: Use) -> Iterator[str]:
    if asked.field.name == "id" and asked.takes("x", form=False) and not asked.takes(OBSERVATION_ID):
        yield f"refuses {OBSERVATION_ID}"
    if asked.field.format is None or not asked.takes("x", form=False):
        return
    wanted, other = ((DATE, LEAP_DAY), MOMENTS) if asked.field.format == "date" else (MOMENTS, (DATE,))
    enough = all if asked.field.format == "date" else any
    if not enough(asked.takes(one) for one in wanted):
        yield f"refuses a {asked.field.format} such as {wanted[0]}"
    elif not asked.takes(NOT_A_TIME) and any(asked.takes(one) for one in other):
        yield f"allows {other[0]}, which is no {asked.field.format}"


def _missing(asked: _Asked, use: Use) -> Iterator[str]:
    field = asked.field
    if field.enum and asked.takes("neither of them"):
        yield "has no enum"
    if field.format and asked.takes(NOT_A_TIME):
        yield f"has no format {field.format}"
    if use is Use.SERVED:
        return
    if field.max_length is not None and asked.takes("x" * FAR):
        yield f"has no maximum of {field.max_length} characters"
    if field.min_length and asked.takes(""):
        yield f"has no minimum of {field.min_length} character"
    if field.max_items is not None and asked.fields.takes(field.name, ids(MANY), but_for=FORM):
        yield f"has no maximum of {field.max_items} items"


VALID: dict[str, Any] = {
    "employee_id": EMPLOYEE_ID,
    "type": "opportunity",
    "observation": TEXT,
    "impact": "Two items slipped.",
    "recommended_action": "Assign owners.",
    "attribute_ids": ids(2),
    "observation_date": DATE,
}
"""A valid body of a create, with every field that there is."""
CHANGES: Sequence[dict[str, Any]] = (
    {"observation": TEXT},
    {"impact": "Updated."},
    {"recommended_action": None},
    {"attribute_ids": []},
    {name: VALID[name] for name in PATCHABLE},
)
"""Valid bodies of an update: any subset of what can be changed."""


def body_contradictions(dialect: Dialect, place: Place, use: Use) -> Iterator[str]:
    """Say which documented bodies a request's schema refuses, and which it takes without what is required."""
    question = Question(dialect.validator(place))
    least = {name: VALID[name] for name in REQUIRED}
    bodies = (least, VALID) if use is Use.CREATED else CHANGES
    refused = [body for body in bodies if not question.takes(body, but_for=BARE)]
    yield from (f"a body of {', '.join(body)} is refused" for body in refused)
    if use is Use.CREATED and not refused:
        for name in REQUIRED:
            rest = {other: value for other, value in VALID.items() if other != name}
            if question.takes(rest, but_for=BARE):
                yield f"{name} is not required"
