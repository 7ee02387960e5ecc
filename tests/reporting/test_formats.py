"""The projections for machines and for CI: HAR, Markdown, badge, annotations, Allure; each from the JSON alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from allure_commons import model2 as allure
from allure_commons.types import Severity
from jsonschema import Draft202012Validator

from conformance.judging.verdicts import Verdict
from conformance.reporting.allure import write_allure
from conformance.reporting.annotations import workflow_commands
from conformance.reporting.badge import to_badge
from conformance.reporting.har import to_har
from conformance.reporting.html import to_html
from conformance.reporting.json_report import to_json
from conformance.reporting.junit_report import to_junit
from conformance.reporting.markdown import LIMIT, to_markdown

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.judging.results import Results
    from tests.reporting.conftest import Run


# HAR -------------------------------------------------------------------------------------------------------

HEADERS = {"type": "array", "items": {"type": "object", "required": ["name", "value"]}}
HAR = {
    "type": "object",
    "required": ["log"],
    "properties": {
        "log": {
            "type": "object",
            "required": ["version", "creator", "entries"],
            "properties": {
                "version": {"const": "1.2"},
                "creator": {"type": "object", "required": ["name", "version"]},
                "entries": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["startedDateTime", "time", "request", "response", "cache", "timings"],
                        "properties": {
                            "startedDateTime": {"type": "string", "format": "date-time"},
                            "time": {"type": "number", "minimum": 0},
                            "request": {
                                "type": "object",
                                "required": [
                                    "method",
                                    "url",
                                    "httpVersion",
                                    "cookies",
                                    "headers",
                                    "queryString",
                                    "headersSize",
                                    "bodySize",
                                ],
                                "properties": {"headers": HEADERS, "queryString": HEADERS},
                            },
                            "response": {
                                "type": "object",
                                "required": [
                                    "status",
                                    "statusText",
                                    "httpVersion",
                                    "cookies",
                                    "headers",
                                    "content",
                                    "redirectURL",
                                    "headersSize",
                                    "bodySize",
                                ],
                                "properties": {
                                    "headers": HEADERS,
                                    "content": {"type": "object", "required": ["size", "mimeType"]},
                                },
                            },
                            "timings": {"type": "object", "required": ["send", "wait", "receive"]},
                        },
                    },
                },
            },
        }
    },
}
"""What the HAR 1.2 specification requires of an archive."""


def test_an_archive_has_what_har_requires(mixed: Results) -> None:
    """Whatever a target sent, and where no answer came."""
    archive = json.loads(to_har(to_json(mixed)))
    assert [flaw.message for flaw in Draft202012Validator(HAR).iter_errors(archive)] == []


def test_an_archive_holds_every_cited_exchange(mixed: Results) -> None:
    """In their order."""
    entries = json.loads(to_har(to_json(mixed)))["log"]["entries"]
    assert [entry["comment"].split(",")[0] for entry in entries] == [f"exchange {n}" for n in sorted(mixed.exchanges)]


def test_a_body_that_is_no_text_is_base64(run: Run) -> None:
    """As HAR writes it."""
    run.check("PAG-01", Verdict.FAIL, exchanges=(run.exchange(body=b"\xff\x00"),))
    content = json.loads(to_har(to_json(run.results())))["log"]["entries"][0]["response"]["content"]
    assert (content["text"], content["encoding"], content["size"]) == ("/wA=", "base64", 2)


# Markdown --------------------------------------------------------------------------------------------------


def test_a_summary_tells_breaches_first(mixed: Results) -> None:
    """Then what could not be judged."""
    text = to_markdown(to_json(mixed))
    places = [text.index(title) for title in ("## Conformance", "### Broken MUST", "### What could not be judged")]
    assert places == sorted(places)


def test_what_a_target_sent_is_no_markup(mixed: Results) -> None:
    """A tag or a link of its own stands in a code span, on one line."""
    text = to_markdown(to_json(mixed))
    outside = "".join(part for number, part in enumerate(text.split("`")) if number % 2 == 0)
    assert ("<script" in outside, "<img" in outside) == (False, False)


def test_a_code_span_holds_backticks(run: Run) -> None:
    """Its fence is longer than any run of them in it."""
    run.check("PAG-09", Verdict.FAIL, message="it says `` ` `` and <b>")
    assert "``` it says `` ` `` and <b> ```" in to_markdown(to_json(run.results()))


def test_markdown_counts_in_a_line_what_differs_and_what_was_seen(mixed: Results) -> None:
    """And why the spec could not be compared in full."""
    last = to_markdown(to_json(mixed)).splitlines()[-1]
    told = ("differ on 1 of 1 things", "saw 1 of 2 operations", "could not be compared in full: `")
    assert [one in last for one in told] == [True, True, True]


def test_a_summary_stays_below_its_limit(run: Run) -> None:
    """However much is broken; the first breaches are in it."""
    for number in range(3):
        run.check(f"PAG-0{number + 1}", Verdict.FAIL, message="x", expected="y")
    report = to_json(run.results())
    report["rules"] = report["rules"] * 400
    text = to_markdown(report)
    assert (len(text.encode()) <= LIMIT + 100, "PAG-01" in text) == (True, True)


# badge -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("which", "colour"), [("clean", "brightgreen"), ("mixed", "red")])
def test_a_badge_is_green_only_where_all_holds(which: str, colour: str, request: pytest.FixtureRequest) -> None:
    """It has the four members that shields.io reads."""
    badge = json.loads(to_badge(to_json(request.getfixturevalue(which))))
    assert (badge["schemaVersion"], badge["label"], badge["color"]) == (1, "conformance", colour)


def test_an_incomplete_run_is_no_green_badge(run: Run) -> None:
    """It says that it is incomplete."""
    run.check("PAG-01", Verdict.PASS)
    badge = json.loads(to_badge(to_json(run.results())))
    assert (badge["color"], badge["message"].startswith("incomplete")) == ("yellow", True)


# annotations -----------------------------------------------------------------------------------------------


def test_the_most_important_nine_are_annotated_and_the_others_counted(run: Run) -> None:
    """MUST breaches before warnings; GitHub shows no more than ten."""
    for number in range(1, 13):
        run.check(f"PAG-{number:02}", Verdict.WARN if number == 1 else Verdict.FAIL, message="broken")
    lines = list(workflow_commands(to_json(run.results())))
    assert (len(lines), {line.split(" ")[0] for line in lines[:9]}, lines[9]) == (
        10,
        {"::error"},
        "::notice title=Conformance::3 more rules are broken or were blocked.",
    )


def test_a_message_can_not_end_its_command(run: Run) -> None:
    """Line breaks and percent signs are escaped as GitHub reads them."""
    run.check("PAG-09", Verdict.FAIL, message="100%\n::error::mine")
    (line,) = workflow_commands(to_json(run.results()))
    assert line.endswith("::100%25%0A::error::mine")


# Allure ----------------------------------------------------------------------------------------------------


def results_in(directory: Path) -> list[dict[str, Any]]:
    """Read the results of a folder."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(directory.glob("*-result.json"))]


def test_every_check_is_a_result_of_its_own(mixed: Results, tmp_path: Path) -> None:
    """None takes the place of another."""
    write_allure(to_json(mixed), tmp_path / "allure-results")
    assert len(results_in(tmp_path / "allure-results")) == len(mixed.checks)


def test_a_result_is_filed_under_document_family_and_rule(run: Run, tmp_path: Path) -> None:
    """With its severity by level."""
    run.check("PAG-09", Verdict.FAIL, message="broken", exchanges=(run.exchange(),))
    write_allure(to_json(run.results()), tmp_path / "a")
    (result,) = results_in(tmp_path / "a")
    labels = {label["name"]: label["value"] for label in result["labels"] if label["name"] != "tag"}
    told = (labels["epic"], labels["feature"], labels["story"][:6], labels["severity"], result["status"])
    assert told == ("overview", "Pagination", "PAG-09", "critical", "failed")


def test_every_attachment_is_a_file_of_its_own(run: Run, tmp_path: Path) -> None:
    """Two findings that cite one exchange don't share: Allure 3 shows a file to the first result alone."""
    number = run.exchange()
    run.check("PAG-09", Verdict.FAIL, "employees", message="broken", exchanges=(number,))
    run.check("PAG-10", Verdict.FAIL, "employees", message="broken", exchanges=(number,))
    write_allure(to_json(run.results()), tmp_path / "a")
    sources = [one["source"] for result in results_in(tmp_path / "a") for one in result["attachments"]]
    files = [file.name for file in (tmp_path / "a").glob("*-attachment.txt")]
    assert (len(sources), sorted(sources)) == (2, sorted(files))


def test_results_have_the_shape_that_allure_reads(mixed: Results, tmp_path: Path) -> None:
    """Allure's own types take every member, and its own words name every status and severity."""
    write_allure(to_json(mixed), tmp_path / "a")
    results = results_in(tmp_path / "a")
    told = [allure.TestResult(**result) for result in results]
    severities = {label["value"] for result in results for label in result["labels"] if label["name"] == "severity"}
    parts = [allure.Label(**one) for result in told for one in result.labels]
    parts += [allure.Link(**one) for result in told for one in result.links]
    parts += [allure.Attachment(**one) for result in told for one in result.attachments]
    assert (
        {result.status for result in told} <= {"failed", "broken", "passed", "skipped"},
        severities <= {severity.value for severity in Severity},
        len({result.uuid for result in told}) == len({result.historyId for result in told}) == len(results),
        all(result.start <= result.stop for result in told),
        all(vars(part) for part in parts),
    ) == (True, True, True, True, True)


def test_results_of_an_earlier_run_are_replaced(run: Run, tmp_path: Path) -> None:
    """A folder that is written twice holds one run."""
    run.check("PAG-09", Verdict.PASS)
    for _ in range(2):
        write_allure(to_json(run.results()), tmp_path / "a")
    assert len(results_in(tmp_path / "a")) == 1


def test_each_finding_of_an_item_is_a_case_of_its_own(run: Run) -> None:
    """In JUnit and for Allure by a name of its own; in the page with the command that looks for it again."""
    item = "scenarios/test_robustness_fuzzing.py::test_it[employees]"
    for kind in ("query limit 500", "query cursor 500"):
        said = {"item": item, "finding": f"ROB-01 GET /employees {kind}", "message": kind, "expected": "no 5xx"}
        run.check("ROB-01", Verdict.FAIL, "/employees", exchanges=(run.exchange(status=500),), **said)
    report = to_json(run.results(options={"fuzz": "deep", "seed": 7}))
    (rule,) = (rule for rule in report["rules"] if rule["id"] == "ROB-01")
    cases = [name for name in to_junit(report).split('"') if "ROB-01 GET /employees" in name]
    assert (len(set(cases)), len({check["signature"] for check in rule["checks"]})) == (2, 2)
    assert "--fuzz deep --seed 7" in to_html(report)
