"""Cursors: where a page ended and of which query, signed, so that nothing but what was issued is accepted."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

SIGNATURE_BYTES = 16
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Position:
    """The sort key of the last item of a page, and the fingerprint of the query it belongs to."""

    query: str
    key: tuple[Value, ...]


def fingerprint(*parts: object) -> str:
    """Give a short digest of what makes a query: the same for the same filters and order."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def seal(position: Position, secret: bytes) -> str:
    """Write a cursor: URL-safe base 64 of a signature and the position."""
    payload = json.dumps([position.query, position.key], ensure_ascii=False, separators=(",", ":")).encode()
    return urlsafe_b64encode(_signature(payload, secret) + payload).decode().rstrip("=")


def unseal(cursor: str, secret: bytes) -> Position:
    """Read a cursor; a ValueError where this secret has not sealed exactly this text."""
    data = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    signature, payload = data[:SIGNATURE_BYTES], data[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(payload, secret)):
        raise ValueError("not a cursor of this API")
    query, key = json.loads(payload)
    position = Position(query, tuple(key))
    # The last character of base 64 has bits without meaning: another text can carry the same data.
    if seal(position, secret) != cursor:
        raise ValueError("not the text that was issued")
    return position


def _signature(payload: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, payload, "sha256")[:SIGNATURE_BYTES]
