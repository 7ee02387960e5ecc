"""What was served, asked for again: items by their ids, filters by what their fields hold, searches by words of texts.

Whoever draws from a spec comes upon none of it: an id that is there, and a word that somebody wrote.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from conformance.contract.queries import LIMIT_MAX
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.fuzzing.mutating import FILTER, USUAL, fields_of, several, words_of
from conformance.openapi.fuzzing.questions import Difference, Question, Slot, state_of
from conformance.target.documents import USUAL as SEARCHED
from conformance.target.documents import as_object, merged
from conformance.target.patterns import matches
from conformance.target.references import is_reference, singular
from conformance.target.schemas import count, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.openapi.fuzzing.questions import Twin
    from conformance.target.reading import Resource

    Served = Mapping[str, Sequence[Resource]]

T = TypeVar("T")
EXPAND = "expand"
TAKEN = "taken"
"""The phase of values that another item holds."""
LIMIT = Slot("query", "limit")
"""Where a list is asked how long it may be."""
ARCHIVED = Slot("query", "filter[archived]")
"""Where a list is asked for what is archived, too (observations › Query parameters)."""
ALL = ("all", "true", "any", "both", "only", "include", "1")
"""What it may be called there, best first."""
VALUES = 3
"""So many values of a field are asked for."""
ITEMS = 12
"""So many items of a collection are read."""
WORDS = 24
"""So many words are searched for."""
_REACHING = re.compile(r"phone|mobile|fax|sms|channel|handle|slack|address|host|domain|link|token", re.IGNORECASE)
"""Names of what somebody is reached by."""
_WORD = re.compile(r"[^\W\d_]{3,30}")


def look(twin: Twin) -> Question | None:
    """Ask for a longer list than the plain one; None where there is none."""
    is_list = twin.operation.method == "GET" and "{}" not in twin.operation.path and LIMIT.name in twin.query
    return Question(twin.operation, USUAL, (longest(twin),)) if is_list else None


def longest(twin: Twin) -> Difference:
    """Ask for as many items of a list at once as may be."""
    place = query_parameters(twin.operation).get(LIMIT.name)
    most = min(LIMIT_MAX, count(merged(twin.operation.document, place.value), "maximum", LIMIT_MAX)) if place else 1
    return Difference(LIMIT, (str(most),))


def look_into_archive(twin: Twin, document: Resource) -> Question | None:
    """Ask for a longer list that holds what is archived, too; None where the spec knows of none."""
    longer, place = look(twin), query_parameters(twin.operation).get(ARCHIVED.name)
    if longer is None or place is None:
        return None
    schema = merged(document, place.value)
    words = [word.lower() for word in words_of(schema)] or ["true" if schema.get("type") == "boolean" else ""]
    word = next((one for one in ALL if one in words), None)
    return None if word is None else longer.with_only(*longer.differences, Difference(ARCHIVED, (word,)))


def swept(twin: Twin, document: Resource, served: Served) -> Iterator[Question]:
    """Read items that are there, plainly and with all that can be expanded, at once where the spec allows it."""
    slot, place = Slot("query", EXPAND), query_parameters(twin.operation).get(EXPAND)
    schema = merged(document, place.value) if place is not None else {}
    named = words_of(schema)
    whole = [one.differences[0] for one in several(twin, document) if one.differences[0].slot == slot]
    if len(named) > 1 and "enum" not in schema and matches(str(schema.get("pattern")), ",".join(named)):
        whole = [Difference(slot, (",".join(named),))]
    expansions = whole or [Difference(slot, (word,)) for word in named]
    for item in _in_path(twin, served):
        yield Question(twin.operation, USUAL, (item,))
        yield from (Question(twin.operation, USUAL, (item, one)) for one in expansions)


def reused(twin: Twin, document: Resource, served: Served) -> Iterator[Question]:
    """Give what of all that was `served`, by collection, an operation that reads can be asked for."""
    own = _in_path(twin, served) if "{}" in twin.operation.path else _in_query(twin, document, served)
    for one in chain(own, _expansions(twin, document, served)):
        yield Question(twin.operation, USUAL, (one,))


def taken(twin: Twin, document: Resource, served: Served) -> Iterator[Question]:
    """Write what another item holds already: in some fields there may be only one of each."""
    items = [one for one in served.get(f"/{twin.operation.path.split('/')[1]}", ()) if str(one["id"]) not in twin.path]
    for name, schema in fields_of(twin, document).items():
        texts = [one[name] for one in items if isinstance(one.get(name), str) and one[name]]
        plain = kind_of(name, schema) in {"text", "email"} and schema.get("readOnly") is not True
        if texts and plain and not _REACHING.search(name):
            yield Question(twin.operation, TAKEN, (Difference(Slot("body", name), texts[0]),))


def _expansions(twin: Twin, document: Resource, served: Served) -> Iterator[Difference]:
    """Expand what the fields that were served refer to, where the schema names nothing that can be."""
    place = query_parameters(twin.operation).get(EXPAND)
    schema = merged(document, place.value) if place is not None else {}
    if place is None or words_of(schema) or words_of(merged(document, as_object(schema.get("items")))):
        return
    items = served.get(twin.operation.path.partition("/{}")[0], ())
    names = dict.fromkeys(name for one in items for name in one if is_reference(name))
    words = [name.removesuffix("_id") if name.endswith("_id") else f"{name.removesuffix('_ids')}s" for name in names]
    yield from (Difference(Slot("query", EXPAND), (word,)) for word in words if word not in names)


def _in_path(twin: Twin, served: Served) -> Iterator[Difference]:
    names = twin.operation.path_names
    if len(names) == 1:
        items = served.get(twin.operation.path.partition("/{}")[0], ())
        yield from (Difference(Slot("path", names[0]), str(one["id"])) for one in various(items, ITEMS))


def _in_query(twin: Twin, document: Resource, served: Served) -> Iterator[Difference]:
    for name, place in query_parameters(twin.operation).items():
        field, schema = FILTER.fullmatch(name), merged(document, place.value)
        if "enum" in schema or schema.get("type") == "array":
            continue
        if name in SEARCHED:
            texts = _words(served)
        else:
            texts = _values(field[1], served.get(twin.operation.path, ()), served) if field is not None else []
        yield from (Difference(Slot("query", name), (text,)) for text in texts)


def _values(field: str, items: Sequence[Resource], served: Served) -> list[str]:
    """Return values of a field that stand in no comma-separated list; of a reference, ids of what it refers to."""
    of_items = [one[field] for one in items if isinstance(one.get(field), str | int | bool)]
    stem = field.removesuffix("_id")
    referred = [one["id"] for path, some in served.items() if singular(path) == stem for one in some]
    found = [*of_items, *(referred if is_reference(field) else ())]
    written = [str(one).lower() if isinstance(one, bool) else str(one) for one in found]
    return spread([*dict.fromkeys(one for one in written if one and "," not in one and len(one) <= 100)], VALUES)  # noqa: PLR2004


def _words(served: Served) -> list[str]:
    """Return words of texts, of each field of each collection in turn."""
    found: dict[str, None] = {}
    columns = {(path, name) for path, items in served.items() for one in items[:1] for name in one}
    for path, name in sorted(columns):
        texts = [one[name] for one in served[path] if isinstance(one.get(name), str) and not _is_code(name)]
        words = [word for text in texts for word in _WORD.findall(text)]
        found |= dict.fromkeys(spread(words, 2))
    return spread([*found], WORDS)


def _is_code(name: str) -> bool:
    """Tell whether a field holds no words: an id, a point in time, an address."""
    return name == "id" or is_reference(name) or name.endswith(("_at", "_on", "_date", "url", "type", "status"))


def various(items: Sequence[Resource], many: int) -> list[Resource]:
    """Take so many items, one of each state first, and then one of each that lacks something else."""
    states: dict[object, Resource] = {}
    kinds: dict[object, Resource] = {}
    for one in items:
        states.setdefault(state_of(one), one)
        absent = frozenset(name for name, value in one.items() if value in (None, [], ""))
        kinds.setdefault(absent, one)
    first = [*{one["id"]: one for one in (*states.values(), *kinds.values())}.values()][:many]
    return [*first, *spread([one for one in items if one not in first], many - len(first))]


def spread(some: Sequence[T], many: int) -> list[T]:
    """Take so many, spread over all."""
    if many < 1:
        return []
    step = max(1, -(-len(some) // many))
    return [*some[::step]]
