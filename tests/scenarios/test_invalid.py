"""A write is called invalid only by what the documents surely forbid."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.wire.exchange import Attempt, Exchange, Request, Response
from scenarios._invalid import invalid_fields

DATE = (("Date", "Sun, 22 Nov 2026 12:00:00 GMT"),)


def create(path: str = "/observations", **body: Any) -> Exchange:  # noqa: ANN401 - any JSON value
    """Give a refused create of this body."""
    headers = (("Content-Type", "application/json"),)
    request = Request("POST", f"http://target.test/v1{path}", path, headers=headers, body=json.dumps(body).encode())
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
    ],
)
def test_fields_are_invalid_that_the_documents_forbid(refused: Exchange, fields: list[str]) -> None:
    """A future date by the target's own clock, another type, no text and no list."""
    assert list(invalid_fields(refused)) == fields
