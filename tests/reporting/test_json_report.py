"""conformance.json: its schema, its completeness, and the way back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.rules import RULES
from conformance.judging.verdicts import Verdict
from conformance.reporting import json_report
from conformance.reporting.exchanges import BODY_LIMIT, PASS_LIMIT, body_json
from conformance.reporting.json_report import UnreadableReport, read_json, save, schema, to_json

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.judging.results import Results


def test_the_schema_is_a_valid_schema() -> None:
    """The schema in the package holds to its own dialect."""
    validator = schema()
    validator.check_schema(validator.schema)


@pytest.mark.parametrize("name", ["clean", "mixed"])
def test_a_report_keeps_its_schema(name: str, request: pytest.FixtureRequest) -> None:
    """Reports of every kind of run are valid."""
    report = to_json(request.getfixturevalue(name))
    assert [error.message for error in schema().iter_errors(report)] == []


def test_a_report_without_its_rules_breaks_the_schema(clean: Results) -> None:
    """The schema does refuse something."""
    report = to_json(clean)
    del report["rules"][0]["verdict"]
    assert [error.json_path for error in schema().iter_errors(report)] == ["$.rules[0]"]


def test_every_rule_of_the_catalogue_is_listed(mixed: Results) -> None:
    """Rules that were not run are in the report too."""
    assert [rule["id"] for rule in to_json(mixed)["rules"]] == [rule.id for rule in RULES]


def test_a_rule_without_checks_says_why(mixed: Results) -> None:
    """A rule that was not run carries its verdict and its reason."""
    rule = next(rule for rule in to_json(mixed)["rules"] if rule["id"] == "EVT-05")
    assert (rule["verdict"], rule["reason"]) == ("not_run", "Only PAG and its like were selected.")


def test_a_rule_that_was_judged_has_no_reason_for_not_being_run(mixed: Results) -> None:
    """What would be said of a rule without a check is said of no other."""
    rules = to_json(mixed)["rules"]
    assert [rule["id"] for rule in rules if rule["reason"]] == [rule["id"] for rule in rules if not rule["checks"]]


def test_a_report_comes_back_as_it_was_written(mixed: Results, tmp_path: Path) -> None:
    """Evil strings included, reading gives what writing had."""
    path = tmp_path / "new folder" / "conformance.json"
    save(to_json(mixed), path)
    assert read_json(path) == to_json(mixed)


def test_writing_leaves_no_other_file_behind(clean: Results, tmp_path: Path) -> None:
    """The temporary file is gone once the report is in its place."""
    save(to_json(clean), tmp_path / "conformance.json")
    assert [path.name for path in tmp_path.iterdir()] == ["conformance.json"]


def test_a_failed_write_keeps_the_earlier_report(
    clean: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report is replaced whole or not at all."""
    path = tmp_path / "conformance.json"
    path.write_text("earlier")
    monkeypatch.setattr(json_report.json, "dumps", lambda *_, **__: "\ud800")  # what no file in UTF-8 can hold
    with pytest.raises(UnicodeEncodeError):
        save(to_json(clean), path)
    assert {found.name: found.read_text() for found in tmp_path.iterdir()} == {"conformance.json": "earlier"}


def test_a_body_is_kept_as_text() -> None:
    """Bytes that are UTF-8 stay readable."""
    assert body_json("héllo".encode()) == {"text": "héllo", "bytes": 6, "cut": 0}


def test_a_binary_body_is_kept_as_base64() -> None:
    """Bytes that are no UTF-8 stay exact."""
    assert body_json(b"\xff\x00") == {"base64": "/wA=", "bytes": 2, "cut": 0}


def test_a_long_body_is_cut_between_characters() -> None:
    """A two-byte character on the limit is left out whole, and counted."""
    body = b"x" * (BODY_LIMIT - 1) + "éé".encode()
    assert body_json(body) == {"text": "x" * (BODY_LIMIT - 1), "bytes": BODY_LIMIT + 3, "cut": 4}


def test_a_body_behind_a_breach_is_kept_longer_than_one_behind_a_pass(run: Any) -> None:  # noqa: ANN401  # the Run of conftest.py, which can't be imported
    """The weight of a report goes where someone has to look."""
    numbers = [run.exchange(body=b"x" * 10_000) for _ in range(2)]
    run.check("PAG-01", Verdict.FAIL, exchanges=(numbers[0],))
    run.check("PAG-02", Verdict.PASS, exchanges=(numbers[1],))
    assert [one["response"]["body"]["cut"] for one in to_json(run.results())["exchanges"]] == [0, 10_000 - PASS_LIMIT]


def test_no_body_is_null() -> None:
    """An empty body and none are the same on the wire."""
    assert body_json(b"") is None


@pytest.mark.parametrize("content", ["{", "[]", json.dumps({"schema": 2}), "[" * 100_000])
def test_a_file_that_holds_no_report_is_refused(content: str, tmp_path: Path) -> None:
    """Other JSON, a later schema, and no JSON at all are told apart from a report."""
    path = tmp_path / "conformance.json"
    path.write_text(content)
    with pytest.raises(UnreadableReport):
        read_json(path)


def test_a_missing_file_is_refused_with_a_hint(tmp_path: Path) -> None:
    """The person is told which file to give."""
    with pytest.raises(UnreadableReport) as caught:
        read_json(tmp_path / "none.json")
    assert caught.value.hint == "Give the conformance.json that a run has left in its report folder."
