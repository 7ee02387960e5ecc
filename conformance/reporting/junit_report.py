"""junit.xml: one test suite a family, one test case a check, for machines that gate on it.

Warnings stay passed cases with a note (failures under a strict gate), errors of the suite stand apart from
failures, and whatever was not judged is skipped with its reason. A run that ended early or judged nothing
holds an error of its own, because a file of skipped cases alone would look like a pass.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from conformance.judging.verdicts import Verdict
from conformance.reporting.summary import Outcome
from conformance.reporting.values import cut, observed_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.reporting.json_report import Report

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED = frozenset({Verdict.NOT_JUDGED, Verdict.BLOCKED, Verdict.NOT_APPLICABLE, Verdict.NOT_RUN})
_LONGEST = 4000  # characters of one text; conformance.json has it all


def to_junit(report: Report) -> str:
    """Render a report as JUnit XML, with its XML declaration."""
    root = Element("testsuites", name=_clean(report["suite"]["name"]), time=f"{report['run']['seconds']:.3f}")
    root.append(_run_suite(report))
    for family in report["families"]:
        members = [rule for rule in report["rules"] if rule["family"] == family["id"]]
        root.append(_family_suite(family, members, report))
    _count(root, list(root.iter("testcase")))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _run_suite(report: Report) -> Element:
    """Give the run as a case of its own: it errs where the run ended early or judged nothing."""
    suite, summary, run = Element("testsuite", name="run"), report["summary"], report["run"]
    case = SubElement(suite, "testcase", classname="run", name="The run is complete and judged something", time="0")
    if run["ended"] != "complete" or summary["outcome"] == Outcome.NOTHING_JUDGED:
        _note(case, "error", summary["sentence"], kind="incomplete")
    SubElement(case, "system-out").text = _clean(summary["sentence"])
    _count(suite, [case])
    return suite


def _family_suite(family: dict[str, str], rules: Sequence[dict[str, Any]], report: Report) -> Element:
    suite = Element(
        "testsuite",
        name=_clean(f"{family['id']} {family['title']}"),
        timestamp=_clean(report["run"]["started"]),
        time=f"{sum(check['seconds'] for rule in rules for check in rule['checks']):.3f}",
    )
    taken: Counter[str] = Counter()
    strict = bool(report["run"]["options"].get("strict"))
    for rule in rules:
        for check in rule["checks"] or [_without_check(rule)]:
            case = SubElement(suite, "testcase", classname=family["id"], time=f"{check['seconds']:.3f}")
            case.set("name", _unique(_name(rule, check), taken))
            _fill(case, rule, check, strict=strict)
    _count(suite, list(suite))
    return suite


def _without_check(rule: dict[str, Any]) -> dict[str, Any]:
    return {
        "item": "",
        "subject": None,
        "verdict": rule["verdict"],
        "message": rule["reason"],
        "seconds": 0.0,
    }


def _name(rule: dict[str, Any], check: dict[str, Any]) -> str:
    function = check["item"].rpartition("::")[2]
    name, subject = function.partition("[")[0], check.get("finding") or check["subject"]
    return _clean(cut(f"{rule['id']} {name or rule['title']}" + (f"[{subject}]" if subject else ""), 300))


def _unique(name: str, taken: Counter[str]) -> str:
    while True:
        taken[name] += 1
        if taken[name] == 1:
            return name
        name = f"{name} #{taken[name]}"


def _fill(case: Element, rule: dict[str, Any], check: dict[str, Any], *, strict: bool) -> None:
    verdict = Verdict(check["verdict"])
    facts = {"rule": rule["id"], "level": rule["level"], "verdict": verdict.value, "item": check["item"]}
    properties = SubElement(case, "properties")
    for name, value in facts.items():
        SubElement(properties, "property", name=name, value=_clean(value))
    message = check["message"] or rule["title"]
    if verdict is Verdict.FAIL or (strict and verdict is Verdict.WARN):
        _note(case, "failure", message, kind=rule["id"], text=_breach(rule, check))
    elif verdict is Verdict.ERROR:
        _note(case, "error", message, kind="error of the suite", text=check["traceback"])
    elif verdict in _SKIPPED:
        _note(case, "skipped", check["message"] or verdict.words, kind=verdict.value)
    elif verdict in (Verdict.WARN, Verdict.NOTED):
        text = _breach(rule, check) if verdict is Verdict.WARN else message
        SubElement(case, "system-out").text = _clean(f"{verdict.words}: {text}")


def _breach(rule: dict[str, Any], check: dict[str, Any]) -> str:
    return "\n".join(_lines(rule, check))


def _lines(rule: dict[str, Any], check: dict[str, Any]) -> Iterator[str]:
    yield check["message"]
    yield f"{rule['id']} {rule['level']}: {rule['title']} ({rule['source']})"
    if check["expected"]:
        yield f"expected: {check['expected']}"
    if check["observed"] is not None:
        yield f"observed: {observed_text(check)}"
    if check["exchanges"]:
        yield f"exchanges: {', '.join(map(str, check['exchanges'][:20]))}"


def _note(case: Element, tag: str, message: str, *, kind: str, text: str = "") -> None:
    element = SubElement(case, tag, message=_clean(message), type=kind)
    element.text = _clean(text) or None


def _count(suite: Element, cases: Sequence[Element]) -> None:
    suite.set("tests", str(len(cases)))
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))


def _clean(text: str) -> str:
    """Take out what XML 1.0 can't hold, and bound the length."""
    return _ILLEGAL.sub("", cut(text, _LONGEST))
