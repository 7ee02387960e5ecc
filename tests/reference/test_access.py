"""Keys, scopes, organizations and quotas."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.reference import Quota, Request
from conformance.reference.spec import specification

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Response, StoppedClock
    from conformance.reference.spec import Operation
    from tests.reference.conftest import Caller

OPERATIONS = [operation for operation in specification().operations if not operation.public]


def code(response: Response) -> tuple[int, str]:
    """Give a response's status and error code."""
    return response.status, response.json()["error"]["code"]


def ask(api: Caller, operation: Operation) -> Response:
    """Send a request to an operation, with an empty body."""
    return api(operation.method, operation.path.replace("{id}", "none"), body={} if operation.body else None)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_needs_a_key(api: Caller, operation: Operation) -> None:
    """Without a key every operation but the spec's own gets 401."""
    assert code(ask(replace(api, key=""), operation)) == (401, "authentication_required")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_needs_its_scope(api: Caller, operation: Operation) -> None:
    """A key without scopes gets 403 from every operation."""
    assert code(ask(api.using("no_scope"), operation)) == (403, "permission_denied")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_a_read_only_key_reads(api: Caller, operation: Operation) -> None:
    """A key with read scopes gets 403 from every write and from nothing else."""
    assert (ask(api.using("read_only"), operation).status == 403) == (operation.method != "GET")


@pytest.mark.parametrize(
    "value",
    ["Bearer", "Bearer ", "Bearer nonsense", "Basic eDp5", "{key}", "Token {key}", "Bearer {key}x", "Bearer  {key}"],
)
def test_only_a_known_bearer_token_is_a_key(api: Caller, value: str) -> None:
    """Anything but a known key as a bearer token gets 401."""
    header = ("authorization", value.format(key=api.key))
    assert code(api.send(Request("GET", "/v1/session", (), (header,)))) == (401, "authentication_required")


def test_the_scheme_is_in_any_case(api: Caller) -> None:
    """The word bearer may be written in any case (RFC 9110, 11.1)."""
    assert api.send(Request("GET", "/v1/session", (), (("authorization", f"bearer {api.key}"),))).status == 200


def test_the_spec_needs_no_key(api: Caller) -> None:
    """The published spec is served to anyone."""
    assert replace(api, key="").get("/openapi.json")["openapi"] == "3.0.3"


def test_an_unauthenticated_write_changes_nothing(api: Caller) -> None:
    """A create without a key makes nothing."""
    before = len(api.walk("/observations"))
    replace(api, key="").post(
        "/observations", {"employee_id": api.employee()["id"], "type": "strength", "observation": "x"}
    )
    assert len(api.walk("/observations")) == before


def test_a_session_shows_key_and_organization(api: Caller) -> None:
    """The session names the key and the organization, and never the key's text."""
    session = api.get("/session")["data"]
    assert (set(session["api_key"]), set(session["organization"])) == ({"id", "name", "scopes"}, {"id", "name", "plan"})
    assert api.key not in json.dumps(session)


def test_the_sessions_former_name_says_that_it_is_deprecated(api: Caller) -> None:
    """It serves the same, and announces its end (overview, Versioning)."""
    response = api("GET", "/whoami")
    announced = (response.header("Deprecation"), response.header("Sunset"))
    assert announced == ("@1735689600", "Fri, 01 Jan 2038 00:00:00 GMT")
    assert response.json() == api.get("/session")


@pytest.mark.parametrize("action", ["", "/archive", "/restore"])
def test_another_organizations_observation_is_not_there(api: Caller, action: str) -> None:
    """What belongs to others gets 404 on read, update, archive and restore, and stays as it was."""
    made = api.using("other_org").observe()
    path = f"/observations/{made['id']}{action}"
    responses = [api.post(path)] if action else [api("GET", path), api("PATCH", path, body={"impact": "x"})]
    assert {code(response) for response in responses} == {(404, "not_found")}
    assert api.using("other_org").get(f"/observations/{made['id']}") == made


@pytest.mark.parametrize("name", ["employees", "observations", "attributes", "webhooks", "summaries"])
def test_organizations_share_nothing(api: Caller, name: str) -> None:
    """No item is listed to two organizations."""
    lists = [{item["id"] for item in caller.walk(f"/{name}")} for caller in (api, api.using("other_org"))]
    assert (lists[0] & lists[1], all(lists)) == (set(), True)


def test_search_stays_in_the_organization(api: Caller) -> None:
    """Search finds nothing of others."""
    api.using("other_org").observe(observation="unmistakable")
    assert api.get("/search", q="unmistakable")["data"] == []


def test_another_organizations_manager_has_no_reports_here(api: Caller) -> None:
    """A filter by another organization's manager keeps nothing."""
    top = next(each for each in api.using("other_org").walk("/employees") if each["manager_id"] is None)
    assert api.get("/observations", **{"filter[manager_id]": top["id"]})["data"] == []


def limits(response: Response) -> list[int]:
    """Give a response's rate-limit headers as integers."""
    return [int(response.header(f"X-RateLimit-{name}") or -1) for name in ("Limit", "Remaining", "Reset")]


def test_a_quota_counts_down_and_is_refused_when_spent(make: Callable[..., Caller], clock: StoppedClock) -> None:
    """Each request takes one; when none is left a request gets 429, and after Retry-After it succeeds again."""
    api = make(quota=Quota(3, 60))
    spent = [api("GET", "/session") for _ in range(4)]
    reset = int(clock.now().timestamp()) + 60
    assert [limits(response) for response in spent] == [[3, 2, reset], [3, 1, reset], [3, 0, reset], [3, 0, reset]]
    assert (*code(spent[3]), spent[3].header("retry-after")) == (429, "rate_limited", "60")
    clock.advance(60)
    assert api("GET", "/session").status == 200


def test_each_key_has_a_quota_of_its_own(make: Callable[..., Caller]) -> None:
    """Spending one key's quota leaves the others'."""
    api = make(quota=Quota(1, 60))
    assert [caller("GET", "/session").status for caller in (api, api, api.using("read_only"))] == [200, 429, 200]


@pytest.mark.parametrize("path", ["/session", "/nonsense", "/observations/none", "/openapi.json"])
def test_every_authenticated_response_shows_the_quota(api: Caller, path: str) -> None:
    """Whatever a key gets, its quota is on it."""
    assert limits(api("GET", path))[0] == 100_000
