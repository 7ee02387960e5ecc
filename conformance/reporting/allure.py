"""allure-results/: one result a check, for Allure Report; epic, feature and story are document, family and rule.

Everything in it comes from the report, and so is redacted: Allure itself keeps whatever it is given in plain text.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attr
from allure_commons.model2 import Attachment, Label, Link, Parameter, Status, StatusDetails, TestResult

from conformance.reporting.html.evidence import show
from conformance.reporting.html.findings import rerun
from conformance.reporting.values import cut, observed_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conformance.reporting.json_report import Report

Json = dict[str, Any]
SEVERITIES: Mapping[str, str] = {"MUST": "critical", "SHOULD": "normal", "NOTE": "trivial"}
STATUSES: Mapping[str, str] = {
    "pass": Status.PASSED,
    "noted": Status.PASSED,
    "warn": Status.PASSED,
    "fail": Status.FAILED,
    "error": Status.BROKEN,
    "blocked": Status.BROKEN,
    "not_judged": Status.SKIPPED,
    "not_applicable": Status.SKIPPED,
    "not_run": Status.SKIPPED,
}
"""A warning fails where the gate is strict; a tag tells it from a pass in any case."""
SHOWN = frozenset({"fail", "error", "warn", "blocked"})
"""The verdicts whose exchanges are attached."""
MOST = 6
"""So many exchanges of a finding are attached, the last ones; the report has them all."""
BODY = 20_000
"""Characters of a body that an attachment keeps."""


def write_allure(report: Report, directory: Path) -> None:
    """Write the results of a report into a folder of their own, in place of those of an earlier run."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    families = {family["id"]: family["title"] for family in report["families"]}
    exchanges = {exchange["number"]: exchange for exchange in report["exchanges"]}
    for rule in report["rules"]:
        for check in rule["checks"]:
            result = _result(report, rule, check, family=families[rule["family"]])
            result.attachments = [*_attachments(directory, result.uuid, check, exchanges)]
            told = attr.asdict(result, filter=lambda _, value: bool(value))
            (directory / f"{result.uuid}-result.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    (directory / "environment.properties").write_text(_environment(report), "utf-8")
    (directory / "categories.json").write_text(json.dumps(CATEGORIES, indent=1), "utf-8")


CATEGORIES = [
    {"name": "Broken MUST rules", "matchedStatuses": ["failed"]},
    {"name": "Blocked, or where the suite itself broke", "matchedStatuses": ["broken"]},
    {"name": "Not judged", "matchedStatuses": ["skipped"]},
]


def _result(report: Report, rule: Json, check: Json, *, family: str) -> TestResult:
    name = " ".join(filter(None, (check["item"].rpartition("::")[2], check.get("finding"))))
    began = int(datetime.fromisoformat(report["run"]["started"]).timestamp() * 1000)
    identity = " ".join(filter(None, (rule["id"], check["item"].rpartition("/")[2], check.get("finding"))))
    result = TestResult(
        uuid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{report['run']['id']} {identity}")),
        name=name,
        fullName=check["item"],
        historyId=hashlib.md5(identity.encode("utf-8", "replace"), usedforsecurity=False).hexdigest(),
        testCaseId=hashlib.md5(name.encode("utf-8", "replace"), usedforsecurity=False).hexdigest(),
        description=f"{rule['title']}\n\n{rule['why']}",
        status=_status(report, check),
        statusDetails=_details(report, check),
        start=began,
        stop=began + round(check["seconds"] * 1000),
    )
    result.labels = [Label(name=name, value=value) for name, value in _labels(rule, check, family)]
    result.links = [Link(type="link", name=f"{rule['id']}: {rule['source']}", url=f"conformance.html#{rule['id']}")]
    result.parameters = [Parameter(name="subject", value=visible(check["subject"]))] if check["subject"] else []
    return result


def _status(report: Report, check: Json) -> str:
    strict = check["verdict"] == "warn" and report["run"]["options"].get("strict")
    if check.get("waived"):
        return str(Status.SKIPPED)
    return str(Status.FAILED if strict else STATUSES[check["verdict"]])


def _details(report: Report, check: Json) -> StatusDetails | None:
    again = rerun(check, report) if check["verdict"] in SHOWN else ""
    said = {"expected": check["expected"], "observed": observed_text(check), "again": again}
    trace = "\n".join(f"{name}: {visible(cut(text, 4000))}" for name, text in said.items() if text)
    message = visible(cut(check["message"], 2000))
    waived = check.get("waived")
    head = f"waived until {waived['expires']} by {waived['owner']}: " if waived else ""
    word = f"{check['verdict'].replace('_', ' ')}: " if check["verdict"] != "pass" else ""
    return (
        StatusDetails(message=f"{head}{word}{message}", trace=f"{trace}\n{check['traceback']}".strip())
        if message
        else None
    )


def _labels(rule: Json, check: Json, family: str) -> Iterator[tuple[str, str]]:
    yield "epic", rule["source"].partition(" > ")[0]
    yield "feature", family
    yield "story", f"{rule['id']}: {rule['title']}"
    yield "severity", SEVERITIES[rule["level"]]
    yield "tag", rule["level"]
    yield "tag", check["verdict"].replace("_", " ")
    yield "suite", family
    yield "framework", "pytest"
    yield "language", "python"


def _attachments(directory: Path, result: str, check: Json, exchanges: Mapping[int, Json]) -> Iterator[Attachment]:
    """Attach the exchanges of a finding, each in a file of its own: Allure 3 loses one that two results share."""
    for number in check["exchanges"][-MOST:] if check["verdict"] in SHOWN else ():
        if number not in exchanges:
            continue
        shown = show(exchanges[number], BODY)
        source = f"{result}-exchange-{number}-attachment.txt"
        (directory / source).write_text(f"{shown.request}\n\n{shown.response}\n\n{shown.curl}\n", "utf-8")
        yield Attachment(name=f"{shown.method} {shown.target}: {shown.status}", source=source, type="text/plain")


def _environment(report: Report) -> str:
    facts = {
        "target": report["target"]["base_url"],
        "run": report["run"]["id"],
        "outcome": report["summary"]["outcome"],
    }
    return "".join(f"{name}={' '.join(visible(str(value)).split())}\n" for name, value in facts.items())
