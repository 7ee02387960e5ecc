"""Scopes of the key that a refusal speaks of: where one is missing, nothing can be judged by what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.resources import RESOURCES
from conformance.errors import Missing, TargetError
from conformance.target.discovery import session
from conformance.target.documents import paths, spec
from conformance.wire.client import SAFE
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

FORBIDDEN = 403
"""RFC 9110: Forbidden."""
WRITES = frozenset({"POST", "PATCH"})
"""Overview › REST principles; DELETE is asked of what the run made alone."""


async def require_scope(target: Target, exchange: Exchange) -> None:
    """Raise `Missing` where a request was forbidden to the first key and it has no scope for it, as the session tells.

    Where the session tells no scopes a read that is forbidden counts as one for want of a scope.
    """
    if exchange.status == FORBIDDEN and exchange.request.role == KEY:
        await require_granted(target, exchange.method, exchange.path, forbidden=True)


async def require_granted(target: Target, method: str, path: str, *, forbidden: bool = False) -> None:
    """Raise `Missing` where the session tells scopes of the first key, and none that a request needs.

    One that was `forbidden` was so for want of a scope where it is a read, and no scopes are told.
    """
    resource = path.split("/")[1]
    reads = method in SAFE
    scope = f"{resource}:{'read' if reads else 'write'}"
    key = (await session(target)).get("api_key")
    scopes = key.get("scopes") if isinstance(key, dict) else None
    action = scope.partition(":")[2]
    if forbidden and not await _is_known(target, resource):
        return  # there is no scope for what is nowhere
    granted = {scope, f"{resource}:*", "*", "*:*", f"*:{action}"} & set(map(str, scopes or ()))
    if not granted and ((forbidden and reads) or isinstance(scopes, list)):
        raise Missing(f"a key with the scope {scope}", hint=f"Give PB_API_KEY the scope {scope}.")


async def _is_known(target: Target, resource: str) -> bool:
    """Tell whether the documents or the published spec know a resource; where there is no spec, it may be."""
    if any(one.path == f"/{resource}" for one in RESOURCES):
        return True
    try:
        known = paths(await spec(target))
    except TargetError:
        return True
    return not known or any(path.split("/")[1] == resource for path in known)


async def require_item_scope(target: Target, exchange: Exchange) -> None:
    """Do so for writes and for reads of single items; whether the key may list a collection is for the asker to see."""
    reads_item = exchange.method in SAFE and exchange.path.count("/") > 1
    if reads_item or exchange.method in WRITES:
        await require_scope(target, exchange)
