"""Which part of what was observed decided a breach: the value that its sentence names and that was not expected."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTEST = 3  # characters of a text that says something by itself

Piece = tuple[str, bool]
"""A part of a text, and whether it decided."""


def pieces(text: str, observed: object, *, message: str, expected: str) -> tuple[Piece, ...]:
    """Split `text`, which is `observed` laid out as JSON with one value a line, at the values that decided.

    Together the pieces are the text.
    """
    told = {value for value in _values(observed) if _says(message, value) and not _says(expected, value)}
    if not told:
        return ((text, False),) if text else ()
    written = "|".join(re.escape(json.dumps(value, ensure_ascii=False)) for value in sorted(told, key=str))
    parts = re.split(rf'(?m)((?:(?<=": )|(?<=  ))(?:{written})(?=,?$))', text)
    return tuple((part, number % 2 == 1) for number, part in enumerate(parts) if part)


def _values(observed: object) -> Iterator[str | int | float]:
    """Give the texts and numbers in a JSON value; yes, no and null tell nothing out of their place."""
    if isinstance(observed, dict | list):
        inner: Iterable[object] = observed.values() if isinstance(observed, dict) else observed
        for one in inner:
            yield from _values(one)
    elif (isinstance(observed, str) and len(observed) >= _SHORTEST) or (
        isinstance(observed, int | float) and not isinstance(observed, bool)
    ):
        yield observed


def _says(sentence: str, value: str | float) -> bool:
    """Tell whether a sentence names a value, as a word of its own."""
    return re.search(rf"(?<![\w.-]){re.escape(str(value))}(?![\w-]|\.\w)", sentence) is not None
