"""Observations: created, changed, archived, restored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typing import Any

    from conformance.reference import Response, StoppedClock
    from tests.reference.conftest import Caller

TEXTS = {"observation": 4000, "impact": 2000, "recommended_action": 2000}


def details(response: Response) -> list[tuple[str, str]]:
    """Give the fields and codes that a refusal names."""
    return [(detail["field"], detail["code"]) for detail in response.json()["error"]["details"]]


def body(api: Caller, **values: object) -> dict[str, Any]:
    """Give a valid body, with these values in it."""
    return {"employee_id": api.employee()["id"], "type": "strength", "observation": "Seen.", **values}


def test_a_create_answers_with_what_was_sent(api: Caller) -> None:
    """The new resource holds what was sent, and where it is."""
    sent = body(api, impact="It helped.", recommended_action="More.", observation_date="2024-02-29")
    response = api.post("/observations", sent)
    made = response.json()
    assert {name: made[name] for name in sent} == sent
    assert (response.status, response.header("location")) == (201, f"/v1/observations/{made['id']}")


def test_a_create_has_defaults(api: Caller) -> None:
    """What is left out is null, empty, or today in UTC."""
    made = api.observe()
    found = [
        made[name] for name in ("impact", "recommended_action", "attribute_ids", "observation_date", "archived_at")
    ]
    assert found == [None, None, [], "2026-01-15", None]


def test_an_identifier_is_a_ulid(api: Caller) -> None:
    """An identifier is its prefix and a strict ULID."""
    assert re.fullmatch(r"obs_[0-7][0-9A-HJKMNP-TV-Z]{25}", api.observe()["id"])


def test_a_created_observation_is_read_and_listed(api: Caller) -> None:
    """It is found by its identifier and in the list at once."""
    made = api.observe()
    assert made == api.get(f"/observations/{made['id']}")
    assert made in api.get("/observations", **{"filter[created_at][gte]": made["created_at"]})["data"]


@pytest.mark.parametrize("field", ["employee_id", "type", "observation"])
def test_a_required_field_is_required(api: Caller, field: str) -> None:
    """Without a required field a create gets 400 and the field is named."""
    sent = body(api)
    del sent[field]
    response = api.post("/observations", sent)
    assert (response.status, details(response)) == (400, [(field, "required")])


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("letter", ["x", "é", "語", "𝄞"])
def test_texts_are_as_long_as_their_limit_in_characters(api: Caller, field: str, letter: str) -> None:
    """A limit counts code points: as many are taken, one more is not."""
    limit = TEXTS[field]
    statuses = [api.post("/observations", body(api, **{field: letter * n})).status for n in (limit, limit + 1)]
    assert statuses == [201, 400]


def test_an_observation_has_a_character(api: Caller) -> None:
    """An empty observation gets 400."""
    assert details(api.post("/observations", body(api, observation=""))) == [("observation", "too_short")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("type", "weakness", "invalid_enum"),
        ("type", None, "invalid_enum"),
        ("observation", None, "invalid_type"),
        ("observation", 5, "invalid_type"),
        ("impact", ["x"], "invalid_type"),
        ("attribute_ids", "attr", "invalid_type"),
        ("attribute_ids", [5], "invalid_type"),
        ("observation_date", "2026-02-30", "invalid_format"),
        ("observation_date", "2026-4-2", "invalid_format"),
        ("observation_date", "12/04/2025", "invalid_format"),
        ("observation_date", "2025-04-12T00:00:00Z", "invalid_format"),
        ("observation_date", "2026-01-16", "in_future"),
    ],
)
def test_an_invalid_value_is_refused(api: Caller, field: str, value: object, code: str) -> None:
    """A value that its field can't have gets 400, with a code for programs."""
    response = api.post("/observations", body(api, **{field: value}))
    assert (response.status, (field, code) in details(response)) == (400, True)


def test_all_invalid_fields_are_listed(api: Caller) -> None:
    """A refusal names every invalid field of a body."""
    response = api.post("/observations", {"type": 1, "observation": "", "impact": 2, "observation_date": "x"})
    assert {field for field, _ in details(response)} == {
        "employee_id",
        "type",
        "observation",
        "impact",
        "observation_date",
    }


def test_today_is_the_day_in_utc(api: Caller, clock: StoppedClock) -> None:
    """Once midnight has passed in UTC the next day is no longer in the future."""
    clock.advance(12 * 3600)
    assert api.observe(observation_date="2026-01-16")["observation_date"] == "2026-01-16"


def test_twelve_attributes_are_taken_and_thirteen_are_not(api: Caller) -> None:
    """An observation has up to twelve attributes."""
    tags = [item["id"] for item in api.get("/attributes", limit=13)["data"]]
    assert [api.post("/observations", body(api, attribute_ids=tags[:n])).status for n in (12, 13)] == [201, 400]


def test_an_attribute_is_named_once(api: Caller) -> None:
    """A repeated attribute gets 400."""
    tag = api.get("/attributes", limit=1)["data"][0]["id"]
    response = api.post("/observations", body(api, attribute_ids=[tag, tag]))
    assert details(response) == [("attribute_ids", "duplicate_items")]


@pytest.mark.parametrize(("field", "value"), [("employee_id", "emp_none"), ("attribute_ids", ["attr_none"])])
def test_an_unknown_reference_is_unprocessable(api: Caller, field: str, value: object) -> None:
    """What does not exist can't be referred to."""
    response = api.post("/observations", body(api, **{field: value}))
    assert (response.status, response.json()["error"]["code"]) == (422, "unprocessable")


def test_another_organizations_employee_is_unprocessable(api: Caller) -> None:
    """What belongs to others can't be referred to either."""
    foreign = api.using("other_org").employee()["id"]
    assert api.post("/observations", body(api, employee_id=foreign)).status == 422


def test_a_deactivated_employee_can_be_observed(api: Caller) -> None:
    """A deactivated employee can still be the subject."""
    gone = api.get("/employees", limit=1, **{"filter[status]": "deactivated"})["data"][0]
    assert api.observe(employee_id=gone["id"])["employee_id"] == gone["id"]


def test_read_only_fields_are_ignored(api: Caller) -> None:
    """What the server assigns can't be sent."""
    made = api.observe(id="obs_mine", created_at="2000-01-01T00:00:00Z", archived_at="2000-01-01T00:00:00Z")
    assert (made["created_at"], made["archived_at"]) == ("2026-01-15T12:00:00.000Z", None)


@pytest.mark.parametrize("text", ["Grüße, 世界 🌍", "a\u0000b", " spaced ", "<b>bold</b>", "e\u0301"])
def test_text_comes_back_as_it_was_sent(api: Caller, text: str) -> None:
    """Text is kept character by character."""
    assert api.get(f"/observations/{api.observe(observation=text)['id']}")["observation"] == text


def test_a_patch_changes_what_it_names(api: Caller, clock: StoppedClock) -> None:
    """A patch changes the field sent and moves updated_at, and nothing else."""
    made = api.observe(impact="Old.")
    clock.advance(5)
    changed = api("PATCH", f"/observations/{made['id']}", body={"impact": "New."}).json()
    assert changed == {**made, "impact": "New.", "updated_at": "2026-01-15T12:00:05.000Z"}


def test_a_patch_without_a_change_leaves_updated_at(api: Caller, clock: StoppedClock) -> None:
    """An empty patch, and one that says what is there already, change nothing at all."""
    made = api.observe(impact="Old.")
    clock.advance(5)
    answers = [api("PATCH", f"/observations/{made['id']}", body=sent).json() for sent in ({}, {"impact": "Old."})]
    assert answers == [made, made]


def test_null_and_an_empty_list_clear(api: Caller) -> None:
    """Optional text is cleared by null, attributes by an empty list."""
    tag = api.get("/attributes", limit=1)["data"][0]["id"]
    made = api.observe(impact="x", recommended_action="y", attribute_ids=[tag])
    sent = {"impact": None, "recommended_action": None, "attribute_ids": []}
    changed = api("PATCH", f"/observations/{made['id']}", body=sent).json()
    assert {name: changed[name] for name in sent} == sent


@pytest.mark.parametrize(("field", "value"), [("type", "opportunity"), ("employee_id", "emp_other")])
def test_subject_and_kind_are_fixed(api: Caller, field: str, value: object) -> None:
    """A change of the subject or the kind gets 400, also beside a valid change, and changes nothing."""
    made = api.observe()
    response = api("PATCH", f"/observations/{made['id']}", body={field: value, "impact": "New."})
    assert (response.status, details(response)) == (400, [(field, "immutable")])
    assert api.get(f"/observations/{made['id']}") == made


def test_the_subject_may_be_sent_unchanged(api: Caller) -> None:
    """A client may send back the subject and the kind as they are."""
    made = api.observe()
    sent = {"employee_id": made["employee_id"], "type": made["type"]}
    assert api("PATCH", f"/observations/{made['id']}", body=sent).json() == made


def test_archive_sets_archived_at(api: Caller) -> None:
    """Archiving sets archived_at to now and keeps the rest."""
    made = api.observe()
    response = api.post(f"/observations/{made['id']}/archive")
    changed = {"archived_at": "2026-01-15T12:00:00.000Z", "updated_at": "2026-01-15T12:00:00.001Z"}
    assert (response.status, response.json()) == (200, {**made, **changed})


@pytest.mark.parametrize(
    ("done", "action"), [(["archive"], "archive"), ([], "restore"), (["archive", "restore"], "restore")]
)
def test_an_action_out_of_turn_conflicts(api: Caller, done: list[str], action: str) -> None:
    """Archiving what is archived, and restoring what is not, get 409 and change nothing."""
    made = api.observe()
    for earlier in done:
        api.post(f"/observations/{made['id']}/{earlier}")
    before = api.get(f"/observations/{made['id']}")
    response = api.post(f"/observations/{made['id']}/{action}")
    assert (response.status, response.json()["error"]["code"]) == (409, "conflict")
    assert api.get(f"/observations/{made['id']}") == before


def test_archived_leaves_lists_and_search_until_restored(api: Caller) -> None:
    """An archived observation is read by its identifier only, until it is restored."""
    made = api.observe(observation="unmistakable")
    seen = []
    for action in ("archive", "restore"):
        api.post(f"/observations/{made['id']}/{action}")
        listed = [item["id"] for item in api.walk("/observations")]
        found = [item["id"] for item in api.get("/search", q="unmistakable")["data"]]
        seen.append((made["id"] in listed, made["id"] in found, api.get(f"/observations/{made['id']}")["id"]))
    assert seen == [(False, False, made["id"]), (True, True, made["id"])]


def test_archived_cannot_be_updated(api: Caller) -> None:
    """An archived observation refuses an update with 409, and takes it once restored."""
    made = api.observe()
    path = f"/observations/{made['id']}"
    api.post(f"{path}/archive")
    refused = api("PATCH", path, body={"impact": "New."}).status
    api.post(f"{path}/restore")
    assert (refused, api("PATCH", path, body={"impact": "New."}).status) == (409, 200)


def test_archived_leaves_the_summaries_that_hold_it(api: Caller) -> None:
    """A summary names active observations only."""
    made = api.observe()
    sent = {"employee_id": made["employee_id"], "title": "Q1", "text": "x", "period_start": "2026-01-01"}
    response = api.post("/summaries", {**sent, "period_end": "2026-03-31", "observation_ids": [made["id"]]})
    path = f"/summaries/{response.json()['id']}"
    before = api.get(path)["observation_ids"]
    api.post(f"/observations/{made['id']}/archive")
    assert (before, api.get(path)["observation_ids"]) == ([made["id"]], [])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/observations/obs_none"),
        ("PATCH", "/observations/obs_none"),
        ("POST", "/observations/obs_none/archive"),
        ("POST", "/observations/obs_none/restore"),
    ],
)
def test_an_unknown_identifier_is_not_found(api: Caller, method: str, path: str) -> None:
    """What does not exist gets 404 whatever is asked of it."""
    response = api(method, path, body={} if method == "PATCH" else None)
    assert (response.status, response.json()["error"]["code"]) == (404, "not_found")
