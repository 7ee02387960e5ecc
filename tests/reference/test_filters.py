"""Filters, each alone and together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typing import Any

    from tests.reference.conftest import Caller

OPERATORS = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
    "eq": lambda value, bound: value == bound,
}


def ids(items: list[dict[str, Any]]) -> set[str]:
    """Give the identifiers of items, as a set."""
    return {item["id"] for item in items}


@pytest.mark.parametrize("field", ["observation_date", "created_at"])
@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_keeps_exactly_what_it_says(api: Caller, field: str, operator: str) -> None:
    """Each operator on each date keeps the items that satisfy it, and no others."""
    every = api.walk("/observations")
    bound = every[90][field]
    expected = {item["id"] for item in every if OPERATORS[operator](item[field], bound)}
    assert ids(api.walk("/observations", **{f"filter[{field}][{operator}]": bound})) == expected


@pytest.mark.parametrize("field", ["observation_date", "created_at"])
def test_the_shorthand_is_equality(api: Caller, field: str) -> None:
    """A filter without an operator compares for equality."""
    bound = api.walk("/observations")[90][field]
    found = api.walk("/observations", **{f"filter[{field}]": bound})
    assert found == api.walk("/observations", **{f"filter[{field}][eq]": bound})


@pytest.mark.parametrize("field", ["observation_date", "created_at"])
def test_in_matches_any_of_a_list(api: Caller, field: str) -> None:
    """The operator in takes a comma-separated list and keeps what equals any of it."""
    every = api.walk("/observations")
    wanted = {every[10][field], every[120][field]}
    found = api.walk("/observations", **{f"filter[{field}][in]": ",".join(sorted(wanted))})
    assert ids(found) == {item["id"] for item in every if item[field] in wanted}


def test_a_bound_may_have_an_offset(api: Caller) -> None:
    """A date-time names the same moment in any offset."""
    every = api.walk("/observations", sort="created_at")
    bound = every[40]["created_at"].replace("Z", "+00:00")
    found = api.walk("/observations", **{"filter[created_at][gte]": bound})
    assert ids(found) == {item["id"] for item in every if item["created_at"] >= every[40]["created_at"]}


def test_numbers_are_compared_too(api: Caller) -> None:
    """Numeric fields take the operators."""
    every = api.walk("/employee-objectives")
    found = api.walk("/employee-objectives", **{"filter[progress][gt]": 50, "filter[progress][lte]": 80})
    assert ids(found) == {item["id"] for item in every if 50 < item["progress"] <= 80}


def test_a_number_too_large_to_store_matches_nothing(api: Caller) -> None:
    """A filter's number may be larger than any that is kept."""
    assert api.get("/employee-objectives", **{"filter[progress]": 10**30})["data"] == []


@pytest.mark.parametrize("archived", ["true", "false"])
def test_archived_is_chosen_by_its_filter(api: Caller, archived: str) -> None:
    """The filter keeps archived ones or active ones."""
    found = api.walk("/observations", **{"filter[archived]": archived})
    assert {item["archived_at"] is not None for item in found} == {archived == "true"}


def test_all_is_archived_and_active(api: Caller) -> None:
    """The choice all gives both, and nothing else."""
    parts = [api.walk("/observations", **{"filter[archived]": choice}) for choice in ("true", "false")]
    assert ids(api.walk("/observations", **{"filter[archived]": "all"})) == ids(parts[0]) | ids(parts[1])


def test_archived_are_left_out_by_default(api: Caller) -> None:
    """Without the filter a list holds active observations only."""
    assert api.walk("/observations") == api.walk("/observations", **{"filter[archived]": "false"})


def test_one_attribute(api: Caller) -> None:
    """An attribute keeps what is tagged with it."""
    every = api.walk("/observations")
    tag = every[0]["attribute_ids"][0] if every[0]["attribute_ids"] else api.walk("/attributes")[0]["id"]
    found = api.walk("/observations", **{"filter[attribute_id]": tag})
    assert ids(found) == {item["id"] for item in every if tag in item["attribute_ids"]}


def test_two_attributes_match_any(api: Caller) -> None:
    """Two attributes keep what is tagged with either."""
    every = api.walk("/observations")
    tags = ids(api.get("/attributes", limit=2)["data"])
    found = api.walk("/observations", **{"filter[attribute_id]": sorted(tags)})
    assert ids(found) == {item["id"] for item in every if tags & set(item["attribute_ids"])}


def test_a_manager_stands_for_all_reports_at_any_depth(api: Caller) -> None:
    """The filter by manager keeps what concerns direct and indirect reports, and not the manager."""
    employees = api.walk("/employees")
    top = next(each for each in employees if each["manager_id"] is None)
    below = ids(employees) - {top["id"]}
    found = {item["employee_id"] for item in api.walk("/observations", **{"filter[manager_id]": top["id"]})}
    assert (found <= below, len(found) > 50) == (True, True)


def test_a_manager_of_managers(api: Caller) -> None:
    """Indirect reports two levels down are kept, those of other managers are not."""
    employees = api.walk("/employees")
    top = next(each["id"] for each in employees if each["manager_id"] is None)
    vice = next(each["id"] for each in employees if each["manager_id"] == top)
    below, waiting = set(), [vice]
    while waiting:
        reports = [each["id"] for each in employees if each["manager_id"] == waiting[0]]
        below |= set(reports)
        waiting = waiting[1:] + reports
    expected = {item["id"] for item in api.walk("/observations") if item["employee_id"] in below}
    assert ids(api.walk("/observations", **{"filter[manager_id]": vice})) == expected


def test_filters_hold_together(api: Caller) -> None:
    """Several filters keep what satisfies all of them."""
    every = api.walk("/observations")
    query = {"filter[type]": "strength", "filter[observation_date][gte]": "2024-12-01"}
    expected = {i["id"] for i in every if i["type"] == "strength" and i["observation_date"] >= "2024-12-01"}
    assert ids(api.walk("/observations", **query, limit=9)) == expected


@pytest.mark.parametrize(
    "name", ["filter[impact]", "filter[nonsense][gte]", "filter[type][like]", "filter", "nonsense"]
)
def test_what_is_not_supported_is_ignored(api: Caller, name: str) -> None:
    """A filter on another field changes nothing."""
    assert api.get("/observations", **{name: "x"}) == api.get("/observations")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter[observation_date][gte]", "2026-02-30"),
        ("filter[observation_date]", "20260101"),
        ("filter[observation_date][in]", "2026-01-01,x"),
        ("filter[created_at][gte]", "yesterday"),
        ("filter[created_at][lte]", "2026-01-01"),
        ("filter[created_at][lte]", "2026-13-01T00:00:00Z"),
        ("filter[type]", "weakness"),
        ("filter[archived]", "maybe"),
    ],
)
def test_a_malformed_value_is_refused(api: Caller, name: str, value: str) -> None:
    """A value that its field can't have gets 400 and is named."""
    response = api("GET", "/observations", {name: value})
    assert (response.status, response.json()["error"]["details"][0]["field"]) == (400, name)


def test_search_finds_text_in_any_case(api: Caller) -> None:
    """Search ignores case, also beyond ASCII."""
    made = api.observe(observation="Große ÜBERGABE nach Łódź")
    assert made["id"] in ids(api.get("/search", q="übergabe nach łódź")["data"])


def test_search_needs_a_query(api: Caller) -> None:
    """Search without a text gets 400."""
    assert api("GET", "/search").status == 400
