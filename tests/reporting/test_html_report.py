"""conformance.html: complete, escaped, self-contained and bounded."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from conformance.contract.rules import RULES
from conformance.judging.verdicts import Verdict
from conformance.reporting.html import to_html
from conformance.reporting.html.evidence import evidence_of
from conformance.reporting.html.findings import Finding, rerun
from conformance.reporting.html.view import view
from conformance.reporting.json_report import to_json

if TYPE_CHECKING:
    from conformance.judging.results import Results
    from tests.reporting.conftest import Run

VOID = {"meta", "input", "br", "img", "use", "path", "circle"}


class Page(HTMLParser):
    """The elements of a page, its ids and its text, with whatever is not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self.stack: list[str] = []
        self.disorder: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and what it refers to."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action"}]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        """Note an end tag that matches no open element."""
        if not self.stack or self.stack.pop() != tag:
            self.disorder.append(tag)


@pytest.fixture
def page(mixed: Results) -> Page:
    """Give the page of the run with everything in it."""
    return Page(to_html(to_json(mixed)))


def test_every_rule_has_an_anchor(page: Page) -> None:
    """A link to #PAG-11 works for every rule, also for those not run."""
    assert [rule.id for rule in RULES if rule.id not in page.ids] == []


def test_no_anchor_is_taken_twice(page: Page) -> None:
    """Ids are unique, so that links lead where they say."""
    assert sorted(page.ids) == sorted(set(page.ids))


def test_every_link_leads_into_the_page_itself(page: Page) -> None:
    """Nothing is loaded or linked from elsewhere."""
    assert [link for link in page.links if link[:1] != "#" or link[1:] not in page.ids] == []


def test_elements_are_closed_in_order(page: Page) -> None:
    """The page is well nested to its end."""
    assert (page.disorder, page.stack) == ([], [])


def test_what_a_target_sends_adds_no_element(page: Page) -> None:
    """Evil strings in every field leave the one script and make no image."""
    assert (page.tags.count("script"), page.tags.count("img")) == (1, 0)


def test_what_a_target_sends_adds_no_attribute(page: Page) -> None:
    """Quotes can't break out: no event handler and no inline style is anywhere."""
    assert [name for name in page.attributes if name.startswith("on") or name == "style"] == []


def test_the_page_allows_only_its_own_style_and_script(mixed: Results) -> None:
    """The policy names them by hash and nothing else."""
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', to_html(to_json(mixed)))
    assert policy
    assert re.sub(r"sha256-[\w+/=]{44}", "HASH", policy[1].replace("&#39;", "'")) == (
        "default-src 'none'; style-src 'HASH'; script-src 'HASH'; base-uri 'none'; form-action 'none'"
    )


def test_control_characters_are_shown_not_sent(mixed: Results) -> None:
    """NUL and direction overrides never reach the page as themselves."""
    assert re.findall("[\x00\u202e\ud800]", to_html(to_json(mixed))) == []


def test_broken_rules_come_before_warnings(mixed: Results) -> None:
    """MUST breaches first, then errors of the suite, then SHOULD breaches."""
    sections = view(to_json(mixed)).findings
    assert [(section.verdict, [found.rule["id"] for found in section.findings]) for section in sections] == [
        ("fail", ["PAG-09", "OBC-16"]),
        ("error", ["ARC-08"]),
        ("warn", ["PAG-08"]),
    ]


def test_what_is_broken_comes_before_what_could_not_be_judged(mixed: Results) -> None:
    """A reader of a broken target's report meets the breaches first."""
    ids = Page(to_html(to_json(mixed))).ids
    assert ids.index("fail") < ids.index("unjudged") < ids.index("rules")


def test_the_same_breach_of_two_subjects_is_told_once(mixed: Results) -> None:
    """One case names both subjects."""
    finding = view(to_json(mixed)).findings[0].findings[0]
    assert [case.subjects for case in finding.cases] == [("observations", "employees")]


def test_a_family_shows_its_subjects_as_columns(mixed: Results) -> None:
    """Each rule of the family has a cell for each subject, empty where it was not judged."""
    family = next(family for family in view(to_json(mixed)).families if family.id == "PAG")
    row = next(row for row in family.rows if row.rule["id"] == "PAG-08")
    assert dict(zip(family.subjects, row.cells, strict=True)) == {
        "observations": "pass",
        "employees": "warn",
        "conversations": "",
        "summaries": "",
        "notifications": "",
    }


def test_the_command_repeats_one_item_against_the_same_target(mixed: Results) -> None:
    """It is quoted for a shell."""
    report = to_json(mixed)
    check = next(rule for rule in report["rules"] if rule["id"] == "PAG-09")["checks"][0]
    assert rerun(check, report) == (
        "pytest 'scenarios/test_sample.py::test_pag_09[observations]' --base-url https://api.example.test/v1"
    )


def test_the_command_asks_again_what_another_rule_asked(run: Run) -> None:
    """With what the run was allowed."""
    run.check("HDR-01", Verdict.FAIL, message="It is missing.", exchanges=(run.exchange(asked_by="ROB-03"),))
    report = to_json(run.results(options={"fuzz": "deep", "seed": 7, "disposable": True, "read_only": False}))
    check = next(rule for rule in report["rules"] if rule["id"] == "HDR-01")["checks"][0]
    asked, allowed = "pytest scenarios --rules HDR-01,ROB-03", "--fuzz deep --seed 7 --disposable"
    assert rerun(check, report) == f"{asked} --base-url https://api.example.test/v1 {allowed}"


def test_a_long_observation_is_cut_and_says_so(run: Run) -> None:
    """A sequence of commands with its script fits; of what is longer the page says where the whole is."""
    run.check("ROB-04", Verdict.FAIL, message="It differs.", observed="x" * 2400)
    run.check("ROB-05", Verdict.FAIL, message="It differs.", observed="y" * 2401)
    whole, short = ("".join(text for text, _ in found.cases[0].observed) for found in _findings(run))
    assert (whole, short[2400:]) == ("x" * 2400, " … (1 more characters)\n… conformance.json has the whole of it")


def test_the_deciding_value_is_marked(run: Run) -> None:
    """As an element, escaped like everything else."""
    run.check("PAG-09", Verdict.FAIL, message="It got <500>, not 400.", expected="400", observed={"code": "<500>"})
    assert "<mark>&#34;&lt;500&gt;&#34;</mark>" in to_html(to_json(run.results()))


def _findings(run: Run) -> tuple[Finding, ...]:
    return view(to_json(run.results())).findings[0].findings


def test_an_exchange_is_shown_once(mixed: Results) -> None:
    """A second finding on the same exchange points at the first."""
    evidence = evidence_of(to_json(mixed))
    evidence.cite([1], body=100)
    assert evidence.cite([1, 2], body=100).elsewhere == (1,)


def test_a_long_story_shows_what_is_its_own(mixed: Results) -> None:
    """Of many exchanges those that the fewest checks share are shown, in order, and the rest is counted."""
    evidence = replace(evidence_of(to_json(mixed)), cited={number: 9 for number in range(1, 21) if number % 3})
    citation = evidence.cite(list(range(20, 0, -1)), body=100)
    assert ([shown.number for shown in citation.shown], citation.left_out) == ([3, 6, 9, 12, 15, 18], 14)


def test_a_spent_budget_leaves_evidence_out(mixed: Results) -> None:
    """What no longer fits is counted as left out."""
    evidence = replace(evidence_of(to_json(mixed)), budget=0)
    assert evidence.cite([1, 2], body=100).left_out == 2


def test_a_target_that_breaks_everything_at_length_stays_under_two_megabytes(clean: Results) -> None:
    """Every rule broken for 14 subjects, each in its own long words, with long bodies."""
    checks = tuple(
        replace(check, verdict=Verdict.FAIL, subject=f"s{n}", message=f"{n}" + '"' * 4000, observed="&" * 9000)
        for check in clean.checks
        for n in range(14)
    )
    exchanges = {
        number: replace(one, response=replace(one.response, body=b'"' * 60_000))
        for number, one in clean.exchanges.items()
        if one.response
    }
    html = to_html(to_json(replace(clean, checks=checks, exchanges=exchanges)))
    assert len(html.encode()) < 2_000_000
