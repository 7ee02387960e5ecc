"""Which requests against the spec may be served all the same: what ROB-02 leaves out, and why.

Each exemption is a function of a difference that was read as invalid; it gives the reason, or "" where it does not
apply. Where in doubt it applies: an implementation that reads generously breaks nothing that the documents say.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from conformance.contract.queries import LIMIT_MAX
from conformance.contract.resources import UPDATE
from conformance.openapi.fuzzing.oracle import SECURITY, required_fields
from conformance.openapi.fuzzing.questions import WHOLE
from conformance.target.documents import as_list, below_base
from conformance.target.patterns import matches
from conformance.target.schemas import count
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.oracle import Read

JUDGED = frozenset(
    {
        "type",
        "enum",
        "const",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "required",
        "pattern",
        "format",
        SECURITY,
    }
)
"""Keywords that mean the same to every reader; of a oneOf or a not, it is seldom clear what breaks them."""
FIXED = frozenset({"employee_id", "type", "observation_date"})
"""Fields that an update of an observation may ignore (observations › Restrictions; of the date they say nothing)."""
PATTERNED = frozenset({"date", "date-time", "email", "uuid"})
"""Formats with which a text surely agrees or not."""
_LOOSE_DATE = re.compile(r"\s*[+-]?\d{1,6}\W\d{1,2}\W\d{1,4}.*|\s*\d{8}.*|\s*\d{4}-?W\d.*", re.DOTALL)
_TIMES = ("2024-05-01", "2024-05-01T12:00:00Z")
_CLASS = re.compile(r"\\[wdsb]", re.IGNORECASE)
"""What some readers of patterns take for ASCII alone, and others for Unicode."""
_HEXADECIMAL = re.compile(r"[+-]?0[xob][0-9a-f]+", re.IGNORECASE)
_EMPTY = frozenset({"", "null", "none", "undefined", "nil"})
_TRUTHS = frozenset({"0", "1", "t", "f", "y", "n", "yes", "no", "on", "off", "true", "false"})


def exemption(read: Read) -> str:
    """Return why a request with this difference may be served, "" where it should be refused."""
    return next((reason for one in EXEMPTIONS if (reason := one(read))), "")


def _keyword(read: Read) -> str:
    return "" if read.keyword in JUDGED else f"what breaks {read.keyword} is not clear enough"


def _empty(read: Read) -> str:
    blank = read.slot.where in {"query", "path"} and any(
        text.strip().casefold() in _EMPTY for text in _texts(read.difference.value)
    )
    return "an empty value may count as left out" if blank else ""


def _limit_above(read: Read) -> str:
    above = read.slot.where == "query" and read.slot.name == "limit" and read.keyword in {"maximum", "exclusiveMaximum"}
    return f"a limit above {LIMIT_MAX} may be served with {LIMIT_MAX} items (PAG-07)" if above else ""


def _expand(read: Read) -> str:
    there = read.slot.where == "query" and read.slot.name == "expand"
    return "of unknown expand paths the documents say nothing (EXP-10)" if there else ""


def _deprecated(read: Read) -> str:
    told = (read.schema, read.at_fault, read.declared or {})
    old = any(one.get("deprecated") is True for one in told)
    return "what is deprecated may be ignored" if old else ""


def _read_only(read: Read) -> str:
    there = any(one.get("readOnly") is True for one in (read.schema, read.at_fault))
    return "a read-only field may be ignored (OBC-07)" if there else ""


def _fixed(read: Read) -> str:
    there = is_update(read.operation) and read.slot.where == "body" and read.slot.name in FIXED
    return "an update may ignore what it can't change (OBU-05, OBU-06, OBU-12)" if there else ""


def _null(read: Read) -> str:
    if read.slot.where != "body" or read.part is not None or read.keyword == "required":
        return ""
    if read.difference.value is not None:
        return "null may count as left out, within a value too"
    if read.slot.name == WHOLE:
        return "null may count as no body"
    needed = read.operation.method == "POST" and read.slot.name in required_fields(read.operation)
    return "" if needed else "null may count as left out (OBC-17)"


def _spelled_otherwise(read: Read) -> str:
    """Leave out what says what is wanted in another spelling."""
    if read.keyword not in {"type", "enum", "const", "pattern", "multipleOf"}:
        return ""
    if read.keyword == "multipleOf" and isinstance(read.at_fault.get("multipleOf"), float):
        return "readers round fractions otherwise"
    return "it may be read as what it spells" if any(_spells(read, one) for one in _texts(read.part)) else ""


def _spells(read: Read, text: str) -> bool:
    plain = text.strip().casefold()
    kinds = {str(kind) for schema in (read.at_fault, _items(read)) for kind in _as_kinds(schema.get("type"))}
    if {"integer", "number"} & kinds and _is_number(plain):
        return read.slot.where != "body" or not isinstance(read.part, int | float)  # a number in JSON spells itself
    if "boolean" in kinds and plain in _TRUTHS:
        return True
    values = [*as_list(read.at_fault.get("enum")), *as_list(_items(read).get("enum")), read.at_fault.get("const")]
    pattern = read.at_fault.get("pattern")
    alike = isinstance(pattern, str) and any(matches(pattern, one) for one in (text.strip(), plain, plain.upper()))
    dated = isinstance(pattern, str) and any(matches(pattern, one) for one in _TIMES) and _is_dated(text)
    classed = isinstance(pattern, str) and _CLASS.search(pattern) is not None and not text.isascii()
    return alike or dated or classed or any(plain == str(value).casefold() for value in values if value is not None)


def _repeated(read: Read) -> str:
    """Leave out a list that is too long only as long as what stands there twice counts twice."""
    if read.keyword != "maxItems" or not isinstance(read.part, list):
        return ""
    different = {json.dumps(one, sort_keys=True) for one in read.part}
    fits = len(different) <= count(read.at_fault, "maxItems", 0)
    return "what stands there twice may be taken once (LIM-06)" if fits else ""


def _length(read: Read) -> str:
    """Leave out a text that is not too long, or not too short, once it is trimmed or normalized."""
    if read.keyword not in {"maxLength", "minLength"} or not isinstance(read.part, str):
        return ""
    limit = read.at_fault.get(read.keyword, _items(read).get(read.keyword))
    lengths = [len(unicodedata.normalize(form, read.part).strip()) for form in ("NFC", "NFKC")]
    if not isinstance(limit, int) or not read.part.isprintable():
        return "its length depends on how it is counted"
    lengths += [len(read.part.encode("utf-16-le")) // 2] if read.keyword == "minLength" else []  # as JavaScript has it
    fits = any(length <= limit if read.keyword == "maxLength" else length >= limit for length in lengths)
    return "its length depends on how it is counted" if fits else ""


def _loose_format(read: Read) -> str:
    """Leave out dates in other spellings, and formats of which readers differ."""
    if read.keyword != "format":
        return ""
    named = str(read.at_fault.get("format", _items(read).get("format")))
    if named not in PATTERNED:
        return f"readers differ on the format {named}"
    text = str(read.part)
    loose = {
        "date": _is_dated(text),
        "date-time": _is_dated(text) or _is_number(text),
        "email": "@" in text,
        "uuid": len(re.sub(r"[^0-9a-fA-F]", "", text)) == 32,  # noqa: PLR2004  # RFC 9562: hexadecimal digits
    }
    return f"it may be read as another spelling of a {named}" if loose[named] else ""


def _is_dated(text: str) -> bool:
    """Tell whether a text is a day or an instant in some spelling; a day that no calendar has is none."""
    try:
        datetime.fromisoformat(text.strip().replace("z", "Z"))
    except ValueError:
        return bool(_LOOSE_DATE.fullmatch(text)) and not _is_impossible(text)
    return True


def _is_impossible(text: str) -> bool:
    """Tell whether a text has the form YYYY-MM-DD and names no day; of the year 0000 some calendars know."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) or text.startswith("0000"):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return True
    return False


def _is_number(text: str) -> bool:
    """Tell whether a text is a number in some spelling, hexadecimal or with a comma too."""
    if _HEXADECIMAL.fullmatch(text):
        return True
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _as_kinds(kind: object) -> Sequence[object]:
    return kind if isinstance(kind, list) else [kind]


def _items(read: Read) -> dict[str, Any]:
    items = read.at_fault.get("items")
    return items if isinstance(items, dict) else {}


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON value
    """Give the single values in a value as texts; those that are sent with commas between apart."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif value is not ABSENT and not isinstance(value, dict) and value is not None:
        text = str(value)
        yield from dict.fromkeys((text, *text.split(",")))


def is_update(operation: Operation) -> bool:
    """Tell whether an operation is the documented update of an observation."""
    return (operation.method, operation.path) == (UPDATE.method, below_base(UPDATE.path))


EXEMPTIONS: tuple[Callable[[Read], str], ...] = (
    _keyword,
    _empty,
    _limit_above,
    _repeated,
    _expand,
    _deprecated,
    _read_only,
    _fixed,
    _null,
    _spelled_otherwise,
    _length,
    _loose_format,
)
"""In the order in which they are asked."""
