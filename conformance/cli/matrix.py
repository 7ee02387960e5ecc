"""`conformance matrix`: the whole suite against every lie, every legal variant and every target that proves nothing."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click


@click.command(short_help="Prove the suite by every lie (an hour or more).")
@click.option(
    "--jobs", default=os.cpu_count() or 1, type=click.IntRange(1), help="Processes at once (default: all cores)."
)
@click.option("--only", default="", metavar="TEXT", help="Only subjects whose kind, name or rule holds this text.")
@click.option(
    "--to",
    "directory",
    default=Path("reports"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Write matrix.json and matrix.html here.",
)
def matrix(jobs: int, only: str, directory: Path) -> None:
    """Prove the suite: judge every lie, legal variant and null target by all rules.

    \b
    Examples:
      conformance matrix                      an hour or more on two cores
      conformance matrix --only PAG-04 --to /tmp/proof

    Exit codes: 0 if all is as it ought to be, 1 if not.
    """
    from conformance.faults import matrix as faults_matrix  # noqa: PLC0415  # loads reference and scenarios
    from conformance.reporting.html.matrix import matrix_html  # noqa: PLC0415

    chosen = [one for one in faults_matrix.subjects() if any(only in text for text in (one.kind, one.name, one.rule))]
    found = []
    for number, row in enumerate(faults_matrix.rows(chosen, jobs=jobs), start=1):
        found.append(row)
        told = "ok   " if row.as_it_ought else "WRONG"
        said = (
            ""
            if row.as_it_ought
            else f": {', '.join(f'{rule} {one}' for rule, one in row.as_json()['verdicts'].items())}"
        )
        click.echo(f"{number:4}/{len(chosen)} {told} {row.subject.kind:8}{row.subject.rule:7} {row.subject.name}{said}")
    whole = faults_matrix.as_json(found)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "matrix.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (directory / "matrix.html").write_text(matrix_html(whole), "utf-8")
    wrong = [name for told in whole["summary"].values() for name in told["wrong"]]
    click.echo(f"{len(found) - len(wrong)} of {len(found)} as they ought; {directory / 'matrix.html'}")
    sys.exit(1 if wrong else 0)
