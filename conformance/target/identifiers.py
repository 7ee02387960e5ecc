"""Identifiers that exist nowhere: well formed as far as the documents say, random, and never issued by a target."""

from __future__ import annotations

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, of which ULIDs are made."""
OLDEST = "01"
"""How the ULIDs of our years begin; the first character of any ULID is 7 at most."""
MARK = "C0NF0RMANCE"
"""How all that we make up end: a chance of one in 2**55 for an id that a target issued."""


def unknown_id(prefix: str) -> str:
    """Return a well-formed id (prefix, underscore, ULID) that no target has issued: 65 random bits and our mark."""
    return f"{prefix}_{OLDEST}{''.join(secrets.choice(CROCKFORD) for _ in range(13))}{MARK}"


def is_made_up(identifier: str) -> bool:
    """Tell whether an id is one of ours, so that nothing of anybody's can be meant by it."""
    return identifier.endswith(MARK)
