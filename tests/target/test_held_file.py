"""A file of lines is held by whoever writes it, and survives its writer's death."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.errors import InUse
from conformance.target.held_file import HeldFile, entries, is_held

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_held_while_its_writer_lives(tmp_path: Path) -> None:
    """Nobody else can take it over."""
    held = HeldFile.create(tmp_path / "it.jsonl", {"run": "r1"})
    assert is_held(tmp_path / "it.jsonl")
    with pytest.raises(InUse):
        HeldFile.reopen(tmp_path / "it.jsonl")
    held.close()


def test_a_file_whose_writer_has_gone_can_be_taken_over(tmp_path: Path) -> None:
    """And is written to where it ended."""
    file = tmp_path / "it.jsonl"
    HeldFile.create(file, {"run": "r1"}).close()
    again = HeldFile.reopen(file)
    again.append({"made": "obs_1"})
    again.close()
    assert ([*entries(file)], is_held(file)) == ([{"run": "r1", "held": True}, {"made": "obs_1"}], False)


def test_a_torn_line_is_left_out_and_the_next_one_is_whole(tmp_path: Path) -> None:
    """A kill tears the last line at most."""
    file = tmp_path / "it.jsonl"
    HeldFile.create(file, {"run": "r1"}).close()
    with file.open("a") as lines:
        lines.write('{"made": "ob')
    again = HeldFile.reopen(file)
    again.append({"made": "obs_2"})
    again.close()
    assert [*entries(file)][1:] == [{"made": "obs_2"}]


def test_a_file_that_could_not_be_held_may_be_in_use(tmp_path: Path) -> None:
    """Its first line says so, and nobody can tell."""
    file = tmp_path / "it.jsonl"
    file.write_text('{"run": "r1", "held": false}\n')
    assert is_held(file)


def test_a_file_is_seen_only_once_it_has_its_first_line(tmp_path: Path) -> None:
    """So that nobody finds one that tells nothing."""
    HeldFile.create(tmp_path / "it.jsonl", {"run": "r1"}).close()
    assert [path.name for path in tmp_path.iterdir()] == ["it.jsonl"]
