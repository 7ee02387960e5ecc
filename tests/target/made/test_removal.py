"""What a run made goes the way that the target's spec declares, and what stays behind is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.target.made.removal import BY_ARCHIVING, BY_DELETING, remove_made, remove_these, ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.target.target import Target
    from tests.target.conftest import Open

Removed = tuple[list[str], tuple[str, ...], tuple[tuple[str, str], ...]]
PATHS = {"/webhooks/{id}": {"delete": {}}, "/summaries/{id}/archive": {"post": {}}, "/employees": {"post": {}}}


@pytest.mark.parametrize(
    ("collection", "expected"),
    [("/webhooks", (BY_DELETING,)), ("/summaries", (BY_ARCHIVING,)), ("/employees", ())],
)
def test_the_spec_tells_how_to_remove(collection: str, expected: tuple[Any, ...]) -> None:
    """DELETE, an archive action, or no way at all."""
    assert ways({"paths": PATHS}, collection) == expected


def test_observations_are_archived_whatever_the_spec_says() -> None:
    """The documents spell their archive action out; a DELETE would take more than that."""
    assert ways({"paths": {"/observations/{id}": {"delete": {}}}}, "/observations") == (BY_ARCHIVING,)


@pytest.fixture
def removing(answering: Open, ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes one thing, removes it, and gives what was sent, what stayed, and what is open."""

    def remove_it(collection: str, status: int, *, embedded: bool = False) -> Removed:
        sent: list[str] = []

        def handler(request: httpx.Request) -> httpx.Response:
            path = request.url.path.removeprefix("/v1")
            if path == "/openapi.json":
                return httpx.Response(200, json={"paths": PATHS})
            if path == collection:
                return httpx.Response(201, json={"id": "one"})
            sent.append(f"{request.method} {path}")
            return httpx.Response(status, json={})

        async def make_and_remove(target: Target) -> Removed:
            target.settings = replace(target.settings, base_url="") if embedded else target.settings
            await target.post(collection, json={})
            left = await remove_made(target)
            return sent, left, tuple(target.journal.remains())

        removed: Removed = ask(answering(handler), make_and_remove)
        return removed

    return remove_it


@pytest.mark.parametrize("status", [200, 204, 404, 410])
def test_what_is_deleted_or_gone_is_off_the_books(removing: Callable[..., Any], status: int) -> None:
    """Something that is no longer there needs no removal."""
    assert removing("/webhooks", status) == (["DELETE /webhooks/one"], (), ())


def test_what_is_archived_already_is_off_the_books(removing: Callable[..., Any]) -> None:
    """409 to an archive action says so."""
    assert removing("/summaries", 409) == (["POST /summaries/one/archive"], (), ())


@pytest.mark.parametrize("status", [403, 409, 500])
def test_what_can_not_be_deleted_is_left_behind(removing: Callable[..., Any], status: int) -> None:
    """It stays in the journal too."""
    asked = ["DELETE /webhooks/one"] * (2 if status == 500 else 1)  # an error of the server's may not come twice
    assert removing("/webhooks", status) == (asked, ("one",), (("one", "/webhooks"),))


def test_what_has_no_way_out_is_left_behind(removing: Callable[..., Any]) -> None:
    """No request is made up that the spec does not declare."""
    assert removing("/employees", 200) == ([], ("one",), (("one", "/employees"),))


def test_some_can_be_removed_before_the_rest(answering: Open, ask: Callable[..., Any]) -> None:
    """Only those that are named."""

    def handler(request: httpx.Request) -> httpx.Response:
        is_spec = request.url.path.endswith("/openapi.json")
        return httpx.Response(200, json={"paths": PATHS} if is_spec else json.loads(request.content or "{}"))

    async def make_and_remove(target: Target) -> Any:  # noqa: ANN401
        for name in ("one", "another"):
            await target.post("/webhooks", json={"id": name})
        await remove_these(target, ["one"])
        return tuple(target.journal.remains())

    assert ask(answering(handler), make_and_remove) == (("another", "/webhooks"),)


def test_in_a_target_that_ends_with_the_run_nothing_is_left_behind(removing: Callable[..., Any]) -> None:
    """The embedded reference has no base URL of the user's."""
    assert removing("/employees", 200, embedded=True) == ([], (), ())
