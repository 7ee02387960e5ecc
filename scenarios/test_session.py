"""SES: the session tells a client who it is (overview › A minimal first request)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing
from conformance.judging.expect import error_of, expect, expect_status, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable
from conformance.target.discovery import session_exchange
from conformance.wire.roles import NO_SCOPE, OTHER_ORG, READ_ONLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

PREFIXES = {"api_key": "key_", "organization": "org_"}
PLAN = "agentic"
SCOPE = re.compile(r"[^:\s]+:[^:\s]+")
"""A resource, a colon and an action."""


async def _session(target: Target) -> Exchange:
    """Return the session's answer; `Missing` where the key has no scope for it (a key may be made without)."""
    exchange = await session_exchange(target)
    if exchange.status == 403 and error_of(exchange).get("code") == "permission_denied":
        raise Missing("a key that may read its session", hint="Give PB_API_KEY the scope session:read.")
    return exchange


def _part(exchange: Exchange, name: str) -> object:
    """Return data.api_key or data.organization, whatever is there."""
    value = exchange.json if exchange.response is not None and exchange.response.is_json else None
    data = value.get("data") if isinstance(value, dict) else None
    return data.get(name) if isinstance(data, dict) else None


async def _told(target: Target, name: str) -> dict[str, Any]:
    """Return a part of the session for a check that builds on it; SES-01 judges whether it is there."""
    exchange = await _session(target)
    part = _part(exchange, name)
    if exchange.status != 200 or not isinstance(part, dict):
        raise Blocked(f"the session has no object data.{name}")
    return part


async def _sessions_of_others(target: Target) -> Sequence[Exchange]:
    """Return the sessions of the other keys at hand, as far as they may read them."""
    others = target.client.roles & {READ_ONLY, NO_SCOPE, OTHER_ORG}
    asked = await asyncio.gather(*(session_exchange(target, role) for role in sorted(others)))
    return [exchange for exchange in asked if exchange.status == 200]


async def _told_to_all(target: Target, name: str) -> list[dict[str, Any]]:
    """Return a part of the session as each key at hand is told it, the first key's first."""
    others = (_part(exchange, name) for exchange in await _sessions_of_others(target))
    return [await _told(target, name), *(part for part in others if isinstance(part, dict))]


@judges("SES-01")
async def test_session_names_the_key_and_the_organization(target: Target) -> str:
    """GET /session gives the key's and the organization's id, name, and scopes or plan, to every key at hand."""
    _expect_names(expect_status(await _session(target), 200))
    for exchange in await _sessions_of_others(target):
        _expect_names(exchange)
    return "the session has id, name and scopes of the key, id, name and plan of the organization"


def _expect_names(exchange: Exchange) -> None:
    for name, last in (("api_key", "scopes"), ("organization", "plan")):
        part = _part(exchange, name)
        expect(isinstance(part, dict), f"data.{name} is no object", expected="an object", observed=shown(exchange))
        given = part if isinstance(part, dict) else {}
        for field in ("id", "name", last):
            _expect_member(given, name, field)


def _expect_member(part: dict[str, Any], name: str, field: str) -> None:
    """Expect a text, and of the id one that is not empty; what is in scopes SES-03 judges."""
    value = part.get(field)
    if field == "scopes":
        expect(value is not None, f"data.{name}.scopes is missing", expected="the key's scopes", observed=part)
        return
    held = isinstance(value, str) and (value or field != "id")
    expect(held, f"data.{name}.{field} is {value!r}", expected="a string", observed=part)


@judges("SES-02")
async def test_session_ids_tell_what_they_identify(target: Target) -> str:
    """The key's id starts with key_, the organization's with org_, whichever key at hand asks."""
    for name, prefix in PREFIXES.items():
        for given in (part.get("id") for part in await _told_to_all(target, name)):
            if not isinstance(given, str):
                raise Blocked(f"data.{name} has no id")
            expect(
                given.startswith(prefix) and given != prefix,
                f"the id of data.{name} does not start with {prefix}",
                expected=f"{prefix}...",
                observed=given,
            )
    return "the ids start with key_ and org_"


@judges("SES-03")
async def test_session_scopes_are_an_array_of_strings(target: Target) -> str:
    """Scopes are a list of texts, which may be empty, whichever key at hand asks."""
    told = [part.get("scopes") for part in await _told_to_all(target, "api_key")]
    for scopes in told:
        expect(
            isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes),
            "data.api_key.scopes is no array of strings",
            expected="an array of strings",
            observed=scopes,
        )
    return f"scopes are an array of strings, told to {len(told)} of the keys"


@judges("SES-04")
async def test_session_plan_is_agentic(target: Target) -> str:
    """The organization is on the plan that the API comes with, whichever key at hand asks."""
    for plan in (one.get("plan") for one in await _told_to_all(target, "organization")):
        expect(plan == PLAN, f"the plan is {plan!r}", expected=PLAN, observed=plan)
    return "the plan is agentic"


@judges("SES-05")
async def test_session_scopes_read_as_resource_and_action(target: Target) -> str:
    """Each scope of a key at hand is a resource, a colon and an action."""
    told = [part.get("scopes") for part in await _told_to_all(target, "api_key")]
    if not all(isinstance(scopes, list) for scopes in told):
        raise Blocked("the session's scopes are no list")
    texts = [scope for scopes in told for scope in scopes or () if isinstance(scope, str)]
    if not texts:
        raise NotApplicable("no key has scopes")
    odd = [scope for scope in texts if not SCOPE.fullmatch(scope)]
    expect(not odd, f"{len(odd)} scopes are no resource:action", expected="resource:action", observed=odd)
    return f"{len(texts)} scopes read resource:action"
