"""Shells complete commands, options and rules, by the script that `conformance completion` prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conformance.contract.rules import select
from conformance.target.settings import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]

BASH = shutil.which("bash")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Put a `conformance` into a folder, as installing it does."""
    program = tmp_path / "conformance"
    program.write_text(f"#!{sys.executable}\nfrom conformance.cli import main\nmain()\n")
    program.chmod(0o755)
    return tmp_path


def completed(folder: Path, *words: str) -> list[str]:
    """Let bash complete the last of the words, once it has read the script."""
    script = f"""
        eval "$(conformance completion bash)"
        COMP_WORDS=({" ".join(("conformance", *words[:-1]))} "{words[-1]}")
        COMP_CWORD={len(words)}
        _conformance_completion conformance
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    environ = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        [str(BASH), "-c", script], env=environ, capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.split()


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("doc",), ["doctor"]),
        (("explain", "SES-"), [rule.id for rule in select("SES")]),
        (("run", "--read"), ["--read-only"]),
        (("doctor", "--base"), ["--base-url"]),
    ],
    ids=lambda value: value[-1],
)
def test_bash_completes(folder: Path, words: tuple[str, ...], expected: list[str]) -> None:
    """Commands, rules, options of a run and of another command."""
    assert completed(folder, *words) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_script_asks_by_the_variable_that_is_heeded(command: Command, shell: str) -> None:
    """The answer to that variable is what may come next."""
    code, script = command("completion", shell)
    assert (code, f"_CONFORMANCE_COMPLETE={shell}_complete" in script) == (0, True)


def test_every_option_of_a_run_is_completed(command: Command) -> None:
    """With what it does, where the shell shows that."""
    environ = {"COMP_WORDS": "conformance run --", "COMP_CWORD": "--", "_CONFORMANCE_COMPLETE": "fish_complete"}
    told = command(**environ).told
    assert [option.flag for option in OPTIONS if f"{option.flag}" not in told] == []


def test_a_shell_that_is_not_known_is_refused(command: Command) -> None:
    """Exit 4, with those that are."""
    code, told = command("completion", "cmd")
    assert (code, "bash" in told) == (4, True)
