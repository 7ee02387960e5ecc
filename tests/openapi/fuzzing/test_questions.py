"""A question differs from its twin in what it says, reaches nobody, and is remembered where it failed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.bounds import Allowance, Bounds
from conformance.openapi.fuzzing.errands import BROKEN
from conformance.openapi.fuzzing.findings import Finding
from conformance.openapi.fuzzing.memory import Memory
from conformance.openapi.fuzzing.questions import Difference, Draft, Slot, items_of
from conformance.target.failures import Failures
from conformance.wire.outgoing import ABSENT
from tests.openapi.fuzzing.conftest import RESPONSES, answer, twin_of

if TYPE_CHECKING:
    from pathlib import Path


def changed(spec: Published, label: str, where: str, name: str, value: Any) -> Draft:  # noqa: ANN401  # any JSON value
    """Change one thing of a plain request."""
    return twin_of(spec, label).changed([Difference(Slot(where, name), value)])


def test_a_query_parameter_is_set_beside_the_others(spec: Published) -> None:
    """Several values are several pairs."""
    assert changed(spec, "GET /things", "query", "a", ("1", "2")).pairs == [("q", "x"), ("a", "1"), ("a", "2")]


def test_a_query_parameter_is_left_out(spec: Published) -> None:
    """Also one that is needed."""
    assert changed(spec, "GET /things", "query", "q", ABSENT).pairs == []


def test_a_field_is_set_or_left_out(spec: Published) -> None:
    """The others stay."""
    drafts = [changed(spec, "POST /things", "body", "title", value).body for value in (7, ABSENT)]
    assert drafts == [{"title": 7, "employee_id": "emp_1"}, {"employee_id": "emp_1"}]


def test_a_value_in_a_path_stays_one_segment(spec: Published) -> None:
    """It is encoded."""
    assert changed(spec, "GET /things/{id}", "path", "id", "a b?").path == "/things/a%20b%3F"


@pytest.mark.parametrize(
    ("where", "name", "value", "rough"),
    [
        ("end", "", "%00", True),
        ("end", "", "%2fx", True),
        ("end", "", "%", True),
        ("end", "", "%20", False),
        ("path", "id", "a\0b", True),
        ("path", "id", "100%", False),
        ("end", "", "%C3%A9", False),
        ("end", "", "%FF", True),
        ("line", "", "limit=%zz", True),
        ("line", "", "q=%C0%AF", True),
        ("query", "q", ("\ud800",), True),
        ("query", "q", ("\u00e9%\U0001f600",), False),
        ("line", "", "limit=%00", False),
        ("header", "Accept", "application/xml", True),
        ("header", "Accept", "application/json;q=0.1", False),
        ("header", "Accept", "*/*", False),
        ("header", "Range", "bytes=0-1", True),
        ("header", "X-Colour", "red", False),
    ],
)
def test_what_may_be_answered_before_the_api_is_rough(
    spec: Published, where: str, name: str, value: str | tuple[str, ...], *, rough: bool
) -> None:
    """A percent sign that is written as such is none that strays."""
    assert changed(spec, "GET /things/{id}", where, name, value).is_rough is rough


@pytest.mark.parametrize(
    ("value", "harmless"),
    [
        ("plain text", True),
        ("https://conformance.invalid/x", True),
        ("https://hooks.example.com:8443/x", True),
        ("someone@example.com", True),
        ("http://internal/", False),
        ("HTTPS://user@evil.test.com/", False),
        ({"deep": ["see http://10.0.0.1/"]}, False),
        ("someone@company.com", False),
    ],
)
def test_nothing_is_sent_that_would_reach_somebody(spec: Published, value: object, *, harmless: bool) -> None:
    """Addresses are nobody's (RFC 2606), wherever in a body they stand."""
    assert changed(spec, "POST /things", "body", "note", value).is_harmless is harmless


def finding(spec: Published, value: object) -> Finding:
    """Make a finding on a title."""
    operation = twin_of(spec, "POST /things").operation
    difference = Difference(Slot("body", "title"), value)
    return Finding(BROKEN, operation, "body title type", "", answer(), None, [difference])


@pytest.mark.parametrize("value", [7, ABSENT, None, ["é"]])
def test_what_failed_is_asked_again_in_the_next_run(spec: Published, tmp_path: Path, value: object) -> None:
    """Any value comes back as it was."""
    Memory(Failures(tmp_path / "failures.json"), "https://a.test").keep([finding(spec, value)])
    (question,) = Memory(Failures(tmp_path / "failures.json"), "https://a.test").questions(spec.operations)
    assert (question.operation.label, question.differences) == (
        "POST /things",
        (Difference(Slot("body", "title"), value),),
    )


def test_only_a_delete_that_failed_may_be_done_again(spec: Published, tmp_path: Path) -> None:
    """Any other plain request is asked anyway."""
    failures = Failures(tmp_path / "failures.json")
    document = {**spec.document, "paths": {"/things/{id}": {"delete": {"responses": RESPONSES}}}}
    (delete,) = Published(document, answer()).operations
    plain = [replace(finding(spec, 7), operation=one, differences=()) for one in (delete, *spec.operations)]
    Memory(failures, "https://a.test").keep(plain)
    assert Memory(failures, "https://a.test").deletes([delete, *spec.operations]) == {"DELETE /things/{id}"}
    assert Memory(failures, "https://b.test").deletes([delete]) == set()


def test_targets_that_share_a_folder_keep_apart(spec: Published, tmp_path: Path) -> None:
    """One that fails no more takes nothing of another's away."""
    file = tmp_path / "failures.json"
    Memory(Failures(file), "https://a.test").keep([finding(spec, 7)])
    Memory(Failures(file), "https://b.test").keep([finding(spec, 8)])
    Memory(Failures(file), "https://b.test").keep([])
    kept = [
        len([*Memory(Failures(file), url).questions(spec.operations)]) for url in ("https://a.test", "https://b.test")
    ]
    assert (kept, [one.name for one in tmp_path.iterdir()]) == ([1, 0], ["failures.json"])


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"https://a.test": 7}', '{"https://a.test": [7, {"operation": "POST /things"}]}', "\udcff"],
)
def test_a_file_that_cannot_be_read_is_as_good_as_none(spec: Published, tmp_path: Path, text: str) -> None:
    """Whoever wrote it."""
    (tmp_path / "failures.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert [*Memory(Failures(tmp_path / "failures.json"), "https://a.test").questions(spec.operations)] == []


def test_at_most_a_quarter_of_a_budget_is_for_fuzzing() -> None:
    """And never more than the bounds."""
    bounds = Bounds(requests=200, seconds=60, rounds=1)
    assert [Allowance(bounds, budget).requests for budget in (None, 400, 4000)] == [200, 100, 200]


def test_what_is_kept_is_not_taken() -> None:
    """Until it is given free."""
    allowance = Allowance(Bounds(requests=3, seconds=60, rounds=1))
    allowance.keep(2)
    before = [allowance.take(), allowance.take()]
    allowance.keep(0)
    assert (before, allowance.take()) == ([True, False], True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"data": [{"key": "a", "id": "1"}]}', ["a"]),
        (b'{"data": [{"key": "a"}, {"key": 7, "id": "2"}, {"key": 7}]}', ["a", "2"]),
    ],
)
def test_an_item_is_found_by_what_its_path_is_named_after(body: bytes, expected: list[str]) -> None:
    """And otherwise by its id."""
    assert [one["id"] for one in items_of(answer(body=body), "key")] == expected


@pytest.mark.parametrize("body", [b"", b"[]", b'{"data": 7}', b'{"data": [7, {"id": 7}, {}]}', b"no json"])
def test_what_is_no_list_of_items_holds_none(body: bytes) -> None:
    """Whatever a target answers."""
    assert items_of(answer(body=body)) == []
