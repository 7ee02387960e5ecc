"""Help teaches: examples first, each of which is what there is; and a wrong word is answered with the right one."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from conformance.cli import cli
from conformance.target.settings import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]

PYTESTS_OWN = {"-x", "-v", "--lf"}
PAGES = [(), *((name,) for name in sorted(cli.commands))]


def examples(told: str) -> list[list[str]]:
    """Give the words of each example that is a command of ours, without what explains it."""
    shown = told.partition("Examples:\n")[2].partition("\n\n")[0].replace("\\\n", "")
    lines = (re.search(r"\bconformance (.*?)(?: {3,}.*|\)\".*)?$", line) for line in shown.splitlines())
    return [shlex.split(line[1], comments=True) for line in lines if line is not None]


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_every_page_begins_with_examples_that_work(command: Command, page: tuple[str, ...]) -> None:
    """Each is a command that there is, and its options are, too."""
    told = command(*page, "--help").told
    shown = examples(told)
    assert shown
    assert 0 < told.index("Examples:") < told.index("Options")
    for name, *words in shown:
        flags = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert flags - options(cli.commands[name]) == set()


def options(of: click.Command) -> set[str]:
    """Give the flags of a command."""
    own = {flag for parameter in of.params for flag in parameter.opts}
    return own | ({option.flag for option in OPTIONS} | {"--base-url"} | PYTESTS_OWN if of.name == "run" else set())


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_no_page_is_wider_than_a_terminal(command: Command, page: tuple[str, ...]) -> None:
    """Of 80 columns."""
    told = command(*page, "--help").told
    assert [line for line in told.splitlines() if len(line) > 80] == []


def test_the_list_of_commands_cuts_no_sentence_short(command: Command) -> None:
    """Each fits behind its name."""
    commands = command("--help").told.partition("Commands:")[2]
    assert "..." not in commands


def test_the_help_of_run_shows_every_option(command: Command) -> None:
    """Of the suite; pytest's are pytest's to tell."""
    told = command("run", "--help").told
    assert [option.flag for option in OPTIONS if option.flag not in told] == []


def test_a_command_that_is_none_is_answered_with_one_that_comes_close(command: Command) -> None:
    """Exit 4."""
    code, told = command("docter")
    assert (code, "conformance doctor" in told) == (4, True)


def test_a_word_that_is_like_none_is_sent_to_the_list(command: Command) -> None:
    """Exit 4."""
    code, told = command("xyzzy")
    assert (code, "conformance --help" in told) == (4, True)
