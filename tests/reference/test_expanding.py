"""Relations, inlined where a request asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typing import Any

    from tests.reference.conftest import Caller


def report(api: Caller) -> dict[str, Any]:
    """Give an employee who has a manager who has a manager."""
    employees = {each["id"]: each for each in api.walk("/employees")}
    return next(
        each for each in employees.values() if each["manager_id"] and employees[each["manager_id"]]["manager_id"]
    )


def test_without_expand_there_are_identifiers_only(api: Caller) -> None:
    """An observation names its employee and attributes by identifier."""
    assert {"employee", "attributes"} & set(api.observe()) == set()


def test_the_employee_replaces_its_identifier(api: Caller) -> None:
    """The nested employee is what its own path gives, in the place of the identifier."""
    made = api.observe()
    found = api.get(f"/observations/{made['id']}", expand="employee")
    employee_id = made.pop("employee_id")
    assert found == {**made, "employee": api.get(f"/employees/{employee_id}")}


def test_attributes_are_inlined_in_their_order(api: Caller) -> None:
    """The nested attributes are those named, each with name, category and tone."""
    tags = [item["id"] for item in api.get("/attributes", limit=3)["data"]][::-1]
    made = api.observe(attribute_ids=tags)
    found = api.get(f"/observations/{made['id']}", expand="attributes")["attributes"]
    assert [item["id"] for item in found] == tags
    assert {"id", "name", "category", "tone"} <= set(found[0])


def test_lists_expand_as_items_do(api: Caller) -> None:
    """An item of a list, expanded, is what its own path gives, expanded."""
    first = api.get("/observations", limit=3, expand="employee,attributes")["data"][2]
    assert first == api.get(f"/observations/{first['id']}", expand="employee,attributes")


def test_manager_and_department_of_an_employee(api: Caller) -> None:
    """Both replace their identifiers with what these named."""
    employee = report(api)
    found = api.get(f"/employees/{employee['id']}", expand="manager,department")
    assert (found["manager"]["id"], found["department"]["id"]) == (employee["manager_id"], employee["department_id"])
    assert {"manager_id", "department_id"} & set(found) == set()


@pytest.mark.parametrize("path", ["manager", "employee.manager", "employee,employee.manager"])
def test_the_manager_of_an_observations_employee(api: Caller, path: str) -> None:
    """Relations nest one level deep: an observation's employee brings along their manager."""
    employee = report(api)
    made = api.observe(employee_id=employee["id"])
    assert api.get(f"/observations/{made['id']}", expand=path)["employee"]["manager"]["id"] == employee["manager_id"]


def test_an_empty_relation_is_null(api: Caller) -> None:
    """Who reports to nobody has the manager null."""
    top = next(each for each in api.walk("/employees") if each["manager_id"] is None)
    assert api.get(f"/employees/{top['id']}", expand="manager")["manager"] is None


@pytest.mark.parametrize("path", ["nonsense", "employee,nonsense", "", "employee.manager.manager"])
def test_an_unknown_path_is_refused(api: Caller, path: str) -> None:
    """A path that the spec does not name gets 400."""
    assert api("GET", "/observations", {"expand": path}).status == 400
