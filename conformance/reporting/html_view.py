"""The report as its HTML page tells it: what is broken first, then every rule, then what was noted."""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.judging.verdicts import Verdict
from conformance.reporting.html_evidence import Citation, Evidence, value_text, weigh
from conformance.reporting.values import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.reporting.json_report import Report

Json = dict[str, Any]

_FINDINGS = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN)
_FULL, _SHORT = 4000, 900  # characters of a body: behind a finding, and behind anything else
_CASES = 8  # different breaches of one rule that are told in full
_NOTED = 400  # noted behaviours listed


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a rule came out, for all the subjects of which the very same can be said."""

    verdict: str
    subjects: tuple[str, ...]
    message: str
    expected: str
    observed: str
    hint: str
    traceback: str
    rerun: str
    evidence: Citation


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken, or on which the suite itself broke, with its cases; `more` are only counted."""

    rule: Json
    cases: tuple[Case, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Group:
    """The subjects of one rule that share a verdict, and what was said of them."""

    verdict: str
    count: int
    subjects: tuple[str, ...]
    messages: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in the matrix: its groups of subjects, worst first, and evidence for what is no finding."""

    rule: Json
    groups: tuple[Group, ...]
    evidence: Citation
    told: bool


@dataclass(frozen=True, slots=True)
class Family:
    """A family of rules with its rows, and how many of its rules came out how."""

    id: str
    title: str
    rows: tuple[Row, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Note:
    """A behaviour where the documents are silent, with the subjects that share it."""

    rule: Json
    subjects: tuple[str, ...]
    sentence: str
    value: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page shows, in its order; `left_out` counts exchanges that only the JSON report has."""

    report: Report
    findings: tuple[Finding, ...]
    families: tuple[Family, ...]
    notes: tuple[Note, ...]
    left_out: int


def view(report: Report) -> View:
    """Choose what the page shows: evidence for findings first, then for what was left open, noted, and passes."""
    evidence = Evidence({exchange["number"]: exchange for exchange in report["exchanges"]})
    findings = tuple(_findings(report, evidence))
    told = {finding.rule["id"] for finding in findings}
    families = tuple(_families(report, evidence, told))
    notes = tuple(_notes(report["rules"]))
    return View(report, findings, families, notes, len(evidence.exchanges) - len(evidence.placed))


def _findings(report: Report, evidence: Evidence) -> Iterable[Finding]:
    for verdict in _FINDINGS:
        for rule in report["rules"]:
            if rule["verdict"] == verdict:
                yield _finding(rule, report, evidence)


def _finding(rule: Json, report: Report, evidence: Evidence) -> Finding:
    alike: dict[tuple[str, ...], list[Json]] = defaultdict(list)
    for check in sorted(rule["checks"], key=lambda check: _rank(check["verdict"])):
        if check["verdict"] in _FINDINGS:
            alike[(check["verdict"], check["message"], check["expected"], str(check["observed"]))].append(
                check
            )
    cases: list[Case] = []
    for checks in list(alike.values())[:_CASES]:
        case = _case(checks, report, evidence)
        if cases and not evidence.afford(_weight(case)):
            break
        cases.append(case)
    return Finding(rule, tuple(cases), len(alike) - len(cases))


def _case(checks: Sequence[Json], report: Report, evidence: Evidence) -> Case:
    first = checks[0]
    return Case(
        verdict=first["verdict"],
        subjects=_subjects(checks),
        message=visible(cut(first["message"], 600)),
        expected=visible(cut(first["expected"], 800)),
        observed="" if first["observed"] is None else value_text(first["observed"], 800),
        hint=visible(cut(first["hint"], 400)),
        traceback=visible(first["traceback"][-3000:]),
        rerun=rerun(first, report),
        evidence=evidence.cite(first["exchanges"], body=_FULL),
    )


def _weight(case: Case) -> int:
    texts = (
        case.message,
        case.expected,
        case.observed,
        case.hint,
        case.traceback,
        case.rerun,
        *case.subjects,
    )
    return 600 + sum(weigh(text) for text in texts)


def rerun(check: Json, report: Report) -> str:
    """Give the command that runs the item of this check alone, against the same target."""
    target, options = report["target"], report["run"]["options"]
    words = ["pytest", check["item"]]
    if not target["embedded"]:
        words += ["--base-url", target["base_url"]]
    words += [
        f"--{name.replace('_', '-')}" for name in ("read_only", "allow_live_writes") if options.get(name)
    ]
    return visible(cut(shlex.join(words), 600)) if check["item"] else ""


def _families(report: Report, evidence: Evidence, told: set[str]) -> Iterable[Family]:
    rows: dict[str, list[Row]] = defaultdict(list)
    by_telling = sorted(report["rules"], key=lambda rule: _rank(rule["verdict"]))
    samples = {rule["id"]: _sample(rule, evidence) for rule in by_telling if rule["id"] not in told}
    for rule in report["rules"]:
        sample = samples.get(rule["id"], Citation())
        rows[rule["family"]].append(Row(rule, _groups(rule), sample, rule["id"] in told))
    for family in report["families"]:
        members = tuple(rows[family["id"]])
        yield Family(family["id"], family["title"], members, _counts(members))


def _sample(rule: Json, evidence: Evidence) -> Citation:
    """Show what the worst of a rule's checks rests on: two exchanges, for a pass the last one."""
    checks = sorted(rule["checks"], key=lambda check: _rank(check["verdict"]))
    worst = next((check for check in checks if check["exchanges"]), None)
    if worst is None:
        return Citation()
    return evidence.cite(worst["exchanges"], body=_SHORT, most=1 if worst["verdict"] == Verdict.PASS else 2)


def _groups(rule: Json) -> tuple[Group, ...]:
    checks: dict[str, list[Json]] = defaultdict(list)
    for check in rule["checks"]:
        checks[check["verdict"]].append(check)
    return tuple(_group(verdict, checks[verdict]) for verdict in Verdict if verdict in checks)


def _group(verdict: str, checks: Sequence[Json]) -> Group:
    said = dict.fromkeys(check["message"] for check in checks if check["message"])
    told = () if verdict == Verdict.PASS and len(said) > 1 else tuple(said)[:2]
    messages = tuple(visible(cut(message, 240)) for message in told)
    more = len(said) - len(told) if told else 0
    return Group(verdict, len(checks), _subjects(checks), messages, more)


def _subjects(checks: Sequence[Json]) -> tuple[str, ...]:
    names = dict.fromkeys(check["subject"] for check in checks if check["subject"])
    return tuple(visible(cut(name, 100)) for name in names)


def _counts(rows: Sequence[Row]) -> Mapping[str, int]:
    verdicts = [row.rule["verdict"] for row in rows]
    return {verdict: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts}


def _notes(rules: Iterable[Json]) -> Iterable[Note]:
    noted: dict[tuple[str, str, str], list[Json]] = defaultdict(list)
    by_id: dict[str, Json] = {}
    for rule in rules:
        by_id[rule["id"]] = rule
        for check in rule["checks"]:
            if check["verdict"] == Verdict.NOTED:
                value = "" if check["value"] is None else value_text(check["value"], 300)
                noted[(rule["id"], check["message"], value)].append(check)
    for (rule_id, message, value), checks in list(noted.items())[:_NOTED]:
        yield Note(by_id[rule_id], _subjects(checks), visible(cut(message, 400)), value)


def _rank(verdict: str) -> int:
    return list(Verdict).index(Verdict(verdict))
