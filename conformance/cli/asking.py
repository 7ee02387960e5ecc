"""What the commands that ask a target have in common: the options of a run, read as a run reads them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from conformance.contract.rules import UnknownRule, select
from conformance.errors import EX_UNAVAILABLE, TargetError, UsageProblem
from conformance.target.settings import OPTIONS, Settings, refuse_unknown_variables, resolve
from conformance.wire.redaction import Redactor
from conformance.wire.roles import ENVIRONMENT, Roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.judging.rehearsal import Rehearsal
    from conformance.judging.scenario import Scenario

F = TypeVar("F", bound="Callable[..., Any]")

_ONLY_A_RUN = {"report_dir", "strict", "require_judged", "waivers", "fail_on", "baseline", "failures", "seed"}
"""Options that change nothing about what can be judged."""


def options_of_a_run(function: F) -> F:
    """Give a command those options of a run that bear on what can be judged."""
    for option in reversed([one for one in OPTIONS if one.name not in _ONLY_A_RUN]):
        about = option.help[:1].upper() + option.help[1:] + "."
        if option.is_switch:
            function = click.option(option.flag, option.name, is_flag=True, help=about)(function)
        else:
            function = click.option(option.flag, option.name, metavar=option.metavar, help=about)(function)
    return click.option("--base-url", metavar="URL", help="The API to ask, with its version segment.")(function)


def read_settings(given: dict[str, Any]) -> Settings:
    """Settle the options; raise `UsageProblem` for one that can't be meant."""
    refuse_unknown_variables(os.environ)
    if given["base_url"] is None:
        given["base_url"] = os.environ.get("PYTEST_BASE_URL")
    return resolve(given, os.environ, Path.cwd())


class NotThisAPI(TargetError):  # noqa: N818  # named for what happened, as in conformance.errors
    """What answers at the base URL is something else."""


@contextmanager
def rehearsing(settings: Settings) -> Iterator[Rehearsal]:
    """Hold a rehearsal of the rules that are wanted.

    Raises `UsageProblem` for a rule that there is not and as a run does, and `TargetError` where nobody answers, or
    something else than this API.
    """
    from conformance.judging.rehearsal import Rehearsal  # noqa: PLC0415  # loads pytest
    from conformance.judging.runner import ALIKE  # noqa: PLC0415  # so does this

    asked = Rehearsal(settings, Roles.from_environ(os.environ), _chosen(settings.rules))
    try:
        asked.open()
        if asked.answers_alike:
            raise NotThisAPI(f"{asked.base_url} does not look like this API: {ALIKE}.", _of_a_stranger(asked))
        yield asked
    finally:
        asked.close()


def _chosen(rules: str) -> Sequence[Scenario]:
    from conformance.judging.scenario import all_scenarios  # noqa: PLC0415  # loads pytest

    try:
        wanted = {rule.id for rule in select(rules)} if rules else None
    except UnknownRule as unknown:
        raise UsageProblem(f"rules: {unknown}.", f"{unknown.hint} `conformance rules` lists them all.") from None
    return [one for one in all_scenarios() if wanted is None or one.rule.id in wanted]


def _of_a_stranger(asked: Rehearsal) -> str:
    """Say what to change: the key where it is shut out, else the URL."""
    if asked.keys()[0].is_shut_out:
        return "PB_API_KEY may not read its session (403): give it session:read, at least."
    return "Is the base URL right, version segment included?"


def shown(text: str) -> str:
    """Take out what a terminal would obey: targets send texts, too."""
    return "".join(one if one.isprintable() else "?" for one in text)


class Failure(click.ClickException):
    """A command that ends in failure with an exit code of its own."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def end(problem: UsageProblem | TargetError) -> NoReturn:
    """End a command as a run ends: 4 for a wrong use, 69 where nobody answers, 1 where it is not this API."""
    clean = Redactor({name: os.environ.get(name, "") for name in ENVIRONMENT.values()}).text
    told = clean(f"{problem.message}\n       {problem.hint}".rstrip())
    if isinstance(problem, UsageProblem):
        raise click.ClickException(told) from None
    raise Failure(told, 1 if isinstance(problem, NotThisAPI) else EX_UNAVAILABLE) from None
