"""JSON laid out to read, token by token: unlike a round trip through a parser it alters nothing.

Repeated keys, `1.0` against `1`, `1e400` and escapes are just what a person may have to see.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_STEP = "  "
_DEEPEST = 40  # levels that are indented: what nests deeper grows no wider


def indented(text: str) -> str:
    """Lay a JSON text out, one member a line; text that is no JSON comes back as it is."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return "".join(_pieces(_TOKEN.findall(text)))


def _pieces(tokens: Sequence[str]) -> Iterator[str]:
    depth = 0
    for piece, following in zip(tokens, [*tokens[1:], ""], strict=True):
        opens, closes = piece in ("[", "{"), following in ("]", "}")
        yield piece + (" " if piece == ":" else "")
        depth += opens - closes
        if (closes and not opens) or (opens and not closes) or piece == ",":
            yield "\n" + _STEP * min(depth, _DEEPEST)
