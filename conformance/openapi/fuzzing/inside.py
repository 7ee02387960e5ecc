"""What lies inside the fields of a body: objects and lists of them, of which one part at a time is changed.

A field that nests is filled by its schema, so that nothing else in it is a reason to refuse it.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from conformance.openapi.fuzzing.questions import Difference, Question, Slot
from conformance.target.documents import as_list, as_object, merged
from conformance.target.references import is_reference
from conformance.target.samples import samples
from conformance.target.schemas import a_number, count, fits, kind_of
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.openapi.fuzzing.questions import Twin
    from conformance.target.reading import Resource

    Path = tuple[str | int, ...]

INSIDE = "inside"
"""What the phase of questions about a part begins with; the place of the part follows."""
DEPTH = 3
"""So many levels of a field are looked into."""
LEAVES = 24
"""Of so many parts of a field at most."""
OPTIONAL = 6
"""So many members that an inner object may do without are filled."""
MOST = 300
"""A list or an object is filled to its bound of so many at most."""
LONGEST = 5000
"""Texts up to so many characters are filled."""
GREAT = (2**53, 2**63, 10**20, 1e308, -(2**31) - 1)
TEXTS = ("a\0b", "\U0001f600", "x" * 300, "", " ", "\ud800")
TIMES_OF_DAY = ("24:30", "23:60", "25:00")
_PLAIN = {
    "date": "2024-05-01",
    "date-time": "2024-05-01T12:00:00Z",
    "email": "conformance@example.com",
    "uri": "https://conformance.invalid/",
    "uuid": "6f4a4f64-7c2b-4f4e-a8e1-9a8e9d2c1e10",
}
_WORDS = ("Conformance", "conformance-a", "12:30", "a", "1")


def inside(twin: Twin, document: Resource, fields: Mapping[str, Resource]) -> Iterator[Question]:
    """Give questions that change one part each of a field that nests, and some that fill it to its bounds."""
    for name, schema in fields.items():
        slot = Slot("body", name)
        known = twin.body.get(name) if isinstance(twin.body, dict) else None
        whole = known or plain_value(schema, document, name) if _nests(schema) else ABSENT
        if whole is not ABSENT:
            yield Question(twin.operation, f"{INSIDE} {slot} whole", (Difference(slot, whole),))
        for path, leaf in islice(_leaves(schema, document), LEAVES) if whole is not ABSENT else ():
            place = ".".join(map(str, path))
            for value in _beside(leaf):
                changed = _with(whole, path, value)
                if changed is not ABSENT:
                    yield Question(twin.operation, f"{INSIDE} {slot} {place}", (Difference(slot, changed),))


def full(twin: Twin, document: Resource, fields: Mapping[str, Resource]) -> Iterator[Question]:
    """Give questions that fill a list, or an object of which the values are described, to its bound and beyond it."""
    for name, schema in fields.items():
        yield from (
            Question(twin.operation, "full", (Difference(Slot("body", name), one),))
            for one in _full(schema, document, name)
        )


def plain_value(schema: Resource, document: Resource, name: str, depth: int = DEPTH, nth: int = 0) -> Any:  # noqa: ANN401  # any JSON value
    """Return a value for a schema with all that it describes; ABSENT where none can be told.

    The `nth` is another one where there is more than one.
    """
    told = [schema[one] for one in ("example", "default") if one in schema]
    if told and not nth:
        return told[0]
    kind = kind_of(name, schema)
    if kind == "object":
        return _object(schema, document, depth - 1) if depth else ABSENT
    if kind == "array":
        return _array(schema, document, name, depth - 1) if depth else ABSENT
    return next(islice(_scalars(kind, schema), nth, None), ABSENT)


def _scalars(kind: str, schema: Resource) -> Iterator[Any]:
    """Give different values for a schema without parts, none where that refers to something."""
    if kind == "enum":
        yield from (*as_list(schema.get("enum")), *([schema["const"]] if "const" in schema else []))
    elif kind == "boolean":
        yield from (True, False)
    elif kind in {"integer", "number"}:
        numbers = (a_number(schema, nth, whole=kind == "integer") for nth in range(MOST + 1))
        yield from (one for one in numbers if one is not None)
    elif kind != "reference":
        words = [_PLAIN[kind]] if kind in _PLAIN else [*_WORDS, *(f"c{nth}" for nth in range(MOST))]
        patterned = samples(schema["pattern"]) if isinstance(schema.get("pattern"), str) else ()
        yield from (one for one in chain(words, patterned) if fits(one, schema))


def _object(schema: Resource, document: Resource, depth: int) -> Any:  # noqa: ANN401  # as above
    """Fill an object; what it requires and can't be told, no object does without."""
    required = as_list(schema.get("required"))
    found: Resource = {}
    for inner, declared in as_object(schema.get("properties")).items():
        if inner not in required and len(found) >= OPTIONAL and depth < DEPTH - 1:
            continue
        own = merged(document, declared)
        value = ABSENT if own.get("readOnly") is True else plain_value(own, document, inner, depth)
        if value is not ABSENT:
            found[inner] = value
        elif inner in required:
            return ABSENT
    return found


def _array(schema: Resource, document: Resource, name: str, depth: int) -> Any:  # noqa: ANN401  # as above
    items = merged(document, as_object(schema.get("items")))
    many = max(1, count(schema, "minItems", 1))
    if many > MOST:
        return ABSENT
    values = [plain_value(items, document, name, depth, nth) for nth in range(many)]
    return ABSENT if ABSENT in values else values


def _nests(schema: Resource) -> bool:
    items = as_object(schema.get("items"))
    return bool(schema.get("properties") or items.get("properties") or "$ref" in items or "allOf" in items)


def _full(schema: Resource, document: Resource, name: str) -> Iterator[Any]:
    """Fill an object of which only the values are described, or a list, to its bound, and beyond it."""
    kind = kind_of(name, schema)
    bound = count(schema, {"object": "maxProperties", "array": "maxItems"}.get(kind, ""), 0)
    if not 1 < bound <= MOST or is_reference(name):
        return
    inner = schema.get("additionalProperties") if kind == "object" else schema.get("items")
    described = merged(document, as_object(inner))
    kind_inside = kind_of("value", described)
    if kind_inside in {"object", "array"} or (kind == "object" and schema.get("properties")):
        return
    values = [*islice(_scalars(kind_inside, described), bound + 1)]
    if len(values) <= bound:
        return
    for many in (bound, bound + 1):
        yield {f"k{place}": one for place, one in enumerate(values[:many])} if kind == "object" else values[:many]


def _leaves(schema: Resource, document: Resource, depth: int = DEPTH) -> Iterator[tuple[Path, Resource]]:
    """Give the places in a value that have no parts themselves, and their schemas."""
    if "items" in schema and depth:
        yield from _below(0, schema["items"], document, depth)
    elif schema.get("properties") and depth:
        for name, inner in as_object(schema["properties"]).items():
            if not is_reference(name) and merged(document, inner).get("readOnly") is not True:
                yield from _below(name, inner, document, depth)
    elif depth < DEPTH:
        yield (), schema


def _below(step: str | int, schema: object, document: Resource, depth: int) -> Iterator[tuple[Path, Resource]]:
    yield from (((step, *path), leaf) for path, leaf in _leaves(merged(document, schema), document, depth - 1))


def _with(whole: Any, path: Sequence[str | int], value: object) -> Any:  # noqa: ANN401  # any JSON value
    """Return a value with another part; ABSENT where it has no such part."""
    if not path:
        return value
    step, *rest = path
    if isinstance(whole, list) and isinstance(step, int) and step < len(whole):
        part = _with(whole[step], rest, value)
        return part if part is ABSENT else [*whole[:step], part, *whole[step + 1 :]]
    if isinstance(whole, dict) and isinstance(step, str) and (step in whole or not rest):
        part = _with(whole.get(step), rest, value)
        return part if part is ABSENT else {**whole, step: part}
    return ABSENT


def _beside(schema: Resource) -> Iterator[object]:
    """Give values beside those of a part: beyond its bounds, of another type, or such as servers break on."""
    kind = str(schema.get("type"))
    if kind in {"integer", "number"}:
        bounds = [schema.get(name) for name in ("minimum", "maximum")]
        low, high = (one if isinstance(one, int | float) else None for one in bounds)
        yield from (-1 if low is None else low - 1, *([] if high is None else [high + 1]))
        yield from (*GREAT, *(one for one in (low, high) if one is not None), 0, "1", None)
    elif kind == "string":
        most = count(schema, "maxLength", 0)
        yield from ["a" * (most + 1)] if 0 < most <= LONGEST else []
        yield from islice(near_misses(schema), 2)
        yield from (*TEXTS, 1, None)
        yield from ("a" * most, "\u00e9" * most) if 0 < most <= LONGEST else ()
    else:
        yield from (None, "x", 1, [], {})


def near_misses(schema: Resource) -> Iterator[str]:
    """Give texts that a pattern just does not fit: times that no clock shows, and one that fits, a little off."""
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return
    text = next(samples(pattern), "")
    tried = [
        *(TIMES_OF_DAY if fits("12:30", schema) else ()),
        f"{text}0",
        f" {text}",
        text[:-1],
        text.swapcase(),
        text * 2,
    ]
    yield from (one for one in dict.fromkeys(tried) if one and not fits(one, schema))
