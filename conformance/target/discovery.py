"""Finding usable data in a target: employees, managers at depth, deactivated people, attributes.

Everything is asked once a run and shared. Only documented fields are relied on; where more is needed
(who is deactivated, say) what is found is a guess that the target itself confirms or refutes, and the hints of
[tool.conformance] come first.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing, Refused
from conformance.target.reading import Resource, read_page, read_resource
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

PAGES = 5
"""Discovery reads so many pages of 100 at most: enough to find, not to copy an organization."""


NAME_ONE = "Name one as deactivated_employee_ids in [tool.conformance]."


async def plainly(target: Target, path: str) -> Exchange:
    """Return the answer to a GET of a resource's path and nothing more."""
    shared = {"/session": "session", "/search": "a search without a text"}
    return await target.once(shared.get(path, f"opening of {path}"), lambda: target.get(path))


async def session_exchange(target: Target, role: str = KEY) -> Exchange:
    """Return the answer to a key's question about its own session."""
    name = "session" if role == KEY else f"session of {role}"
    return await target.once(name, lambda: target.get("/session", role=role))


async def session(target: Target, role: str = KEY) -> Resource:
    """Return the session's `data` (overview › A minimal first request); {} where there is none to be had."""
    response = (await session_exchange(target, role)).response
    value = response.json if response and response.status == 200 and response.is_json else None  # noqa: PLR2004
    data = value.get("data") if isinstance(value, dict) else None
    return data if isinstance(data, dict) else {}


async def employees(target: Target) -> Sequence[Resource]:
    """Return the employees that the key can read; empty where it can read none."""
    return await target.once("employees", lambda: _some(target, "/employees"))


async def observations(target: Target) -> Sequence[Resource]:
    """Return observations that were there before us or not: one page of up to 100, archived ones included."""
    return await target.once("observations", lambda: _some(target, "/observations", pages=1))


async def _some(target: Target, path: str, *, pages: int = PAGES) -> Sequence[Resource]:
    """Read a few pages; none where the key may not or the target has no such thing. Whatever else breaks, blocks."""
    try:
        walk = await target.walk(path, {"limit": "100"}, at_most=pages)
    except Refused as refused:
        if refused.exchange is not None and refused.exchange.status in {403, 404}:
            return ()
        raise
    return tuple(item for item in walk.items if isinstance(item.get("id"), str))


async def employee_ids(target: Target) -> Sequence[str]:
    """Return ids of people that observations can be written about, active ones first, most likely first.

    Raises `Missing` where there is nobody.
    """
    hinted = tuple(target.settings.hints.get("employee_ids", ()))
    listed = sorted(await employees(target), key=looks_deactivated)
    known = [person["id"] for person in listed]
    if not (hinted or known):
        seen = [item.get("employee_id") for item in await observations(target)]
        known = [person for person in seen if isinstance(person, str)]
    if not (hinted or known):
        raise Missing(
            "an employee that observations can be written about",
            hint="Let there be one that the key may read, or name some as employee_ids in [tool.conformance].",
        )
    return tuple(dict.fromkeys((*hinted, *known)))


async def an_employee(target: Target) -> str:
    """Return the id of one person that observations can be written about."""
    return (await employee_ids(target))[0]


async def nobody(target: Target) -> str:
    """Return an id of nobody, of the form that the ids of employees have."""
    return target.chance.unknown_like(await employee_ids(target), "emp")


def looks_deactivated(person: Mapping[str, Any]) -> bool:
    """Guess whether an employee is deactivated: the documents name the state, not the field that shows it."""
    dated = any(person.get(name) for name in ("terminated_at", "archived_at"))
    stated = _states(person) & {"inactive", "disabled", "terminated"}
    flagged = person.get("enabled") is False or person.get("inactive") is True
    return says_deactivated(person) or dated or flagged or bool(stated)


def says_deactivated(person: Mapping[str, Any]) -> bool:
    """Tell whether an employee says so in the documents' own words: deactivated, or not active."""
    flagged = any(person.get(name) is False for name in ("active", "is_active"))
    named = any(person.get(name) is True for name in ("deactivated", "is_deactivated"))
    return bool(person.get("deactivated_at")) or flagged or named or "deactivated" in _states(person)


def _states(person: Mapping[str, Any]) -> set[str]:
    return {str(person.get(name, "")).lower() for name in ("status", "state", "employment_status")}


async def deactivated_employee(target: Target) -> str:
    """Return the id of a deactivated employee, of one that surely is where there is one; else raise `Missing`."""
    found = [*await surely_deactivated(target)]
    found += [person["id"] for person in await employees(target) if looks_deactivated(person)]
    if not found:
        raise Missing("a deactivated employee", hint=NAME_ONE)
    return found[0]


async def surely_deactivated(target: Target) -> Sequence[str]:
    """Return the ids of employees of whom it is more than a guess: as they say themselves, or as hints say."""
    said = [person["id"] for person in await employees(target) if says_deactivated(person)]
    return (*target.settings.hints.get("deactivated_employee_ids", ()), *said)


async def reports(target: Target) -> Mapping[str, Sequence[str]]:
    """Return the tree of management as manager id -> ids of direct reports, from each employee's manager_id."""
    tree: dict[str, list[str]] = {}
    for person in await employees(target):
        manager = person.get("manager_id")
        if isinstance(manager, str):
            tree.setdefault(manager, []).append(person["id"])
    return tree


async def hints(target: Target) -> Mapping[str, Sequence[str]]:
    """Return what discovery finds by itself of all that can be hinted at, under the names of the hints."""
    people, tree = await employees(target), await reports(target)
    return {
        "employee_ids": [person["id"] for person in people if not looks_deactivated(person)],
        "attribute_ids": await known_attributes(target, PAGES * 100),
        "deactivated_employee_ids": [person["id"] for person in people if looks_deactivated(person)],
        "manager_ids": [one for one, direct in tree.items() if any(report in tree for report in direct)],
    }


async def attribute_ids(target: Target, at_least: int = 1) -> Sequence[str]:
    """Return ids of attributes of the organization; raise `Missing` where fewer than `at_least` can be found.

    The documents name no collection of attributes, so they come from hints, from observations that carry
    some, and from GET /attributes where a target happens to have it.
    """
    found = await target.once("attributes", lambda: _attributes(target))
    if len(found) < at_least:
        raise Missing(
            f"{at_least} attributes (found {len(found)})", hint="Name them as attribute_ids in [tool.conformance]."
        )
    return found


async def known_attributes(target: Target, at_most: int) -> list[str]:
    """Return up to `at_most` attribute ids, for observations that are to be rich; none where none can be found."""
    return list((await target.once("attributes", lambda: _attributes(target)))[:at_most])


async def no_attribute(target: Target) -> str:
    """Return an id of no attribute, of the form that the ids of attributes have."""
    return target.chance.unknown_like(await known_attributes(target, PAGES * 100), "attr")


async def _attributes(target: Target) -> Sequence[str]:
    hinted = target.settings.hints.get("attribute_ids", ())
    tagged, listed = await asyncio.gather(_tagged(target), _listed_attributes(target))
    return tuple(dict.fromkeys((*hinted, *listed, *tagged)))


async def _tagged(target: Target) -> Sequence[str]:
    """Collect attribute ids from observations, reading on only while that still pays."""
    found: dict[str, None] = {}
    query = [("limit", "100"), ("filter[archived]", "all")]
    cursor = None
    for _ in range(PAGES):
        exchange = await target.get("/observations", [*query, ("cursor", cursor)] if cursor else query)
        try:
            page = read_page(exchange)
        except Refused:
            break
        for item in page.items:
            ids = item.get("attribute_ids")
            found.update(dict.fromkeys(one for one in ids if isinstance(one, str)) if isinstance(ids, list) else {})
        cursor = page.next_cursor
        if cursor is None or len(found) > 15:  # noqa: PLR2004  # 12 and 13 are the limits that rules ask about
            break
    return tuple(found)


async def _listed_attributes(target: Target) -> Sequence[str]:
    exchange = await target.get("/attributes", {"limit": "100"})
    try:
        page = read_page(exchange)
    except Refused:
        return ()
    return tuple(item["id"] for item in page.items if isinstance(item.get("id"), str))


async def an_observation(target: Target) -> Resource:
    """Return an observation to read: one that is there, or one that we make."""
    there = await observations(target)
    if there:
        return there[0]
    return await target.once("an observation", lambda: _make_one(target))


async def _make_one(target: Target) -> Resource:
    return read_resource((await target.make()).exchange)
