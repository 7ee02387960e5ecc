"""The simple resources, driven by the spec's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.reference.spec import specification

if TYPE_CHECKING:
    from tests.reference.conftest import Caller

LISTED = [tag for tag in specification().of_tag if tag != "search"]
CREATED = [operation.tag for operation in specification().operations if operation.creates]


def example(tag: str) -> dict[str, object]:
    """Give the spec's own example of a body."""
    content = specification().document["paths"][f"/{tag}"]["post"]["requestBody"]["content"]
    return dict(content["application/json"]["example"])


@pytest.mark.parametrize("tag", LISTED)
def test_an_item_is_read_by_its_identifier(api: Caller, tag: str) -> None:
    """What a list holds is what the item's own path gives."""
    item = api.get(f"/{tag}", limit=3)["data"][2]
    assert api.get(f"/{tag}/{item['id']}") == item


@pytest.mark.parametrize("tag", CREATED)
def test_what_is_created_is_listed_first(api: Caller, tag: str) -> None:
    """A new item holds what was sent and is the newest of its collection."""
    sent = example(tag)
    made = api.post(f"/{tag}", sent).json()
    made.pop("secret", None)
    assert ({name: made[name] for name in sent}, api.get(f"/{tag}", limit=1, sort="-created_at")["data"]) == (
        sent,
        [made],
    )


@pytest.mark.parametrize("tag", [tag for tag in CREATED if tag != "observations"])
def test_a_patch_changes_and_keeps(api: Caller, tag: str) -> None:
    """A patch with what is there already changes nothing; one without a body is refused."""
    made = api.post(f"/{tag}", example(tag)).json()
    made.pop("secret", None)
    path = f"/{tag}/{made['id']}"
    assert (api("PATCH", path, body={}).json(), api("PATCH", path).status) == (made, 400)


def test_a_notification_is_marked_as_read(api: Caller) -> None:
    """A notification can be changed though not created."""
    item = api.get("/notifications", limit=1, **{"filter[read]": "false"})["data"][0]
    assert api("PATCH", f"/notifications/{item['id']}", body={"read": True}).json()["read"] is True


def test_a_webhook_is_deleted(api: Caller) -> None:
    """A deleted subscription is answered with, and gone."""
    item = api.get("/webhooks", limit=1)["data"][0]
    path = f"/webhooks/{item['id']}"
    assert (api("DELETE", path).json(), api("GET", path).status) == (item, 404)


def test_nobody_reports_to_themselves(api: Caller) -> None:
    """An employee can be put under nobody who reports to them, directly or not."""
    employees = api.walk("/employees")
    top = next(each["id"] for each in employees if each["manager_id"] is None)
    statuses = [
        api("PATCH", f"/employees/{top}", body={"manager_id": each}).status for each in (top, employees[5]["id"])
    ]
    assert statuses == [422, 422]


def test_a_body_may_have_more_than_the_spec_knows(api: Caller) -> None:
    """What the spec does not name is ignored."""
    extra = {"nonsense": [{"a": 1}], "id": "x", "secret": "y"}
    assert api.post("/review-items", {**example("review-items"), **extra}).status == 201
