"""summary.md: a run for a CI step summary; the outcome, the breaches, and what could not be judged, in that order.

What a target sent stands in code spans only, cut and on one line, so that it can't be markup.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.reporting.html.findings import rerun
from conformance.reporting.values import cut, observed_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.reporting.json_report import Report

LIMIT = 1_000_000
"""Characters at most; a step summary may have 1 MiB, and no character of ours takes more than one octet here."""
CASES = 3
"""So many breaches of one rule are told; the others only count."""
SEEN = ("operations", "statuses", "parameters")
MARKS: Mapping[str, str] = {"fail": "❌ fail", "error": "⚡ error", "warn": "⚠️ warn", "blocked": "⛔ blocked"}


def to_markdown(report: Report) -> str:
    """Write the summary of a report, the first breaches first, as far as the limit allows."""
    lines, weight = [], 0
    for line in _lines(report):
        weight += len(line.encode()) + 1
        if weight > LIMIT:
            lines.append("\nThere is more; conformance.html has all of it.")
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## Conformance: {report['summary']['outcome']}"
    yield ""
    yield _text(report["summary"]["sentence"])
    gate = report.get("gate")
    if gate:
        yield ""
        yield f"**{_text(gate['sentence'])}**"
    yield from _table(report)
    for verdict, title in (("fail", "Broken MUST rules"), ("error", "Where the suite itself broke")):
        yield from _broken(report, verdict, title)
    yield from _broken(report, "warn", "Broken SHOULD rules")
    yield from _unjudged(report)
    yield from _spec(report)


def _spec(report: Report) -> Iterator[str]:
    """Count in a line where documents, spec and run differ, and what the run saw of the spec."""
    rows, summary = report.get("triangle") or (), (report.get("coverage") or {}).get("summary", {})
    told = []
    if rows:
        differing = sum(bool(row["differ"]) for row in rows)
        told.append(f"Documents, spec and run differ on {differing} of {len(rows)} things.")
    if summary:
        seen = ", ".join(f"{summary[name]['seen']} of {summary[name]['of']} {name}" for name in SEEN if name in summary)
        told.append(f"The run saw {seen} of the spec.")
    if report.get("spec_unread"):
        told.append(f"The spec could not be compared in full: {_code(report['spec_unread'])}.")
    if told:
        yield ""
        yield " ".join(told)


def _table(report: Report) -> Iterator[str]:
    levels = report["summary"]["levels"]
    names = [name for name in levels[0]["verdicts"] if any(level["verdicts"][name] for level in levels)]
    yield ""
    yield "| rules | " + " | ".join(level["level"] for level in levels) + " |"
    yield "|---" * (len(levels) + 1) + "|"
    for name in names:
        counts = " | ".join(str(level["verdicts"][name]) for level in levels)
        yield f"| {name.replace('_', ' ')} | {counts} |"


def _broken(report: Report, verdict: str, title: str) -> Iterator[str]:
    rules = [rule for rule in report["rules"] if rule["verdict"] == verdict]
    if rules:
        yield ""
        yield f"### {title} ({len(rules)})"
    for rule in rules:
        yield from _rule(rule, report)


def _rule(rule: Mapping[str, Any], report: Report) -> Iterator[str]:
    checks = [check for check in rule["checks"] if check["verdict"] in {"fail", "warn", "error"}]
    yield ""
    yield f"**{rule['id']}** {MARKS[rule['verdict']]}: {_text(rule['title'])} ({_text(rule['source'])})"
    yield ""
    for check in checks[:CASES]:
        subject = f"{_code(check['subject'])}: " if check["subject"] else ""
        waived = check.get("waived")
        told = f" (waived until {_text(waived['expires'])} by {_text(waived['owner'])})" if waived else ""
        yield f"- {subject}{_code(check['message'])}{told}"
        if check["expected"]:
            yield f"  - expected {_code(check['expected'])}"
        if check["observed"] is not None:
            yield f"  - observed {_code(observed_text(check))}"
        yield f"  - again: {_code(rerun(check, report), 400)}"
    if len(checks) > CASES:
        yield f"- and {len(checks) - CASES} more"


def _unjudged(report: Report) -> Iterator[str]:
    groups = report["summary"]["unjudged"]
    if groups:
        yield ""
        yield "### What could not be judged"
        yield ""
    for group in groups:
        rules = ", ".join(group["rules"][:10]) + (
            f" and {len(group['rules']) - 10} more" if group["rules"][10:] else ""
        )
        hint = f" {_code(group['hint'])}" if group["hint"] else ""
        yield f"- {group['verdict'].replace('_', ' ')}: {_code(group['reason'])}{hint} ({rules})"


def _text(text: str) -> str:
    """Write words of ours on one line, with what Markdown or HTML could take for markup escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|!~&])", r"\\\1", " ".join(visible(str(text)).split()))


def _code(text: object, limit: int = 300) -> str:
    """Write a text as a code span, which holds anything but a longer run of backticks than its own."""
    line = " ".join(cut(visible(str(text)), limit).split()) or " "
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"`{line}`"
