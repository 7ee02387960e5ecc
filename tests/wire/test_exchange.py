"""Exchanges show what happened, and read what was answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conformance.errors import NotJSON
from conformance.wire.exchange import Attempt, Exchange, Request, Response

REQUEST = Request("GET", "https://target.test/v1/observations?limit=1", "/observations")


def test_it_reads_as_one_line() -> None:
    """An exchange names method, target, status and milliseconds."""
    exchange = Exchange(1, REQUEST, Response(200), (Attempt(0.0, 0.0123, 200),))
    assert str(exchange) == "GET /observations?limit=1 -> 200 (12 ms)"


def test_it_says_why_there_is_no_answer() -> None:
    """Without an answer the line gives the fault of the last attempt."""
    exchange = Exchange(1, REQUEST, None, (Attempt(0.0, 1.0, None, "it hung up"),))
    assert str(exchange) == "GET /observations?limit=1 -> no answer: it hung up (1000 ms)"


def test_reading_json_without_an_answer_is_refused() -> None:
    """There is no JSON where there is no answer, and no None either that could pass for null."""
    with pytest.raises(NotJSON):
        _ = Exchange(1, REQUEST, None).json


def test_a_status_without_an_answer_is_none() -> None:
    """An unanswered exchange has no status and no fields."""
    exchange = Exchange(1, REQUEST, None)
    assert (exchange.status, exchange.header("Date")) == (None, None)


def test_header_names_have_no_case() -> None:
    """Field names are compared without case (RFC 9110 section 5.1)."""
    assert Response(200, (("X-Request-ID", "a"),)).header("x-request-id") == "a"


def test_repeated_headers_are_joined() -> None:
    """Several lines of a field read as one list (RFC 9110 section 5.3)."""
    assert Response(200, (("Vary", "Accept"), ("vary", "Origin"))).header("Vary") == "Accept, Origin"


def test_a_missing_header_is_none() -> None:
    """A field that was not sent differs from an empty one."""
    assert (Response(200).header("A"), Response(200, (("A", ""),)).header("A")) == (None, "")


def test_json_is_parsed_once() -> None:
    """Every reader of a body sees the same parsed value."""
    response = Response(200, body=b'{"data": []}')
    assert response.json is response.json


@pytest.mark.parametrize("body", [b"", b"<html>", b"[NaN]", b"[-Infinity]", b'{"a":', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_not_read_as_json(body: bytes) -> None:
    """Empty bodies, HTML, NaN, half a text, other octets and absurd nesting are no JSON."""
    assert not Response(200, body=body).is_json


def test_json_null_is_json() -> None:
    """The text null is JSON, and its value None."""
    response = Response(200, body=b"null")
    assert (response.is_json, response.json) == (True, None)


def test_not_json_shows_how_the_body_begins() -> None:
    """The error quotes the beginning of the body, which usually says what it is instead."""
    with pytest.raises(NotJSON, match="<html>"):
        _ = Response(200, body=b"<html>").json


def test_a_request_body_that_is_no_json_reads_as_none() -> None:
    """Checks send broken JSON on purpose, so reading it back is no error."""
    assert Request("POST", "http://t/v1/a", "/a", body=b"{").json is None


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("application/json", "é".encode(), "é"),
        ("text/html; charset=iso-8859-1", b"\xe9", "é"),
        ("text/html; charset=nonsense", "é".encode(), "é"),
        ("application/json", b"\xff", "�"),
    ],
)
def test_text_follows_the_declared_charset(content_type: str, body: bytes, text: str) -> None:
    """Text is decoded as declared, as UTF-8 otherwise, and never fails."""
    assert Response(200, (("Content-Type", content_type),), body).text == text


def test_date_is_the_target_clock() -> None:
    """The Date field is read as an aware moment."""
    response = Response(200, (("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),))
    assert response.date == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", "yesterday", "Sun, 99 Nov 1994 08:49:37 GMT"])
def test_a_malformed_date_is_none(value: str) -> None:
    """What is no HTTP-date tells no time."""
    assert Response(200, (("Date", value),)).date is None
