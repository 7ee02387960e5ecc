"""What a schema of OpenAPI 3.0 says of single values: its kind, its bounds, and what fits them."""

from __future__ import annotations

import math
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conformance.target.documents import as_list
from conformance.target.patterns import matches
from conformance.target.references import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.target.reading import Resource

KNOWN_FORMATS = {"date": "date", "date-time": "date-time", "email": "email", "uuid": "uuid", "uri": "uri", "url": "uri"}
ALTERNATIVES = ("oneOf", "anyOf")
_URI_NAMES = re.compile(r"(?:.*_)?(?:url|uri)")
_TIMES = {"date": re.compile(r"(?:.*_)?date"), "date-time": re.compile(r"(?:.*_)?(?:at|datetime|timestamp)")}
_SAMPLES = {"date": "2026-01-05", "date-time": "2026-01-05T10:00:00Z"}
_NO_TIME = "anything"
_BEGINS = re.compile(r"(?:.*_)?(?:start|starts|from|begin|since)(?:_.*)?")
_LIES_AHEAD = re.compile(r"(?:.*_)?(?:due|deadline|expires|until|scheduled|remind)(?:_.*)?")


def kind_of(name: str, schema: Resource) -> str:
    """Tell what a field holds: a JSON type, or of strings enum, reference, text, a known format, or formatted.

    A field may be a reference, an address, a web address or a time by its name alone.
    """
    if "enum" in schema or "const" in schema:
        return "enum"
    kind = _type(schema)
    if kind != "string":
        return kind
    if is_reference(name):
        return "reference"
    if isinstance(schema.get("format"), str):
        return KNOWN_FORMATS.get(schema["format"], "formatted")
    by_name = {name == "email" or name.endswith("_email"): "email", bool(_URI_NAMES.fullmatch(name)): "uri"}
    return by_name.get(True, time_of(name, schema) or "text")


def time_of(name: str, schema: Resource) -> str:
    """Tell whether a text is likely to be a date or a date-time: by its format, else its pattern or a word of its name.

    "" where it is neither. A pattern that fits both leaves it to the name, and means a date-time without one.
    """
    told = schema.get("format")
    if told is not None:
        return told if told in _SAMPLES else ""
    words = re.findall(r"\w+", name)  # such as filter[created_at][gte]
    named = next((kind for word in words for kind, names in _TIMES.items() if names.fullmatch(word)), "")
    pattern = schema.get("pattern")
    if not isinstance(pattern, str) or matches(pattern, _NO_TIME):
        return named
    fitting = [kind for kind, sample in _SAMPLES.items() if matches(pattern, sample)]
    return fitting[0] if len(fitting) == 1 else named or "date-time" if fitting else ""


def _type(schema: Resource) -> str:
    kinds = [kind for kind in as_list(schema.get("type")) or [schema.get("type")] if isinstance(kind, str)]
    guessed = "object" if "properties" in schema else "array" if "items" in schema else "string"
    return next((kind for kind in kinds if kind != "null"), guessed)


def alternatives(schema: Resource) -> tuple[list[Any], Resource]:
    """Return the schemas of which one has to hold, and what holds beside it; [] where there is no choice."""
    key = next((one for one in ALTERNATIVES if as_list(schema.get(one))), "")
    return as_list(schema.get(key)), {name: value for name, value in schema.items() if name != key}


def count(schema: Resource, name: str, default: int) -> int:
    """Return a bound that is a count (minLength, maxItems); `default` where it is missing or none."""
    value = schema.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def fits(text: str, schema: Resource) -> bool:
    """Tell whether a text is as long as the schema wants it, and matches its pattern."""
    if not count(schema, "minLength", 0) <= len(text) <= count(schema, "maxLength", len(text)):
        return False
    pattern = schema.get("pattern")
    return not isinstance(pattern, str) or matches(pattern, text)


def texts(marker: str, token: str, schema: Resource) -> Iterator[str]:
    """Give free texts like no other, the one with the marker first; later ones are made of `token`, 32 hex digits."""
    least, most = count(schema, "minLength", 0), count(schema, "maxLength", 32)
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in token)
    digits = "".join(str(int(digit, 16) % 10) for digit in token)
    for text in (marker, f"conformance-{token}"):
        yield text.ljust(least, ".")
    for text in (token, letters, letters.upper(), digits):
        yield text[:most]


def _number(schema: Resource, name: str, default: float) -> float:
    value = schema.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return value if abs(value) <= sys.float_info.max else default


def a_number(schema: Resource, nth: int = 0, *, whole: bool) -> float | None:
    """Return a number within the bounds, its default or the one nearest to 1; `nth` counts on from there.

    None where the bounds leave no such number.
    """
    step = abs(_number(schema, "multipleOf", 1)) or 1
    low, high = _bounds(schema, step)
    first = min(max(_number(schema, "default", 1), low), high)
    first = math.ceil(first / step) * step if whole or "multipleOf" in schema else first
    onward = first + nth * step
    value = onward if onward <= high else first - nth * step
    if not low <= value <= high:
        return None
    return int(value) if whole else value


def _bounds(schema: Resource, step: float) -> tuple[float, float]:
    """Return the least and the greatest number allowed; an exclusive bound is kept away from by a step.

    exclusiveMinimum is true beside a minimum in OpenAPI 3.0, and a number of its own in 3.1.
    """
    low, high = _number(schema, "minimum", -math.inf), _number(schema, "maximum", math.inf)
    below, above = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    low = max(low, _number(schema, "exclusiveMinimum", -math.inf) + step) + (step if below is True else 0)
    high = min(high, _number(schema, "exclusiveMaximum", math.inf) - step) - (step if above is True else 0)
    return low, high


def a_time(name: str, *, whole_days: bool) -> str:
    """Return a date or date-time (ISO 8601, UTC) that suits a field's name: a beginning, a term, or yesterday."""
    days = -30 if _BEGINS.fullmatch(name) else 30 if _LIES_AHEAD.fullmatch(name) else -1
    moment = datetime.now(UTC) + timedelta(days=days)
    return moment.strftime("%Y-%m-%d" if whole_days else "%Y-%m-%dT%H:%M:%SZ")
