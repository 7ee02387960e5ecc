"""EXP: related resources are ids, or objects where asked for (overview › Expanding; observations › Expand paths)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.contract.queries import EXPANDS
from conformance.errors import Missing
from conformance.judging.expect import asked, expect_page, expect_resource, require_accepted
from conformance.judging.hints import BUSY
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, Violation
from conformance.target.discovery import deactivated_employee, employees, looks_deactivated, observations
from conformance.target.planting import planted
from conformance.target.plants import LIST, PLANTS, Planting
from conformance.target.reading import read_resource, with_query
from scenarios._creates import about_somebody_deactivated, most_tagged
from scenarios._expanding import (
    ATTRIBUTES,
    BOTH,
    EMPLOYEE,
    PERSON_FIELDS,
    SPELLINGS,
    around,
    days,
    expands,
    expect_alike,
    expect_attribute_fields,
    expect_attributes,
    expect_employee,
    expect_expanded,
    expect_full,
    expect_ids_only,
    expect_one_of_each,
    expect_replaced,
    inlined,
    is_around,
    item,
    listed,
    nested,
    of_ours,
    read,
    tagged_row,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

FULL = {"item": "active", "archived": "archived"}
OBSERVATION, PERSON = EXPANDS["observations"], EXPANDS["employees"]


@judges("EXP-01", over=("item", "list"))
async def test_an_observation_without_expand_holds_ids_only(target: Target, where: str) -> str:
    """employee_id and attribute_ids stand in an observation that is read or listed, and nothing is nested."""
    if where == "item":
        resources = [await item(target, (await planted(target)).pivot)]
    else:
        resources = list((await listed(target))[1].values())
    for resource in resources:
        expect_ids_only(resource, OBSERVATION, f"an observation ({where})")
    return f"{len(resources)} observations with ids and nothing nested"


@judges("EXP-01", over=("employee", "employees"))
async def test_an_employee_without_expand_holds_ids_only(target: Target, where: str) -> str:
    """Neither manager nor department is nested in an employee that is read or listed."""
    people = list(await employees(target))
    if not people:
        raise Missing("an employee to read", hint="Give the key employees:read, and the organization an employee.")
    if where == "employee":
        people = [expect_resource(await read(target, f"/employees/{_expandable(people)['id']}"))]
    for person in people:
        expect_ids_only(person, PERSON, f"an employee ({where})")
    return f"{len(people)} employees with ids and nothing nested"


def _expandable(people: list[Resource]) -> Resource:
    """Pick somebody with as many of manager and department as can be."""
    return max(people, key=lambda one: sum(isinstance(one.get(path.id_field), str) for path in PERSON))


@judges("EXP-02", over=("active", "another", "archived"))
async def test_expanding_the_employee_nests_whom_the_id_named(target: Target, which: str) -> str:
    """expand=employee nests the very employee of the observation, whoever that is and also in archived ones."""
    row = _row(await planted(target), which)
    expect_employee(await item(target, row, EMPLOYEE.path), row, f"{which}: expand=employee")
    return "the nested employee has the id that stood in employee_id"


def _row(planting: Planting, which: str) -> Resource:
    """Pick a row: the pivot, one about somebody else, or an archived one."""
    rows = {
        "active": [planting.pivot],
        "another": [row for row in planting.rows if row["employee_id"] != planting.pivot["employee_id"]],
        "archived": [row for row in planting.rows if row.get("archived_at") is not None],
    }[which]
    if not rows:
        what = {"another": "an observation about a second employee"}.get(which, f"an {which} observation")
        raise Missing(what, hint=PLANTS)
    return rows[0]


@judges("EXP-02")
async def test_expanding_a_deactivated_employee_nests_them(target: Target) -> str:
    """expand=employee nests the employee where that person is deactivated, too."""
    try:
        person = await deactivated_employee(target)
    except Missing:
        raise NotApplicable("nobody is seen to be deactivated") from None
    row = next((one for one in (await planted(target)).rows if one["employee_id"] == person), None)
    row = row or await _about(target, person)
    expect_employee(await item(target, row, EMPLOYEE.path), row, "expand=employee of somebody deactivated")
    return "a deactivated employee is nested"


async def _about(target: Target, person: str) -> Resource:
    """Make an observation about somebody; where that is refused, another rule says so."""
    target.require_writes()
    _, exchange = await about_somebody_deactivated(target)
    return read_resource(require_accepted(exchange, 201)) | {"employee_id": person}


@judges("EXP-02")
async def test_a_list_of_what_was_there_nests_whom_each_item_is_about(target: Target) -> str:
    """The plain list nests whom the ids named that it shows without expand, also of observations by other hands."""
    rows = {row["id"]: row for row in await observations(target) if isinstance(row.get("employee_id"), str)}
    if not rows:
        raise Missing("observations that the plain list shows", hint=PLANTS)
    page = expect_page(await target.get(LIST, [*expands(EMPLOYEE.path), ("limit", "100")]))
    found = [one for one in page.items if one.get("id") in rows and isinstance(one.get(EMPLOYEE.path), dict)]
    for one in found:
        expect_employee(one, rows[one["id"]], f"a list with expand={EMPLOYEE.path}")
    if not found:
        raise Missing("an observation that the plain list shows with and without expand", hint=BUSY)
    return f"{len(found)} items nest whom their ids named"


@judges("EXP-03", over=SPELLINGS)
async def test_an_expansion_replaces_the_id_field(target: Target, expand: str) -> str:
    """The id field is gone where its object stands, and every other field is as it was."""
    row = await _tagged(target, expand)
    plain, expanded = await asyncio.gather(item(target, row), item(target, row, expand))
    paths = tuple(one for one in OBSERVATION if one.path in expand.split(","))
    _require_nested(expanded, expand)
    expect_replaced(expanded, plain, (paths, f"expand={expand}"))
    return f"{' and '.join(one.id_field for one in paths)} replaced, {len(plain) - len(paths)} other fields kept"


@judges("EXP-03", over=SPELLINGS[:2])
async def test_an_expansion_replaces_the_id_field_in_lists(target: Target, expand: str) -> str:
    """In a list, too, the id field is gone where its object stands."""
    (_, plain), (_, expanded) = await asyncio.gather(listed(target), listed(target, expand))
    paths = tuple(one for one in OBSERVATION if one.path == expand)
    both = [one for one in sorted(plain.keys() & expanded.keys()) if plain[one].get(paths[0].id_field)]
    for identifier in both:
        _require_nested(expanded[identifier], expand)
        expect_replaced(expanded[identifier], plain[identifier], (paths, f"a list with expand={expand}"))
    return f"{paths[0].id_field} replaced in {len(both)} items"


async def _tagged(target: Target, expand: str) -> Resource:
    """Return a row that has what is to be expanded."""
    planting = await planted(target)
    return tagged_row(planting) if ATTRIBUTES.path in expand else planting.pivot


def _require_nested(resource: Resource, expand: str) -> None:
    for path in expand.split(","):
        if path not in resource:
            raise Blocked(f"expand={expand} nests no {path}, so nothing could be replaced")


@judges("EXP-04")
async def test_expanding_attributes_nests_the_same_set(target: Target) -> str:
    """expand=attributes nests an object with id, name, category and tone for each id of attribute_ids."""
    row = tagged_row(await planted(target))
    expanded = await item(target, row, ATTRIBUTES.path)
    expect_attribute_fields(expanded, "expand=attributes")
    expect_attributes(expanded, row, "expand=attributes")
    return f"{len(row['attribute_ids'])} attributes with id, name, category and tone"


@judges("EXP-04")
async def test_expanding_attributes_nests_as_many_as_there_are(target: Target) -> str:
    """An observation with as many attributes as there may be nests each of them."""
    await _require_each(target, tagged_row(await planted(target)))
    ids, exchange = await most_tagged(target)
    row = read_resource(require_accepted(exchange, 201))
    expect_attributes(await item(target, row, ATTRIBUTES.path), row | {"attribute_ids": ids}, "expand=attributes")
    return f"{len(ids)} attributes nested"


@judges("EXP-04")
async def test_expanding_attributes_in_a_list_nests_whole_ones(target: Target) -> str:
    """In a list, too, each nested attribute has id, name, category and tone."""
    exchange, _ = await listed(target, ATTRIBUTES.path)
    found = list(inlined(exchange))
    if not found:
        raise Missing("an observation on that page whose attributes are nested", hint=PLANTS)
    for observation in found:
        expect_attribute_fields(observation, asked(exchange))
    return f"{len(found)} items nest attributes with id, name, category and tone"


@judges("EXP-04")
def test_every_nested_attribute_has_its_fields(exchange: Exchange) -> bool:
    """Wherever attributes are nested, none lacks a field, and in one answer each is the same wherever it stands."""
    found = list(inlined(exchange))
    for observation in found:
        expect_attribute_fields(observation, asked(exchange))
    expect_one_of_each(found, asked(exchange))
    return bool(found)


@judges("EXP-05", over=SPELLINGS[2:])
async def test_comma_separated_paths_all_expand(target: Target, expand: str) -> str:
    """employee,attributes and attributes,employee nest both."""
    row = tagged_row(await planted(target))
    await _require_each(target, row)
    expect_expanded(await item(target, row, expand), row, (expand, f"expand={expand}"))
    return "both are nested"


@judges("EXP-05")
async def test_comma_separated_paths_all_expand_in_an_archived_observation(target: Target) -> str:
    """Both paths expand in an archived observation, too."""
    planting = await planted(target)
    row = next((one for one in planting.rows if one.get("archived_at") is not None and one.get("attribute_ids")), None)
    if row is None:
        raise Missing("an archived observation with attributes", hint=PLANTS)
    await _require_each(target, tagged_row(planting))
    expect_expanded(await item(target, row, BOTH), row, (BOTH, f"an archived one with expand={BOTH}"))
    return "both are nested"


async def _require_each(target: Target, row: Resource) -> None:
    """Block unless each path expands alone, in an item: EXP-02 and EXP-04 judge that."""
    for path in SPELLINGS[:2]:
        try:
            expect_expanded(await item(target, row, path), row, (path, f"expand={path}"))
        except Violation as breach:
            raise Blocked(breach.message) from None


@judges("EXP-06", over=SPELLINGS[:3])
async def test_a_list_expands_every_item(target: Target, expand: str) -> str:
    """In a list every item nests its own relations, and what its read by id nests."""
    planting = await planted(target)
    row = await _tagged(target, expand)
    await _require_each(target, row) if expand == BOTH else await _require_one(target, row, expand)
    found = (await listed(target, expand))[1]
    for identifier, resource in found.items():
        expect_expanded(resource, planting.by_id[identifier], (expand, f"a list with expand={expand}"))
    if row["id"] in found:
        alone = await item(target, row, expand)
        for path in expand.split(","):
            expect_alike(found[row["id"]], alone, path)
    return f"{len(found)} items nest what their own ids named"


async def _require_one(target: Target, row: Resource, path: str) -> None:
    try:
        expect_expanded(await item(target, row, path), row, (path, f"expand={path}"))
    except Violation as breach:
        raise Blocked(breach.message) from None


@judges("EXP-06")
async def test_the_second_page_of_a_list_expands_too(target: Target) -> str:
    """The same request with a cursor expands as the first one did."""
    planting = await planted(target)
    await _require_one(target, planting.pivot, EMPLOYEE.path)
    query = [*days(planting), ("sort", "observation_date"), *expands(EMPLOYEE.path), ("limit", "3")]
    first = expect_page(await target.get(LIST, query))
    if first.next_cursor is None:
        raise Missing("more than 3 observations in one list", hint=PLANTS)
    second = expect_page(await target.get(LIST, with_query(query, cursor=first.next_cursor)))
    found = of_ours(planting, second)
    for identifier, resource in found.items():
        expect_employee(resource, planting.by_id[identifier], "the second page of a list with expand=employee")
    if not found:
        raise Missing("planted observations on the second page", hint=PLANTS)
    return f"{len(found)} items of the second page nest their employees"


@judges("EXP-06")
async def test_a_list_of_archived_and_active_ones_expands_both(target: Target) -> str:
    """With filter[archived]=all every item nests its relations, whichever state it is in."""
    planting = await planted(target)
    await _require_each(target, tagged_row(planting))
    query = [*days(planting), ("filter[archived]", "all"), *expands(BOTH), ("limit", "100")]
    found = of_ours(planting, expect_page(await target.get(LIST, query)))
    states = [planting.by_id[one].get("archived_at") is None for one in found]
    if {*states} != {True, False}:
        raise Missing("archived and active observations on one page", hint=PLANTS)
    for identifier, resource in found.items():
        where = f"a list of all, active and archived, with expand={BOTH}"
        expect_expanded(resource, planting.by_id[identifier], (BOTH, where))
    return f"{sum(states)} active and {len(states) - sum(states)} archived items nest what their own ids named"


@judges("EXP-06")
async def test_a_list_that_every_filter_narrows_expands_too(target: Target) -> str:
    """Filters, bounds and an order beside expand leave an item as nested as it is by itself."""
    planting = await planted(target)
    row, managers = _managed_row(planting)
    await _require_each(target, row)
    fields = (("employee_id", row["employee_id"]), ("type", row["type"]), ("attribute_id", row["attribute_ids"][0]))
    narrow = [(f"filter[{name}]", value) for name, value in (*fields, *(("manager_id", one) for one in managers))]
    query = [*around(planting), *narrow, *expands(BOTH), ("limit", "100")]
    found = of_ours(planting, expect_page(await target.get(LIST, query)))
    if row["id"] not in found:
        raise Blocked("the observation is not in the list that its own fields narrow")  # a matter of FLT-22
    expect_expanded(found[row["id"]], row, (BOTH, f"a list with {len(query)} parameters and expand={BOTH}"))
    return f"{len(found)} items of a narrow list nest what their own ids named"


def _managed_row(planting: Planting) -> tuple[Resource, Sequence[str]]:
    """Return the row about somebody who is known to report to a manager that has the most tags; or any tagged row.

    Raises `Missing` where there is none on the days that are asked for.
    """
    active = [row for row in planting.rows if row.get("archived_at") is None and is_around(planting, row)]
    tagged = sorted((row for row in active if row.get("attribute_ids")), key=lambda row: -len(row["attribute_ids"]))
    for manager in planting.chain[:1]:
        for row in tagged:
            if planting.lines.leads_to(row["employee_id"], manager):
                return row, [manager]
    if not tagged:
        raise Missing("an observation with attributes on the days that are asked for", hint=PLANTS)
    return tagged[0], ()


@judges("EXP-07", over=("item", "archived", "with attributes"))
async def test_the_nested_employee_is_the_full_employee(target: Target, which: str) -> str:
    """What is nested has every field that GET /employees/{id} gives, the documented ones with the same value."""
    planting = await planted(target)
    row = tagged_row(planting) if which == "with attributes" else _row(planting, FULL[which])
    employee = await _full_employee(target, row["employee_id"])
    observation = await item(target, row, BOTH if which == "with attributes" else EMPLOYEE.path)
    if not isinstance(observation.get(EMPLOYEE.path), dict):
        raise Blocked("expand=employee nests no object")
    expect_full(nested(observation, EMPLOYEE.path, which), employee)
    return f"{len(employee)} fields as in GET /employees/{{id}}"


@judges("EXP-07")
async def test_the_nested_employees_of_a_list_are_full_employees(target: Target) -> str:
    """What a list nests has every field that GET /employees/{id} gives, of each person what their own list shows."""
    rows, found = (await planted(target)).by_id, (await listed(target, EMPLOYEE.path))[1]
    people = {person["id"]: person for person in await employees(target)}
    shown = [rows[identifier]["employee_id"] for identifier in found]
    first = next((one for one in shown if looks_deactivated(people.get(one, {}))), shown[0])
    people[first] = await _full_employee(target, first)
    for identifier, observation in found.items():
        if not isinstance(observation.get(EMPLOYEE.path), dict):
            raise Blocked("expand=employee nests no object")
        person = people.get(rows[identifier]["employee_id"], {})
        expect_full(observation[EMPLOYEE.path], person, only=() if person.get("id") == first else PERSON_FIELDS)
    return f"{len(found)} nested employees have the fields that they have when they are read"


async def _full_employee(target: Target, identifier: str) -> Resource:
    alone = await read(target, f"/employees/{identifier}")
    if alone.status == 403:
        raise Missing("a key that may read employees", hint="Give PB_API_KEY the scope employees:read.")
    return read_resource(alone)
