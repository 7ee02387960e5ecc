"""The same breach reads the same in every format: rule, subject, sentence, what was expected, what was observed."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from conformance.judging.verdicts import Verdict
from conformance.reporting.allure import write_allure
from conformance.reporting.annotations import workflow_commands
from conformance.reporting.html import to_html
from conformance.reporting.json_report import to_json
from conformance.reporting.junit_report import to_junit
from conformance.reporting.markdown import to_markdown

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.judging.results import Results
    from tests.reporting.conftest import Run

RULE, SUBJECT = "PAG-09", "employees"
SENTENCE, EXPECTED = "the <walk> skips 1 of 12 items: 'obs_1'", "every item once & in order"
Told = tuple[str, ...]
"""A rule, a subject, a sentence, what was expected and what was observed."""


@pytest.fixture(params=[{"skipped": ["obs_1", 1.5, True], "é": None}, "422 validation_error"], ids=["json", "text"])
def breach(request: pytest.FixtureRequest, run: Run) -> tuple[Told, Results]:
    """Give what is to be read, and a run with this one breach."""
    observed = request.param
    said = {"message": SENTENCE, "expected": EXPECTED, "observed": observed, "exchanges": (run.exchange(),)}
    run.check(RULE, Verdict.FAIL, SUBJECT, **said)
    text = observed if isinstance(observed, str) else json.dumps(observed, ensure_ascii=False)
    return (RULE, SUBJECT, SENTENCE, EXPECTED, text), run.results()


def found(pattern: str, text: str) -> Told:
    """Give the groups of the one match of a pattern."""
    (match,) = re.finditer(pattern, text, re.DOTALL)
    return match.groups()


def test_in_json(breach: tuple[Told, Results]) -> None:
    """The truth that the others are made from."""
    rule = next(rule for rule in to_json(breach[1])["rules"] if rule["checks"])
    check, observed = rule["checks"][0], breach[0][-1]
    as_text = (
        check["observed"] if isinstance(check["observed"], str) else json.dumps(check["observed"], ensure_ascii=False)
    )
    assert (rule["id"], check["subject"], check["message"], check["expected"], as_text) == (*breach[0][:4], observed)


def test_in_junit(breach: tuple[Told, Results]) -> None:
    """As a failure."""
    root = ET.fromstring(to_junit(to_json(breach[1])).encode())
    (case,) = (one for one in root.iter("testcase") if one.find("failure") is not None)
    text = case.findtext("failure") or ""
    rule, subject = found(r"^(\S+) .*\[(.*)\]$", case.get("name") or "")
    sentence, expected, observed = found(r"^(.*?)\n.*\nexpected: (.*?)\nobserved: (.*?)\nexchanges", text)
    assert (rule, subject, sentence, expected, observed) == breach[0]


def test_in_html(breach: tuple[Told, Results]) -> None:
    """As a finding, with what was observed laid out."""
    page = to_html(to_json(breach[1]))
    article = found(r'<article class="finding" id="finding-(.*?)"(.*?)</article>', page)
    side = r"<pre [^>]*>(.*?)</pre>"
    parts = found(rf'class="subjects">(.*?):</span> (.*?)</p>.*Expected</h4>{side}.*Observed</h4>{side}', article[1])
    subject, sentence, expected, observed = (html.unescape(re.sub("<[^>]*>", "", part)) for part in parts)
    assert (article[0], subject, sentence, expected, flat(observed)) == (*breach[0][:4], flat(breach[0][4]))


def flat(text: str) -> Any:  # noqa: ANN401  # any JSON value
    """Read a JSON value, so that its layout is nothing; another text is as it is."""
    return json.loads(text) if text.startswith("{") else text


def test_in_markdown(breach: tuple[Told, Results]) -> None:
    """As a point of a list."""
    pattern = r"\*\*(\S+?)\*\* .*- `(.*?)`: `(.*?)`\n  - expected `(.*?)`\n  - observed `(.*?)`\n"
    assert found(pattern, to_markdown(to_json(breach[1]))) == breach[0]


def test_in_allure(breach: tuple[Told, Results], tmp_path: Path) -> None:
    """As a failed result."""
    write_allure(to_json(breach[1]), tmp_path / "a")
    (file,) = (tmp_path / "a").glob("*-result.json")
    result = json.loads(file.read_text("utf-8"))
    story = next(label["value"] for label in result["labels"] if label["name"] == "story")
    details = result["statusDetails"]
    sides = found(r"expected: (.*?)\nobserved: (.*?)\nagain", details["trace"])
    (subject,) = (one["value"] for one in result["parameters"])
    assert (story[:6], subject, details["message"].removeprefix("fail: "), *sides) == breach[0]


def test_in_an_annotation(breach: tuple[Told, Results]) -> None:
    """As one line, its line feeds escaped."""
    (line,) = workflow_commands(to_json(breach[1]))
    pattern = r"^::error title=(\S+) .*?::(.*?): (.*?)\nexpected (.*?)\nobserved (.*)$"
    assert found(pattern, unquote(line)) == breach[0]
