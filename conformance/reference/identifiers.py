"""Identifiers: a prefix that names the kind, and a ULID."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS = 80
DIGITS = 26

_system = random.SystemRandom()


def ulid(milliseconds: int, bits: int) -> str:
    """Write a ULID: 48 bits of time and 80 of chance in 26 digits of Crockford's base 32."""
    number = milliseconds << RANDOM_BITS | bits
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(DIGITS)))


def minter(source: random.Random) -> Callable[[str, int], str]:
    """Give a function that mints an identifier from a prefix and an instant, by that source of chance."""

    def mint(prefix: str, instant: int) -> str:
        return f"{prefix}_{ulid(instant // 1000, source.getrandbits(RANDOM_BITS))}"

    return mint


mint = minter(_system)
