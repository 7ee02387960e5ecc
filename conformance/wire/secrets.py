"""One secret and every spelling under which it may turn up in a message."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from functools import cached_property

PIECE = 16
"""A run of so many consecutive characters of a secret is treated as the secret itself."""

_SEED = PIECE // 2  # any run of PIECE characters holds one whole aligned window of this length
_SHORT = 8  # shorter secrets would be found inside ordinary words, so they have to stand alone
_UNESCAPED = re.compile(r"[!#-\[\]-~]+")  # what JSON need not escape: cutting here cuts no escape in two
_MARK = re.compile(r"[%&\\]")
_ESCAPE = re.compile(
    r"%(?P<percent>[2-7][0-9a-f])|\\u00(?P<json>[2-7][0-9a-f])"
    r"|&#x0*(?P<hex>[2-7][0-9a-f]);|&#0*(?P<decimal>\d{2,3});|\\(?P<plain>[/\"\\])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Secret:
    """A secret value and the name that is shown in its place."""

    name: str
    value: str = field(repr=False)

    @property
    def placeholder(self) -> str:
        """What stands in its place: "[PB_API_KEY]"."""
        return f"[{self.name}]"

    def is_in(self, text: str, unescaped: str) -> bool:
        """Whether the whole secret is in a text, in any spelling; `unescaped` is `unescape(text)`."""
        return self._spelled_in(unescaped) or any(spelling in text for spelling in self._encodings)

    def replace(self, text: str, unescaped: str) -> str:
        """Put the placeholder where the secret, a coding of it, or a long piece of it stands."""
        if self._spelled_in(unescaped):
            text = self._pattern.sub(self.placeholder, text)
        for spelling in self._encodings:
            text = text.replace(spelling, self.placeholder)
        return self._without_pieces(text)

    def _spelled_in(self, unescaped: str) -> bool:
        # looking for the plain text first spares almost every body the slow pattern
        return self.value.lower() in unescaped and bool(self._pattern.search(unescaped))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        spelled = "".join(_spellings(character) for character in self.value)
        alone = len(self.value) < _SHORT
        return re.compile(rf"(?<!\w){spelled}(?!\w)" if alone else spelled, re.IGNORECASE)

    @cached_property
    def _encodings(self) -> tuple[str, ...]:
        """Codings in which no character stands for itself: base64, hexadecimal, UTF-16 (read as Latin-1)."""
        octets = self.value.encode()
        if len(octets) < _SHORT:
            return ()
        cores = [_base64_core(octets, offset) for offset in range(3)]
        urlsafe = [core.replace("+", "-").replace("/", "_") for core in cores]
        codings = (
            self.value[::-1],
            base64.b32encode(octets).decode().rstrip("=")[:-1],
            *cores,
            *urlsafe,
            octets.hex(),
            octets.hex().upper(),
            "\0".join(self.value),
        )
        raw = () if self.value.isascii() else (octets.decode("latin-1"),)
        return tuple(dict.fromkeys((*codings, *raw)))

    @cached_property
    def _seeds(self) -> tuple[tuple[int, str], ...]:
        starts = range(0, len(self.value) - _SEED + 1, _SEED) if len(self.value) >= PIECE else ()
        windows = ((start, self.value[start : start + _SEED]) for start in starts)
        return tuple((start, window) for start, window in windows if _UNESCAPED.fullmatch(window))

    def _without_pieces(self, text: str) -> str:
        for offset, seed in self._seeds:
            found = text.find(seed)
            while found >= 0:
                start, end = self._grow(text, found, offset)
                if end - start >= PIECE:
                    text = text[:start] + self.placeholder + text[end:]
                    end = start + len(self.placeholder)
                found = text.find(seed, max(end, found + 1))
        return text

    def _grow(self, text: str, found: int, offset: int) -> tuple[int, int]:
        """Stretch a found window as far as text and secret agree."""
        before = _agreement(text[:found][::-1], self.value[:offset][::-1])
        after = _agreement(text[found + _SEED : found + len(self.value)], self.value[offset + _SEED :])
        return found - before, found + _SEED + after


def unescape(text: str) -> str:
    """Undo percent-encoding, JSON escapes and character references of ASCII, once; give it in lower case."""
    return _ESCAPE.sub(_character, text).lower() if _MARK.search(text) else text.lower()


def _character(escape: re.Match[str]) -> str:
    kind, digits = escape.lastgroup, escape[escape.lastgroup or 0]
    if kind == "plain":
        return digits
    code = int(digits, 10 if kind == "decimal" else 16)
    return chr(code)


def _spellings(character: str) -> str:
    code = ord(character)
    escaped = rf"%{code:02x}|\\u{code:04x}|&#x0*{code:x};|&#0*{code};"
    backslash = r"\\" + re.escape(character) if character in '/"\\' else None
    return f"(?:{'|'.join(filter(None, (backslash, re.escape(character), escaped)))})"


def _base64_core(octets: bytes, offset: int) -> str:
    """Give the characters of a base64 text that depend on `octets` alone; they begin at `offset` mod 3."""
    coded = base64.b64encode(b"\0" * offset + octets).decode()
    head = (0, 2, 3)[offset]
    return coded[head:].rstrip("=")[: -1 if (offset + len(octets)) % 3 else None]


def _agreement(one: str, other: str) -> int:
    """Count the leading characters that two texts share and that no escape can hold."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right or not _UNESCAPED.fullmatch(left):
            break
        length += 1
    return length
