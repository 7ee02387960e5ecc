"""Which requests that the spec allows may be refused all the same: what ROB-03 leaves out, and why.

The documents say more than a schema can (a day must not lie ahead, references must exist), and of what they say nothing
an implementation may demand what is sensible. Each excuse is a function of a difference that was read as valid; it
gives the reason, or "" where it does not apply. Where in doubt it applies.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conformance.contract.queries import LIMIT_MAX, LIMIT_MIN
from conformance.contract.resources import CREATE
from conformance.openapi.fuzzing.exemptions import FIXED, is_update
from conformance.openapi.fuzzing.questions import TYPE, WHOLE
from conformance.target.documents import USUAL, as_list
from conformance.target.references import LEADERS, OTHERS, SUBJECTS, is_reference
from conformance.target.schemas import kind_of, time_of
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.openapi.fuzzing.oracle import Read

LISTED = frozenset({"sort", "expand", "include", "fields", *USUAL})
"""Parameters whose values the documents leave to each resource: without an enum, a schema says too little of them."""
YEARS = range(1970, 2101)
PEOPLE = SUBJECTS | LEADERS | OTHERS
"""Fields of these names may hold ids, whatever their suffix."""
GREATEST = 2**31 - 1
MOST = 20
"""So many values at once are expected to be taken where a schema names no maximum."""
_DATES = frozenset({"date", "date-time"})
_BOUNDS = frozenset({"maxLength", "pattern"})
_DIGITS = 10
_SINGLE_ADDRESS = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@example\.(?:com|org|net)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"(\d{4})-\d{2}-\d{2}T\d{2}:\d{2}:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-3]):[0-5]\d)")


def excuse(read: Read) -> str:
    """Return why a request with this difference may be refused, "" where it should be served."""
    if read.slot == TYPE:  # which is only read as valid where it says the same
        return ""
    return next((reason for one in EXCUSES if (reason := one(read))), "")


def _elsewhere(read: Read) -> str:
    there = read.slot.where in {"query", "body"} and read.slot.name != WHOLE and read.difference.value is not ABSENT
    return "" if there else "whether a path leads anywhere, and what comes of a header, the spec does not say"


def _cursor(read: Read) -> str:
    there = read.slot.where == "query" and read.slot.name == "cursor"
    return "a cursor that was never issued is refused (PAG-14)" if there else ""


def _limit(read: Read) -> str:
    if read.slot.where != "query" or read.slot.name != "limit":
        return ""
    text = read.difference.value[0]
    within = text.isascii() and text.isdigit() and LIMIT_MIN <= int(text[:9]) <= LIMIT_MAX and len(text) < 9  # noqa: PLR2004
    return "" if within else f"limits are {LIMIT_MIN} to {LIMIT_MAX} (PAG-07, PAG-08)"


def _listed(read: Read) -> str:
    named = bool(as_list(read.schema.get("enum")) or as_list(_items(read).get("enum")))
    there = read.slot.where == "query" and read.slot.name in LISTED and not named
    return "its values are not in the schema" if there else ""


def _several_sorts(read: Read) -> str:
    several = read.slot.where == "query" and read.slot.name == "sort" and "," in ",".join(read.difference.value)
    return "whether it takes several fields to sort by is left open (SRT-08)" if several else ""


def _reference(read: Read) -> str:
    names = re.findall(r"[a-z0-9_]+", read.slot.name, re.IGNORECASE)
    there = any(is_reference(name) or name.rpartition("_")[2] in PEOPLE for name in names)
    there = there or read.slot.name in {"id", "ids"}
    return "it has to refer to something that exists" if there else ""


def _deprecated(read: Read) -> str:
    old = True in {read.schema.get("deprecated"), (read.declared or {}).get("deprecated")}
    return "what is deprecated may be gone" if old else ""


def _not_for_clients(read: Read) -> str:
    if read.slot.where != "body":
        return ""
    if read.schema.get("readOnly") is True:
        return "a read-only field may be refused (OBC-07)"
    fixed = is_update(read.operation) and read.slot.name in FIXED
    return "an update may refuse what it can't change (OBU-05, OBU-06, OBU-12)" if fixed else ""


def _null(read: Read) -> str:
    kinds = {read.schema.get("type"), read.schema.get("format")}
    there = read.slot.where == "body" and read.difference.value is None and bool(kinds & {"array", *_DATES})
    return "null for a list or a date may be refused (OBC-17)" if there else ""


def _day(read: Read) -> str:
    """Excuse what lies ahead, and of other resources any day in a body: what it has to follow no schema says."""
    if read.slot.where != "body" or not time_of(read.slot.name, read.schema):
        return ""
    if read.operation.path != CREATE.path or read.slot.name != "observation_date":
        return "which days make sense the spec does not say"
    today = datetime.now(UTC).date() - timedelta(days=1)  # somewhere it still is yesterday
    return "" if str(read.difference.value) <= today.isoformat() else "a day that lies ahead is refused (OBC-12)"


def _address(read: Read) -> str:
    there = read.slot.where == "body" and kind_of(read.slot.name, read.schema) in {"uri", "formatted"}
    return "which addresses it takes the spec does not say" if there else ""


def _odd(read: Read) -> str:
    values = read.difference.value if isinstance(read.difference.value, tuple | list) else [read.difference.value]
    if read.slot.where == "query" and read.is_list:
        values = [text for value in values for text in value.split(",")]
    if len(values) > (MOST if "maxItems" not in read.schema else len(values)):
        return "so many values may be too many"
    if len({json.dumps(value) for value in values}) < len(values):
        return "a value that stands there twice may be refused (LIM-06)"
    schema = _items(read) if read.is_list else read.schema
    return next((reason for value in values if (reason := _odd_value(read, value, schema))), "")


def _odd_value(read: Read, value: Any, schema: dict[str, Any]) -> str:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict | list):
        return "of what nests, not all may be taken"
    if isinstance(value, str):
        return _odd_text(read, value, schema)
    huge = isinstance(value, float) or (isinstance(value, int) and abs(value) > GREATEST)
    return "a number may be too great or too fine" if huge else ""


def _odd_text(read: Read, text: str, schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ""
    named = "email" if read.slot.name.endswith("email") else schema.get("format")
    kind = schema.get("type")
    is_usual = _is_usual(time_of(read.slot.name, schema))
    tests = {
        "an empty text may be refused": not text.strip(),
        "such a date may be out of range, or none": not all(map(is_usual, text.split(","))),
        "such an address may be refused": named == "email" and not _SINGLE_ADDRESS.fullmatch(text),
        "readers differ on formats": kind == "string" and named not in {None, "email", *_DATES},
        "such characters may be refused (OBC-17)": not _is_plain(read, text),
        "a number may be too great or too fine": kind in {"integer", "number"} and len(text) >= _DIGITS,
        "a schema without a length says too little of a text": _is_bare(schema, named),
    }
    return next((reason for reason, holds in tests.items() if holds), "")


def _is_bare(schema: dict[str, Any], named: object) -> bool:
    """Tell whether a schema says of a text no more than that it is one."""
    return named is None and schema.get("type") not in {"integer", "number", "boolean"} and not _BOUNDS & schema.keys()


def _is_plain(read: Read, text: str) -> bool:
    """Tell whether a text has no character that is written specially, or nowhere seen, or that a list is parted by."""
    special = r"[<>&\\\"'`]" if read.slot.where == "body" else r"[<>&\\\"'`,%;*]"
    return text == text.strip() and text.isprintable() and not re.search(special, text)


def _is_usual(time: str) -> Callable[[str], bool]:
    """Give what tells whether a date or a date-time is written and lies as most are."""
    written = {"date": _DAY, "date-time": _INSTANT}.get(time)

    def is_usual(text: str) -> bool:
        try:
            return written is None or (bool(written.fullmatch(text)) and date.fromisoformat(text[:10]).year in YEARS)
        except ValueError:
            return False

    return is_usual


def _items(read: Read) -> dict[str, Any]:
    items = read.schema.get("items")
    return items if isinstance(items, dict) else {}


EXCUSES: tuple[Callable[[Read], str], ...] = (
    _elsewhere,
    _cursor,
    _limit,
    _listed,
    _several_sorts,
    _reference,
    _deprecated,
    _not_for_clients,
    _null,
    _day,
    _address,
    _odd,
)
"""In the order in which they are asked."""
