"""Whatever a target sent, made safe to write: as strict JSON, and as text that shows what it holds."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_DEPTH = 60  # deeper than any document of the API; deeper nesting is an attack on the report
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def jsonable(value: object, depth: int = 0) -> Any:  # noqa: ANN401  # any JSON value is the point
    """Return `value` as something that strict JSON in UTF-8 can hold.

    Numbers that JSON lacks (NaN, infinities), lone surrogates and foreign types become text; nesting that
    is too deep is replaced by a remark.
    """
    if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, str):
        return _SURROGATES.sub(_escaped, str(value))
    if depth >= _DEPTH:
        return "(nested too deeply to show)"
    if isinstance(value, Mapping):
        return {jsonable(str(key)): jsonable(member, depth + 1) for key, member in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [jsonable(member, depth + 1) for member in value]
    return jsonable(str(value))


def record(instance: DataclassInstance) -> dict[str, object]:
    """Give the fields of a dataclass instance by name, without copying what they hold."""
    return {field.name: getattr(instance, field.name) for field in fields(instance)}


def visible(text: str) -> str:
    r"""Write control and bidirectional formatting characters as escapes (`\u202e`), so that none can mislead.

    Line feeds and tabs stay.
    """
    return _INVISIBLE.sub(_escaped, _SURROGATES.sub(_escaped, text))


def observed_text(check: Mapping[str, Any]) -> str:
    """Write what a check of a report observed, a text as it is, anything else as JSON in one line, "" for null."""
    observed = check["observed"]
    if observed is None or isinstance(observed, str):
        return observed or ""
    return json.dumps(observed, ensure_ascii=False)


def cut(text: str, limit: int) -> str:
    """Keep the first `limit` characters and say how many are left out."""
    left_out = len(text) - limit
    return text if left_out <= 0 else f"{text[:limit]} … ({left_out:,} more characters)"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
