"""Breaches are grouped by what probably causes them, and costs by family."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.judging.verdicts import Verdict
from conformance.reporting.causes import causes
from conformance.reporting.json_report import to_json
from conformance.reporting.spending import spending

if TYPE_CHECKING:
    from tests.reporting.conftest import Run

CRASH = {"message": "POST /observations got 500, not 400", "expected": "400 validation_error"}


def test_one_wrong_status_of_one_operation_is_one_cause(run: Run) -> None:
    """However many rules it breaks."""
    for rule in ("OBC-06", "OBC-15", "LIM-02"):
        number = run.exchange(method="POST", path="/observations", status=500)
        run.check(rule, Verdict.FAIL, observed={"status": 500}, exchanges=(number,), **CRASH)
    (cause,) = causes(to_json(run.results()))
    assert (cause.sentence, cause.checks, cause.rules) == (
        "POST /observations answers 500 Internal Server Error where that is not due",
        3,
        ("OBC-06", "OBC-15", "LIM-02"),
    )


def test_the_answer_that_a_check_tells_decides_among_several_to_one_operation(run: Run) -> None:
    """A twin that was not accepted blocks for the same cause as the breach itself, whatever came after it."""
    path = "/observations/obs_1/archive"
    first, second = (run.exchange(method="POST", path=path, status=status) for status in (201, 409))
    said = {"message": f"POST {path} got 201, not 200", "expected": "200"}
    run.check("ARC-01", Verdict.FAIL, exchanges=(first, second), observed={"status": 201}, **said)
    told = f"the valid twin POST {path} got 201, so a refusal proves nothing"
    run.check("OBU-07", Verdict.BLOCKED, message=told, exchanges=(first, second))
    assert [(cause.sentence, cause.checks) for cause in causes(to_json(run.results()))] == [
        ("POST /observations/{id}/archive answers 201 Created where that is not due", 2)
    ]


def test_content_is_told_apart_by_rule(run: Run) -> None:
    """Two rules about what a list holds may have two causes."""
    for rule in ("FLT-04", "FLT-05"):
        run.check(rule, Verdict.FAIL, "type", message="an item is missing", exchanges=(run.exchange(),))
    assert [cause.checks for cause in causes(to_json(run.results()))] == [1, 1]


def test_the_same_breach_of_many_operations_is_one_cause(run: Run) -> None:
    """Its status, which is as it should be, is not blamed."""
    for subject in ("employees", "summaries", "webhooks"):
        number = run.exchange(path=f"/{subject}")
        said = {"message": f"GET /{subject}?cursor={subject} has no next_cursor", "expected": "a string or null"}
        run.check("PAG-02", Verdict.FAIL, subject, observed={"status": 200}, exchanges=(number,), **said)
    assert [(cause.sentence, cause.checks) for cause in causes(to_json(run.results()))] == [
        ("GET /employees, PAG-02, and the same of 2 other operations: it has no next_cursor", 3)
    ]


def test_the_same_words_about_other_values_are_one_cause(run: Run) -> None:
    """It is told in the words of the first, with its values and numbers."""
    for subject, value, more in (("employees", "%FF", 7), ("summaries", "%C0%AF", 12)):
        said = {"message": f"GET /{subject}: end '{value}' gets 500, and {more} more", "expected": "a 4xx"}
        number = run.exchange(path=f"/{subject}", status=404)
        run.check("ROB-01", Verdict.FAIL, subject, observed=[], exchanges=(number,), **said)
    assert [(cause.sentence, cause.checks) for cause in causes(to_json(run.results()))] == [
        ("GET /employees, ROB-01, and the same of 1 other operation: end '%FF' gets 500, and 7 more", 2)
    ]


def test_the_same_wrong_status_of_many_operations_is_one_cause(run: Run) -> None:
    """Where they break the same rules by it; another rule, or another method, has a cause of its own."""
    for rule in ("SRT-06", "SRT-07"):
        for subject in ("employees", "summaries"):
            number = run.exchange(path=f"/{subject}")
            said = {"message": f"GET /{subject}?sort=x got 200, not 400", "expected": "400 validation_error"}
            run.check(rule, Verdict.FAIL, subject, observed={"status": 200}, exchanges=(number,), **said)
    number = run.exchange(path="/webhooks")
    said = {"message": "GET /webhooks?limit=0 got 200, not 400", "expected": "400 validation_error"}
    run.check("PAG-08", Verdict.FAIL, "webhooks", observed={"status": 200}, exchanges=(number,), **said)
    assert [(cause.sentence, cause.checks) for cause in causes(to_json(run.results()))] == [
        ("GET /employees answers 200 OK where that is not due, and the same of 1 other operation", 4),
        ("GET /webhooks answers 200 OK where that is not due", 1),
    ]


def test_the_cause_behind_most_comes_first(run: Run) -> None:
    """An id in a path is no part of a cause."""
    for subject in ("one", "two"):
        number = run.exchange(path=f"/employees/{subject}", status=404)
        run.check("RES-03", Verdict.FAIL, subject, message="x got 404", exchanges=(number,))
    run.check("PAG-09", Verdict.FAIL, message="skips", exchanges=(run.exchange(),))
    assert [cause.sentence.partition(":")[0] for cause in causes(to_json(run.results()))] == [
        "GET /employees/{id} answers 404 Not Found where that is not due",
        "GET /observations, PAG-09",
    ]


def test_a_run_that_holds_has_no_causes(run: Run) -> None:
    """Nothing is grouped where nothing is broken."""
    run.check("PAG-09", Verdict.PASS, exchanges=(run.exchange(),))
    assert causes(to_json(run.results())) == ()


def test_the_dearest_family_comes_first(run: Run) -> None:
    """With its share of the dearest one's requests, and how long its answers took."""
    run.check("PAG-09", Verdict.PASS, exchanges=(run.exchange(),))
    results = run.results()
    results = replace(results, run=replace(results.run, requests_by_family={"PAG": 2.0, "SRT": 8.0}))
    told = [(row.title, row.requests, row.share, row.median) for row in spending(to_json(results))]
    assert told == [("Sorting", 8.0, 1.0, None), ("Pagination", 2.0, 0.25, 42)]


def test_what_a_request_asks_for_leaves_room_for_what_is_wrong(run: Run) -> None:
    """A long cursor is left out, whether one operation is behind it or several; a status is told with its owner."""
    for subject in ("employees", "summaries"):
        asked = f"GET /{subject}?limit=4&cursor={'pg.' * 90}"
        number = run.exchange(path=f"/{subject}")
        said = {"message": f"{asked} gives 6 items although more follow", "expected": "4 items"}
        run.check("PAG-06", Verdict.FAIL, subject, exchanges=(number,), **said)
        media = {"message": f"GET /{subject} 404: the media type is text/html", "expected": "JSON"}
        run.check("SPC-10", Verdict.FAIL, subject, exchanges=(number,), **media)
    alone = {"message": f"GET /teams?cursor={'pg.' * 90} is empty", "expected": "items"}
    run.check("PAG-09", Verdict.FAIL, "teams", exchanges=(run.exchange(path="/teams"),), **alone)
    assert [cause.sentence.rpartition(": ")[2] for cause in causes(to_json(run.results()))] == [
        "it gives 6 items although more follow",
        "the media type is text/html",
        "GET /teams is empty",
    ]
    assert "its 404: the media type" in causes(to_json(run.results()))[1].sentence


def test_other_statuses_that_are_not_declared_have_other_causes(run: Run) -> None:
    """The same one of several operations has one."""
    for number, (subject, status) in enumerate((("teams", 410), ("units", 410), ("people", 422)), 5):
        told = f"GET /{subject} answers {status}, which the spec does not declare ({number} times)"
        cited = run.exchange(path=f"/{subject}", status=status)
        run.check("SPC-11", Verdict.WARN, subject, exchanges=(cited,), message=told, expected="one of 200")
    assert [cause.checks for cause in causes(to_json(run.results()))] == [2, 1]
