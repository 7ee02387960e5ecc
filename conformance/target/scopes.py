"""Scopes of the key that a refusal speaks of: where one is missing, nothing can be judged by what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.target.discovery import session
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

FORBIDDEN = 403
"""RFC 9110: Forbidden."""


async def require_scope(target: Target, exchange: Exchange, role: str | None) -> None:
    """Raise `Missing` where a write was forbidden to the first key and it has no scope for it, as the session tells."""
    if exchange.status != FORBIDDEN or exchange.method not in {"POST", "PATCH"} or role != KEY:
        return
    resource = exchange.path.split("/")[1]
    scope = f"{resource}:write"
    key = (await session(target)).get("api_key")
    scopes = key.get("scopes") if isinstance(key, dict) else None
    if isinstance(scopes, list) and not {scope, f"{resource}:*", "*", "*:*", "*:write"} & set(map(str, scopes)):
        raise Missing(f"a key with the scope {scope}", hint=f"Give PB_API_KEY the scope {scope}.")
