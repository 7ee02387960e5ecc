"""A search is asked for as the target's own spec declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.errors import Missing
from conformance.target.searching import search

if TYPE_CHECKING:
    from tests.target.conftest import Ask, Open


def declaring(parameter: str, asked: list[str]) -> object:
    """Return a handler that publishes a search with this parameter, and keeps the queries of searches."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/openapi.json"):
            declared = [{"name": parameter, "in": "query", "required": True, "schema": {"type": "string"}}]
            return httpx.Response(200, json={"paths": {"/search": {"get": {"parameters": declared}}}})
        asked.append(request.url.query.decode())
        return httpx.Response(200, json={"data": [], "next_cursor": None})

    return handler


@pytest.mark.parametrize("parameter", ["q", "query", "phrase"])
def test_a_search_takes_the_declared_parameter(answering: Open, ask: Ask, parameter: str) -> None:
    """The documents name none."""
    asked: list[str] = []
    ask(answering(declaring(parameter, asked)), lambda target: search(target, "a word"))
    assert asked == [f"{parameter}=a+word"]


def test_a_search_that_does_not_answer_is_missing(answering: Open, ask: Ask) -> None:
    """Then the rule is not judged."""
    with pytest.raises(Missing) as missing:
        ask(answering(lambda _: httpx.Response(404, json={})), lambda target: search(target, "x"))
    assert missing.value.message == "a search that answers (GET /search?q=... got 404)"
