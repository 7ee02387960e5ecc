"""`conformance init`: ask a target what it can do, and write a conformance.toml that says so."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.asking import end, options_of_a_run, read_settings, rehearsing, shown
from conformance.cli.doctor import diagnose
from conformance.errors import TargetError, UsageProblem
from conformance.target.settings import CONFORMANCE_TOML, HINTS, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.cli.doctor import Diagnosis
    from conformance.judging.rehearsal import KeyState, Rehearsal
    from conformance.target.settings import Option, Settings

WIDTH = 100
SHOWN = 3
"""So many ids that were found are written as an example of a hint."""

EXAMPLES: Mapping[str, object] = MappingProxyType(
    {
        "rules": "PAG,ARC-01",
        "waivers": "waivers.toml",
        "baseline": "last-month.json",
        "max_rps": 20,
        "request_budget": 2500,
        "clock_url": "https://api.example.com/_test/clock",
        "ledger": "ledger.jsonl",
        "listen": "127.0.0.1:0",
        "listener_url": "https://hooks.example.com",
        "seed": 1,
    }
)
"""What to write for options that are not set unless somebody does."""


@click.command(short_help="Write a conformance.toml after asking a target.")
@options_of_a_run
@click.option("--force", is_flag=True, help=f"Overwrite a {CONFORMANCE_TOML} that is there, keeping its settings.")
def init(*, force: bool, **given: Any) -> None:  # noqa: ANN401  # each option has its own type
    """Ask a target what it can do, and write a commented conformance.toml into this folder.

    \b
    Examples:
      PB_API_KEY=pb_test_... conformance init --base-url https://host/v1
      conformance init --force                anew, with the settings that it has

    Some thirty reads are sent. The file holds no key, only the names of their variables. It counts more than
    [tool.conformance] in pyproject.toml, and less than flags and CONFORMANCE_... variables.
    """
    file = Path(CONFORMANCE_TOML)
    try:
        settings = _settings(file, given, force=force)
        with rehearsing(settings) as asked:
            found = diagnose(asked)
            text = "\n".join([*_preface(found), *_options(settings, found), *_hints(settings, asked.hints()), ""])
            _require_no_key(asked, found.base_url, text)
    except (UsageProblem, TargetError) as problem:
        end(problem)
    file.write_text(text, "utf-8")
    for line in _next_steps(found):
        click.echo(line)


def _settings(file: Path, given: dict[str, Any], *, force: bool) -> Settings:
    """Read what is set already; refuse to go on where a file would be lost, or no target is named."""
    if file.exists() and not force:
        raise UsageProblem(f"There is a {file} here.", "Say --force to write it anew, with the settings that it has.")
    settings = read_settings(given)
    if not settings.base_url:
        raise UsageProblem("No target is named.", "Say --base-url URL, such as https://api.example.com/v1.")
    return settings


def _require_no_key(asked: Rehearsal, shown_url: str, text: str) -> None:
    """Refuse to write a key down, in the base URL say."""
    if shown_url != asked.base_url or asked.recorder.redactor.text(text) != text:
        raise UsageProblem("What would be written holds a key.", "Keys come by environment, not in the base URL.")


# the file --------------------------------------------------------------------------------------------------


def _preface(found: Diagnosis) -> Iterator[str]:
    of = f", organization {shown(found.organization)}" if found.organization else ""
    yield "# Settings of `conformance run`; `conformance doctor` says what can be judged by them."
    yield f"# Written by `conformance init` on {datetime.now(UTC):%Y-%m-%d} after asking the target{of}."
    yield "# Flags and CONFORMANCE_... variables win over this file, and it wins over pyproject.toml."
    yield ""
    yield f"base_url = {_toml(found.base_url)}"
    yield ""
    yield "# Keys come by environment, and never stand in a file:"
    for key in found.keys:
        yield f"#   {key.variable:22}{_state(key, found)}"
    yield ""


def _state(key: KeyState, found: Diagnosis) -> str:
    scopes = f" with {len(key.scopes)} scopes" if key.scopes else ""
    return f"{key.words}{scopes}{_waiting(key.variable, found)}"


def _waiting(name: str, found: Diagnosis) -> str:
    """Say how many rules wait for a flag or a variable, by the remedies that speak of it."""
    named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    rules = sum(count for hint, count in found.remedies.items() if named.search(hint))
    return f"; {rules} {'rule waits' if rules == 1 else 'rules wait'} for it" if rules else ""


def _options(settings: Settings, found: Diagnosis) -> Iterator[str]:
    """Write every option: those that are set, and the others as comments."""
    values = {one.name: getattr(settings, one.name) for one in fields(settings)}
    for option in OPTIONS:
        yield from _comment(f"{option.help}{_waiting(option.flag, found)}")
        is_set = values[option.name] != option.default
        yield ("" if is_set else "# ") + f"{option.name} = {_toml(values[option.name] if is_set else _example(option))}"
        yield ""


def _example(option: Option) -> object:
    return EXAMPLES.get(option.name, option.default)


def _hints(settings: Settings, found: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Write every hint: those that are given, and the others as comments, with what was found."""
    yield "# Ids that spare the suite its search; it looks for others by itself, so leave out what it finds."
    for name, meaning in HINTS.items():
        given = settings.hints.get(name, ())
        ids = [one for one in found.get(name, ()) if one.isprintable()]
        yield from _comment(f"{meaning}: {len(ids) or 'none'} found")
        yield ("" if given else "# ") + f"{name} = {_toml(list(given or ids[:SHOWN]))}"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(text, WIDTH, break_on_hyphens=False))


def _toml(value: object) -> str:
    """Write a value of TOML: a basic string's escapes are those of JSON, and so are its booleans, numbers and lists."""
    return json.dumps(value if isinstance(value, bool | int | float | list) else str(value), ensure_ascii=False)


# what is said ----------------------------------------------------------------------------------------------


def _next_steps(found: Diagnosis) -> Iterator[str]:
    yield f"{CONFORMANCE_TOML} is written. Next:"
    for key in found.keys:
        waiting = _waiting(key.variable, found)
        if waiting:
            yield f"  export {key.variable + '=...':31}{waiting.removeprefix('; ')}"
    yield f"  {'conformance doctor':38}what can be judged, and what to give for the rest"
    yield f"  {'conformance run':38}judge: some {found.expected:,} requests"
