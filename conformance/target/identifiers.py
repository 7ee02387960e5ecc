"""Identifiers that exist nowhere: well formed as far as the documents say, and never issued by a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, of which ULIDs are made."""
OLDEST = "01"
"""How the ULIDs of our years begin; the first character of any ULID is 7 at most."""
MARK = "C0NF0RMANCE"
"""How all that we make up end: a chance of one in 2**55 for an id that a target issued."""
RANDOM = 13
"""So many characters are between: 65 bits."""


def never_issued(prefix: str) -> str:
    """Return a well-formed id that is always the same one: for values that are written down."""
    return f"{prefix}_{OLDEST}{'0' * RANDOM}{MARK}"


def made_up(prefix: str, source: Random) -> str:
    """Return a well-formed id (prefix, underscore, ULID) with 65 random bits and our mark."""
    return f"{prefix}_{OLDEST}{''.join(source.choices(CROCKFORD, k=RANDOM))}{MARK}"


def is_made_up(identifier: str) -> bool:
    """Tell whether an id is one of ours, so that nothing of anybody's can be meant by it."""
    return identifier.endswith(MARK)
