"""Annotations of GitHub Actions: lines of output that become marks on a run's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reporting.values import cut, observed_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.reporting.json_report import Report

MOST = 9
"""GitHub shows ten of a kind for a step: nine breaches, and how many more there are."""
COMMANDS: Mapping[str, str] = {"fail": "error", "error": "error", "blocked": "error", "warn": "warning"}
ORDER = ("fail", "error", "blocked", "warn")


def workflow_commands(report: Report) -> Iterator[str]:
    """Give a workflow command for each of the most important broken rules, and a count of the others."""
    rules = sorted(
        (rule for rule in report["rules"] if rule["verdict"] in COMMANDS), key=lambda rule: ORDER.index(rule["verdict"])
    )
    for rule in rules[:MOST]:
        yield _command(COMMANDS[rule["verdict"]], f"{rule['id']} {rule['verdict']}: {rule['title']}", _told(rule))
    if len(rules) > MOST:
        yield _command("notice", "Conformance", f"{len(rules) - MOST} more rules are broken or were blocked.")


def _told(rule: Mapping[str, Any]) -> str:
    checks = [check for check in rule["checks"] if check["verdict"] == rule["verdict"]]
    first = checks[0]
    said = [f"{first['subject']}: {first['message']}" if first["subject"] else first["message"]]
    said += [f"expected {first['expected']}"] if first["expected"] else []
    said += [f"observed {observed_text(first)}"] if first["observed"] is not None else []
    said += [f"and {len(checks) - 1} more"] if len(checks) > 1 else []
    return "\n".join(cut(visible(one), 400) for one in said)


def _command(name: str, title: str, message: str) -> str:
    return f"::{name} title={_escaped(title, ':', ',')}::{_escaped(message)}"


def _escaped(text: str, *more: str) -> str:
    """Escape what would end a property or the line, as GitHub's own toolkit does."""
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text
