"""The contract depends on nothing of ours: what is promised doesn't hang on how it is judged."""

from __future__ import annotations

import ast
from pathlib import Path

import conformance.contract

CONTRACT = Path(conformance.contract.__file__).parent


def _imported(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_it_imports_only_itself() -> None:
    """Whatever the contract imports of the package lies within the contract."""
    names = {name for module in CONTRACT.rglob("*.py") for name in _imported(module)}
    ours = {name for name in names if name.partition(".")[0] in {"conformance", "scenarios", "tests"}}
    assert {name for name in ours if not name.startswith("conformance.contract")} == set()
