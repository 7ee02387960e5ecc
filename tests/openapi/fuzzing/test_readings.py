"""Requests are read as they are sent, and nothing is expected of what may be read or refused either way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.assessing import Expected, assess
from conformance.openapi.fuzzing.oracle import Oracle
from conformance.openapi.fuzzing.questions import WHOLE, Difference, Question, Slot
from conformance.wire.outgoing import ABSENT
from tests.openapi.fuzzing.conftest import DOCUMENT, RESPONSES, answer, twin_of

if TYPE_CHECKING:
    from conformance.openapi.fuzzing.assessing import Candidate

LIST, CREATE, READ, UPDATE = "GET /things", "POST /things", "GET /things/{id}", "PATCH /things/{id}"
OBSERVATION = "PATCH /observations/{id}"
DEEP: list[Any] = []
for _ in range(450):
    DEEP = [DEEP]


def expected(spec: Published, label: str, slot: tuple[str, str], value: Any) -> Candidate:  # noqa: ANN401  # any JSON value
    """Assess one difference from the plain request of an operation."""
    twin = twin_of(spec, label)
    value = (value,) if slot[0] == "query" and isinstance(value, str) else value
    return assess(Question(twin.operation, "coverage", (Difference(Slot(*slot), value),)), twin, Oracle(spec))


@pytest.mark.parametrize(
    ("label", "slot", "value", "keyword"),
    [
        (LIST, ("query", "limit"), "0", "minimum"),
        (LIST, ("query", "limit"), "abc", "type"),
        (LIST, ("query", "sort"), "b", "enum"),
        (LIST, ("query", "sort"), "a,b", "enum"),
        (LIST, ("query", "filter[kind]"), "three", "enum"),
        (LIST, ("query", "filter[day]"), "2026-02-30", "format"),
        (LIST, ("query", "filter[at]"), "soon", "format"),
        (LIST, ("query", "filter[tag]"), ("ab", "c"), "minLength"),
        (LIST, ("query", "q"), "x" * 51, "maxLength"),
        (LIST, ("query", "q"), ABSENT, "required"),
        (READ, ("path", "id"), "obs_1", "pattern"),
        (CREATE, ("body", "title"), "x" * 11, "maxLength"),
        (CREATE, ("body", "title"), "", "minLength"),
        (CREATE, ("body", "title"), None, "type"),
        (CREATE, ("body", "title"), ABSENT, "required"),
        (CREATE, ("body", "rank"), 6, "maximum"),
        (CREATE, ("body", "rank"), "high", "type"),
        (CREATE, ("body", "rank"), 2.5, "type"),
        (CREATE, ("body", "contact"), f"{'a' * 80}@example.com", "maxLength"),
        (CREATE, ("body", "kind"), "three", "enum"),
        (CREATE, ("body", "day"), "tomorrow", "format"),
        (CREATE, ("body", "contact"), "nobody", "format"),
        (CREATE, ("body", "tags"), ["a", "b", "c"], "maxItems"),
        (CREATE, ("body", "tags"), {}, "type"),
        (CREATE, ("body", WHOLE), 7, "type"),
        (OBSERVATION, ("body", "impact"), "x" * 10, "maxLength"),
        (CREATE, ("header", "Idempotency-Key"), "x" * 41, "maxLength"),
    ],
)
def test_what_surely_breaks_the_spec_is_to_be_refused(
    spec: Published, label: str, slot: tuple[str, str], value: object, keyword: str
) -> None:
    """One keyword is to blame."""
    candidate = expected(spec, label, slot, value)
    assert (candidate.expected, [one.keyword for one in candidate.blamed]) == (Expected.REFUSAL, [keyword])


@pytest.mark.parametrize(
    ("label", "slot", "value"),
    [
        (LIST, ("query", "limit"), "101"),
        (CREATE, ("body", "tags"), ["a"] * 3),
        (LIST, ("query", "limit"), ""),
        (LIST, ("query", "limit"), "1.5"),
        (LIST, ("query", "limit"), "0.5"),
        (LIST, ("query", "limit"), " 5 "),
        (LIST, ("query", "limit"), "0x10"),
        (LIST, ("query", "q"), "\ud800"),
        (LIST, ("query", "limit"), ("0", "abc")),
        (LIST, ("query", "unknown"), "x"),
        (LIST, ("query", "expand"), "mother"),
        (LIST, ("query", "old"), "abc"),
        (LIST, ("query", "filter[kind]"), "ONE"),
        (LIST, ("query", "filter[on]"), "yes"),
        (LIST, ("query", "filter[on]"), "null"),
        (LIST, ("query", "filter[day]"), "2026-1-5"),
        (LIST, ("query", "filter[day]"), "20260105"),
        (LIST, ("query", "filter[day]"), "0000-01-01"),
        (LIST, ("query", "filter[due_date][in]"), "2024-01-01T00:00:00Z"),
        (LIST, ("query", "filter[due_date][in]"), "2024-1-1"),
        (LIST, ("query", "filter[tag]"), ("ab", "\U0001f600")),
        (LIST, ("query", "filter[day]"), "+12024-01-01"),
        (LIST, ("query", "filter[day]"), "2026-01-05T10:00:00Z"),
        (LIST, ("query", "filter[at]"), "2026-01-05"),
        (LIST, ("query", "filter[at]"), "1760000000"),
        (LIST, ("query", "filter[tag]"), ""),
        (LIST, ("header", "X-Colour"), "blue"),
        (CREATE, ("header", "Idempotency-Key"), ""),
        (CREATE, ("body", "unknown"), 1),
        (CREATE, ("body", "id"), "too long for it"),
        (CREATE, ("body", "old"), "too long for it"),
        (CREATE, ("body", "kind"), " Two "),
        (CREATE, ("body", "kind"), None),
        (CREATE, ("body", "rank"), "3"),
        (CREATE, ("body", "rank"), DEEP),
        (CREATE, ("body", "on"), 1),
        (CREATE, ("body", "on"), "true"),
        (CREATE, ("body", "tags"), ["a", "a"]),
        (CREATE, ("body", "title"), "x" * 10 + "  "),
        (CREATE, ("body", "title"), "e\u0301" * 10),
        (CREATE, ("body", "contact"), "a b@c"),
        (CREATE, ("body", "link"), "nowhere"),
        (CREATE, ("body", WHOLE), None),
        (UPDATE, ("body", "title"), None),
        (OBSERVATION, ("body", "type"), "neither"),
    ],
)
def test_what_may_be_read_generously_or_ignored_is_left_out(
    spec: Published, label: str, slot: tuple[str, str], value: object
) -> None:
    """Whether it is served or refused, nothing follows, and the reason is told."""
    candidate = expected(spec, label, slot, value)
    assert (candidate.expected, bool(candidate.reason)) == (Expected.ANYTHING, True)


@pytest.mark.parametrize(
    ("label", "slot", "value"),
    [
        (LIST, ("query", "limit"), "100"),
        (LIST, ("query", "sort"), "-a"),
        (LIST, ("query", "expand"), "owner"),
        (LIST, ("query", "filter[kind]"), "two"),
        (LIST, ("query", "filter[day]"), "2024-02-29"),
        (LIST, ("query", "filter[at]"), "2026-01-05T10:00:00.5+02:00"),
        (LIST, ("query", "filter[due_date][in]"), "2024-02-29"),
        (LIST, ("query", "filter[rank]"), "7"),
        (LIST, ("query", "filter[on]"), "true"),
        (CREATE, ("body", "title"), "x" * 10),
        (CREATE, ("body", "mark"), None),
        (CREATE, ("body", "mark"), "Größe 日本"),
        (CREATE, ("body", "rank"), 5),
        (CREATE, ("body", "on"), False),
        (CREATE, ("body", "kind"), "two"),
        (CREATE, ("body", "tags"), ["a", "b"]),
        (CREATE, ("body", "contact"), "jo@example.com"),
    ],
)
def test_what_the_spec_surely_allows_is_to_be_served(
    spec: Published, label: str, slot: tuple[str, str], value: object
) -> None:
    """Both ends of a bound, each value of an enum."""
    assert expected(spec, label, slot, value).expected is Expected.SERVICE


@pytest.mark.parametrize(
    ("label", "slot", "value"),
    [
        (LIST, ("query", "cursor"), "made-up"),
        (LIST, ("query", "sort"), "a,-a"),
        (LIST, ("query", "q"), "anything"),
        (LIST, ("query", "old"), "1"),
        (LIST, ("query", "filter[owner_id]"), "emp_1"),
        (LIST, ("query", "filter[rank]"), "99999999999"),
        (LIST, ("query", "filter[day]"), "0001-01-01"),
        (LIST, ("query", "filter[due_date][in]"), "2026-01-05,0000-00-00"),
        (LIST, ("query", "filter[at]"), "2026-01-05T10:00:60Z"),
        (LIST, ("query", "filter[at]"), "2026-01-05t10:00:00z"),
        (READ, ("path", "id"), "thg_2"),
        (CREATE, ("body", "employee_id"), "emp_2"),
        (CREATE, ("body", "note"), "a schema without a length"),
        (CREATE, ("body", "title"), " x "),
        (CREATE, ("body", "title"), "<b>"),
        (CREATE, ("body", "title"), "a\0b"),
        (CREATE, ("body", "day"), "2000-01-01"),
        (CREATE, ("body", "link"), "https://example.com/"),
        (CREATE, ("body", "contact"), "odd!address@example.com"),
        (CREATE, ("body", "id"), "x"),
        (CREATE, ("body", "old"), "x"),
        (OBSERVATION, ("body", "type"), "strength"),
    ],
)
def test_what_may_be_refused_for_reasons_that_no_schema_tells_is_left_out(
    spec: Published, label: str, slot: tuple[str, str], value: object
) -> None:
    """What must exist, what must not lie ahead, what is only odd."""
    candidate = expected(spec, label, slot, value)
    assert (candidate.expected, bool(candidate.reason)) == (Expected.ANYTHING, True)


@pytest.mark.parametrize("note", ["readOnly", "deprecated"])
@pytest.mark.parametrize("turn", [1, -1])
def test_what_a_part_of_a_schema_notes_holds_for_the_whole(note: str, turn: int) -> None:
    """Whichever part it is."""
    parts = [{"properties": {"level": {note: True}}}, {"properties": {"level": {"type": "integer", "maximum": 9}}}]
    body = {"content": {"application/json": {"schema": {"allOf": parts[::turn]}}}}
    paths = {"/things/{id}": {"patch": {"requestBody": body, "responses": RESPONSES}}}
    assert expected(Published({**DOCUMENT, "paths": paths}, answer()), UPDATE, ("body", "level"), "abc").blamed == ()
