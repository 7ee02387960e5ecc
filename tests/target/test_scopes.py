"""A key that lacks a scope accuses nobody: what it is forbidden for want of one is a prerequisite that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import Missing
from conformance.target.scopes import require_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange
    from tests.target.conftest import Ask, Open


def forbidding(scopes: Sequence[str] | None) -> Any:  # noqa: ANN401  # a handler
    """Return a handler that forbids everything but /session, which lists these scopes, or is forbidden too."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/session") and scopes is not None:
            return httpx.Response(200, json={"data": {"api_key": {"scopes": scopes}}})
        return httpx.Response(403, json={})

    return handler


READING = ("GET", "/observations/obs_1")
WRITING = ("POST", "/observations")


@pytest.mark.parametrize(
    ("scopes", "asked", "scope"),
    [
        (["employees:read"], READING, "observations:read"),
        (["observations:read"], WRITING, "observations:write"),
        (None, READING, "observations:read"),
    ],
)
def test_a_scope_that_is_missing_is_named(
    answering: Open, ask: Ask, scopes: list[str] | None, asked: tuple[str, str], scope: str
) -> None:
    """As the session lists them; where it lists none a forbidden read is taken for it."""
    with pytest.raises(Missing, match=scope):
        ask(answering(forbidding(scopes)), lambda target: target.send(*asked))


@pytest.mark.parametrize(
    ("scopes", "asked"),
    [
        (["observations:read"], READING),
        (["observations:*"], WRITING),
        (["*"], WRITING),
        (None, WRITING),
        ([], ("GET", "/observations")),
    ],
)
def test_any_other_refusal_is_for_the_asker(
    answering: Open, ask: Ask, scopes: list[str] | None, asked: tuple[str, str]
) -> None:
    """The key has the scope, or nobody knows, or it is a list, whose refusal says what the key may."""
    assert ask(answering(forbidding(scopes)), lambda target: target.send(*asked)).status == 403


def test_a_list_that_was_to_be_built_on_names_its_scope_too(answering: Open, ask: Ask) -> None:
    """Where a scenario ended for it."""

    async def doing(target: Target) -> Exchange:
        exchange = await target.get("/observations")
        await require_scope(target, exchange)
        return exchange

    with pytest.raises(Missing, match="observations:read"):
        ask(answering(forbidding([])), doing)


def test_there_is_no_scope_for_what_is_nowhere(answering: Open, ask: Ask) -> None:
    """A path that neither the documents nor the spec know: that it is forbidden is for a rule to judge."""

    def handler(request: httpx.Request) -> httpx.Response:
        known = request.url.path.endswith("/openapi.json")
        return httpx.Response(200, json={"paths": {"/teams/{id}": {}}}) if known else httpx.Response(403, json={})

    async def both(target: Target) -> int | None:
        with pytest.raises(Missing, match="teams:read"):
            await target.get("/teams/1")
        return (await target.get("/no-such-resource/1")).status

    assert ask(answering(handler), both) == 403
