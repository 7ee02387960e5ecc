"""The suite's options in pytest: the table of target.settings, offered, read and checked before anything is sent."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from conformance.contract.rules import UnknownRule, select
from conformance.errors import UsageProblem
from conformance.gate.deciding import Policy
from conformance.gate.waivers import Waivers, read_waivers
from conformance.reporting.json_report import read_json
from conformance.target.settings import CONFORMANCE_TOML, OPTIONS, Settings, refuse_unknown_variables, resolve
from conformance.wire.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

_CONFIGURATIONS = {
    **dict.fromkeys(("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"), ""),
    "pyproject.toml": "[tool.pytest",
    "tox.ini": "[pytest]",
    "setup.cfg": "[tool:pytest]",
}
"""Where pytest looks for its configuration, and what stands there if it is one."""


def offer(parser: pytest.Parser) -> None:
    """Add every option of the table to pytest's command line; --base-url is pytest-base-url's."""
    group = parser.getgroup("conformance", "conformance to the API contract (keys come by environment: PB_API_KEY ...)")
    for option in OPTIONS:
        if option.pytests_own:
            continue
        about = f"{option.help}; or {option.env}".replace("%", "%%")
        if option.is_switch:
            group.addoption(option.flag, dest=_dest(option.name), action="store_true", default=None, help=about)
        else:
            group.addoption(option.flag, dest=_dest(option.name), metavar=option.metavar, default=None, help=about)


def settings_of(config: pytest.Config) -> Settings:
    """Resolve the options of this run; raise `pytest.UsageError` (exit 4) where one can't be meant."""
    _refuse_stray_root(config)
    given = {option.name: config.getoption(_dest(option.name), None) for option in OPTIONS}
    given["strict"] = "strict=true" in (config.getoption("override_ini", None) or ())  # how pytest keeps its --strict
    given["base_url"] = config.getoption("base_url", None) or ("" if _says_empty(config) else None)
    try:
        return resolve(given, os.environ, _home(config))
    except UsageProblem as problem:
        raise pytest.UsageError(told(problem)) from None


def _refuse_stray_root(config: pytest.Config) -> None:
    """Refuse a root that pytest took from the value of an option of ours, which it did not know when it looked for one.

    It would leave the project's own configuration aside, collect whatever it finds, and name each item otherwise.
    """
    arguments = [str(argument) for argument in config.invocation_params.args]
    valued = {option.flag for option in OPTIONS if not option.is_switch}
    here = config.invocation_params.dir
    if config.inipath is not None or config.getoption("rootdir", None) is not None or not _is_configured(here):
        return
    strays = [(flag, value) for flag, value in pairwise(arguments) if flag in valued and _is_there(here / value)]
    if strays:
        flag, value = strays[0]
        raise pytest.UsageError(
            f"pytest takes {value} for the folder of a project, and its configuration with it.\n"
            f"       Write {flag}={value}."
        )


def _is_configured(here: Path) -> bool:
    """Tell whether pytest would find a configuration in this folder or above it."""
    files = [(folder / name, mark) for folder in (here, *here.parents) for name, mark in _CONFIGURATIONS.items()]
    return any(file.is_file() and mark in file.read_text("utf-8", "replace") for file, mark in files)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that no file system takes, such as a long list of rules
        return False


def _home(config: pytest.Config) -> Path:
    """Return the folder whose TOML counts: this one if it has a conformance.toml, else pytest's root."""
    here = config.invocation_params.dir
    return here if (here / CONFORMANCE_TOML).is_file() else config.rootpath


def _says_empty(config: pytest.Config) -> bool:
    """Tell whether a base URL was spoken of, empty: an unset variable does so; pytest-base-url's default is "" too."""
    arguments = [str(argument) for argument in config.invocation_params.args]
    spoken = "--base-url=" in arguments or "--base-url" in arguments
    return spoken or os.environ.get("PYTEST_BASE_URL") == ""


def chosen_rules(settings: Settings) -> AbstractSet[str] | None:
    """Return the ids that --rules names, None for all; raise `pytest.UsageError` for an unknown one."""
    if not settings.rules:
        return None
    try:
        return {rule.id for rule in select(settings.rules)}
    except UnknownRule as unknown:
        raise pytest.UsageError(
            f"rules: {unknown}.\n       {unknown.hint} `conformance rules` lists them all."
        ) from None


def waivers_of(settings: Settings) -> Waivers:
    """Read the waivers; raise `pytest.UsageError` for a file that is none."""
    today = datetime.now(UTC).date()
    try:
        return Waivers(read_waivers(settings.waivers) if settings.waivers else (), today=today)
    except UsageProblem as problem:
        raise pytest.UsageError(told(problem)) from None


def policy_of(settings: Settings) -> Policy:
    """Say by what the gate decides; raise `pytest.UsageError` where the baseline is missing or no report."""
    regressed = settings.fail_on == "regressed"
    if regressed and settings.baseline is None:
        raise pytest.UsageError("--fail-on regressed needs to know since when.\n       Give --baseline FILE.")
    try:
        baseline = read_json(settings.baseline) if settings.baseline else None
        return Policy(settings.strict, settings.require_judged, baseline, regressed)
    except UsageProblem as problem:
        raise pytest.UsageError(told(problem)) from None


def roles_of() -> Roles:
    """Read the keys; raise `pytest.UsageError` for one that can't be sent, or a misspelt variable of ours."""
    try:
        refuse_unknown_variables(os.environ)
        return Roles.from_environ(os.environ)
    except UsageProblem as problem:
        raise pytest.UsageError(told(problem)) from None


def told(problem: UsageProblem) -> str:
    """Put a problem and what to do about it on two lines."""
    return f"{problem.message}\n       {problem.hint}" if problem.hint else problem.message


def _dest(name: str) -> str:
    return f"conformance_{name}"
