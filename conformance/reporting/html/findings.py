"""What the HTML page tells of each broken rule: the breach once for all subjects that share it, with evidence."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conformance.judging.verdicts import Verdict
from conformance.reporting.html.deciding import Piece, pieces
from conformance.reporting.html.evidence import Citation, Evidence, value_text, weigh
from conformance.reporting.replay import script
from conformance.reporting.values import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.reporting.json_report import Report

Json = dict[str, Any]

_BODY = 4000  # characters of a body behind a finding
_SCRIPT = 40_000  # characters of a script; a longer one is for the command line
_SIDE = 2400  # characters of what was expected or observed: a sequence of commands with its script fits
_CASES = 8  # different breaches of one rule that are told in full
_FOUND = 40  # the same, where each is a bug of its own (of fuzzing)

LEAVES = ("read_only", "allow_live_writes", "leave_data", "disposable")
"""What a run was allowed, or not, as it is called in the facts of a run: running it again needs the same."""
_RULE = re.compile(r"[A-Z]{3}-\d\d")
_FUZZING = "ROB-"

_TITLES = {
    Verdict.FAIL: "Broken MUST rules",
    Verdict.ERROR: "Where the suite itself broke",
    Verdict.WARN: "Broken SHOULD rules",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a rule came out, for all the subjects of which the very same can be said."""

    verdict: str
    subjects: tuple[str, ...]
    message: str
    expected: str
    observed: tuple[Piece, ...]
    hint: str
    traceback: str
    rerun: str
    waived: str = ""
    script: str = ""
    evidence: Citation = field(default_factory=Citation)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken, or on which the suite itself broke, with its cases; `more` are only counted."""

    rule: Json
    cases: tuple[Case, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Section:
    """All findings of one verdict, under one heading."""

    verdict: str
    title: str
    findings: tuple[Finding, ...]


def sections(report: Report, evidence: Evidence) -> Iterable[Section]:
    """Tell every finding of a report, MUST breaches first, as far as the evidence budget goes."""
    for verdict, title in _TITLES.items():
        rules = [rule for rule in report["rules"] if rule["verdict"] == verdict]
        if rules:
            yield Section(verdict, title, tuple(_finding(rule, report, evidence) for rule in rules))


def _finding(rule: Json, report: Report, evidence: Evidence) -> Finding:
    alike: dict[tuple[str, ...], list[Json]] = defaultdict(list)
    for check in sorted(rule["checks"], key=lambda check: rank(check["verdict"])):
        if check["verdict"] in _TITLES:
            alike[(check["verdict"], check["message"], check["expected"], str(check["observed"]))].append(check)
    cases: list[Case] = []
    most = _FOUND if any(check.get("finding") for check in rule["checks"]) else _CASES
    for checks in list(alike.values())[:most]:
        case = _case(checks, report)
        if not evidence.afford(_weight(case)):
            if cases:
                break
            case = _brief(case)
        cited = evidence.cite(checks[0]["exchanges"], body=_BODY)
        replay = script(checks[0], rule, report) if case.verdict != Verdict.ERROR else ""
        kept = replay if len(replay) <= _SCRIPT and evidence.afford(weigh(replay)) else ""
        cases.append(replace(case, evidence=cited, script=kept))
    return Finding(rule, tuple(cases), len(alike) - len(cases))


def _case(checks: Sequence[Json], report: Report) -> Case:
    first = checks[0]
    return Case(
        verdict=first["verdict"],
        subjects=subjects_of(checks),
        message=visible(cut(first["message"], 600)),
        expected=visible(_side(first["expected"])),
        observed=_observed(first),
        hint=visible(cut(first["hint"], 400)),
        traceback=visible(first["traceback"][-3000:]),
        rerun=rerun(first, report),
        waived=_waived(first),
    )


def _observed(check: Json) -> tuple[Piece, ...]:
    observed = check["observed"]
    text = "" if observed is None else _side(value_text(observed))
    return pieces(text, observed, message=check["message"], expected=check["expected"])


def _side(text: str) -> str:
    """Cut one of the two sides, and say where the rest is."""
    more = "\n… conformance.json has the whole of it" if len(text) > _SIDE else ""
    return cut(text, _SIDE) + more


def _waived(check: Json) -> str:
    waived = check.get("waived")
    if not waived:
        return ""
    told = f"Waived until {waived['expires']}; {waived['owner']} answers for it: {waived['reason']}"
    return visible(cut(told, 400))


def _brief(case: Case) -> Case:
    """Shorten the one case that every broken rule keeps, also where the page is full."""
    return replace(
        case,
        subjects=case.subjects[:20],
        message=cut(case.message, 120),
        expected=cut(case.expected, 120),
        observed=((cut("".join(text for text, _ in case.observed), 120), False),) if case.observed else (),
        hint=cut(case.hint, 120),
        traceback=case.traceback[-120:],
    )


def _weight(case: Case) -> int:
    texts = (
        case.message,
        case.expected,
        *(text for text, _ in case.observed),
        case.hint,
        case.traceback,
        case.rerun,
        *case.subjects,
    )
    return 600 + sum(weigh(text) for text in texts)


def rerun(check: Json, report: Report) -> str:
    """Give the command that runs the item of this check alone, against the same target.

    What judges the answers to others needs the rule that asked them, too.
    """
    target, options = report["target"], report["run"]["options"]
    name = check["item"].rpartition("::")[2].partition("[")[0]
    inside = check["item"].startswith("scenarios/")  # the path of an installed package says nothing to anybody
    words = ["pytest", check["item"]] if inside else ["pytest", "--pyargs", "scenarios", "-k", name]
    asker = _asker(check, report)
    if asker:
        rules = ",".join(one for one in (_rule_of(check, report), asker) if one)
        words = ["pytest", *(["scenarios"] if inside else ["--pyargs", "scenarios"]), "--rules", rules]
    if not target["embedded"]:
        words += ["--base-url", target["base_url"]]
    if check.get("finding") or asker:
        words += ["--fuzz", str(options.get("fuzz", "quick")), "--seed", str(options.get("seed", 0))]
    words += [f"--{name.replace('_', '-')}" for name in LEAVES if options.get(name)]
    return visible(cut(shlex.join(words), 600)) if check["item"] else ""


def _rule_of(check: Json, report: Report) -> str:
    return next((rule["id"] for rule in report["rules"] if any(one is check for one in rule["checks"])), "")


def _asker(check: Json, report: Report) -> str:
    """Name the rule that asked for what another one judges, "" where it asked itself, or where no rule did.

    What fuzzing asks is asked by all of its rules together.
    """
    numbers = {*check["exchanges"][-1:]}
    asked_by = next((str(one["asked_by"]) for one in report["exchanges"] if one["number"] in numbers), "")
    own = _rule_of(check, report)
    is_own = asked_by == own or (asked_by.startswith(_FUZZING) and own.startswith(_FUZZING))
    return asked_by if _RULE.fullmatch(asked_by) and not is_own else ""


def subjects_of(checks: Sequence[Json]) -> tuple[str, ...]:
    """Name the subjects of some checks, each once, in order."""
    return tuple(map(subject_name, dict.fromkeys(check["subject"] for check in checks if check["subject"])))


def subject_name(subject: str) -> str:
    """Write a subject to read."""
    return visible(cut(subject, 100))


def rank(verdict: str) -> int:
    """Place a verdict among all, the worst at 0."""
    return list(Verdict).index(Verdict(verdict))
