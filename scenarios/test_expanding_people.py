"""EXP: an employee's manager and department are ids, or objects where asked for (overview › Expanding)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.contract.queries import EXPANDS
from conformance.errors import Missing
from conformance.judging.expect import expect, expect_page, expect_resource
from conformance.judging.scenario import judges
from conformance.judging.verdicts import NotApplicable
from conformance.target.discovery import employees, looks_deactivated
from conformance.target.reading import read_resource
from scenarios._expanding import DEPARTMENT, MANAGER, expands, expect_full, nested, read

if TYPE_CHECKING:
    from conformance.target.reading import Resource
    from conformance.target.target import Target

PERSON = EXPANDS["employees"]
BOTH_OF_A_PERSON = f"{MANAGER.path},{DEPARTMENT.path}"
SHOWN_OF_A_MANAGER = ("id", "first_name", "last_name", "email")
"""What the documents' example nests of a manager. Source: overview, Expanding relationships."""


@judges("EXP-08", over=(BOTH_OF_A_PERSON, f"{DEPARTMENT.path},{MANAGER.path}", MANAGER.path, DEPARTMENT.path))
async def test_expanding_manager_and_department_nests_both(target: Target, expand: str) -> str:
    """What is asked for is nested as an object with the id that stood in its id field, which is gone."""
    path = f"/employees/{(await _people(target))[0]['id']}"
    plain, expanded = await asyncio.gather(read(target, path), read(target, path, expand))
    if plain.status == 403:
        raise Missing("a key that may read employees", hint="Give PB_API_KEY the scope employees:read.")
    person = read_resource(plain)
    manager = await read(target, f"/employees/{person[MANAGER.id_field]}")
    _expect_person(expect_resource(expanded), person, expand)
    if MANAGER.path in expand and manager.status == 200:
        expect_full(read_resource(expanded)[MANAGER.path], read_resource(manager), only=SHOWN_OF_A_MANAGER)
    return f"{expand.replace(',', ' and ')} nested, with the id that stood before"


@judges("EXP-08")
async def test_a_list_of_employees_expands_manager_and_department(target: Target) -> str:
    """The list of employees nests both in each, too."""
    everybody = {person["id"]: person for person in await employees(target)}
    people = {person["id"]: person for person in await _people(target)}
    page = expect_page(await target.get("/employees", [("limit", "100"), *expands(BOTH_OF_A_PERSON)]))
    known = [one for one in page.items if one.get("id") in people]
    if not known:
        raise Missing(
            "employees with a manager and a department on the first page", hint="Let one that stands there have both."
        )
    for person in known:
        plain = people[person["id"]]
        _expect_person(person, plain, BOTH_OF_A_PERSON)
        expect_full(person[MANAGER.path], everybody.get(plain[MANAGER.id_field], {}), only=SHOWN_OF_A_MANAGER)
    return f"{len(known)} employees nest manager and department"


@judges("EXP-08")
async def test_an_employee_without_a_manager_nests_the_department(target: Target) -> str:
    """With both asked for, what has no manager has its department nested all the same."""
    led = [one for one in await employees(target) if one.get(MANAGER.id_field) is None]
    department, person = next(
        ((one[DEPARTMENT.id_field], one) for one in led if isinstance(one.get(DEPARTMENT.id_field), str)), ("", None)
    )
    if person is None:
        raise NotApplicable("no employee is seen to have a department and no manager")
    expanded = expect_resource(await read(target, f"/employees/{person['id']}", BOTH_OF_A_PERSON))
    identifier = nested(expanded, DEPARTMENT.path, "an expanded employee").get("id")
    expect(identifier == department, "another department is nested", expected=department, observed=identifier)
    return "the department of an employee without a manager is nested"


def _expect_person(expanded: Resource, plain: Resource, expand: str) -> None:
    """Expect the objects that `expand` asks for in the place of their ids, and the other id where it was."""
    for one in PERSON:
        wanted = plain.get(one.id_field)
        if one.path not in expand.split(","):
            kept = expanded.get(one.id_field)
            expect(kept == wanted, f"expand={expand} loses {one.id_field}", expected=str(wanted), observed=expanded)
            continue
        identifier = nested(expanded, one.path, "an expanded employee").get("id")
        expect(identifier == wanted, f"another {one.path} is nested", expected=str(wanted), observed=identifier)
        expect(one.id_field not in expanded, f"{one.id_field} stays beside {one.path}", observed=expanded)
    if DEPARTMENT.path in expand.split(","):
        department = expanded[DEPARTMENT.path]
        expect(isinstance(department.get("name"), str), "the nested department has no name", observed=department)


async def _people(target: Target) -> list[Resource]:
    """Return the employees who have a manager and a department, those first who look deactivated."""
    people = [one for one in await employees(target) if all(isinstance(one.get(path.id_field), str) for path in PERSON)]
    if not people:
        raise Missing(
            "an employee with manager_id and department_id", hint="Let one have both, and give the key employees:read."
        )
    return sorted(people, key=lambda one: not looks_deactivated(one))
