"""`conformance run`: pytest with the suite's scenarios, and help that speaks of the suite alone."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from conformance.target.settings import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ASIDE = {"ignore_unknown_options": True, "allow_extra_args": True}


class Judging(click.Command):
    """The command whose options are pytest's to read: it shows those of the suite, and completes them."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the options of the suite."""
        _ = ctx
        with formatter.section("Options, each also CONFORMANCE_... and an entry of conformance.toml"):
            formatter.write_dl(list(_rows()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the options of the suite."""
        _ = ctx
        return [CompletionItem(flag, help=about) for flag, _, about in _flags() if flag.startswith(incomplete)]


def _flags() -> Iterator[tuple[str, str, str]]:
    yield "--base-url", "URL", "judge this API, with its version segment; without it, the embedded reference"
    for option in OPTIONS:
        yield option.flag, option.metavar or "", option.help


def _rows() -> Iterator[tuple[str, str]]:
    return ((f"{flag} {metavar}".rstrip(), about) for flag, metavar, about in _flags())


@click.command(cls=Judging, context_settings=_ASIDE, short_help="Judge the embedded reference, or a base URL.")
@click.argument("pytest_args", metavar="[PYTEST OPTION]...", nargs=-1, type=click.UNPROCESSED)
def run(pytest_args: tuple[str, ...]) -> None:
    """Judge a target: the embedded reference, or the API at a base URL.

    \b
    Examples:
      conformance run                         the embedded reference
      PB_API_KEY=pb_test_... conformance run --base-url https://host/v1
      conformance run --rules PAG,SRT-05 -x -v  some rules, up to the first breach
      conformance run --lf                    what broke last time
      conformance run --strict --waivers waivers.toml  a gate for CI

    It is pytest with the scenarios of the suite, and takes every option of pytest, too (pytest --help). Keys come by
    environment: PB_API_KEY, and PB_READ_ONLY_API_KEY, PB_NO_SCOPE_API_KEY, PB_OTHER_ORG_API_KEY, PB_QUOTA_API_KEY for
    more rules. Exit codes: 0 if the gate passes, 1 if not, 2 interrupted, 4 for a wrong use, 5 if nothing was judged,
    69 if the target can't be reached.
    """
    import pytest  # noqa: PLC0415  # the other commands need no pytest

    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # this very module is imported already
    sys.exit(pytest.main(["--pyargs", "scenarios", *quiet, *_joined(pytest_args)]))


def _joined(arguments: Sequence[str]) -> Iterator[str]:
    """Write our options and their values as one: pytest takes a value that is a path for the folder of a project."""
    valued = {option.flag for option in OPTIONS if not option.is_switch}
    rest = iter(arguments)
    for one in rest:
        value = next(rest, None) if one in valued else None
        joined = value is not None and not value.startswith("-")
        yield f"{one}={value}" if joined else one
        if value is not None and not joined:
            yield value
