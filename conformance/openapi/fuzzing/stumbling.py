"""Values that implementations stumble over, whatever their schema says: what chance would seldom draw.

Where the spec does not rule them out, nothing is expected of their answers but what holds of any (ROB-01 and the rules
on all exchanges): refusing them is fine, and so is serving them. They need no drawing, so they are asked while that is
under way.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.operations import json_schema_of
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.fuzzing import spans
from conformance.openapi.fuzzing.assessing import Candidate, Expected
from conformance.openapi.fuzzing.beneath import beneath
from conformance.openapi.fuzzing.inside import plain_value
from conformance.openapi.fuzzing.mutating import fields_of, words_of
from conformance.openapi.fuzzing.oracle import required_fields
from conformance.openapi.fuzzing.questions import CURSOR, Difference, Question, Slot, cursor_of
from conformance.target.documents import USUAL as SEARCHED
from conformance.target.documents import as_list, as_object, merged
from conformance.target.identifiers import overflowing
from conformance.target.references import is_reference
from conformance.target.schemas import kind_of, time_of
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.openapi.fuzzing.questions import Twin
    from conformance.target.reading import Resource

HALF = "\ud800"
"""Half a pair of surrogates: JSON can carry it, a path can't."""
NO_EXPRESSION = "(a[b{"
"""A text that is no regular expression: the first thing to look for."""
TEXTS = (
    "\U0001f600\U0001f680",
    "a\0b",
    HALF,
    "x" * 300,
    "\u2028\u2029",
    "\u202edetrever",
    "\U0001f469\u200d\U0001f4bb",
    "e\u0301\u0323",
    "\u0130\u00df\ufb01",
    "%",
    "%zz%2525",
    "\\u0041\\x00\\",
    NO_EXPRESSION,
    ".*+?^$",
    ",,",
    "';--\"",
    "<b>&amp;</b>",
    "${a}{{b}}",
    "a\r\nb: c",
    "null",
    "__proto__",
)
"""Characters that end texts, hide, join, are no UTF-8, change their length with case, or mean something elsewhere.

What is likeliest to break an implementation comes first, here and below.
"""
DAYS = ("0001-01-01", "9999-12-31", "2024-02-29", "1969-12-31", "0000-01-01", "2100-02-29", "+12024-01-01")
INSTANTS = (
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:00:00+14:00",
    "2024-01-01T00:00:00-12:00",
)
MAILS = (
    "a+b@example.com",
    "A.B@EXAMPLE.COM",
    "o'b@a.example.com",
    "\u00e9@example.com",
    '"a b"@example.com',
    "@example.com",
    "a@",
    f"{'a' * 250}@example.com",
    "a\0b@example.com",
)
FINE = 3
"""So many of them are addresses as any other."""
NUMBERS = (2**31, 2**53 + 1, 2**63, 10**20, -(10**20), 1e308, 5e-324)
"""Beyond what a machine's numbers hold; the last one is no integer."""
CURSORS = ("%", "e30", "bnVsbA==", "LTE", "MQ", "W10", "eyJpZCI6bnVsbH0", "eyJpZCI6W119", "////", "A" * 3000)
"""Half a percent sign, and what is readable in base64, but no cursor: {}, null, -1, 1, []."""
_FIRST = {CURSOR.name: CURSORS, **dict.fromkeys(SEARCHED, (NO_EXPRESSION,))}
DIGITS = ("9" * 20, "-" + "9" * 20, "1e2", "0x10", "-0", "1" * 300, "\u0967")
SEVERAL = (",", ",,,", "a,a")
"""For what takes several values with commas between."""
MANY = (30, 150)
"""So many values at once: beyond what a list, or what is compared with it, may be made for."""
OBJECTS: tuple[Any, ...] = (
    {},
    {"": ""},
    {"a": None},
    {"__proto__": {"a": 1}},
    {"$ref": "#", "a.b": 1, "a\0b": 1},
    {"x" * 300: "x" * 300},
    {str(place): place for place in range(300)},
)
"""For an object of which the spec does not say what is in it."""
DEPTHS = (12, 60)
"""So many objects lie in each other, far fewer than where a parser breaks."""
DEEP = 450
"""So many arrays lie in each other: more than are of use, fewer than a parser is known to break on."""
REASON = "only what holds of every answer is looked at"


def stumbling(twin: Twin, document: Resource, digits: str) -> Iterator[Question]:
    """Give what an operation may stumble over; `digits` stand in no other text."""
    odd = (
        *(_in_query(twin, document), _orders(twin, document), _both_ways(twin, document)),
        *(spans.in_query(twin, document), _other_lists(twin, document)),
        *(_in_path(twin), _in_body(twin, document), beneath(twin, digits)),
    )
    for differences in chain.from_iterable(odd):
        yield Question(twin.operation, "stumbling", tuple(differences))


def unexpected(question: Question) -> Candidate:
    """Give a question of which nothing is expected but what holds of every answer."""
    return Candidate(question, (), Expected.ANYTHING, reason=REASON)


def _in_query(twin: Twin, document: Resource) -> Iterator[Sequence[Difference]]:
    """Change one parameter each; empty and sent twice, too."""
    for name, place in query_parameters(twin.operation).items():
        schema = merged(document, place.value)
        plain = _plain(name, schema)
        first, *others = _texts(name, schema)
        others += [f"{plain},{plain}", f"{plain},", *_many(name, schema)]
        texts = ((first,), (plain, plain), ("",), *((one,) for one in others))
        yield from ([Difference(Slot("query", name), one)] for one in texts)


def _orders(twin: Twin, document: Resource) -> Iterator[Sequence[Difference]]:
    """Sort by one field in both orders, and by it twice: as soon as it takes several, somebody will."""
    place = query_parameters(twin.operation).get("sort")
    schema = merged(document, place.value) if place is not None else {}
    for word in dict.fromkeys(one.lstrip("-") for one in (*words_of(schema), *words_of(_items(document, schema)))):
        texts = {f"{word},-{word}", f"{word},{word}"}.difference(SEVERAL)
        yield from ([Difference(Slot("query", "sort"), (text,))] for text in sorted(texts))


def _both_ways(twin: Twin, document: Resource) -> Iterator[Sequence[Difference]]:
    """Filter by what a field is and, at once, by what else it may be: each alone is asked for anyway."""
    places = query_parameters(twin.operation)
    for name, place in places.items():
        schema = merged(document, place.value)
        words = words_of(schema) or [_plain(name, schema)]
        for other in (f"{name}[in]", f"{name}[ne]", f"{name}[gte]"):
            if other in places and name.endswith("]"):
                yield [Difference(Slot("query", name), (words[0],)), Difference(Slot("query", other), (words[-1],))]


def _plain(name: str, schema: Resource) -> str:
    return str(next(iter(as_list(schema.get("enum"))), "2024-02-29" if time_of(name, schema) else "1"))


def _items(document: Resource, schema: Resource) -> Resource:
    return merged(document, as_object(merged(document, schema).get("items")))


def _other_lists(twin: Twin, document: Resource) -> Iterator[Sequence[Difference]]:
    """Turn the page of another list than the one of which the cursor is: in another order, or with a filter."""
    cursor = cursor_of(twin.exchange)
    for name, place in query_parameters(twin.operation).items() if cursor else ():
        words = words_of(merged(document, place.value)) or words_of(_items(document, place.value))
        for text in words[:2] if name == "sort" or name.startswith("filter[") else ():
            yield [Difference(CURSOR, (cursor,)), Difference(Slot("query", name), (text,))]


def _many(name: str, schema: Resource) -> Iterator[str]:
    """Give what takes several values with commas between far more than anybody needs."""
    if name.endswith("[in]") or schema.get("type") == "array":
        first = date(2024, 1, 1)
        for many in MANY:
            days = [(first + timedelta(place)).isoformat() for place in range(many)]
            yield ",".join(days if time_of(name, schema) == "date" else map(str, range(1, many + 1)))


def _texts(name: str, schema: Resource) -> Sequence[str]:
    """Return the texts to try in a query for a parameter, those first that are likeliest to break what it is for."""
    kind = schema.get("type")
    if kind in {"integer", "number"}:
        return DIGITS
    if time_of(name, schema):
        return (*INSTANTS, *DAYS, *SEVERAL) if time_of(name, schema) == "date-time" else (*DAYS, *INSTANTS, *SEVERAL)
    if "enum" in schema or kind in {"array", "boolean"}:
        return SEVERAL
    mails = MAILS[:FINE] if kind_of(name, schema) == "email" or "email" in name else ()
    return [*dict.fromkeys((*_FIRST.get(name, mails), *TEXTS, *SEVERAL))]


def _in_path(twin: Twin) -> Iterator[Sequence[Difference]]:
    """Read odd ids; a NUL is often refused before the API is asked. Of writes they are surely nobody's."""
    names = twin.operation.path_names
    if len(names) == 1:
        texts = [text for text in TEXTS if not {"/", "\\", HALF, "\0"} & set(text)]
        odd = (overflowing(twin.path.split("/")[2]), *(texts if twin.operation.method == "GET" else ()))
        yield from ([Difference(Slot("path", names[0]), text)] for text in odd)


def _in_body(twin: Twin, document: Resource) -> Iterator[Sequence[Difference]]:
    """Change each field, of creates all of a kind at once: each makes something."""
    if json_schema_of(twin.operation.request_body) is None or not isinstance(twin.body, dict):
        return
    fields = {name: one for name, one in fields_of(twin, document).items() if one.get("readOnly") is not True}
    yield from _emptied({name: one for name, one in fields.items() if name not in required_fields(twin.operation)})
    kinds: dict[tuple[Any, ...], list[str]] = {}
    for name, schema in fields.items():
        if not is_reference(name):
            kinds.setdefault(_values(schema), []).append(name)
    for values, names in kinds.items():
        for some in [names] if twin.operation.method == "POST" else [[name] for name in names]:
            yield from ([Difference(Slot("body", name), value) for name in some] for value in values)
    yield from spans.in_body(fields, document)
    yield from _repeated(twin.body, fields, document)
    for name in (one for one, schema in fields.items() if _is_open(schema)):
        yield from ([Difference(Slot("body", name), value)] for value in (*OBJECTS, *map(_objects, DEPTHS)))
    unknown = (("__proto__", {"a": 1}), ("constructor", 1), ("unknown", _nested()), ("unknown", 10**30))
    yield from ([Difference(Slot("body", name), value)] for name, value in unknown)


def _emptied(fields: Mapping[str, Resource]) -> Iterator[Sequence[Difference]]:
    """Give all that may be left out at once, as there and empty: one alone is drawn anyway."""
    emptied: dict[str, list[Difference]] = {"": [], "[]": [], "null": []}
    for name, schema in fields.items():
        if schema.get("type") == "string" and not {"enum", "format"} & set(schema) and not is_reference(name):
            emptied[""].append(Difference(Slot("body", name), ""))
        if schema.get("type") == "array":
            emptied["[]"].append(Difference(Slot("body", name), []))
        if schema.get("nullable") is True:
            emptied["null"].append(Difference(Slot("body", name), None))
    yield from (differences for differences in emptied.values() if len(differences) > 1)


def _repeated(body: Resource, fields: Mapping[str, Resource], document: Resource) -> Iterator[Sequence[Difference]]:
    """Give a list the same twice, or far more often than anybody needs."""
    for name, schema in fields.items():
        if schema.get("type") == "array":
            items = merged(document, as_object(schema.get("items")))
            first = next(iter(as_list(body.get(name))), plain_value(items, document, name))
            often = () if first is ABSENT else (2,) if is_reference(name) else (2, *MANY[1:])
            for many in often:
                yield [Difference(Slot("body", name), [first] * many)]


def _values(schema: Resource) -> tuple[Any, ...]:
    """Return the values to try in a body for a schema; of addresses such as are nobody's."""
    kind, named = schema.get("type"), schema.get("format")
    if kind in {"integer", "number"}:
        return NUMBERS if kind == "number" else NUMBERS[:-1]
    if kind != "string" or "enum" in schema:
        return ()
    return {"date": DAYS, "date-time": INSTANTS, "email": MAILS, None: TEXTS}.get(named, ())


def _nested() -> list[Any]:
    inner: list[Any] = []
    for _ in range(DEEP):
        inner = [inner]
    return inner


def _is_open(schema: Resource) -> bool:
    """Tell whether a schema is that of an object, and does not say of which fields."""
    return schema.get("type") == "object" and not schema.get("properties")


def _objects(depth: int) -> Resource:
    inner: Resource = {"a": "b"}
    for _ in range(depth):
        inner = {"a": inner}
    return inner
