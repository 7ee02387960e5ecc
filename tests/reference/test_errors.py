"""Errors: their envelope, and what leads to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.reference import HONEST, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Response
    from tests.reference.conftest import Caller


def code(response: Response) -> tuple[int, str]:
    """Give a response's status and error code."""
    return response.status, response.json()["error"]["code"]


@pytest.mark.parametrize(
    "path", ["/v1/nonsense", "/v1", "/v1/", "/", "/session", "/v2/session", "/v1/observations/", "/v1/a/b/c"]
)
def test_an_unknown_path_is_not_found(api: Caller, path: str) -> None:
    """A path that the spec does not name gets 404 in the envelope."""
    assert code(api.send(Request("GET", path, (), api.headers))) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/observations", "GET, HEAD, POST, OPTIONS"),
        ("DELETE", "/observations/obs_x", "GET, HEAD, PATCH, OPTIONS"),
        ("GET", "/observations/obs_x/archive", "POST, OPTIONS"),
        ("TRACE", "/session", "GET, HEAD, OPTIONS"),
    ],
)
def test_another_method_is_not_allowed(api: Caller, method: str, path: str, allow: str) -> None:
    """A method that a path does not take gets 405 and the methods that it takes."""
    response = api(method, path)
    assert (*code(response), response.header("allow")) == (405, "method_not_allowed", allow)


def test_options_names_the_methods(api: Caller) -> None:
    """OPTIONS gets 200 and the methods that a path takes."""
    response = api("OPTIONS", "/observations")
    assert (response.status, response.header("allow")) == (200, "GET, HEAD, POST, OPTIONS")


def test_head_is_get_without_a_body(api: Caller) -> None:
    """HEAD gets what GET gets, but for the body."""
    head, get = (api(method, "/observations", {"limit": 1}) for method in ("HEAD", "GET"))
    assert (head.status, head.header("content-type"), head.body) == (get.status, get.header("content-type"), b"")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[1]",
        b'"text"',
        b"null",
        b"7",
        b"\xff",
        b'{"a": NaN}',
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b"9" * 5000,
    ],
)
def test_what_is_no_json_object_is_refused(api: Caller, text: bytes) -> None:
    """A body that is no JSON text, or no object, gets 400."""
    request = replace(Request("POST", "/v1/observations", (), api.headers), body=text)
    assert code(api.send(request)) == (400, "validation_error")


@pytest.mark.parametrize(
    ("declared", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("Application/JSON", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
    ],
)
def test_a_body_is_declared_as_json(api: Caller, declared: str, status: int) -> None:
    """A body declared as something else gets 415; a charset does no harm."""
    sent = {"employee_id": api.employee()["id"], "type": "strength", "observation": "x"}
    request = Request("POST", "/v1/observations", (), api.headers).with_json(sent).with_header("content-type", declared)
    assert api.send(request).status == status


def test_a_request_id_comes_back(api: Caller) -> None:
    """A request id that the client sends is in the response, also of an error."""
    request = Request("GET", "/v1/nonsense", (), (*api.headers, ("x-request-id", "mine-1")))
    assert api.send(request).header("x-request-id") == "mine-1"


def test_a_request_id_is_assigned(api: Caller) -> None:
    """Without one the server assigns one, never the same twice."""
    assert len({api("GET", "/session").header("x-request-id") for _ in range(5)}) == 5


def test_a_failure_is_in_the_envelope_and_gives_nothing_away(make: Callable[..., Caller]) -> None:
    """Where the server itself fails a client gets 500 in the envelope, and no trace of why."""

    def fail(_text: str | None) -> int:
        raise RuntimeError("secret/path.py")

    api = make(replace(HONEST, page_size=fail))
    response = api("GET", "/observations")
    assert (code(response), b"secret" in response.body) == ((500, "internal_error"), False)
