"""Values beside those that are valid: a little off, at the powers of two, empty, long, of another type.

Whoever draws from a schema keeps to its bounds and just beyond; this goes where implementations have theirs.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.operations import json_schema_of
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.document.shapes import parts_of_schema, property_of
from conformance.openapi.document.weights import Unreadable
from conformance.openapi.fuzzing.inside import full, inside, near_misses
from conformance.openapi.fuzzing.questions import CURSOR, Difference, Question, Slot, cursor_of
from conformance.target.documents import USUAL as SEARCHED
from conformance.target.documents import as_list, as_object, merged
from conformance.target.patterns import is_pattern, matches
from conformance.target.references import is_reference
from conformance.target.schemas import a_number, count, kind_of
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.questions import Twin
    from conformance.target.reading import Resource

LENGTHS = (255, 256, 257, 1023, 1024, 1025, 4095, 4097)
LONG = (65_535,)
"""Of bodies only: a line of a request is seldom read so far."""
POWERS = (2**15, 2**16, 2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64)
SMALL = (-1, -2, -7, -10, -100, 0, 1, 101, 255, 256, 999, 1000)
DAYS = [f"2024-05-0{day}" for day in range(1, 5)]
OF_NO_TYPE = {
    "integer": ("abc", "1.5", "NaN", "ten", "1;2"),
    "number": ("abc", "NaN", "ten", "1;2"),
    "boolean": ("abc", "2", "truefalse"),
    "date": ("2024-02-30", "abc", "2024-13-01", "2023-02-29"),
    "date-time": ("2024-02-30T12:00:00Z", "abc", "2024-13-01T00:00:00Z", "2024-05-01T25:00:00Z"),
}
"""Texts that are none of a type or a format, by its name; those first that are nearest to one."""
MUTATED = "mutated"
"""The phase of values that are a little off."""
USUAL = "usual"
"""The phase of values that are likely to be served, whether or not a schema promises it."""
SEVERAL = "several"
"""The phase of several values of one parameter."""
ONE = "1"
SORT = "sort"
"""The parameter by which lists are ordered (overview › Sorting)."""
TOGETHER = 4
"""So many values of a list are asked for at once."""
NONSENSE = "zqxjkvwy"
"""What nobody wrote, so that a search finds nothing."""
WIDE = ("\u00e9", "\U0001f600")
NARROW = frozenset({"enum", "const", "pattern", "format"})
"""Keywords by which not every text will do."""
_CODED = re.compile(r"(?:slug|code|key|zone|locale|language|currency|country|version|color|colour|phone|token)$")
"""What is no text for people."""
LONGEST = 5000
"""Of texts up to so many characters."""
WORDS = 20
"""Of so many words of a pattern at most."""
FILTER = re.compile(r"filter\[(\w+)\](?:\[(?:eq|in)\])?")
"""A filter by what a field holds, and that field."""
_WORD = re.compile(r"[A-Za-z]\w+", re.ASCII)
OTHER_TYPES: tuple[Any, ...] = (None, 0, 1, -1, 1.5, True, False, "", " ", "0", [], {}, [None], [[]], {"a": 1})


def mutants(twin: Twin, document: Resource) -> Iterator[Question]:
    """Give questions that change one value each into one beside it."""
    try:
        differences = [*chain(_in_path(twin), _cursors(twin), _in_query(twin, document), _in_body(twin, document))]
        parts = [*inside(twin, document, fields_of(twin, document))]
    except Unreadable:
        return
    yield from (Question(twin.operation, MUTATED, (one,)) for one in differences)
    yield from parts


def usual(twin: Twin, document: Resource) -> Iterator[Question]:
    """Ask for what a client would: each word of which a pattern is made, a small number, what a field may be.

    Whoever draws from a pattern seldom hits its words, of numbers goes to the bounds, and of a filter that is any text
    does not know what it is compared with.
    """
    for name, place in query_parameters(twin.operation).items():
        schema = _whole(document, place.value)
        is_number = schema.get("type") in {"integer", "number"}
        texts = [ONE] if is_number else [*_words(schema.get("pattern")), *_of_items(schema), *_instants(schema)]
        texts += [NONSENSE] if name in SEARCHED and "enum" not in schema else []
        for text in texts or ([] if "enum" in schema else _compared(twin.operation, name, document)):
            yield Question(twin.operation, USUAL, (Difference(Slot("query", name), (text,)),))


def filled(twin: Twin, document: Resource) -> Iterator[Question]:
    """Fill what is bounded in a body: all texts with characters of several octets, or units of UTF-16; lists alone."""
    try:
        yield from chain(_longest(twin, document), full(twin, document, fields_of(twin, document)))
    except Unreadable:
        return


def _longest(twin: Twin, document: Resource) -> Iterator[Question]:
    bounds = {
        name: schema["maxLength"]
        for name, schema in fields_of(twin, document).items()
        if kind_of(name, schema) == "text" and not (NARROW & set(schema) or _CODED.search(name))
        if isinstance(schema.get("maxLength"), int) and count(schema, "minLength", 0) <= schema["maxLength"] <= LONGEST
        if schema.get("readOnly") is not True
    }
    for character in WIDE if bounds else ():
        longest = (Difference(Slot("body", name), character * bound) for name, bound in bounds.items())
        yield Question(twin.operation, "longest", tuple(longest))


def _of_items(schema: Resource) -> list[str]:
    """Return the words that the items of a list may be: whoever draws gives several at once."""
    return [str(one) for one in as_list(as_object(schema.get("items")).get("enum")) if isinstance(one, str)][:WORDS]


def _instants(schema: Resource) -> list[str]:
    """Return the day that few years have, and a point in time as it is written elsewhere than in London."""
    named = {"date": ["2024-02-29"], "date-time": ["2024-05-01T12:00:00+02:00", "2024-02-29T12:00:00Z"]}
    return named.get(str(schema.get("format")), [])


def _compared(operation: Operation, name: str, document: Resource) -> list[str]:
    """Return the values of the field that a filter compares, where the schema of what is listed names them."""
    field, answer = FILTER.fullmatch(name), operation.response(200)
    place = json_schema_of(answer) if answer is not None else None
    data = property_of(place, "data") if place is not None else None
    if field is None or data is None:
        return []
    found = property_of(data.at("items").followed(), field[1])
    values = as_list(merged(document, found.value).get("enum")) if found is not None else []
    return [str(one) for one in values if isinstance(one, str)]


def _words(pattern: object) -> list[str]:
    """Return the words in a pattern that fit it as they stand, or behind a minus."""
    if not is_pattern(pattern):
        return []
    words = [*dict.fromkeys(_WORD.findall(str(pattern)))][:WORDS]
    return [text for word in words for text in (word, f"-{word}") if matches(str(pattern), text)]


def words_of(schema: Resource) -> list[str]:
    """Return the words that a schema names: those of an enum, else those of which its pattern is made."""
    return [*map(str, as_list(schema.get("enum")))] or _words(schema.get("pattern"))


def several(twin: Twin, document: Resource) -> Iterator[Question]:
    """Ask for more than one value of each query parameter that takes a list; whoever draws prefers short ones."""
    for name, place in query_parameters(twin.operation).items():
        schema = _whole(document, place.value)
        if "items" in schema:
            declared = twin.operation.parameters.get(("query", name), {})
            for values in _in_turn(name, as_object(schema["items"])):
                texts = tuple(values) if declared.get("explode", True) else (",".join(values),)
                yield Question(twin.operation, SEVERAL, (Difference(Slot("query", name), texts),))


def _in_turn(name: str, schema: Resource) -> Iterator[list[str]]:
    """Give up to four values for a schema; of an order all fields, each of which follows others at least once."""
    words = [*map(str, as_list(schema.get("enum")))] if name == SORT else []
    fields = [word for word in words if word.lstrip("-") == word or word.lstrip("-") not in words]
    if len(fields) <= 1:
        yield _different(schema)
        return
    for place in range(0, len(fields), TOGETHER - 1):
        yield [*fields[place:], fields[0]][: min(TOGETHER, len(fields))]


def _different(schema: Resource) -> list[str]:
    """Return up to four values for a schema."""
    named = {"date": DAYS, "date-time": [f"{day}T12:00:00Z" for day in DAYS]}
    return [*map(str, as_list(schema.get("enum")))][:TOGETHER] or named.get(str(schema.get("format")), [*"1234"])


def _in_path(twin: Twin) -> Iterator[Difference]:
    """Read by the id of an item that is there, a little off."""
    names = twin.operation.path_names
    if twin.operation.method == "GET" and len(names) == 1 and twin.path.count("/") > 1:
        item = twin.path.split("/")[2]
        spaced = (f" {item}", f"{item} ", f"{item},{item}")
        beside = (item.lower(), item.upper(), item[:-1], f"{item}0", item.partition("_")[2], *spaced)
        yield from (Difference(Slot("path", names[0]), one) for one in dict.fromkeys(beside) if one not in {"", item})


def _cursors(twin: Twin) -> Iterator[Difference]:
    """Turn the page by a cursor that was given, a little off."""
    cursor = cursor_of(twin.exchange)
    if cursor and ("query", "cursor") in twin.operation.parameters:
        beside = (cursor[:-1], cursor[1:], f"{cursor}A", cursor[::-1], cursor.swapcase(), cursor * 2, f" {cursor}")
        yield from (Difference(CURSOR, (one,)) for one in dict.fromkeys((cursor, *beside)) if one)


def _in_query(twin: Twin, document: Resource) -> Iterator[Difference]:
    for name, place in query_parameters(twin.operation).items():
        schema = _whole(document, place.value)
        for text in dict.fromkeys(map(str, chain(_of_no_type(schema), _beside(schema)))):
            yield Difference(Slot("query", name), (text,))


def _of_no_type(schema: Resource) -> Sequence[str]:
    one = as_object(schema.get("items")) or schema
    return OF_NO_TYPE.get(str(one.get("format")), OF_NO_TYPE.get(str(one.get("type")), ()))


def _whole(document: Resource, schema: Resource) -> Resource:
    """Merge a schema, and that of its items."""
    found = merged(document, schema)
    return found | ({"items": merged(document, found["items"])} if "items" in found else {})


def _beside(schema: Resource) -> Iterator[object]:
    """Give values of the schema's type, in bounds or out of them."""
    kind = str(schema.get("type"))
    yield from chain.from_iterable(_misspelled(str(one)) for one in as_list(schema.get("enum")))
    if "items" in schema:
        yield from _beside(as_object(schema["items"]))
    elif kind in {"integer", "number"}:
        yield from _numbers(schema)
    elif kind == "string" and "enum" not in schema:
        yield from _texts(schema, LENGTHS)


def _numbers(schema: Resource) -> Iterator[int]:
    bounds = [one for one in (schema.get("minimum"), schema.get("maximum")) if isinstance(one, int)]
    yield from SMALL
    yield from (sign * one for one in POWERS for sign in (1, -1))
    yield from (bound + step for bound in bounds for step in (-10, -2, -1, 0, 1, 2, 10))


def _misspelled(word: str) -> Iterator[str]:
    yield from (f"{word}x", word[:-1], word[1:], f"{word} ", word.upper(), word.replace("_", "-"), f"-{word}", word * 2)


def _texts(schema: Resource, lengths: tuple[int, ...]) -> Iterator[str]:
    yield from near_misses(schema)
    if schema.get("format") is None:
        yield from ("a" * length for length in lengths)
        yield from ("\u00e9" * length for length in (255, 1000))
        yield from (" ", "\t", "\n", " a", "a ", "a  b", "0", "-1", "true", "null", "[]", "{}", "a" * 20 + "\U0001f600")


def _in_body(twin: Twin, document: Resource) -> Iterator[Difference]:
    """Change one field each; what refers to others to no text, which might name something that is there."""
    if not isinstance(twin.body, dict):
        return
    yield from (Difference(Slot("body", name), ABSENT) for name in twin.body)
    for name, schema in fields_of(twin, document).items():
        seen: set[str] = set()
        for value in chain(_mistaken(schema), OTHER_TYPES, () if is_reference(name) else _typed(schema)):
            if repr(value) not in seen and not (is_reference(name) and isinstance(value, str)):
                seen.add(repr(value))
                yield Difference(Slot("body", name), value)


def _mistaken(schema: Resource) -> Iterator[object]:
    """Give what is easily taken for a value of a schema: a number in quotes, a truth, a blank, one thing for a list."""
    kind = schema.get("type")
    if kind in {"integer", "number"}:
        number = a_number(schema, whole=True)
        yield from () if number is None else (str(number), True, *_fractions(number, schema))
    blank = (" ",) if kind == "string" and not NARROW & set(schema) else ()
    yield from {"boolean": ("true",), "array": ("a",), "object": ([],)}.get(str(kind), blank)


def _fractions(number: float, schema: Resource) -> Iterator[float]:
    """Give what lies between two whole numbers, and within the bounds."""
    if schema.get("type") == "integer":
        most = schema.get("maximum")
        yield number - 0.5 if isinstance(most, int) and number >= most else number + 0.5


def fields_of(twin: Twin, document: Resource) -> dict[str, Resource]:
    """Return the schemas of the fields of a body that is an object, by their names."""
    fields: dict[str, Resource] = {}
    place = json_schema_of(twin.operation.request_body) if isinstance(twin.body, dict) else None
    for part in parts_of_schema(place) if place is not None else ():
        fields |= {str(name): _whole(document, one) for name, one in as_object(part.value.get("properties")).items()}
    return fields


def _typed(schema: Resource) -> Iterator[object]:
    yield from _beside(schema) if schema.get("type") != "array" else ([one] for one in _beside(schema))
    if schema.get("type") == "string" and "enum" not in schema:
        yield from _texts(schema, LONG)
