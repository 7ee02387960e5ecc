"""Idempotency keys."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from conformance.reference import Request

if TYPE_CHECKING:
    from typing import Any

    from conformance.reference import Response, StoppedClock
    from tests.reference.conftest import Caller

DAY = 24 * 60 * 60
BODIES = {
    "employees": {"first_name": "A", "last_name": "B", "email": "a@example.com"},
    "webhooks": {"url": "https://example.com/", "event_types": ["observation.created"], "active": False},
    "employee-objectives": {"title": "x"},
    "review-items": {"title": "x"},
    "observations": {"type": "strength", "observation": "x"},
}


def body(api: Caller, name: str) -> dict[str, Any]:
    """Give a valid body for a collection."""
    sent = dict(BODIES[name])
    return sent if name in {"employees", "webhooks"} else {**sent, "employee_id": api.employee()["id"]}


@pytest.mark.parametrize("name", BODIES)
def test_a_retry_gets_the_first_response(api: Caller, name: str) -> None:
    """A retry gets the same status, body and place, and makes nothing."""
    sent = body(api, name)
    first, second = (api.post(f"/{name}", sent, key="k") for _ in range(2))
    assert (second.status, second.body, second.header("location")) == (201, first.body, first.header("location"))
    assert second.header("idempotent-replayed") == "true"


def test_a_retry_makes_nothing(api: Caller) -> None:
    """After a retry there is one more item than before, not two."""
    sent = body(api, "observations")
    before = len(api.walk("/observations"))
    for _ in range(3):
        api.post("/observations", sent, key="k")
    assert len(api.walk("/observations")) == before + 1


def test_another_body_conflicts(api: Caller) -> None:
    """The same key with other inputs gets 409 and makes nothing."""
    sent = body(api, "observations")
    api.post("/observations", sent, key="k")
    before = len(api.walk("/observations"))
    response = api.post("/observations", {**sent, "impact": "x"}, key="k")
    assert (response.status, response.json()["error"]["code"], len(api.walk("/observations"))) == (
        409,
        "conflict",
        before,
    )


def test_the_same_json_written_otherwise_is_the_same_body(api: Caller) -> None:
    """Bodies are compared by what they say: order and white space do not count."""
    sent = body(api, "observations")
    first = api.post("/observations", sent, key="k")
    request = Request("POST", "/v1/observations", (), api.headers).with_json(dict(reversed(sent.items())))
    padded = request.with_header("idempotency-key", "k")
    assert api.send(padded).body == first.body


def test_the_same_key_on_another_path_conflicts(api: Caller) -> None:
    """A key is for one request: another collection is another request."""
    api.post("/observations", body(api, "observations"), key="k")
    assert api.post("/review-items", body(api, "review-items"), key="k").status == 409


def test_another_key_makes_another_resource(api: Caller) -> None:
    """The same body under another key, or without one, is another request."""
    sent = body(api, "observations")
    made = {api.post("/observations", sent, key=key).json()["id"] for key in ("a", "b", None, None)}
    assert len(made) == 4


def test_the_first_response_is_replayed_after_a_change(api: Caller) -> None:
    """The replay is the original response, whatever became of the resource."""
    sent = body(api, "observations")
    first = api.post("/observations", sent, key="k")
    api("PATCH", f"/observations/{first.json()['id']}", body={"impact": "New."})
    assert api.post("/observations", sent, key="k").body == first.body


@pytest.mark.parametrize(("seconds", "resources"), [(DAY - 1, 1), (DAY, 2)])
def test_a_key_is_remembered_for_a_day(api: Caller, clock: StoppedClock, seconds: int, resources: int) -> None:
    """Just before 24 hours are over a key still replays, then it makes a new resource."""
    sent = body(api, "observations")
    made = {api.post("/observations", sent, key="k").json()["id"]}
    clock.advance(seconds)
    made.add(api.post("/observations", sent, key="k").json()["id"])
    assert len(made) == resources


def test_a_key_can_be_used_again_after_its_day(api: Caller, clock: StoppedClock) -> None:
    """A key used anew after a day replays its new response, and conflicts with other inputs."""
    sent = body(api, "observations")
    api.post("/observations", sent, key="k")
    clock.advance(DAY)
    second = api.post("/observations", sent, key="k")
    replayed = api.post("/observations", sent, key="k")
    assert (replayed.body, api.post("/observations", {**sent, "impact": "x"}, key="k").status) == (second.body, 409)


def test_a_refused_request_is_not_remembered(api: Caller) -> None:
    """A request that was refused may be corrected and sent again under its key."""
    sent = body(api, "observations")
    refused = api.post("/observations", {**sent, "type": "weakness"}, key="k").status
    assert (refused, api.post("/observations", sent, key="k").status) == (400, 201)


def test_organizations_do_not_share_keys(api: Caller) -> None:
    """A key used by one organization is unused in another."""
    other = api.using("other_org")
    first = api.post("/observations", body(api, "observations"), key="k").json()
    assert other.post("/observations", body(other, "observations"), key="k").json()["id"] != first["id"]


@pytest.mark.parametrize(("key", "status"), [("source:42", 201), ("x" * 255, 201), ("", 400), ("x" * 256, 400)])
def test_a_key_has_up_to_255_characters(api: Caller, key: str, status: int) -> None:
    """Any text of 1 to 255 characters is a key."""
    assert api.post("/observations", body(api, "observations"), key=key).status == status


def test_concurrent_retries_make_one_resource(api: Caller) -> None:
    """Retries sent at the same time from tasks and from threads all get the one resource."""
    request = Request("POST", "/v1/observations", (), api.headers).with_json(body(api, "observations"))
    keyed = request.with_header("idempotency-key", "k")

    async def retry() -> list[Response]:
        return await asyncio.gather(*(api.reference.handle(keyed) for _ in range(5)))

    with ThreadPoolExecutor(4) as pool:
        batches = list(pool.map(lambda _: asyncio.run(retry()), range(4)))
    assert len({response.body for batch in batches for response in batch}) == 1
