"""Requests go out as they were asked for, to the octet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import UsageProblem
from conformance.wire.outgoing import Ask, build, check_base_url

if TYPE_CHECKING:
    from conformance.wire.outgoing import Outgoing, Query

BASE = "https://target.test/v1"


def made(method: str = "GET", path: str = "/observations", **more: Any) -> Outgoing:  # noqa: ANN401 - any field of Ask
    """Build a request with the usual default."""
    return build(BASE, Ask(method, path, **more), {"Accept": "application/json"})


def line(outgoing: Outgoing) -> bytes:
    """Give the request target that goes on the wire."""
    request = outgoing.to_httpx(1.0)
    target: bytes = request.extensions.get("target", request.url.raw_path)
    return target


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ([("filter[type]", "strength")], b"?filter%5Btype%5D=strength"),
        ({"q": "a b&c=d~*é"}, b"?q=a+b%26c%3Dd%7E*%C3%A9"),
        ([("a", "1"), ("a", "2")], b"?a=1&a=2"),
        ("filter[type]=strength", b"?filter[type]=strength"),
        ("a=%zz&b=%5b&c=%5B", b"?a=%zz&b=%5b&c=%5B"),
        ('q="<>`{}|\\^', b'?q="<>`{}|\\^'),
        ("q=a b\né", b"?q=a%20b%0A%C3%A9"),
        ((), b""),
    ],
)
def test_queries_on_the_wire(query: Query, written: bytes) -> None:
    """Pairs are encoded like a form, a text goes out as it is where a request line can carry it."""
    assert line(made(query=query)) == b"/v1/observations" + written


def test_a_raw_query_is_recorded_decoded_too() -> None:
    """The recorded query shows names and values, whatever their encoding was."""
    assert made(query="filter%5Ba%5D=b+c&d").request.query == (("filter[a]", "b c"), ("d", ""))


@pytest.mark.parametrize("path", ["/a/../b", "/a/./b", "/a//b", "/%2e%2e/x", "/a%2Fb"])
def test_paths_are_not_tidied(path: str) -> None:
    """Dot segments, empty segments and encodings reach the target as they were given."""
    assert line(made(path=path)) == b"/v1" + path.encode()


@pytest.mark.parametrize("path", ["http://evil.test/", "//evil.test/", "observations", "", "/a?b=1", "/a#b"])
def test_what_is_no_path_is_refused(path: str) -> None:
    """Another host, a missing slash and a query in the path are usage problems."""
    with pytest.raises(UsageProblem):
        made(path=path)


def test_json_is_sent_as_json() -> None:
    """A JSON body brings its Content-Type and is UTF-8."""
    request = made("POST", json={"observation": "é"}).request
    assert (request.header("Content-Type"), request.body) == (
        "application/json",
        '{"observation":"é"}'.encode(),
    )


def test_json_null_is_a_body() -> None:
    """None is the JSON null, not the absence of a body."""
    assert made("POST", json=None).request.body == b"null"


def test_a_lone_surrogate_is_sent_as_an_escape() -> None:
    """JSON can spell what UTF-8 can't."""
    assert made("POST", json="\ud800").request.body == b'"\\ud800"'


def test_an_empty_post_says_that_it_is_empty() -> None:
    """A POST without a body has a Content-Length of 0."""
    assert made("POST").request.header("Content-Length") == "0"


def test_none_takes_a_default_header_away() -> None:
    """A header of None is not sent, though it is a default or comes with the body."""
    request = made("POST", json={}, headers={"accept": None, "content-type": None}).request
    assert (request.header("Accept"), request.header("Content-Type")) == (None, None)


def test_a_given_header_replaces_the_default() -> None:
    """A field is sent once, as the check wants it."""
    assert made(headers={"ACCEPT": "text/html"}).request.header("Accept") == "text/html"


@pytest.mark.parametrize("headers", [{"A b": "1"}, {"A": "1\r\nB: 2"}, {"A": "\0"}, {"": "1"}])
def test_a_header_that_would_break_the_message_is_refused(headers: dict[str, str]) -> None:
    """Line breaks and names that are no tokens can't be sent."""
    with pytest.raises(UsageProblem):
        made(headers=headers)


def test_two_bodies_are_refused() -> None:
    """A request has one body."""
    with pytest.raises(UsageProblem):
        made("POST", json={}, content=b"x")


def test_a_method_is_a_token() -> None:
    """A method with a space would be another request line."""
    with pytest.raises(UsageProblem):
        made("GET /x")


@pytest.mark.parametrize(
    "url",
    ["target.test/v1", "ftp://target.test", "https://", "https://u:p@target.test/v1", "https://t.test/v1?a=b",
     "https://[::1", "https://t.test:x/", ""],
)  # fmt: skip
def test_a_base_url_of_another_shape_is_refused(url: str) -> None:
    """Scheme and host are needed; user, query and fragment have no place."""
    with pytest.raises(UsageProblem):
        check_base_url(url)


def test_the_closing_slash_of_a_base_url_is_dropped() -> None:
    """Paths begin with a slash, so the base has none."""
    assert check_base_url("https://target.test/v1/") == "https://target.test/v1"


@pytest.mark.parametrize(("beside", "url"), [("", "https://target.test/x"), ("/v2", "https://target.test/v2/x")])
def test_what_is_beside_the_base_url_is_on_its_host(beside: str, url: str) -> None:
    """Only the path is another one, so that a key goes nowhere else; and the record says so."""
    outgoing = made(path="/x", beside=beside)
    assert (outgoing.request.url, outgoing.request.beside) == (url, True)
    assert line(outgoing) == f"{beside}/x".encode()


@pytest.mark.parametrize("beside", ["@evil.test", ".evil.test", ":80", "//evil.test", "v2"])
def test_what_would_be_on_another_host_is_refused(beside: str) -> None:
    """A path begins with one slash."""
    with pytest.raises(UsageProblem):
        made(beside=beside)
