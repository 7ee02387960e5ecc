"""A run changes nothing that it did not make, whatever a scenario asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import NotOurs
from conformance.target.identifiers import never_issued
from conformance.target.made.journal import Journal

if TYPE_CHECKING:
    from conformance.target.target import Target
    from tests.target.conftest import Ask, Open


def send(answering: Open, ask: Ask, method: str, path: str, **request: Any) -> list[str]:  # noqa: ANN401  # as Target.send
    """Make obs_1, send a request, and give the paths that reached the target after that."""
    sent: list[str] = []

    def handler(asked: httpx.Request) -> httpx.Response:
        sent.append(asked.url.path.removeprefix("/v1"))
        return httpx.Response(201, json={"id": "obs_1"})

    async def doing(target: Target) -> list[str]:
        await target.create({"observation": "x"})
        await target.send(method, path, **request)
        return sent[1:]

    got: list[str] = ask(answering(handler), doing)
    return got


THEIRS = [
    ("PATCH", "/observations/obs_2"),
    ("POST", "/observations/obs_2/archive"),
    ("POST", "/observations/obs_2/restore"),
    ("DELETE", "/observations/obs_2"),
    ("PUT", "/employees/emp_1"),
    ("POST", "/notifications/read-all"),
    ("DELETE", "/observations"),
    ("PATCH", "/preferences"),
    ("PATCH", "/observations/"),
    ("PATCH", "/observations/obs_1/../obs_2"),
    ("PATCH", "/observations/%2e%2e/employees/emp_1"),
    ("PATCH", "/observations/0"),
]


@pytest.mark.parametrize(("method", "path"), THEIRS)
def test_what_the_run_did_not_make_is_not_written_to(answering: Open, ask: Ask, method: str, path: str) -> None:
    """The request is refused before it is sent."""
    with pytest.raises(NotOurs, match=f"{method} {path}"):
        send(answering, ask, method, path)


@pytest.mark.parametrize("request_", [{"role": None}, {"authorize": lambda key: f"Basic {key}"}])
def test_nor_where_the_target_should_refuse(answering: Open, ask: Ask, request_: dict[str, Any]) -> None:
    """A target that fails to refuse would change somebody's data."""
    with pytest.raises(NotOurs):
        send(answering, ask, "PATCH", "/observations/obs_2", **request_)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/observations/obs_1"),
        ("POST", "/observations/obs_1/archive"),
        ("POST", "/observations"),
        ("GET", "/observations/obs_2"),
        ("PUT", "/openapi.json"),
    ],
)
def test_ours_and_what_harms_nobody_is_sent(answering: Open, ask: Ask, method: str, path: str) -> None:
    """What the run made, creates, reads, and the spec."""
    assert send(answering, ask, method, path) == [path]


def test_an_id_that_we_made_up_is_nobodys(answering: Open, ask: Ask) -> None:
    """So it may be written to."""
    path = f"/employees/{never_issued('emp')}"
    assert send(answering, ask, "PATCH", path) == [path]


def test_what_an_earlier_run_made_is_ours_once_its_journal_is_taken_over(answering: Open, ask: Ask) -> None:
    """The journal says what is ours, not the process."""
    journal = Journal()
    journal.made("obs_7", "/observations")
    opening = answering(lambda _: httpx.Response(200, json={}), journal=journal)
    assert ask(opening, lambda target: target.archive("obs_7")).status == 200


# findable --------------------------------------------------------------------------------------------------


SIGNED = {"json": {"observation": "signed by conformance run r1"}}


@pytest.mark.parametrize(("body", "keys"), [(SIGNED, 0), ({"content": b"{"}, 1)])
def test_a_create_that_does_not_say_whose_it_is_has_a_key(
    answering: Open, ask: Ask, body: dict[str, Any], keys: int
) -> None:
    """By which it can be found out what it made; one that says so goes out as it was asked for."""
    sent: list[httpx.Request] = []

    def handler(asked: httpx.Request) -> httpx.Response:
        sent.append(asked)
        return httpx.Response(400, json={})

    ask(answering(handler), lambda target: target.post("/observations", **body))
    assert sum("Idempotency-Key" in asked.headers for asked in sent) == keys


def after_lending(answering: Open, ask: Ask, method: str, path: str, **settings: object) -> list[str]:
    """Be lent a notification and the preferences, send a request, and give the paths that reached the target."""
    sent: list[str] = []

    def handler(asked: httpx.Request) -> httpx.Response:
        sent.append(asked.url.path.removeprefix("/v1"))
        return httpx.Response(200, json={})

    async def doing(target: Target) -> list[str]:
        target.lend("/notifications/ntf_1")
        target.lend("/preferences")
        target.lend("/notifications/ntf_3", for_good=True)
        await target.send(method, path)
        return sent

    got: list[str] = ask(answering(handler, **settings), doing)
    return got


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/preferences"),
        ("PATCH", "/notifications/ntf_1"),
        ("POST", "/notifications/ntf_1/read"),
        ("DELETE", "/notifications/ntf_3"),
    ],
)
def test_what_was_lent_is_written_to(answering: Open, ask: Ask, method: str, path: str) -> None:
    """At its own path, and below that; what was given up is deleted."""
    assert after_lending(answering, ask, method, path, disposable=True) == [path]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/notifications/ntf_1"),
        ("DELETE", "/notifications/ntf_3/notes"),
        ("PATCH", "/notifications/ntf_3"),
        ("PATCH", "/notifications/ntf_12"),
        ("PATCH", "/notifications/ntf_1/../ntf_2"),
        ("POST", "/notifications/read-all"),
        ("PATCH", "/preferences/../employees/emp_1"),
    ],
)
def test_nothing_else_is_for_that(answering: Open, ask: Ask, method: str, path: str) -> None:
    """It is not deleted, nor is what was given up changed; and what is beside it was not lent."""
    with pytest.raises(NotOurs):
        after_lending(answering, ask, method, path, disposable=True)


def test_nothing_is_lent_that_is_worth_keeping(answering: Open, ask: Ask) -> None:
    """The hint says what would allow it."""
    with pytest.raises(NotOurs) as refusal:
        after_lending(answering, ask, "PATCH", "/preferences", leave_data=True)
    assert "--disposable" in refusal.value.hint
