"""Lies about expansions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies
from conformance.faults.rewriting import is_list, is_read
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response

    Item = dict[str, Any]
    Change = Callable[[Item, Item], Item]

EMPLOYEES = "/v1/employees"


def _people(request: Request) -> bool:
    return request.method == "GET" and request.path.startswith(EMPLOYEES)


def _observations(request: Request) -> bool:
    return is_list(request) or is_read(request)


def _asking(where: Callable[[Request], bool], path: str) -> Callable[[Request], bool]:
    """Tell requests of a kind that expand a path."""
    return lambda request: where(request) and path in (request.param("expand") or "").split(",")


def _changed(when: Callable[[Request], bool], change: Change) -> Behaviour:
    """Change every resource of an answer, given as it is and as it would be without expand."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if not when(request) or response.status != 200:
            return response
        expanded, plain = response.json(), (await honest(request.with_query("expand", None))).json()
        if "data" not in expanded:
            return response.with_json(change(expanded, plain))
        pairs = zip(expanded["data"], plain["data"], strict=True)
        return response.with_json(expanded | {"data": [change(one, other) for one, other in pairs]})

    return replace(HONEST, door=door)


def _asks(when: Callable[[Request], bool], change: Callable[[str | None], str | None]) -> Behaviour:
    """Expand by other paths than asked for."""

    async def door(request: Request, honest: Handler) -> Response:
        wanted = request.with_query("expand", change(request.param("expand"))) if when(request) else request
        return await honest(wanted)

    return replace(HONEST, door=door)


def _without(paths: str | None, path: str) -> str | None:
    return ",".join(one for one in (paths or "").split(",") if one != path) or None


@lies("EXP-01")
def employee_is_nested_unasked() -> Behaviour:
    """A read without expand nests the employee."""
    return _asks(is_read, lambda paths: paths or "employee")


@lies("EXP-01")
def attributes_are_nested_unasked_in_lists() -> Behaviour:
    """A list without expand nests the attributes."""
    return _asks(is_list, lambda paths: paths or "attributes")


@lies("EXP-01")
def department_is_nested_unasked() -> Behaviour:
    """An employee without expand nests the department."""
    return _asks(_people, lambda paths: paths or "department")


@lies("EXP-02")
def employee_is_not_expanded() -> Behaviour:
    """expand=employee changes nothing."""
    return _asks(_observations, lambda paths: _without(paths, "employee"))


@lies("EXP-02")
def manager_stands_for_the_employee() -> Behaviour:
    """expand=employee nests an employee with the id of the manager."""

    def change(one: Item, _: Item) -> Item:
        employee = one["employee"]
        return one | {"employee": employee | {"id": employee["manager_id"] or employee["id"]}}

    return _changed(_asking(_observations, "employee"), change)


@lies("EXP-02")
def archived_ones_expand_to_null() -> Behaviour:
    """expand=employee nests null in archived observations."""

    def change(one: Item, _: Item) -> Item:
        return one | {"employee": None} if one["archived_at"] else one

    return _changed(_asking(_observations, "employee"), change)


@lies("EXP-02")
def deactivated_people_expand_to_null() -> Behaviour:
    """expand=employee nests null where the employee is deactivated."""

    def change(one: Item, _: Item) -> Item:
        return one | {"employee": None} if one["employee"]["status"] == "deactivated" else one

    return _changed(_asking(_observations, "employee"), change)


@lies("EXP-02")
def a_plain_list_nests_one_employee_everywhere() -> Behaviour:
    """A list without filters nests the employee of one observation in all of them."""
    found: dict[str, Item] = {}

    def change(one: Item, _: Item) -> Item:
        return one | {"employee": found.setdefault("employee", one["employee"])}

    def when(request: Request) -> bool:
        found.clear()
        return not any(name.startswith("filter") for name, _ in request.query) and _asking(is_list, "employee")(request)

    return _changed(when, change)


@lies("EXP-03")
def employee_id_stays() -> Behaviour:
    """employee_id stays beside the nested employee."""
    when = _asking(_observations, "employee")
    return _changed(when, lambda one, plain: one | {"employee_id": plain["employee_id"]})


@lies("EXP-03")
def attribute_ids_stay_in_lists() -> Behaviour:
    """attribute_ids stays beside the nested attributes in lists."""
    when = _asking(is_list, "attributes")
    return _changed(when, lambda one, plain: one | {"attribute_ids": plain["attribute_ids"]})


@lies("EXP-03")
def expanding_empties_the_text() -> Behaviour:
    """An expanded observation has lost its text."""
    return _changed(_asking(is_read, "employee"), lambda one, _: one | {"observation": ""})


def _attributes(change: Callable[[list[Item]], list[Any]]) -> Behaviour:
    """Change what expand=attributes nests."""
    when = _asking(_observations, "attributes")
    return _changed(when, lambda one, _: one | {"attributes": change(one["attributes"])})


@lies("EXP-04")
def attributes_have_no_tone() -> Behaviour:
    """A nested attribute lacks its tone."""
    return _attributes(lambda nested: [{name: one[name] for name in ("id", "name", "category")} for one in nested])


@lies("EXP-04")
def attributes_have_no_tone_in_lists() -> Behaviour:
    """A list nests its second attributes with a tone of null."""
    when = _asking(is_list, "attributes")
    return _changed(when, lambda one, _: one | {"attributes": _toneless(one["attributes"])})


def _toneless(nested: list[Item]) -> list[Item]:
    return [one | ({"tone": None} if place else {}) for place, one in enumerate(nested)]


@lies("EXP-04")
def last_attribute_is_lost() -> Behaviour:
    """The last attribute is not nested."""
    return _attributes(lambda nested: nested[:-1])


@lies("EXP-04")
def ten_attributes_are_nested() -> Behaviour:
    """Of more than ten attributes the first ten are nested."""
    return _attributes(lambda nested: nested[:10])


@lies("EXP-04")
def first_attribute_stands_for_all() -> Behaviour:
    """The first attribute is nested in the place of each."""
    return _attributes(lambda nested: nested[:1] * len(nested))


@lies("EXP-04")
def attributes_have_a_null_category() -> Behaviour:
    """The category of a nested attribute is null."""
    return _attributes(lambda nested: [one | {"category": None} for one in nested])


@lies("EXP-04")
def attributes_after_the_first_take_its_category() -> Behaviour:
    """All nested attributes have the category of the first."""
    return _attributes(lambda nested: [one | {"category": nested[0]["category"]} for one in nested])


@lies("EXP-04")
def attributes_have_a_number_for_a_tone() -> Behaviour:
    """The tone of a nested attribute is a number."""
    return _attributes(lambda nested: [one | {"tone": 1} for one in nested])


@lies("EXP-05")
def only_the_first_path_expands() -> Behaviour:
    """Of several paths the first one expands."""
    return _asks(_observations, lambda paths: paths and paths.split(",")[0])


@lies("EXP-05")
def only_the_last_path_expands() -> Behaviour:
    """Of several paths the last one expands."""
    return _asks(_observations, lambda paths: paths and paths.split(",")[-1])


@lies("EXP-06")
def lists_do_not_expand() -> Behaviour:
    """Expand changes nothing in lists."""
    return _asks(is_list, lambda _: None)


@lies("EXP-06")
def lists_do_not_expand_attributes() -> Behaviour:
    """expand=attributes changes nothing in lists."""
    return _asks(is_list, lambda paths: _without(paths, "attributes"))


@lies("EXP-06")
def second_page_does_not_expand() -> Behaviour:
    """Expand changes nothing on the pages after the first."""
    return _asks(lambda request: is_list(request) and request.param("cursor") is not None, lambda _: None)


@lies("EXP-06")
def lists_of_all_do_not_expand() -> Behaviour:
    """Expand changes nothing in lists with filter[archived]=all."""
    return _asks(lambda request: is_list(request) and request.param("filter[archived]") == "all", lambda _: None)


@lies("EXP-06")
def lists_by_manager_do_not_expand() -> Behaviour:
    """Expand changes nothing in lists with filter[manager_id]."""
    return _asks(lambda request: is_list(request) and request.param("filter[manager_id]") is not None, lambda _: None)


@lies("EXP-06")
def archived_ones_expand_to_null_in_lists() -> Behaviour:
    """In lists expand=employee nests null in archived observations."""

    def change(one: Item, _: Item) -> Item:
        return one | {"employee": None} if one["archived_at"] else one

    return _changed(_asking(is_list, "employee"), change)


@lies("EXP-06")
def first_employee_stands_in_the_whole_list() -> Behaviour:
    """In a list the first item's employee is nested everywhere."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if not _asking(is_list, "employee")(request) or response.status != 200:
            return response
        page = response.json()
        return response.with_json(
            page | {"data": [one | {"employee": page["data"][0]["employee"]} for one in page["data"]]}
        )

    return replace(HONEST, door=door)


def _employee(when: Callable[[Request], bool], change: Callable[[Item], Item]) -> Behaviour:
    """Change what expand=employee nests."""
    return _changed(_asking(when, "employee"), lambda one, _: one | {"employee": change(one["employee"])})


@lies("EXP-07")
def nested_employee_is_a_summary() -> Behaviour:
    """The nested employee has id and names only."""
    return _employee(_observations, lambda one: {name: one[name] for name in ("id", "first_name", "last_name")})


@lies("EXP-07")
def nested_employee_hides_the_email() -> Behaviour:
    """The nested employee's e-mail address is masked in lists."""
    return _employee(is_list, lambda one: one | {"email": "***"})


def _less(resource: Item, *lost: str) -> Item:
    return {name: value for name, value in resource.items() if name not in lost}


@lies("EXP-07")
def nested_employee_has_no_email() -> Behaviour:
    """The nested employee lacks the e-mail address."""
    return _employee(_observations, lambda one: _less(one, "email"))


@lies("EXP-07")
def employee_beside_attributes_has_no_last_name() -> Behaviour:
    """The nested employee lacks the last name where attributes are nested too."""
    return _employee(_asking(is_read, "attributes"), lambda one: _less(one, "last_name"))


@lies("EXP-07")
def employee_of_archived_ones_has_no_email() -> Behaviour:
    """The employee nested in an archived observation lacks the e-mail address."""

    def change(one: Item, _: Item) -> Item:
        return one | {"employee": _less(one["employee"], "email")} if one["archived_at"] else one

    return _changed(_asking(is_read, "employee"), change)


def _expanded(path: str, change: Callable[[Item], Item], where: Callable[[Request], bool] = _people) -> Behaviour:
    """Change what a path of an employee nests."""

    def nested(one: Item, _: Item) -> Item:
        return one | {path: change(one[path])} if isinstance(one.get(path), dict) else one

    return _changed(_asking(where, path), nested)


@lies("EXP-08")
def manager_is_an_id_in_an_object() -> Behaviour:
    """The nested manager has an id only."""
    return _expanded("manager", lambda one: {"id": one["id"]})


@lies("EXP-08")
def manager_is_an_id_in_an_object_in_lists() -> Behaviour:
    """The manager nested in the list of employees has an id only."""
    return _expanded("manager", lambda one: {"id": one["id"]}, lambda request: request.path == EMPLOYEES)


@lies("EXP-08")
def department_is_an_id_in_an_object() -> Behaviour:
    """The nested department has an id only."""
    return _expanded("department", lambda one: {"id": one["id"]})


@lies("EXP-08")
def manager_behind_department_is_not_expanded() -> Behaviour:
    """expand=department,manager nests the department only."""
    return _asks(_people, lambda paths: "department" if paths == "department,manager" else paths)


@lies("EXP-08")
def manager_alone_is_not_expanded() -> Behaviour:
    """expand=manager changes nothing."""
    return _asks(_people, lambda paths: None if paths == "manager" else paths)


@lies("EXP-08")
def department_is_not_not_expanded() -> Behaviour:
    """expand=manager,department nests the manager only."""
    return _asks(_people, lambda paths: _without(paths, "department"))


@lies("EXP-08")
def who_has_no_manager_has_no_department() -> Behaviour:
    """expand=manager,department nests no department of an employee without a manager."""
    when = _asking(_people, "department")
    return _changed(when, lambda one, plain: one if plain["manager_id"] else one | {"department": None})


@lies("EXP-08")
def manager_id_stays() -> Behaviour:
    """manager_id stays beside the nested manager."""
    when = _asking(_people, "manager")
    return _changed(when, lambda one, plain: one | {"manager_id": plain["manager_id"]})


@lies("EXP-08")
def employee_stands_for_the_manager() -> Behaviour:
    """expand=manager nests the employee in the place of the manager."""
    when = _asking(_people, "manager")
    return _changed(when, lambda one, plain: one | {"manager": plain})
