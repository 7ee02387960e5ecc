"""The reference is an independent witness: it imports nothing of the suite that it is to bear witness to."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import conformance.reference

MODULES = sorted(Path(conformance.reference.__file__).parent.glob("*.py"))


def imported(module: Path) -> set[str]:
    """Give the names of the modules of this project that a module imports."""
    tree = ast.parse(module.read_text("utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name for name in plain | named if name.split(".")[0] in {"conformance", "scenarios", "tests"}}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_module_imports_the_reference_only(module: Path) -> None:
    """No module looks into contract, wire, target, judging, reporting or scenarios."""
    assert [name for name in imported(module) if not name.startswith("conformance.reference")] == []
