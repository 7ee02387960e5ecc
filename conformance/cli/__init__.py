"""The command line: `conformance COMMAND`. Usage errors exit with 4, as pytest's do."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from pathlib import Path

import click

from conformance.cli.asking import Failure
from conformance.cli.catalogue import NotInCatalogue, explain, rules
from conformance.cli.cleanup import cleanup
from conformance.cli.completion import PROGRAM, completion
from conformance.cli.doctor import doctor
from conformance.cli.gate import compare_reports, waive
from conformance.cli.init import init
from conformance.cli.matrix import matrix
from conformance.cli.pending import pending
from conformance.cli.run import run
from conformance.contract.rules import UnknownRule, select
from conformance.errors import UsageProblem

USAGE_ERROR = 4


class Commands(click.Group):
    """The commands; a name that is none is answered with the one that comes close."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; exit with 4 where there is none of that name."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            close = get_close_matches(name, self.commands, 1)
            hint = f"Did you mean `conformance {close[0]}`?" if close else "`conformance --help` lists them all."
            raise click.UsageError(f"There is no command {name!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="performance-blocks-conformance")
def cli() -> None:
    """Judge an implementation of the Performance Blocks REST API against its contract.

    \b
    Examples:
      conformance run                         judge the embedded reference API
      export PB_API_KEY=pb_test_...           keys come by environment only
      conformance doctor --base-url URL       what can be judged there?
      conformance init --base-url URL         write that into a conformance.toml
      conformance run --base-url URL          judge it
      conformance run --rules PAG,SRT-05 --read-only  a part of it
      conformance explain PAG-11              what a rule asks, and why it matters
    """


cli.add_command(run)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Listen on this port; 0 takes any."
)
@click.option("--database", type=click.Path(dir_okay=False, path_type=Path), help="Keep data in this SQLite file.")
@click.option("--latency", default=0.0, type=click.FloatRange(0, 60), help="Seconds to hold every answer back.")
@click.option("--control", is_flag=True, help="Offer the control endpoint that moves the clock (for tests only).")
def serve(host: str, port: int, database: Path | None, *, latency: float, control: bool) -> None:
    """Serve the reference API as a sandbox for client developers.

    \b
    Examples:
      conformance serve                       prints its URL and its keys
      conformance serve --port 8080 --database sandbox.sqlite --latency 0.2

    It logs each request, and serves until Ctrl-C.
    """
    from conformance.reference.serve import serve as serve_reference  # noqa: PLC0415  # loads the whole reference

    try:
        serve_reference(host=host, port=port, database=database, latency=latency, control=control)
    except OSError as error:
        raise click.ClickException(
            f"Can't listen on {host}:{port} with {database or 'a database in memory'}: {error}"
        ) from None


@cli.command(short_help="Write all report formats anew from a conformance.json.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--to", "directory", type=click.Path(file_okay=False, path_type=Path), help="Folder (default: beside FILE)."
)
def report(file: Path, directory: Path | None) -> None:
    """Write all report formats anew from a conformance.json, also one of last month.

    \b
    Examples:
      conformance report reports/latest/conformance.json
      conformance report last-month.json --to public/
    """
    from conformance.reporting.json_report import read_json  # noqa: PLC0415  # the templates load with it
    from conformance.reporting.writer import write_report  # noqa: PLC0415

    try:
        for path in write_report(read_json(file), directory or file.parent):
            click.echo(path)
    except UsageProblem as problem:
        raise click.ClickException(str(problem)) from None


@cli.command()
@click.option("--rule", "wanted", default="", help="Only the lies about these rules or families, e.g. PAG-04,ARC.")
def faults(wanted: str) -> None:
    """List the named lies by which every rule's scenario is proved.

    \b
    Examples:
      conformance faults --rule PAG-04,ARC
    """
    from conformance.faults.model import all_faults  # noqa: PLC0415  # loads reference and scenarios

    try:
        chosen = {rule.id for rule in select(wanted)} if wanted else None
    except UnknownRule as unknown:
        raise NotInCatalogue(unknown) from None
    for fault in all_faults():
        if chosen is None or fault.rule_id in chosen:
            click.echo(f"{fault.rule_id:8} {fault.name}\n         {fault.lie}")


cli.add_command(doctor)
cli.add_command(init)
cli.add_command(completion)
cli.add_command(pending)
cli.add_command(rules)
cli.add_command(explain)
cli.add_command(matrix)
cli.add_command(cleanup)
cli.add_command(compare_reports)
cli.add_command(waive)


def main() -> None:
    """Run the command line; exit with 4 where it is used wrongly."""
    try:
        code = cli.main(prog_name=PROGRAM, standalone_mode=False, color=False if os.environ.get("NO_COLOR") else None)
    except Failure as failure:
        failure.show()
        sys.exit(failure.code)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE_ERROR)
    except click.Abort:
        sys.exit(130)
    sys.exit(code or 0)
