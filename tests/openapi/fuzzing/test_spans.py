"""Spans are asked for the wrong way round, in a query and in a body, wherever their ends are named."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.questions import Twin
from conformance.openapi.fuzzing.spans import in_body, in_query
from tests.openapi.fuzzing.conftest import RESPONSES, answer, query

WAYS = ("gt", "gte", "lt", "lte")
CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
RANK = {"type": "integer", "minimum": 4, "maximum": 9}


def test_ranges_end_before_they_begin() -> None:
    """Where they begin, or later, of the kind that is compared."""
    parameters = [query(f"filter[{name}][{way}]", {"type": "string"}) for name in ("due_date", "rank") for way in WAYS]
    document = {"openapi": "3.0.3", "paths": {"/all": {"get": {"parameters": parameters, "responses": RESPONSES}}}}
    twin = Twin(Published(document, answer()).operations[0], "/all", exchange=answer())
    pairs = [*in_query(twin, document)]
    told = {tuple(each.value[0] for each in one) for one in pairs}
    assert told == {("2024-03-01", "2024-02-01"), ("2024-02-01", "2024-02-01"), ("2024-02-01", "2024-03-01")} | {
        ("3", "2"),
        ("2", "2"),
        ("2", "3"),
    }
    assert {tuple(each.slot.name[-5:].strip("[]") for each in one) for one in pairs} == {("gte", "lte"), ("gt", "lt")}


@pytest.mark.parametrize(
    ("fields", "spans"),
    [
        ({"start_date": {"format": "date", "type": "string"}, "end_date": {}}, [["2024-03-01", "2024-02-01"]]),
        ({"startsAt": {"format": "date-time", "type": "string"}, "endsAt": {}}, [["2024-03-01T00:00:00Z"] * 1]),
        ({"min_rank": RANK, "max_rank": RANK}, [[5, 4], [4, 4], [4, 5]]),
        ({"from": CLOCK, "until": CLOCK}, [["22:00", "07:00"], ["07:00", "07:00"], ["07:00", "22:00"]]),
        ({"start": {"enum": ["a", "b"]}, "end": {}}, [["b", "a"], ["a", "a"], ["a", "b"]]),
        ({"start": {"type": "string", "pattern": "^x"}, "end": {}}, []),
        ({"start": {"enum": ["a"]}, "end": {}}, []),
        ({"start": RANK, "last": RANK}, []),
        ({"start": {"type": "integer", "minimum": 1, "maximum": 1}, "end": {}}, []),
    ],
)
def test_a_span_of_a_body_ends_before_it_begins(fields: dict[str, Any], spans: list[list[Any]]) -> None:
    """Of days, moments, times of day, numbers and words; none where no order is known, or one end is missing."""
    found = [[one.value for one in span] for span in in_body(fields, {})]
    assert [one[: len(wanted)] for one, wanted in zip(found, spans, strict=False)] == spans
    assert bool(found) == bool(spans)


@pytest.mark.parametrize("is_listed", [False, True])
def test_a_span_may_lie_in_a_field(*, is_listed: bool) -> None:
    """With all else that is in it, and in a list, too."""
    inner = {"type": "object", "properties": {"from": CLOCK, "to": CLOCK, "zone": {"type": "string"}}}
    fields = {"quiet": {"type": "array", "items": inner} if is_listed else inner}
    first = {"from": "22:00", "to": "07:00", "zone": "Conformance"}
    ((found, *_), *_) = in_body(fields, {})
    assert (found.slot.name, found.value) == ("quiet", [first] if is_listed else first)
