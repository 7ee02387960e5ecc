"""Identifiers that exist nowhere: well formed as far as the documents say, random, and never issued by a target."""

from __future__ import annotations

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, of which ULIDs are made."""
OLDEST = "01"
"""How the ULIDs of our years begin; the first character of any ULID is 7 at most."""


def unknown_id(prefix: str) -> str:
    """Return a well-formed id (prefix, underscore, ULID) that no target has issued: 120 random bits."""
    return f"{prefix}_{OLDEST}{''.join(secrets.choice(CROCKFORD) for _ in range(24))}"
