"""conformance.json: the truth about a run, of which every other format is a projection.

Its shape is report.schema.json, next to this module. Reading and writing both keep to it, so that a report of
last month can still be shown in any format.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from conformance.contract.rules import FAMILIES, RULES
from conformance.errors import UsageProblem
from conformance.judging.signature import signature
from conformance.judging.verdicts import Verdict
from conformance.reporting.exchanges import BODY_LIMIT, PASS_LIMIT, exchange_json
from conformance.reporting.summary import Summary, summarize
from conformance.reporting.values import jsonable, record

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.judging.results import Check, Results, RuleResult

Report: TypeAlias = dict[str, Any]
"""A report as JSON; its shape is report.schema.json."""

SCHEMA_NUMBER = 1
_TELLING = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.BLOCKED})
_DISTRIBUTION = "performance-blocks-conformance"
_HINT = "Give the conformance.json that a run has left in its report folder."


class UnreadableReport(UsageProblem):
    """A file is no report that this version can read: why, and what to give instead."""


def to_json(results: Results) -> Report:
    """Project a run onto its report; every rule of the catalogue is in it."""
    insight = {"coverage": results.coverage, "triangle": results.triangle, "spec_unread": results.unread or None}
    return {
        "schema": SCHEMA_NUMBER,
        "suite": {"name": _DISTRIBUTION, "version": _version(), "contract": {"rules": len(RULES)}},
        "target": jsonable(record(results.target)),
        "run": jsonable(record(results.run)),
        "summary": _summary(summarize(results)),
        "families": [{"id": family.prefix, "title": family.title} for family in FAMILIES],
        "rules": [_rule(found) for found in results.rules],
        **{name: jsonable(value) for name, value in insight.items() if value is not None},
        "exchanges": _exchanges(results),
    }


def _exchanges(results: Results) -> list[dict[str, Any]]:
    telling = {number for check in results.checks if check.verdict in _TELLING for number in check.exchanges}
    return [
        exchange_json(exchange, BODY_LIMIT if number in telling else PASS_LIMIT)
        for number, exchange in sorted(results.exchanges.items())
    ]


def save(report: Report, path: Path) -> None:
    """Write a report that is JSON already, whole or not at all, with one rule or exchange a line."""
    members = (f"{_compact(name)}: {_by_line(value)}" for name, value in report.items())
    write_text("{\n" + ",\n".join(members) + "\n}\n", path)


def _by_line(value: object) -> str:
    if not isinstance(value, list):
        return _compact(value)
    return "[\n" + ",\n".join(map(_compact, value)) + "\n]"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read_json(path: Path) -> Report:
    """Read a report back; raise UnreadableReport where there is no file, or none that holds a report."""
    try:
        report = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise UnreadableReport(f"{path} can't be read: {problem.strerror}.", hint=_HINT) from None
    except (ValueError, RecursionError) as problem:
        raise UnreadableReport(f"{path} is not JSON: {problem}.", hint=_HINT) from None
    flaw = best_match(schema().iter_errors(report))
    if flaw is not None:
        what = f"{flaw.json_path}: {flaw.message[:200]}"
        raise UnreadableReport(f"{path} is no report of this suite, at {what}.", hint=_HINT)
    return dict(jsonable(report))


@cache
def schema() -> Draft202012Validator:
    """Give the validator of reports."""
    text = files("conformance.reporting").joinpath("report.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def write_text(text: str, path: Path) -> None:
    """Write a text file by way of a temporary neighbour, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _version() -> str:
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "unreleased"


def _summary(summary: Summary) -> dict[str, Any]:
    levels = [
        {
            "level": count.level,
            "applicable": count.applicable,
            "judged": count.judged,
            "holding": count.holding,
            "broken": count.broken,
            "verdicts": count.verdicts,
        }
        for count in summary.levels
    ]
    whole = {
        "outcome": summary.outcome,
        "sentence": summary.sentence,
        "levels": levels,
        "checks": summary.checks,
        "broken": summary.broken,
        "unjudged": [record(group) for group in summary.unjudged],
    }
    return dict(jsonable(whole))


def _rule(found: RuleResult) -> dict[str, Any]:
    rule = found.rule
    return {
        "id": rule.id,
        "family": rule.family,
        "level": rule.level.value,
        "title": rule.title,
        "source": "; ".join(str(source) for source in rule.sources),
        "why": rule.why,
        "how": rule.how,
        "needs": sorted(rule.needs),
        "verdict": found.verdict.value,
        "reason": jsonable(found.reason),
        "checks": [_check(check) for check in found.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    fields: dict[str, Any] = dict(jsonable(record(replace(check, waived=None, found=()))))
    del fields["rule"], fields["found"]
    fields["waived"] = jsonable(record(check.waived)) if check.waived else None
    return fields | {"signature": signature(check) if check.verdict in _TELLING else ""}
