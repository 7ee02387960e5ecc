"""Usable data is found with nothing but documented fields; hints go first, and a failure is told from an absence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import Missing, Refused
from conformance.target import discovery

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.target.conftest import Ask, Open

    Handler = Callable[[httpx.Request], httpx.Response]


def serving(**collections: object) -> Handler:
    """Answer each path with a page of these items, or with this status; anything else is not found."""

    def handler(request: httpx.Request) -> httpx.Response:
        held = collections.get(request.url.path.removeprefix("/v1/"), 404)
        if isinstance(held, list):
            return httpx.Response(200, json={"data": held, "next_cursor": None, "has_more": False})
        return httpx.Response(held if isinstance(held, int) else 200, json={} if isinstance(held, int) else held)

    return handler


ANA: dict[str, Any] = {"id": "emp_ana", "manager_id": None}
BEN: dict[str, Any] = {"id": "emp_ben", "manager_id": "emp_ana"}
GONE: dict[str, Any] = {"id": "emp_gone", "manager_id": "emp_ana", "status": "deactivated"}


def test_hinted_employees_come_first(answering: Open, ask: Ask) -> None:
    """A team knows its test data better than discovery."""
    opening = answering(serving(employees=[ANA, BEN]), hints={"employee_ids": ("emp_ben", "emp_hint")})
    assert ask(opening, discovery.employee_ids) == ("emp_ben", "emp_hint", "emp_ana")


def test_active_employees_come_before_deactivated_ones(answering: Open, ask: Ask) -> None:
    """Observations are best written about people who are there."""
    assert ask(answering(serving(employees=[GONE, ANA])), discovery.employee_ids) == ("emp_ana", "emp_gone")


@pytest.mark.parametrize("status", [403, 404])
def test_without_employees_the_subjects_of_observations_will_do(answering: Open, ask: Ask, status: int) -> None:
    """A key may lack employees:read; odd values among the subjects do not matter."""
    seen = [{"id": "obs_1", "employee_id": one} for one in ("emp_1", {"id": "emp_2"}, "emp_1", None, "emp_3")]
    opening = answering(serving(employees=status, observations=seen))
    assert ask(opening, discovery.employee_ids) == ("emp_1", "emp_3")


def test_nobody_at_all_is_missing_with_a_hint(answering: Open, ask: Ask) -> None:
    """The person is told what to configure."""
    with pytest.raises(Missing) as missing:
        ask(answering(serving(employees=[], observations=[])), discovery.employee_ids)
    assert "employee_ids in [tool.conformance]" in missing.value.hint


@pytest.mark.parametrize("held", [500, 400, {"data": "none"}])
def test_a_collection_that_breaks_is_refused(answering: Open, ask: Ask, held: object) -> None:
    """Then it is not as if there were nothing."""
    with pytest.raises(Refused):
        ask(answering(serving(employees=held)), discovery.employees)


@pytest.mark.parametrize("status", [403, 404])
def test_a_collection_that_may_not_be_read_is_empty(answering: Open, ask: Ask, status: int) -> None:
    """The key lacks the scope, or the target has no such thing."""
    assert ask(answering(serving(employees=status)), discovery.employees) == ()


def test_items_without_an_id_are_passed_over(answering: Open, ask: Ask) -> None:
    """Nothing can be done with what can't be named."""
    assert ask(answering(serving(employees=[{}, {"id": 5}, ANA])), discovery.employees) == (ANA,)


@pytest.mark.parametrize(
    "person",
    [
        {"deactivated_at": "2026-01-01T00:00:00Z"},
        {"terminated_at": "2026-01-01"},
        {"archived_at": "2026-01-01"},
        {"active": False},
        {"is_active": False},
        {"enabled": False},
        {"deactivated": True},
        {"status": "Deactivated"},
        {"state": "inactive"},
        {"employment_status": "terminated"},
    ],
    ids=str,
)
def test_a_person_looks_deactivated(person: dict[str, Any]) -> None:
    """The documents name the state, not the field that shows it."""
    assert discovery.looks_deactivated(person) is True


@pytest.mark.parametrize(
    "person",
    [{}, {"deactivated_at": None}, {"active": True}, {"status": "active"}, {"status": None}, {"deactivated": False}],
    ids=str,
)
def test_a_person_looks_active(person: dict[str, Any]) -> None:
    """Nothing is read into what is not said."""
    assert discovery.looks_deactivated(person) is False


@pytest.mark.parametrize(
    ("person", "surely"),
    [
        ({"deactivated_at": "2026-01-01"}, True),
        ({"is_active": False}, True),
        ({"status": "Deactivated"}, True),
        ({"archived_at": "2026-01-01"}, False),
        ({"terminated_at": "2026-01-01"}, False),
        ({"enabled": False}, False),
        ({"state": "inactive"}, False),
    ],
    ids=str,
)
def test_what_only_looks_so_is_a_guess(person: dict[str, Any], surely: bool) -> None:  # noqa: FBT001 - expected value
    """Whoever is archived, say, may well be neither active nor deactivated."""
    assert (discovery.says_deactivated(person), discovery.looks_deactivated(person)) == (surely, True)


def test_a_hinted_deactivated_employee_comes_first(answering: Open, ask: Ask) -> None:
    """The hint is taken at its word."""
    opening = answering(serving(employees=[GONE]), hints={"deactivated_employee_ids": ("emp_hint",)})
    assert ask(opening, discovery.deactivated_employee) == "emp_hint"


def test_a_deactivated_employee_is_found(answering: Open, ask: Ask) -> None:
    """By what it looks like."""
    assert ask(answering(serving(employees=[ANA, GONE])), discovery.deactivated_employee) == "emp_gone"


def test_no_deactivated_employee_is_missing(answering: Open, ask: Ask) -> None:
    """The rule is then not judged."""
    with pytest.raises(Missing):
        ask(answering(serving(employees=[ANA])), discovery.deactivated_employee)


def test_management_is_read_from_manager_ids(answering: Open, ask: Ask) -> None:
    """Each manager with the direct reports."""
    assert ask(answering(serving(employees=[ANA, BEN, GONE])), discovery.reports) == {
        "emp_ana": ["emp_ben", "emp_gone"]
    }


def test_attributes_come_from_hints_the_collection_and_observations(answering: Open, ask: Ask) -> None:
    """In that order, each once."""
    tagged = [{"id": "obs_1", "attribute_ids": ["attr_o", "attr_c", 7]}, {"id": "obs_2", "attribute_ids": None}]
    opening = answering(
        serving(observations=tagged, attributes=[{"id": "attr_c"}]), hints={"attribute_ids": ("attr_h",)}
    )
    assert ask(opening, discovery.attribute_ids) == ("attr_h", "attr_c", "attr_o")


def test_too_few_attributes_are_missing(answering: Open, ask: Ask) -> None:
    """The message says how many there are."""
    with pytest.raises(Missing) as missing:
        ask(answering(serving(observations=[])), lambda target: discovery.attribute_ids(target, 12))
    assert missing.value.message == "12 attributes (found 0)"


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ({"data": {"api_key": {}, "organization": {}}}, {"api_key": {}, "organization": {}}),
        ({"data": []}, {}),
        ([], {}),
        (403, {}),
    ],
)
def test_a_session_is_its_data_or_nothing(answering: Open, ask: Ask, held: object, told: object) -> None:
    """The suite works without one."""

    def handler(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(held, json={}) if isinstance(held, int) else httpx.Response(200, json=held)

    assert ask(answering(handler), discovery.session) == told


def test_an_observation_that_is_there_is_read(answering: Open, ask: Ask) -> None:
    """None is made where one will do."""
    assert ask(answering(serving(observations=[{"id": "obs_1"}])), discovery.an_observation) == {"id": "obs_1"}


def test_an_observation_is_made_where_there_is_none(answering: Open, ask: Ask) -> None:
    """An empty organization can be judged too."""
    empty = serving(observations=[], employees=[ANA])

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"id": "obs_new"}) if request.method == "POST" else empty(request)

    assert ask(answering(handler), discovery.an_observation) == {"id": "obs_new"}
