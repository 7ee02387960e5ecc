"""The report as its HTML page tells it: what is broken first, then every rule, then what was noted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.judging.verdicts import Verdict
from conformance.reporting.causes import Cause, causes
from conformance.reporting.html.evidence import Citation, Evidence, evidence_of
from conformance.reporting.html.findings import Section, rank, sections, subject_name, subjects_of
from conformance.reporting.html.spec import Spec, spec_of
from conformance.reporting.spending import Spent, spending
from conformance.reporting.values import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.reporting.json_report import Report

Json = dict[str, Any]

_BODY = 900  # characters of a body behind anything that is no finding
_SAMPLE = 2  # exchanges shown for a rule that is no finding
_CAUSES = 15  # likely causes listed
_NOTED = 200  # noted behaviours listed
_WIDEST = 16  # subjects that a family shows as columns; more are listed by name
_SHARED = 3  # rules of a family that must share a subject before it gets a column


@dataclass(frozen=True, slots=True)
class Group:
    """The subjects of one rule that share a verdict, and what was said of them.

    `in_columns` says that each of them has a column of its own.
    """

    verdict: str
    count: int
    subjects: tuple[str, ...]
    messages: tuple[str, ...]
    more: int
    in_columns: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in the matrix: its groups of subjects, worst first, and evidence for what is no finding.

    `cells` has the verdict for each of the family's subjects, "" where the rule was not judged for it; it is empty
    where the family shows no columns.
    """

    rule: Json
    cells: tuple[str, ...]
    groups: tuple[Group, ...]
    evidence: Citation
    told: bool


@dataclass(frozen=True, slots=True)
class Family:
    """A family of rules with its rows, its subjects as columns, and how many of its rules came out how."""

    id: str
    title: str
    subjects: tuple[str, ...]
    rows: tuple[Row, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Note:
    """A behaviour where the documents are silent, with the subjects that share it."""

    rule: Json
    subjects: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page shows; `left_out` counts exchanges that only the JSON report has.

    `needed` are the reasons for which rules went unjudged that a person can do something about at once, `open` the
    other ones; errors of the suite stand among the findings.
    """

    report: Report
    needed: tuple[Json, ...]
    open: tuple[Json, ...]
    findings: tuple[Section, ...]
    families: tuple[Family, ...]
    notes: tuple[Note, ...]
    causes: tuple[Cause, ...]
    spent: tuple[Spent, ...]
    spec: Spec
    left_out: int


def view(report: Report) -> View:
    """Choose what the page shows: evidence for findings first, then for what was left open, noted, and passes."""
    evidence = evidence_of(report)
    findings = tuple(sections(report, evidence))
    told = {finding.rule["id"] for section in findings for finding in section.findings}
    families = tuple(_families(report, evidence, told))
    reasons = [group for group in report["summary"]["unjudged"] if group["verdict"] != Verdict.ERROR]
    return View(
        report=report,
        needed=tuple(group for group in reasons if group["need"]),
        open=tuple(group for group in reasons if not group["need"]),
        findings=findings,
        families=families,
        notes=tuple(_notes(report["rules"])),
        causes=causes(report)[:_CAUSES],
        spent=spending(report),
        spec=spec_of(report),
        left_out=len(evidence.exchanges) - len(evidence.placed),
    )


def _families(report: Report, evidence: Evidence, told: set[str]) -> Iterable[Family]:
    by_telling = sorted(report["rules"], key=lambda rule: rank(rule["verdict"]))
    samples = {rule["id"]: _sample(rule, evidence) for rule in by_telling if rule["id"] not in told}
    for family in report["families"]:
        rules = [rule for rule in report["rules"] if rule["family"] == family["id"]]
        columns = _columns(rules)
        rows = tuple(
            Row(
                rule=rule,
                cells=_cells(rule, columns),
                groups=_groups(rule, columns),
                evidence=samples.get(rule["id"], Citation()),
                told=rule["id"] in told,
            )
            for rule in rules
        )
        yield Family(family["id"], family["title"], tuple(map(subject_name, columns)), rows, _counts(rows))


def _columns(rules: Sequence[Json]) -> tuple[str, ...]:
    """Give the subjects that several rules of a family share, in the order of judging, unless they are too many."""
    shared = Counter(subject for rule in rules for subject in {check["subject"] for check in rule["checks"]})
    order = dict.fromkeys(check["subject"] for rule in rules for check in rule["checks"])
    columns = tuple(subject for subject in order if subject and shared[subject] >= _SHARED)
    return columns if 1 < len(columns) <= _WIDEST else ()


def _cells(rule: Json, columns: Sequence[str]) -> tuple[str, ...]:
    worst: dict[str, str] = {}
    for check in sorted(rule["checks"], key=lambda check: rank(check["verdict"])):
        worst.setdefault(check["subject"], check["verdict"])
    return tuple(worst.get(subject, "") for subject in columns)


def _sample(rule: Json, evidence: Evidence) -> Citation:
    """Show the most particular exchanges that the worst of a rule's checks rests on."""
    checks = sorted(rule["checks"], key=lambda check: rank(check["verdict"]))
    worst = next((check for check in checks if check["exchanges"]), None)
    if worst is None:
        return Citation()
    return evidence.cite(worst["exchanges"], body=_BODY, most=_SAMPLE)


def _groups(rule: Json, columns: Sequence[str]) -> tuple[Group, ...]:
    checks: dict[str, list[Json]] = defaultdict(list)
    for check in rule["checks"]:
        checks[check["verdict"]].append(check)
    return tuple(_group(verdict, checks[verdict], columns) for verdict in Verdict if verdict in checks)


def _group(verdict: str, checks: Sequence[Json], columns: Sequence[str]) -> Group:
    said = dict.fromkeys(check["message"] for check in checks if check["message"])
    told = () if verdict == Verdict.PASS and len(checks) > 1 else tuple(said)[:2]
    messages = tuple(visible(cut(message, 240)) for message in told)
    more = len(said) - len(told) if told else 0
    in_columns = {check["subject"] for check in checks} <= {None, *columns}
    return Group(verdict, len(checks), subjects_of(checks), messages, more, in_columns)


def _counts(rows: Sequence[Row]) -> Mapping[str, int]:
    verdicts = [row.rule["verdict"] for row in rows]
    return {verdict: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts}


def _notes(rules: Iterable[Json]) -> Iterable[Note]:
    noted = [
        (rule, message, checks)
        for rule in rules
        for message, checks in _by_message(check for check in rule["checks"] if check["verdict"] == Verdict.NOTED)
    ]
    for rule, message, checks in noted[:_NOTED]:
        yield Note(rule, subjects_of(checks), visible(cut(message, 300)))


def _by_message(checks: Iterable[Json]) -> Iterable[tuple[str, list[Json]]]:
    said: dict[str, list[Json]] = defaultdict(list)
    for check in checks:
        said[check["message"]].append(check)
    return said.items()
