"""Texts that a pattern of a spec fits: read from the pattern itself, never searched for, so that no pattern is a trap.

Of each part the first that it allows is taken: `^[0-9]{4}-Q[1-4]$` gives 0000-Q1. What it means beyond that (looking
ahead, naming a group again) is left to whoever checks whether the text fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.target.patterns import matches

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_PATTERN = 1000
"""Patterns of so many characters are read."""
LONGEST = 5000
"""So long are the texts at most."""
_EXTRAS = (0, 1, 7, 31)
"""So many times more than it has to be is what may be repeated."""
_CLASSES = {"d": "0123456789", "w": "abcdefghij", "s": " ", "D": "abc", "W": "-.", "S": "abcdefghij"}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_USUAL = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. /:+@#"
_COUNTED = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_CODE = re.compile(r"u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})")
_SETS = re.compile(r"\\[dwsDWS]|\\?.-\\?.|\\.|.", re.DOTALL)


def samples(pattern: str) -> Iterator[str]:
    """Give different texts that a pattern fits, short ones first; none where it can't be read."""
    seen: set[str] = set()
    for extra in _EXTRAS if len(pattern) <= LONGEST_PATTERN else ():
        for nth in range(3):
            try:
                text = _Sampler(pattern, extra, nth).whole()
            except (IndexError, ValueError, OverflowError, RecursionError):  # what is not read here
                return
            if text not in seen and matches(pattern, text):
                seen.add(text)
                yield text


@dataclass
class _Sampler:
    """Writes one text for one pattern: `extra` repetitions, and of each class the `nth` character."""

    pattern: str
    extra: int
    nth: int
    at: int = 0

    def whole(self) -> str:
        """Read the whole pattern."""
        text = self._alternatives()
        if self.at < len(self.pattern):
            raise ValueError(self.pattern)
        return text

    def _alternatives(self) -> str:
        """Read alternatives up to the end of a group; the first one counts."""
        found = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            found.append(self._sequence())
        return found[self.nth % len(found)]

    def _sequence(self) -> str:
        parts: list[str] = []
        while self._peek() not in {"", "|", ")"}:
            atom = self._atom()
            times = self._times()
            if len(atom) * times > LONGEST or sum(map(len, parts)) > LONGEST:
                raise ValueError(self.pattern)
            parts.append(atom * times)
        return "".join(parts)

    def _atom(self) -> str:
        character = self._take()
        if character in "^$":
            return ""
        if character == "(":
            return self._group()
        if character == "[":
            return self._set()
        if character == ".":
            return _USUAL[self.nth]
        return self._escaped() if character == "\\" else character

    def _group(self) -> str:
        opening = re.compile(r"\?(?:(:)|<?([=!])|<[A-Za-z_]\w*>|P<[A-Za-z_]\w*>)").match(self.pattern, self.at)
        if opening is None and self._peek() == "?":
            raise ValueError(self.pattern)
        self.at = opening.end() if opening is not None else self.at
        text = self._alternatives()
        if self._take() != ")":
            raise ValueError(self.pattern)
        return "" if opening is not None and opening[2] else text

    def _set(self) -> str:
        negated = self._peek() == "^"
        self.at += negated
        start = self.at
        while self._take() != "]":
            self.at += self.pattern[self.at - 1] == "\\"
        inside = self.pattern[start : self.at - 1]
        whole = f"[{'^' if negated else ''}{inside}]"
        firsts = "" if negated else "".join(part[-1] if part[0] == "\\" else part[0] for part in _SETS.findall(inside))
        allowed = [one for one in firsts + _USUAL if matches(f"^{whole}$", one)]
        return allowed[min(self.nth, len(allowed) - 1)]

    def _escaped(self) -> str:
        code = _CODE.match(self.pattern, self.at)
        if code is not None:
            self.at = code.end()
            return chr(int(next(filter(None, code.groups())), 16))
        character = self._take()
        if character in "bB":
            return ""
        if character in "pPkc" or character in "123456789":
            raise ValueError(self.pattern)
        among = _CLASSES.get(character, _CONTROLS.get(character, character))
        return among[min(self.nth, len(among) - 1)]

    def _times(self) -> int:
        """Read how often an atom is repeated, and say how often it is."""
        counted, sign = _COUNTED.match(self.pattern, self.at), self._peek()
        if counted is not None:
            self.at = counted.end()
            least = int(counted[1])
            most = least if not counted[2] else int(counted[3] or LONGEST)
        elif sign and sign in "*+?":
            self.at += 1
            least, most = int(sign == "+"), 1 if sign == "?" else LONGEST
        else:
            return 1
        self.at += self._peek() == "?"
        return min(most, least + self.extra)

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]
