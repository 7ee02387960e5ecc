"""The seed makes every rule judgeable."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conformance.reference.spec import specification

if TYPE_CHECKING:
    from tests.reference.conftest import Caller


def test_there_are_more_than_160_active_observations_and_30_archived(api: Caller) -> None:
    """Both states have enough for walks."""
    counts = [len(api.walk("/observations", **{"filter[archived]": choice})) for choice in ("false", "true")]
    assert (counts[0] >= 160, counts[1] >= 30) == (True, True)


def test_management_has_more_than_three_levels(api: Caller) -> None:
    """The longest line from an employee to the top has four managers in it."""
    managers = {each["id"]: each["manager_id"] for each in api.walk("/employees")}

    def depth(employee_id: str) -> int:
        above = managers[employee_id]
        return 1 + depth(above) if above else 0

    assert max(depth(each) for each in managers) == 4


def test_dates_and_moments_tie(api: Caller) -> None:
    """Many observations share their date, and many their moment of creation."""
    every = api.walk("/observations")
    ties = [Counter(item[field] for item in every).most_common(1)[0][1] for field in ("observation_date", "created_at")]
    assert [tie >= 3 for tie in ties] == [True, True]


def test_names_tie_and_go_beyond_ascii(api: Caller) -> None:
    """Several employees share a last name, and some names are not ASCII."""
    names = [each["last_name"] for each in api.walk("/employees")]
    assert (Counter(names).most_common(1)[0][1] >= 5, all(name.isascii() for name in names)) == (True, False)


def test_deactivated_employees_have_observations(api: Caller) -> None:
    """What concerns a deactivated employee is still there."""
    gone = {each["id"] for each in api.walk("/employees", **{"filter[status]": "deactivated"})}
    assert gone & {item["employee_id"] for item in api.walk("/observations")}


def test_the_attribute_library_fills_an_observation(api: Caller) -> None:
    """There are attributes enough for one more than an observation may have, in both organizations."""
    assert [len(caller.walk("/attributes")) >= 15 for caller in (api, api.using("other_org"))] == [True, True]


def test_everything_was_made_in_the_past(api: Caller) -> None:
    """No item is newer than the middle of 2025, so that what a test makes is always the newest."""
    newest = max(
        api.get(f"/{name}", limit=1)["data"][0]["created_at"] for name in specification().of_tag if name != "search"
    )
    assert newest < "2025-07-01"


def test_nothing_is_dated_after_it_was_made(api: Caller) -> None:
    """An observation was made on its date or later, and changed when it was made or later."""
    every = api.walk("/observations", **{"filter[archived]": "all"})
    wrong = [
        item["id"]
        for item in every
        if item["observation_date"] > item["created_at"][:10] or item["updated_at"] < item["created_at"]
    ]
    assert wrong == []


def test_no_subscription_of_the_seed_is_active(api: Caller) -> None:
    """A fresh reference sends nothing to anyone."""
    assert api.get("/webhooks", **{"filter[active]": "true"})["data"] == []


def test_the_examples_of_the_spec_can_be_sent(api: Caller) -> None:
    """Every example body of the published spec makes a resource."""
    made = {}
    for operation in specification().operations:
        if operation.creates:
            content = specification().document["paths"][operation.path]["post"]["requestBody"]["content"]
            made[operation.id] = api.post(operation.path, content["application/json"]["example"]).status
    assert set(made.values()) == {201}
