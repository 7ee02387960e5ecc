"""Pages, walks, order and cursors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reference.conftest import Caller

COLLECTIONS = (
    "employees",
    "observations",
    "conversations",
    "summaries",
    "team-summaries",
    "employee-objectives",
    "manager-objectives",
    "assignments",
    "review-items",
    "notifications",
    "preferences",
    "webhooks",
)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_walk_visits_every_item_once(api: Caller, name: str) -> None:
    """Pages of seven and of a hundred visit the same items in the same order, none twice."""
    small = [item["id"] for item in api.walk(f"/{name}", limit=7)]
    large = [item["id"] for item in api.walk(f"/{name}", limit=100)]
    assert (small, len(set(small))) == (large, len(large))


@pytest.mark.parametrize("name", COLLECTIONS)
def test_there_is_more_than_the_largest_page(api: Caller, name: str) -> None:
    """Every collection of the seed fills a page of a hundred and goes on."""
    page = api.get(f"/{name}", limit=100)
    assert (len(page["data"]), page["has_more"]) == (100, True)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_page_holds_fifty_items_by_default(api: Caller, name: str) -> None:
    """Without a limit a page holds fifty items."""
    assert len(api.get(f"/{name}")["data"]) == 50


def test_a_full_last_page_has_no_cursor(api: Caller) -> None:
    """The page that holds the last item ends the walk, also where it is exactly full."""
    count = len(api.walk("/attributes"))
    page = api.get("/attributes", limit=count)
    assert (len(page["data"]), page["next_cursor"], page["has_more"]) == (count, None, False)


@pytest.mark.parametrize("limit", ["0", "-1", "101", "abc", "1.5", "", "1e1", " 5", "\u0665"])
def test_a_limit_outside_the_spec_is_refused(api: Caller, limit: str) -> None:
    """A limit that is no integer from 1 to 100 gets 400 and is named."""
    response = api("GET", "/observations", {"limit": limit})
    assert (response.status, response.json()["error"]["details"][0]["field"]) == (400, "limit")


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "garbage",
        lambda _: "",
        lambda cursor: cursor[:-1],
        lambda cursor: cursor[:-4],
        lambda cursor: cursor + "A",
        lambda cursor: cursor + "=",
        lambda cursor: cursor[:-1] + ("A" if cursor[-1] != "A" else "B"),
        lambda cursor: ("A" if cursor[0] != "A" else "B") + cursor[1:],
        lambda cursor: cursor[:30] + cursor[30:].swapcase(),
        lambda cursor: "é" + cursor,
    ],
)
def test_a_cursor_that_was_not_issued_is_refused(api: Caller, damage: Callable[[str], str]) -> None:
    """Garbage, and a cursor cut or altered anywhere, get 400 validation_error."""
    cursor = api.get("/observations", limit=5)["next_cursor"]
    response = api("GET", "/observations", {"limit": 5, "cursor": damage(cursor)})
    assert (response.status, response.json()["error"]["code"]) == (400, "validation_error")


def test_every_change_of_the_last_character_is_refused(api: Caller) -> None:
    """No other last character makes the same cursor, whatever bits of it carry no data."""
    cursor = api.get("/observations", limit=5)["next_cursor"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    statuses = {
        api("GET", "/observations", {"limit": 5, "cursor": cursor[:-1] + last}).status
        for last in alphabet
        if last != cursor[-1]
    }
    assert statuses == {400}


def test_a_cursor_of_another_query_is_refused(api: Caller) -> None:
    """A cursor goes on with the filters that it was issued for, and with no others."""
    cursor = api.get("/observations", limit=5)["next_cursor"]
    assert api("GET", "/observations", {"cursor": cursor, "filter[type]": "strength"}).status == 400


def test_a_cursor_takes_another_limit(api: Caller) -> None:
    """A walk may change its page size on the way."""
    first = api.get("/observations", limit=5)
    rest = api.get("/observations", limit=3, cursor=first["next_cursor"])["data"]
    assert first["data"] + rest == api.get("/observations", limit=8)["data"]


def test_a_cursor_of_another_organization_is_refused(api: Caller) -> None:
    """A cursor that one organization was given is no cursor to another."""
    cursor = api.get("/observations", limit=5)["next_cursor"]
    assert api.using("other_org")("GET", "/observations", {"cursor": cursor}).status == 400


def test_what_is_created_during_a_walk_does_not_disturb_it(api: Caller) -> None:
    """An item made or archived on the way neither repeats nor hides one that was there throughout."""
    before = [item["id"] for item in api.walk("/observations", sort="created_at")]
    first = api.get("/observations", sort="created_at", limit=20)
    api.observe()
    api.post(f"/observations/{before[3]}/archive")
    page = api.get("/observations", sort="created_at", limit=100, cursor=first["next_cursor"])
    assert [item["id"] for item in first["data"] + page["data"]] == before[:120]


@pytest.mark.parametrize("field", ["created_at", "observation_date"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_observations_are_sorted(api: Caller, field: str, sign: str) -> None:
    """A sort orders by its field, and a minus turns it round."""
    values = [item[field] for item in api.walk("/observations", sort=sign + field)]
    assert values == sorted(values, reverse=sign == "-")


def test_observations_come_newest_date_first(api: Caller) -> None:
    """Without a sort the newest observation_date comes first."""
    assert api.get("/observations") == api.get("/observations", sort="-observation_date")


@pytest.mark.parametrize("name", [name for name in COLLECTIONS if name != "observations"])
def test_other_collections_come_newest_first(api: Caller, name: str) -> None:
    """Without a sort every other collection goes by created_at, the newest first."""
    values = [item["created_at"] for item in api.walk(f"/{name}")]
    assert values == sorted(values, reverse=True)


def test_two_sort_fields_each_have_their_direction(api: Caller) -> None:
    """The second field orders what ties on the first, in a direction of its own."""
    found = [(item["last_name"], item["first_name"]) for item in api.walk("/employees", sort="last_name,-first_name")]
    by_first = sorted(found, key=lambda name: name[1], reverse=True)
    assert found == sorted(by_first, key=lambda name: name[0])


@pytest.mark.parametrize("sort", ["impact", "created_at,impact", "", "-", "--created_at", "created_at,"])
def test_an_unsupported_sort_is_refused(api: Caller, sort: str) -> None:
    """A sort by anything else, alone or beside a supported field, gets 400."""
    assert api("GET", "/observations", {"sort": sort}).status == 400


def test_several_invalid_parameters_are_listed_at_once(api: Caller) -> None:
    """A refusal names every invalid parameter of a request."""
    query = {"limit": 0, "sort": "impact", "filter[type]": "weakness", "filter[observation_date][gte]": "2026-02-30"}
    fields = {detail["field"] for detail in api("GET", "/observations", query).json()["error"]["details"]}
    assert fields == set(query)


def test_a_scalar_parameter_is_sent_once(api: Caller) -> None:
    """Of two limits neither is right."""
    assert api("GET", "/observations", {"limit": ["5", "6"]}).status == 400
