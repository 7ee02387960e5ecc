"""`conformance completion`: click's own script for a shell, which asks `conformance` itself what may come next."""

# ruff: noqa: D301 - click takes a paragraph after a backspace as it is written

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

from conformance.contract.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = "conformance"
VARIABLE = "_CONFORMANCE_COMPLETE"
"""By this variable the script asks; click derives it from the name of the program."""
_SCRIPTS: Mapping[str, type[ShellComplete]] = MappingProxyType(
    {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
)


@click.command(short_help="Print what makes a shell complete all this.")
@click.argument("shell", type=click.Choice(list(_SCRIPTS)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands, options and the ids of rules.

    \b
    Examples:
      eval "$(conformance completion bash)"   in ~/.bashrc
      eval "$(conformance completion zsh)"    in ~/.zshrc
      conformance completion fish > ~/.config/fish/completions/conformance.fish
    """
    script = _SCRIPTS[shell](ctx.find_root().command, {}, PROGRAM, VARIABLE)
    click.echo(script.source())


def rule_ids(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the id of a rule."""
    return [CompletionItem(rule.id, help=rule.title) for rule in RULES if rule.id.startswith(incomplete.upper())]
