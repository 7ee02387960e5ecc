"""The page sets documents, spec and run side by side, and says what was never seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reporting.html import to_html
from conformance.reporting.html.spec import NAMED, OPERATIONS, SUBJECTS, spec_of
from conformance.reporting.json_report import to_json

if TYPE_CHECKING:
    from conformance.judging.results import Results

Row = dict[str, Any]


def row(*differ: str, **texts: str) -> Row:
    """Write a row of the triangle."""
    told = {"kind": "bound", "subject": "limit", "documents": "50", "spec": "20", "observed": "not seen"}
    return {**told, **texts, "differ": list(differ)}


def operation(label: str, **told: object) -> Row:
    """Write what was seen of an operation."""
    seen = {
        "documented": True,
        "answers": 2,
        "served": 2,
        "statuses": {"200": 2, "404": 0},
        "undeclared": {},
        "inputs": {},
    }
    return {"operation": label, **seen, **told}


def coverage(*operations: Row) -> Row:
    """Write what a run saw of a spec."""
    summary = {"operations": {"of": 4, "seen": 3}, "statuses": {"of": 60, "seen": 0}}
    return {"summary": summary, "never_seen": {}, "operations": list(operations)}


def test_a_report_without_insight_has_no_section() -> None:
    """As those of older versions are."""
    told = spec_of({})
    assert (told.compared, told.parts, told.unread) == (0, (), "")


def test_what_differs_comes_first_and_apart() -> None:
    """Rows that agree are kept behind."""
    told = spec_of({"triangle": [row(), row("documents/spec")]})
    assert (len(told.differing), len(told.agreeing), told.compared) == (1, 1, 2)


def test_things_that_differ_in_the_same_way_share_a_row() -> None:
    """The first of them are named, all are counted."""
    rows = [row("documents/spec", subject=f"GET /{number}") for number in range(SUBJECTS + 2)]
    told = spec_of({"triangle": [*rows, row("documents/spec", spec="30")]})
    assert (told.differ, len(told.differing)) == (SUBJECTS + 3, 2)
    assert told.differing[0]["subject"].endswith(f"GET /{SUBJECTS - 1} and 2 more")


def test_who_stands_out_is_marked() -> None:
    """The one that differs from both others, or both where there are but two."""
    rows = [row("documents/spec", "spec/observed"), row("documents/observed")]
    assert [one["odd"] for one in spec_of({"triangle": rows}).differing] == [{"spec"}, {"documents", "observed"}]


def test_an_operation_tells_what_was_seen_of_it_and_what_never() -> None:
    """Inputs that were never sent are named up to a number; the rest is counted."""
    inputs = {f"p{number}": {"sent": 0} for number in range(NAMED + 3)} | {"limit": {"sent": 4}}
    (told,) = spec_of({"coverage": coverage(operation("GET /a", inputs=inputs))}).operations
    assert (told.seen, told.unseen, told.sent, told.unsent[:1], told.more) == ((("200", 2),), ("404",), 1, ("p0",), 3)


def test_documented_operations_come_first() -> None:
    """Up to a number; how many are left out is told."""
    others = [operation(f"GET /{number}", documented=False) for number in range(OPERATIONS)]
    told = spec_of({"coverage": coverage(*others, operation("GET /a"))})
    assert (told.operations[0].label, len(told.operations), told.left_out) == ("GET /a", OPERATIONS, 1)


def test_a_spec_that_could_not_be_read_says_why(clean: Results) -> None:
    """With the text of the target escaped."""
    html = to_html(to_json(replace(clean, unread="GET /openapi.json got <b>404</b>")))
    assert "could not be compared in full:</b> GET /openapi.json got &lt;b&gt;404" in html


def test_the_page_has_the_section_and_a_way_to_it(clean: Results) -> None:
    """Texts of the target are escaped."""
    rows, seen = [row("documents/spec", subject="<b>limit</b>")], coverage(operation("GET /<a>"))
    html = to_html(to_json(replace(clean, triangle=rows, coverage=seen)))
    told = ('<h2 id="spec">' in html, 'href="#spec"' in html, "&lt;b&gt;limit" in html, "GET /&lt;a&gt;" in html)
    assert (told, "<b>limit" in html) == ((True, True, True, True), False)


def test_a_page_without_insight_has_no_way_to_it(clean: Results) -> None:
    """Nor a heading."""
    assert 'href="#spec"' not in to_html(to_json(clean))
