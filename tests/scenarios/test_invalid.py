"""A write is called invalid only by what the documents surely forbid."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from conformance.wire.exchange import Attempt, Exchange, Request, Response
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
