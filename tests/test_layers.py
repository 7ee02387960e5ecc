"""Imports point one way, as ARCHITECTURE.md draws them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOW = {"contract", "errors"}
MAY_IMPORT = {
    "contract": set(),
    "errors": {"wire.exchange"},
    "wire": LOW,
    "target": LOW | {"wire"},
    "judging": LOW | {"wire", "target"},
    "openapi": LOW | {"wire", "target", "judging"},
    "reporting": LOW
    | {f"judging.{part}" for part in ("results", "signature", "verdicts")}
    | {"wire.exchange", "wire.curl"},
    "gate": LOW | {"judging"},
    "plugin": LOW | {"wire", "target", "judging", "openapi", "reporting", "gate"},
    "reference": set(),
    "faults": LOW | {"wire.client", "target", "judging", "reference"},
    "scenarios": LOW | {"wire", "target", "judging", "openapi"},
}
EVERYWHERE = {"cli"}


def imports(file: Path) -> set[str]:
    """Return the modules of ours that a file imports, without the package's name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name.removeprefix("conformance.") for name in found if name.startswith("conformance.")}


def files_of(room: str) -> list[Path]:
    """Return the modules of a room, a folder or a single file."""
    base = ROOT / room if room == "scenarios" else ROOT / "conformance" / room
    return sorted(base.rglob("*.py")) if base.is_dir() else [base.with_suffix(".py")]


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    """A breach names the file and what it imports."""
    allowed = {room} | MAY_IMPORT[room]
    breaches = {
        (str(file.relative_to(ROOT)), module)
        for file in files_of(room)
        for module in imports(file)
        if not any(module == one or module.startswith(f"{one}.") for one in allowed)
    }
    assert breaches == set()


def test_every_room_is_held_to_its_imports() -> None:
    """A new room has to say what it may import."""
    rooms = {path.stem for path in (ROOT / "conformance").iterdir() if path.suffix == ".py" or path.is_dir()}
    ours = {room for room in rooms if not room.startswith("_")} - {"py"}
    assert ours - EVERYWHERE == set(MAY_IMPORT) - {"scenarios"}
