"""Passive rules judge answers of the API, and only what was owed by them."""

from __future__ import annotations

import pytest

from conformance.wire.exchange import Exchange, Request, Response
from scenarios._answers import declared_json, is_answer, is_authenticated, owes_json

BEARER = (("Authorization", "Bearer [PB_API_KEY]"),)


def exchange(  # noqa: PLR0913 - by keyword
    method: str, path: str, status: int, *, role: str = "key", accept: str = "application/json", octets: int = 0
) -> Exchange:
    """Give an exchange with or without a key."""
    headers = (("Accept", accept), *(BEARER if role else ()))
    request = Request(method, f"http://target.test/v1{path}", path, headers=headers, role=role, body=b"x" * octets)
    return Exchange(1, request, Response(status))


@pytest.mark.parametrize(
    ("asked", "owed"),
    [
        (exchange("GET", "/observations", 200), True),
        (exchange("GET", "/observations", 500), True),
        (exchange("HEAD", "/observations", 404), False),
        (exchange("DELETE", "/webhooks/a", 204), False),
        (exchange("GET", "/observations", 304), False),
        (exchange("GET", "/observations/", 308), False),
        (exchange("GET", "/observations", 414), False),
        (exchange("POST", "/observations", 413, octets=65_000), False),
        (exchange("POST", "/observations", 413, octets=64_000), True),
        (exchange("GET", "/observations", 406, accept="text/html"), False),
    ],
)
def test_json_is_owed_where_there_is_a_body(asked: Exchange, owed: bool) -> None:  # noqa: FBT001 - expected value
    """HEAD, 204, redirects, unread requests and other wishes are left out."""
    assert owes_json(asked) is owed


@pytest.mark.parametrize(
    ("asked", "accepted"),
    [
        (exchange("GET", "/observations", 200), True),
        (exchange("GET", "/observations/obs_1", 404), True),
        (exchange("POST", "/observations/obs_1/archive", 409), True),
        (exchange("GET", "/session", 401), False),
        (exchange("GET", "/session", 200, role=""), False),
        (exchange("GET", "/no-such-resource", 404), False),
        (exchange("GET", "/session/no-such-thing", 404), False),
        (exchange("PUT", "/observations", 405), False),
        (exchange("PUT", "/openapi.json", 404), False),
        (exchange("GET", "/observations", 500), False),
    ],
)
def test_a_key_was_accepted_where_the_documents_tell(asked: Exchange, accepted: bool) -> None:  # noqa: FBT001 - likewise
    """Successes, and documented errors of documented requests, show that the key was looked at."""
    assert is_authenticated(asked) is accepted


def test_a_content_type_is_told_by_its_essence() -> None:
    """Case, white space and parameters don't matter."""
    response = Response(200, (("Content-Type", 'Application/JSON ; Charset="utf-8"'),))
    assert declared_json(Exchange(1, Request("GET", "http://t/a", "/a"), response)) is True


def test_no_answer_is_no_answer() -> None:
    """An exchange without a response is judged by nobody."""
    assert is_answer(Exchange(1, Request("GET", "http://t/a", "/a"), None)) is False
