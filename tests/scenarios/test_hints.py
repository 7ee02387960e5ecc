"""Nobody is left with a reason alone: whatever is not judged says what to give."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MODULES = [*sorted((ROOT / "scenarios").glob("*.py")), *sorted((ROOT / "conformance").rglob("*.py"))]
REASONS = {"NotJudged", "Missing"}


@pytest.mark.parametrize("module", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_every_reason_for_not_judging_has_a_hint(module: Path) -> None:
    """It stands beside the reason, as `hint` or as the second argument."""
    calls = [node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call)]
    reasons = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in REASONS]
    mute = [
        call.lineno for call in reasons if len(call.args) < 2 and not any(key.arg == "hint" for key in call.keywords)
    ]
    assert mute == []
