"""The page sets documents, spec and run side by side, and says what was never seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reporting.html import to_html
from conformance.reporting.html.spec import NAMED, spec_of
from conformance.reporting.json_report import to_json

if TYPE_CHECKING:
    from conformance.judging.results import Results

Row = dict[str, Any]


def row(*differ: str, **texts: str) -> Row:
    """Write a row of the triangle."""
    told = {"kind": "bound", "subject": "limit", "documents": "50", "spec": "20", "observed": "not seen"}
    return {**told, **texts, "differ": list(differ)}


def coverage(**never_seen: list[str]) -> Row:
    """Write what a run saw of operations and statuses."""
    return {
        "summary": {"operations": {"of": 4, "seen": 3}, "statuses": {"of": 60, "seen": 0}},
        "never_seen": never_seen,
        "operations": [],
    }


def test_a_report_without_insight_has_no_section() -> None:
    """As those of older versions are."""
    told = spec_of({})
    assert (told.compared, told.parts) == (0, ())


def test_what_differs_comes_first_and_apart() -> None:
    """Rows that agree are kept behind."""
    told = spec_of({"triangle": [row(), row("documents/spec")]})
    assert (len(told.differing), len(told.agreeing), told.compared) == (1, 1, 2)


def test_who_stands_out_is_marked() -> None:
    """The one that differs from both others, or both where there are but two."""
    rows = [row("documents/spec", "spec/observed"), row("documents/observed")]
    assert [one["odd"] for one in spec_of({"triangle": rows}).differing] == [{"spec"}, {"documents", "observed"}]


def test_what_was_never_seen_is_named_up_to_a_number() -> None:
    """The rest is counted."""
    told = spec_of({"coverage": coverage(operations=["GET /a"], statuses=[f"GET /a {n}" for n in range(60)])})
    assert [(part.unseen[:1], len(part.unseen), part.more) for part in told.parts] == [
        (("GET /a",), 1, 0),
        (("GET /a 0",), NAMED, 60 - NAMED),
    ]


def test_the_page_has_the_section_and_a_way_to_it(clean: Results) -> None:
    """Texts of the target are escaped."""
    rows, seen = [row("documents/spec", subject="<b>limit</b>")], coverage(operations=["GET /<a>"])
    html = to_html(to_json(replace(clean, triangle=rows, coverage=seen)))
    told = ('<h2 id="spec">' in html, 'href="#spec"' in html, "&lt;b&gt;limit" in html, "GET /&lt;a&gt;" in html)
    assert (told, "<b>limit" in html) == ((True, True, True, True), False)


def test_a_page_without_insight_has_no_way_to_it(clean: Results) -> None:
    """Nor a heading."""
    assert 'href="#spec"' not in to_html(to_json(clean))
