"""A write is called invalid only by what the documents surely forbid."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from conformance.judging.verdicts import Violation
from conformance.wire.exchange import Attempt, Exchange, Request, Response
from scenarios import test_errors
from scenarios._invalid import invalid_fields

DATE = (("Date", "Sun, 22 Nov 2026 12:00:00 GMT"),)


VALID = {"employee_id": "emp_1", "type": "strength", "observation": "Said."}


def create(path: str = "/observations", **fields: Any) -> Exchange:  # noqa: ANN401 - any JSON value
    """Give a refused create of a valid body but for these fields; one that is `...` is left out."""
    headers = (("Content-Type", "application/json"),)
    body = {name: value for name, value in (VALID | fields).items() if value is not ...}
    path, _, line = path.partition("?")
    query = tuple(parse_qsl(line))
    asked = Request("POST", f"http://target.test/v1{path}", path, headers=headers, body=json.dumps(body).encode())
    request = replace(asked, query=query)
    return Exchange(1, request, Response(400, DATE), (Attempt(0.0, 0.0, 400),))


@pytest.mark.parametrize(
    ("refused", "fields"),
    [
        (create(observation_date="2026-11-30"), ["observation_date"]),
        (create(observation_date="2026-11-23"), []),
        (create(observation_date="2026-13-01"), ["observation_date"]),
        (create(type="neither", impact=7), ["impact", "type"]),
        (create(type="strength", impact=None, attribute_ids=[]), []),
        (create(attribute_ids="none"), ["attribute_ids"]),
        (create("/webhooks", type="neither"), []),
        (create(type="neither", employee_id=...), []),
        (create(type="neither", employee_id=7), []),
        (create(type="neither", observation=""), []),
        (create(type="neither", impact="\0"), []),
        (create(type="neither", unknown=1), []),
        (create("/observations?expand=nobody", type="neither"), []),
    ],
)
def test_fields_are_invalid_that_the_documents_forbid(refused: Exchange, fields: list[str]) -> None:
    """A future date by the target's own clock, another type, no text and no list; and nothing where more is odd."""
    assert list(invalid_fields(refused)) == fields


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("impact", {"impact": "x" * 2001}),
        ("impact", {"impact": 1.5}),
        ("employee_id", {"employee_id": "nobody"}),
        ("attribute_ids", {"attribute_ids": ["attr_1", "attr_1"]}),
        ("observation_date", {"observation_date": "2024-01-01T00:00:00Z"}),
    ],
)
def test_a_server_may_tell_of_another_field_that_may_be_wrong(told: str, sent: dict[str, Any]) -> None:
    """Of two reasons to refuse a create it may tell one."""
    assert test_errors.test_validation_errors_about_a_field_have_details(naming(told, create(type="neither", **sent)))


@pytest.mark.parametrize("told", ["observation", "impact", "body"])
def test_a_server_may_not_tell_of_a_field_that_is_surely_right(told: str) -> None:
    """Then nobody learns what was wrong."""
    with pytest.raises(Violation):
        test_errors.test_validation_errors_about_a_field_have_details(
            naming(told, create(type="neither", impact="Fine."))
        )


def naming(field: str, refused: Exchange) -> Exchange:
    """Let a refusal name a field in its details."""
    details = [{"field": field, "code": "invalid", "message": "It is not accepted."}]
    error = {"error": {"code": "validation_error", "message": "It is not valid.", "details": details}}
    return replace(refused, response=Response(400, DATE, json.dumps(error).encode()))
