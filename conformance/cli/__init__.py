"""The command line: `conformance COMMAND`. Usage errors exit with 4, as pytest's do."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conformance.cli.asking import Failure
from conformance.cli.catalogue import NotInCatalogue, explain, rules
from conformance.cli.cleanup import cleanup
from conformance.cli.doctor import doctor
from conformance.cli.gate import compare_reports, waive
from conformance.cli.init import init
from conformance.cli.matrix import matrix
from conformance.cli.pending import pending
from conformance.contract.rules import UnknownRule, select
from conformance.errors import UsageProblem

USAGE_ERROR = 4

EXAMPLES = """\b
Examples:
  conformance run                                 judge the embedded reference API
  PB_API_KEY=pb_test_... conformance run --base-url https://host/v1
  conformance run --base-url URL --rules PAG,SRT-05 --read-only
  conformance explain PAG-11                      what a rule asks and why it matters
  conformance cleanup                             remove what a killed run left behind
  conformance serve                               the reference API as a sandbox
  conformance report reports/latest/conformance.json --to public/"""


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="performance-blocks-conformance")
def cli() -> None:
    """Judge an implementation of the Performance Blocks REST API against its contract."""


@cli.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED)
def run(pytest_args: tuple[str, ...]) -> None:
    """Judge a target: pytest with the suite's scenarios, and with every option of both (conformance run --help)."""
    import pytest  # noqa: PLC0415  # the other commands need no pytest

    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # this very module is imported already
    sys.exit(pytest.main(["--pyargs", "scenarios", *quiet, *pytest_args]))


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Listen on this port; 0 takes any."
)
@click.option("--database", type=click.Path(dir_okay=False, path_type=Path), help="Keep data in this SQLite file.")
@click.option("--latency", default=0.0, type=click.FloatRange(0, 60), help="Seconds to hold every answer back.")
@click.option("--control", is_flag=True, help="Offer the control endpoint that moves the clock (for tests only).")
def serve(host: str, port: int, database: Path | None, *, latency: float, control: bool) -> None:
    """Serve the reference API as a sandbox for client developers."""
    from conformance.reference.serve import serve as serve_reference  # noqa: PLC0415  # loads the whole reference

    try:
        serve_reference(host=host, port=port, database=database, latency=latency, control=control)
    except OSError as error:
        raise click.UsageError(
            f"Can't listen on {host}:{port} with {database or 'a database in memory'}: {error}"
        ) from None


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--to", "directory", type=click.Path(file_okay=False, path_type=Path), help="Folder (default: beside FILE)."
)
def report(file: Path, directory: Path | None) -> None:
    """Write all report formats anew from a conformance.json, also one of last month."""
    from conformance.reporting.json_report import read_json  # noqa: PLC0415  # the templates load with it
    from conformance.reporting.writer import write_report  # noqa: PLC0415

    try:
        for path in write_report(read_json(file), directory or file.parent):
            click.echo(path)
    except UsageProblem as problem:
        raise click.UsageError(str(problem)) from None


@cli.command()
@click.option("--rule", "wanted", default="", help="Only the lies about these rules or families, e.g. PAG-04,ARC.")
def faults(wanted: str) -> None:
    """List the named lies by which every rule's scenario is proved."""
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
        code = cli.main(standalone_mode=False)
    except Failure as failure:
        failure.show()
        sys.exit(failure.code)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE_ERROR)
    except click.Abort:
        sys.exit(130)
    sys.exit(code or 0)
