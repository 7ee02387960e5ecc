"""Identifiers that exist nowhere: well formed as far as the documents say, and never issued by a target."""

from __future__ import annotations

import re
import uuid
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, of which ULIDs are made."""
OLDEST = "01"
"""How the ULIDs of our years begin; the first character of any ULID is 7 at most."""
MARK = "C0NF0RMANCE"
"""How all that we make up end: a chance of one in 2**55 for an id that a target issued."""
PLAIN = re.compile(r"[\w.~:@-]+", re.ASCII)
"""An id that stands in a path as it is: another one might not get through to the API."""
RANDOM = 13
"""So many characters are between: 65 bits."""


def never_issued(prefix: str) -> str:
    """Return a well-formed id that is always the same one: for values that are written down."""
    return f"{prefix}_{OLDEST}{'0' * RANDOM}{MARK}"


def overflowing(identifier: str) -> str:
    """Return an id like another one, of 26 characters of which no ULID can be: they are more than 128 bits."""
    prefix, line, _ = identifier.rpartition("_")
    return f"{prefix}{line}{'Z' * (len(OLDEST) + RANDOM)}{MARK}"


def made_up(prefix: str, source: Random) -> str:
    """Return a well-formed id (prefix, underscore, ULID) with 65 random bits and our mark."""
    return f"{prefix}_{OLDEST}{''.join(source.choices(CROCKFORD, k=RANDOM))}{MARK}"


def another_like(known: Sequence[str], prefix: str, source: Random) -> str:
    """Return an id of the form that some known ones have, and none of them has; of the documented one where none is.

    What all of them begin with is kept: a target may refuse what is no id of its own at all, before it looks for it.
    """
    first = known[0] if known else ""
    if not first or re.fullmatch(rf"{prefix}_[0-9A-Z]{{26}}", first):
        return made_up(prefix, source)
    if _UUID.fullmatch(first):
        return str(uuid.UUID(int=source.getrandbits(128), version=4))
    shared = "".join(one[0] for one in takewhile(lambda one: len({*one}) == 1, zip(*known, strict=False)))
    kept = shared.rstrip("0123456789") if len(known) > 1 else ""
    rest = first[len(kept) :]
    if rest.isdigit():  # it is counted up, and nobody has come so far
        return f"{kept}{2 * 10**9 + source.randrange(10**8)}"
    return kept + "".join(_of_its_kind(one, source) for one in rest)


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _of_its_kind(character: str, source: Random) -> str:
    """Vary a letter or a digit; anything else belongs to the form."""
    kinds = ("0123456789", CROCKFORD[10:], "abcdef")
    named = (character.isdigit(), character.isupper(), character.islower())
    return next((source.choice(kind) for kind, is_so in zip(kinds, named, strict=True) if is_so), character)


def is_made_up(identifier: str) -> bool:
    """Tell whether an id is one of ours, so that nothing of anybody's can be meant by it."""
    return identifier.endswith(MARK)
