"""EXP: what expanding does where the documents are silent (overview › Expanding; observations › Expand paths)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import Refused
from conformance.judging.expect import error_of
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Noted
from conformance.target.discovery import employees
from conformance.target.planting import planted
from conformance.target.plants import LIST, Planting
from conformance.target.reading import read_resource, unwrap
from scenarios._expanding import ATTRIBUTES, EMPLOYEE, MANAGER, expands, read

if TYPE_CHECKING:
    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


@judges("EXP-09")
async def test_expanding_the_manager_of_an_observation_is_recorded(target: Target) -> Noted:
    """What expand=manager does on an observation: the overview says it expands employee.manager."""
    told = _shape(await read(target, f"{LIST}/{(await planted(target)).pivot['id']}", MANAGER.path))
    return Noted(f"expand=manager on an observation {told}", told)


@judges("EXP-10")
async def test_open_questions_of_expanding_are_recorded(target: Target) -> Noted:
    """What an unknown path gets, what empty relations become, and what expand does on POST and PATCH."""
    planting = await planted(target)
    unknown = await target.get(f"{LIST}/{planting.pivot['id']}", expands("conformance_made_up"))
    told = {"an unknown path": _shape(unknown)}
    told["an empty attribute list"] = await _empty_list(target, planting)
    told["a manager who is null"] = await _no_manager(target)
    if not target.settings.read_only:
        told |= await _writes(target)
    return Noted("; ".join(f"{name}: {what}" for name, what in told.items()), told)


async def _empty_list(target: Target, planting: Planting) -> str:
    row = next((one for one in planting.rows if not one.get("attribute_ids") and one.get("archived_at") is None), None)
    if row is None:
        return "not there"
    exchange = await read(target, f"{LIST}/{row['id']}", ATTRIBUTES.path)
    resource = _resource(exchange)
    return _value(resource[ATTRIBUTES.path]) if ATTRIBUTES.path in resource else _shape(exchange)


async def _no_manager(target: Target) -> str:
    top = next(
        (one for one in await employees(target) if MANAGER.id_field in one and one[MANAGER.id_field] is None), None
    )
    if top is None:
        return "not there"
    exchange = await read(target, f"/employees/{top['id']}", MANAGER.path)
    resource = _resource(exchange)
    return _value(resource[MANAGER.path]) if MANAGER.path in resource else _shape(exchange)


async def _writes(target: Target) -> dict[str, str]:
    """Record what expand does on a create and an update; nothing where they are refused altogether."""
    query = expands(EMPLOYEE.path)
    created = await target.create(await target.body(), query=query)
    told = {"on POST": _shape(created)}
    try:
        made = read_resource(created)
    except Refused:
        return told
    patched = await target.patch(f"{LIST}/{made['id']}", json={"impact": "Expanded."}, query=query)
    return told | {"on PATCH": _shape(patched)}


def _resource(exchange: Exchange) -> Resource:
    if exchange.status is None or exchange.status >= 300 or exchange.response is None or not exchange.response.is_json:
        return {}
    return unwrap(exchange.json) or {}


def _value(value: object) -> str:
    return "null" if value is None else "an empty array" if value == [] else "an object"


def _shape(exchange: Exchange) -> str:
    """Say in fixed words what an answer nests."""
    if exchange.status is None or exchange.status >= 300:
        return f"is refused with {exchange.status} {error_of(exchange).get('code', '')}".strip()
    resource = _resource(exchange)
    employee = resource.get(EMPLOYEE.path)
    if isinstance(employee, dict):
        return (
            "nests the employee with a manager inside"
            if isinstance(employee.get(MANAGER.path), dict)
            else "nests the employee"
        )
    return "nests a manager" if isinstance(resource.get(MANAGER.path), dict) else "is ignored"
