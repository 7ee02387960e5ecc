"""`conformance cleanup`: remove what runs left behind that died, by the journals that they kept."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.asking import end
from conformance.contract.headers import LIVE_KEY_PREFIX
from conformance.errors import EX_UNAVAILABLE, UsageProblem
from conformance.target.address import check_base_url
from conformance.target.made.earlier import Access, Settlement, journals, settle
from conformance.target.made.journal import Journal
from conformance.target.made.owners import MAKERS
from conformance.target.settings import Settings, refuse_unknown_variables, resolve
from conformance.wire.roles import KEY, Roles, variable_of

if TYPE_CHECKING:
    from collections.abc import Sequence

REMAINS = 1


@click.command(short_help="Remove what runs left behind that were killed.")
@click.argument("files", metavar="[JOURNAL]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--report-dir", metavar="DIR", help="Take the journals in this folder (default: reports/latest).")
@click.option("--base-url", metavar="URL", help="Only what was made at this base URL.")
@click.option("--allow-live-writes", is_flag=True, help="Clean up with a pb_live_ key too.")
@click.option("--in-flight", metavar="N", help="Requests under way at once (default 16).")
@click.option("--max-rps", metavar="N", help="Never send more requests a second than this.")
@click.option("--request-budget", metavar="N", help="Send no more requests for one run than this.")
@click.option("--timeout", metavar="SECONDS", help="Seconds to wait for an answer (default 10).")
@click.option("--settle", metavar="SECONDS", help="Seconds a list may lag behind writes (default 5).")
def cleanup(files: tuple[Path, ...], **given: Any) -> int:  # noqa: ANN401  # each option has its own type
    """Remove what earlier runs left behind that were killed, by the journals that they kept.

    \b
    Examples:
      conformance cleanup                     by all journals in reports/latest
      conformance cleanup --base-url https://host/v1
      conformance cleanup made-20260101T0000-abcdef.jsonl

    Keys come by environment (PB_API_KEY ...), options also as CONFORMANCE_... and in TOML, as for a run. Nothing is
    sent but to the base URL that a journal names, and nothing removed from another organization than it names.
    Exit codes: 0 if nothing remains, 1 if something does, 4 for a wrong use, 69 if a target can't be reached.
    """
    try:
        return _clean_up(files, given)
    except UsageProblem as problem:
        end(problem)


def _clean_up(files: Sequence[Path], given: dict[str, Any]) -> int:
    refuse_unknown_variables(os.environ)
    given["base_url"] = given["base_url"] or os.environ.get("PYTEST_BASE_URL") or None
    settings = resolve(given, os.environ, Path.cwd())
    wanted = _wanted(files, settings)
    if not wanted:
        click.echo(f"Nothing to clean up: no journal {_of(settings)}in {settings.report_dir}.")
        return 0
    access = Access(_keys(settings), settings, settings.wire_options)
    return _code([_told(asyncio.run(settle(file, access))) for file in wanted])


def _wanted(files: Sequence[Path], settings: Settings) -> Sequence[Path]:
    """Give the journals that are named, or those in the folder; only of the base URL, where one is spoken of."""
    chosen = files or journals(settings.report_dir)
    if not settings.base_url:
        return chosen
    base_url = check_base_url(settings.base_url)
    return [file for file in chosen if Journal.peek(file).base_url == base_url]


def _of(settings: Settings) -> str:
    return f"of {settings.base_url} " if settings.base_url else ""


def _keys(settings: Settings) -> dict[str, str]:
    """Give the keys; refuse to go on without the first, in a configuration that forbids writes, or with a live one."""
    keys = dict(Roles.from_environ(os.environ).keys)
    if KEY not in keys:
        raise UsageProblem("No key to clean up with.", "Put that of the run into the environment as PB_API_KEY.")
    if settings.read_only:
        raise UsageProblem("--read-only is set, and cleaning up writes.", "Run without it.")
    live = [variable_of(role) for role in MAKERS if keys.get(role, "").startswith(LIVE_KEY_PREFIX)]
    if live and not settings.allow_live_writes:
        raise UsageProblem(f"{live[0]} is a {LIVE_KEY_PREFIX} key.", "Say --allow-live-writes (you mean it).")
    return keys


def _told(settlement: Settlement) -> Settlement:
    click.echo(settlement.sentence)
    return settlement


def _code(settled: Sequence[Settlement]) -> int:
    if any(one.unreachable for one in settled):
        return EX_UNAVAILABLE
    return 0 if all(one.is_done for one in settled) else REMAINS
