"""Which texts only refused creates carried."""

from __future__ import annotations

import json

from conformance.wire.exchange import Attempt, Exchange, Request, Response
from scenarios._refused import is_beyond_limits, only_refused


def _create(number: int, *statuses: int, length: int = 0) -> Exchange:
    text = f"Written by conformance run r, number {number}; safe to archive." + "x" * length
    request = Request("POST", "http://t.test/observations", "/observations", body=json.dumps({"impact": text}).encode())
    attempts = tuple(Attempt(0.0, 0.1, status) for status in statuses)
    return Exchange(1, request, Response(statuses[-1]), attempts)


def test_a_text_of_a_refused_create_is_told() -> None:
    """Its number leads to the exchange."""
    refused = _create(7, 400)
    assert only_refused([refused, _create(8, 201)], "r") == {"7": refused}


def test_a_text_that_was_accepted_too_is_not_told() -> None:
    """What another write stored proves nothing."""
    assert only_refused([_create(7, 400), _create(7, 201)], "r") == {}


def test_a_create_that_was_lost_before_it_was_refused_is_not_told() -> None:
    """Nobody knows what its first attempt did."""
    assert only_refused([_create(7, 503, 409)], "r") == {}


def test_a_text_of_another_run_is_not_told() -> None:
    """Its creates are not ours to judge."""
    assert only_refused([_create(7, 400)], "another") == {}


def test_a_long_impact_is_beyond_limits() -> None:
    """So that LIM judges it."""
    assert is_beyond_limits(_create(7, 400, length=2000))
