"""`conformance pending`: what waits in a ledger for a later run. Nothing is asked of a target."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.cli.asking import end
from conformance.errors import UsageProblem
from conformance.target.ledger import Entry, Ledger
from conformance.target.settings import refuse_unknown_variables, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command(short_help="Show what waits in a ledger for a later run.")
@click.option("--ledger", metavar="FILE", help="The file that runs were given as --ledger.")
def pending(ledger: str | None) -> None:
    """Show which Idempotency-Keys wait in a ledger, at which target, and when a run can judge them.

    \b
    Examples:
      conformance run --ledger keys.jsonl    plants keys, uses those that are due
      conformance pending --ledger keys.jsonl

    Times are UTC, by the clock of each target. The ledger comes from CONFORMANCE_LEDGER or TOML, too, as for a run.
    """
    try:
        file = _file(ledger)
        entries = Ledger(file).entries()
    except UsageProblem as problem:
        end(problem)
    if not entries:
        click.echo(f"Nothing waits in {file}.")
    for line in told(entries, datetime.now(UTC)):
        click.echo(line)


def _file(given: str | None) -> Path:
    refuse_unknown_variables(os.environ)
    file = resolve({"ledger": given}, os.environ, Path.cwd()).ledger
    if file is None:
        raise UsageProblem("No ledger is given.", hint="Say --ledger FILE, or set CONFORMANCE_LEDGER.")
    return file


def told(entries: Sequence[Entry], now: datetime) -> Sequence[str]:
    """Write entries target by target, in the order in which they can be judged."""
    lines: list[str] = []
    targets: defaultdict[str, list[Entry]] = defaultdict(list)
    for one in sorted(entries, key=lambda entry: (entry.base_url, entry.opens)):
        targets[f"{one.base_url} (organization {one.organization}, API key {one.api_key})"].append(one)
    for target, waiting in targets.items():
        lines += [_shown(target), *(_line(one, now) for one in waiting)]
    return lines


def _line(entry: Entry, now: datetime) -> str:
    opens = _at(entry.opens)
    when = f"{opens} to {_at(entry.closes)}" if entry.closes else f"from {opens} on"
    state = "too late" if entry.is_late(now) else "due now" if entry.is_due(now) else "waits"
    return _shown(f"  {entry.rule}  {state:8}  {when:42}  used {_at(entry.at)} by run {entry.run}")


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _shown(text: str) -> str:
    """Take out what a terminal would obey: ids come from targets."""
    return "".join(one if one.isprintable() else "?" for one in text)
