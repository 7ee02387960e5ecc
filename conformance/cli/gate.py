"""The commands of the gate: `compare` holds two reports side by side, `waive` writes down who answers for a breach."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.completion import rule_ids
from conformance.errors import UsageProblem
from conformance.gate.comparing import KINDS, Comparison, compare
from conformance.gate.waivers import WAIVABLE, label, read_waivers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPORT = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20
"""So many changes of a kind are listed; --json has them all."""


def _read(file: Path) -> Mapping[str, Any]:
    from conformance.reporting.json_report import read_json  # noqa: PLC0415  # the templates load with it

    try:
        return read_json(file)
    except UsageProblem as problem:
        raise click.ClickException(str(problem)) from None


@click.command(name="compare", short_help="Compare two reports, of two runs or targets.")
@click.argument("before", type=REPORT)
@click.argument("after", type=REPORT)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page here too.")
def compare_reports(before: Path, after: Path, page: Path | None, *, as_json: bool) -> None:
    """Compare two conformance.json: of two runs, or of two targets.

    \b
    Examples:
      conformance compare last-month.json reports/latest/conformance.json
      conformance compare theirs.json ours.json --html comparison.html

    Exit codes: 0 if nothing regressed, 1 if something did, 4 for a wrong use.
    """
    found = compare(_read(before), _read(after))
    if page is not None:
        from conformance.reporting.html.comparison import comparison_html  # noqa: PLC0415  # loads the templates

        page.write_text(comparison_html(found.as_json()), "utf-8")
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        for line in _lines(found):
            click.echo(line)
    sys.exit(1 if found.of("regressed") else 0)


def _lines(found: Comparison) -> Iterator[str]:
    yield f"before  {found.before}"
    yield f"after   {found.after}"
    for kind, meaning in KINDS.items():
        changes = found.of(kind)
        if changes:
            yield ""
            yield click.style(f"{kind} ({meaning}): {len(changes)}", bold=True)
        for change in changes[:SHOWN]:
            yield f"  {change.rule}  {change.check}  {change.before or 'absent'} -> {change.after or 'absent'}"
            told = change.now or change.was
            if told:
                yield f"          {told}"
        if len(changes) > SHOWN:
            yield f"  ... and {len(changes) - SHOWN} more (--json)"
    yield ""
    yield found.sentence[:1].upper() + found.sentence[1:]


@click.command(short_help="Write down who answers for a known breach.")
@click.argument("report", type=REPORT)
@click.option(
    "--rule", "rule_id", required=True, shell_complete=rule_ids, help="The rule whose breach is waived, such as PAG-11."
)
@click.option("--subject", help="Only this subject, such as employees; all that the rule breaks on without it.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why, best with the number of a ticket.")
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it counts (default: in 90 days)."
)
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append to this file; without it the entries are printed.",
)
def waive(  # noqa: PLR0913  # each is an option of the command
    report: Path,
    *,
    rule_id: str,
    subject: str | None,
    owner: str,
    reason: str,
    expires: datetime | None,
    file: Path | None,
) -> None:
    """Write waivers for the breaches of a rule that REPORT (a conformance.json) holds.

    \b
    Examples:
      conformance waive reports/latest/conformance.json --rule PAG-11 \\
          --owner api-team --reason "PB-4711" --to waivers.toml
      conformance run --waivers waivers.toml

    A waived breach stays a breach in every count, and fails the gate again once the waiver has expired.
    """
    for name, text in (("--owner", owner), ("--reason", reason)):
        if not text.strip():
            raise click.UsageError(f"{name} is empty: somebody has to answer for a waiver, and to say why.")
    day = (expires or datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    breaches = _breaches(_read(report), rule_id.upper(), subject)
    if not breaches:
        of_subject = f" on {subject}" if subject else ""
        raise click.ClickException(f"{report} holds no breach of {rule_id.upper()}{of_subject} that could be waived.")
    known = _waived_in(file)
    fresh = [check for check in breaches if (rule_id.upper(), check["signature"]) not in known]
    text = "\n".join(_entry(check, rule_id.upper(), owner=owner, reason=reason, day=day) for check in fresh)
    if file is None:
        click.echo(text, nl=False)
        return
    before = file.read_text("utf-8") if file.exists() else ""
    if fresh:
        file.write_text(f"{before}\n{text}" if before else text, "utf-8")
    there = (
        f" ({len(breaches) - len(fresh)} were there already: change their `expires`)"
        if len(fresh) < len(breaches)
        else ""
    )
    click.echo(
        f"{len(fresh)} waiver{'s' * (len(fresh) != 1)} until {day} added to {file}{there}. Run with --waivers {file}."
    )


def _waived_in(file: Path | None) -> frozenset[tuple[str, str]]:
    """Return which breaches a file waives already, by rule and signature."""
    if file is None or not file.exists():
        return frozenset()
    try:
        return frozenset((one.rule, one.signature) for one in read_waivers(file))
    except UsageProblem as problem:
        raise click.ClickException(str(problem)) from None


def _breaches(report: Mapping[str, Any], rule_id: str, subject: str | None) -> list[Mapping[str, Any]]:
    """Return one check for each breach: scenarios that say the same of one subject share a waiver."""
    found = {
        (check["subject"], check["signature"]): check
        for rule in report["rules"]
        if rule["id"] == rule_id
        for check in rule["checks"]
        if check["verdict"] in WAIVABLE and (subject is None or label(check["subject"]) == label(subject))
    }
    return list(found.values())


def _entry(check: Mapping[str, Any], rule_id: str, *, owner: str, reason: str, day: str) -> str:
    told = " ".join(str(check["message"]).split())[:200]
    lines = [f"# {told}", "[[waiver]]", f"rule = {_text(rule_id)}"]
    lines += [f"subject = {_text(label(check['subject']))}"] if check["subject"] else []
    lines += [f"signature = {_text(check['signature'])}", f"owner = {_text(owner)}", f"reason = {_text(reason)}"]
    return "\n".join([*lines, f"expires = {day}", ""])


def _text(value: str) -> str:
    """Write a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(value)
