"""Whatever is random comes again with the same seed and run, and is like nothing of another run."""

from __future__ import annotations

import ast
import uuid
from pathlib import Path

from conformance.contract.observation import ID_PATTERN
from conformance.target.asking import ask_as
from conformance.target.chance import Chance
from conformance.target.identifiers import is_made_up, never_issued

ROOT = Path(__file__).parent.parent.parent
SOURCES = {"Random", "SystemRandom", "uuid1", "uuid4"}
MODULES = ("secrets.token", "secrets.choice", "secrets.rand", "random.", "uuid.uuid")
ASKING = ("scenarios", *(f"conformance/{room}" for room in ("target", "judging", "openapi", "wire")))
DRAWS = {
    "conformance/target/chance.py",
    "conformance/target/windows.py",  # a window in the calendar, by the run's id
    "conformance/openapi/fuzzing/drawer.py",  # seeds what Schemathesis draws by
    "conformance/target/listening/listener.py",  # addresses that nobody may guess
    "conformance/judging/run.py",  # the run's id, and a seed where none was given
    "conformance/wire/throttling.py",  # how long to wait changes no request
}
"""The modules that draw, each for its reason."""


def draw(chance: Chance) -> list[object]:
    """Draw one of everything."""
    return [
        chance.uuid(),
        chance.digits(40),
        chance.word(14),
        chance.unknown_id("obs"),
        chance.serial("marker"),
        chance.fresh("day").random(),
        chance.random("order").random(),
    ]


def test_the_same_run_draws_the_same() -> None:
    """Run id and seed decide all of it."""
    assert draw(Chance("r1", 7)) == draw(Chance("r1", 7))


def test_another_run_draws_afresh_but_varies_alike() -> None:
    """Keys, ids and words are another run's own; what is varied by the seed alone is the same."""
    one, other = draw(Chance("r1", 7)), draw(Chance("r2", 7))
    assert [name for name, a, b in zip("udwisfr", one, other, strict=True) if a == b] == ["s", "r"]


def test_another_seed_varies_otherwise() -> None:
    """That is what it is for."""
    assert Chance("r1", 7).random("order").random() != Chance("r1", 8).random("order").random()


def test_each_draw_is_another() -> None:
    """No key and no id is drawn twice."""
    chance = Chance("r1", 7)
    assert len({chance.uuid() for _ in range(50)} | {chance.unknown_id("obs") for _ in range(50)}) == 100


def test_causes_draw_apart() -> None:
    """What one cause draws does not depend on how often another drew before it."""

    def as_second(before: int) -> str:
        chance = Chance("r1", 7)
        ask_as("PAG-01", "one")
        for _ in range(before):
            chance.uuid()
        ask_as("PAG-02", "another")
        return chance.uuid()

    assert as_second(0) == as_second(3)


def test_a_key_is_a_uuid_of_version_4() -> None:
    """As clients are told to make them."""
    assert uuid.UUID(Chance("r1", 7).uuid()).version == 4


def test_unknown_ids_are_well_formed() -> None:
    """Only that nobody issued them is wrong with them."""
    made_up = [Chance("r1", 7).unknown_id("obs"), never_issued("obs")]
    assert [bool(ID_PATTERN.fullmatch(one)) and is_made_up(one) for one in made_up] == [True, True]


def test_nothing_else_is_random() -> None:
    """No scenario, and nothing that it uses, draws from a source that a seed can't set."""
    files = [file for folder in ASKING for file in (ROOT / folder).rglob("*.py")]
    drawing = {str(file.relative_to(ROOT)) for file in files if _draws(file)}
    assert drawing - DRAWS == set()


def _draws(file: Path) -> bool:
    called = [node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    names = {one.id for one in called if isinstance(one, ast.Name)}
    of_modules = {ast.unparse(one) for one in called if isinstance(one, ast.Attribute)}
    return bool(names & SOURCES) or any(name.startswith(MODULES) for name in of_modules)
