"""A sequence is told as a script that a shell can run, and that asks the same again."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from conformance.reference import Reference
from conformance.reference.serve import serving
from scenarios._model import Act, Command, View
from scenarios._play import Ground
from scenarios._retelling import script

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = [
    Command(Act.CREATE, "first", {"type": "strength", "observation": "It's 'one'.", "observation_date": "1999-03-02"}),
    Command(Act.UPDATE, "first", {"impact": None, "observation": "Two, δύο; $HOME."}),
    Command(Act.READ, "first"),
    Command(Act.ARCHIVE, "first"),
    Command(Act.ARCHIVE, "first"),
    Command(Act.REPLAY, "first"),
    Command(Act.REUSE, "first", {"observation": "Another."}),
    Command(Act.LIST, view=View("1999-03-01", "1999-03-03", archived="true")),
    Command(Act.RESTORE, "first"),
]


@pytest.fixture
def reference() -> Iterator[Reference]:
    """Give a reference of its own."""
    reference = Reference()
    yield reference
    reference.close()


def test_the_script_asks_what_was_asked(reference: Reference) -> None:
    """Run by a plain shell with the key in its environment, each step is answered as its comment says."""
    employee = "emp_01J9BC3RM0XNXVBZ8SHBV3WM7V"
    with serving(reference) as url:
        told = script(COMMANDS, url, Ground(employee, (), ("1999-03-02",)))
        environment = {**os.environ, "PB_API_KEY": reference.keys.full}
        subprocess.run(["sh", "-eu", "-c", told], env=environment, check=True, capture_output=True, timeout=60)
    assert [(entry["method"], entry["status"]) for entry in reference.log] == [
        ("POST", 201),
        ("PATCH", 200),
        ("GET", 200),
        ("POST", 200),
        ("POST", 409),
        ("POST", 201),
        ("POST", 409),
        ("GET", 200),
        ("POST", 200),
    ]


def test_every_step_is_numbered_and_says_what_to_expect(reference: Reference) -> None:
    """So that a person sees where it differs."""
    told = script(COMMANDS, "https://api.test/v1", Ground("emp_1", (), ("1999-03-02",)))
    steps = [line for line in told.splitlines() if line.startswith("# ")]
    assert steps[:2] + steps[4:5] + steps[7:8] == [
        "# 1. create the first, expect 201",
        "# 2. update the first, expect 200",
        "# 5. archive the first, expect 409 conflict",
        "# 8. list them, expect 200: first",
    ]


def test_the_key_is_not_in_it() -> None:
    """It comes from the environment of whoever runs it."""
    assert "Bearer $PB_API_KEY" in script(COMMANDS, "https://api.test/v1", Ground("emp_1", (), ("1999-03-02",)))
