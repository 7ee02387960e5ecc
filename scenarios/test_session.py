"""SES: the session tells a client who it is (overview › A minimal first request)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.judging.expect import expect, expect_status, shown
from conformance.judging.scenario import judges

if TYPE_CHECKING:
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


async def _session(target: Target) -> Exchange:
    return await target.once("session", lambda: target.get("/session"))


def _part(exchange: Exchange, name: str) -> dict[str, Any]:
    """Return data.api_key or data.organization; a breach of SES-01 where it is no object."""
    expect_status(exchange, 200)
    value = exchange.json
    data = value.get("data") if isinstance(value, dict) else None
    part = data.get(name) if isinstance(data, dict) else None
    expect(isinstance(part, dict), f"data.{name} is no object", expected="an object", observed=shown(exchange))
    return dict(part or {})


@judges("SES-01")
async def test_session_names_the_key_and_the_organization(target: Target) -> str:
    """GET /session gives the key's and the organization's id, name, and scopes or plan."""
    exchange = await _session(target)
    for name, last, kind in (("api_key", "scopes", list), ("organization", "plan", str)):
        part = _part(exchange, name)
        for field, wanted in (("id", str), ("name", str), (last, kind)):
            expect(
                isinstance(part.get(field), wanted),
                f"data.{name}.{field} is {part.get(field)!r}",
                expected=f"a {wanted.__name__}",
                observed=part,
            )
    return "the session has id, name and scopes of the key, id, name and plan of the organization"
