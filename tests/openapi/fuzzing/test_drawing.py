"""What is drawn: the same by the same seed and version of Schemathesis, and never waited for too long."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis

from conformance.judging.verdicts import NotJudged
from conformance.openapi.fuzzing import drawing as module
from conformance.openapi.fuzzing.drawer import VERSION
from conformance.openapi.fuzzing.drawing import NO_END, Order, drawing
from tests.openapi.fuzzing.conftest import DOCUMENT

if TYPE_CHECKING:
    from pathlib import Path

ORDER = Order(seed=1, rounds=1)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what other tests drew."""
    monkeypatch.setattr(module, "_KNOWN", {})


def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    """Let a script stand in the drawer's place."""
    path = tmp_path / "drawer.py"
    path.write_text(text, "utf-8")
    monkeypatch.setattr(module, "COMMAND", (module.COMMAND[0], str(path)))


def drawn(document: dict[str, Any] = DOCUMENT, order: Order = ORDER) -> list[dict[str, Any]]:
    """Draw to the end."""

    async def read() -> list[dict[str, Any]]:
        async with drawing(document, order) as lines:
            return [line async for line in lines]

    return asyncio.run(read())


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """Give all that is drawn from the small spec."""
    return drawn()


def test_this_is_the_version_whose_parts_are_used() -> None:
    """Look at the drawer again, and at what is drawn below, before another one is let in."""
    assert schemathesis.__version__ == VERSION


@pytest.mark.slow
def test_the_same_seed_draws_the_same_and_another_one_something_else(lines: list[dict[str, Any]]) -> None:
    """In processes of their own."""
    assert (drawn() == lines, drawn(order=Order(seed=2, rounds=1)) == lines) == (True, False)


def test_every_bound_of_the_spec_is_drawn_at(lines: list[dict[str, Any]]) -> None:
    """A version that draws otherwise shows here, parameter by parameter and field by field."""
    lines = [line for line in lines if line.get("phase") == "coverage"]
    limits = {line["query"]["limit"][0] for line in lines if "limit" in line.get("query", {})}
    bodies = [
        line["body"] for line in lines if line["operation"] == "POST /things" and isinstance(line.get("body"), dict)
    ]
    titles = {len(body["title"]) for body in bodies if isinstance(body.get("title"), str)}
    ranks = {body["rank"] for body in bodies if isinstance(body.get("rank"), int)}
    missing = [set(body) for body in bodies if "title" not in body]
    assert ({"0", "1", "100", "101", "AAA"} <= limits, {0, 1, 10, 11} <= titles, {0, 1, 5, 6} <= ranks) == (True,) * 3
    assert (bool(missing), {"without": "q"}.items() <= next(one for one in lines if "without" in one).items()) == (
        True,
        True,
    )


def test_a_long_text_is_drawn_whatever_its_pattern() -> None:
    """Schemathesis takes half a minute to draw a text of thousands of characters by a pattern, and gives up."""
    text = {"type": "string", "maxLength": 6000, "pattern": "^[^\\u0000]*$"}
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"text": text}}}}}
    paths = {"/texts": {"post": {"requestBody": body, "responses": {"200": {"description": "OK"}}}}}
    bodies = [line.get("body") for line in drawn({**DOCUMENT, "paths": paths}) if line.get("phase") == "coverage"]
    lengths = {len(one["text"]) for one in bodies if isinstance(one, dict) and isinstance(one.get("text"), str)}
    assert {6000, 6001} <= lengths


def test_phases_come_one_after_the_other(lines: list[dict[str, Any]]) -> None:
    """And nothing is wrong with any operation."""
    ends = [line["ended"] for line in lines if "ended" in line]
    assert (ends, [line for line in lines if "problem" in line]) == (["examples", "coverage", "fuzzing"], [])


def test_a_document_that_cannot_be_read_is_not_judged() -> None:
    """Schemathesis' own words are told."""
    with pytest.raises(NotJudged, match="nothing can be drawn"):
        drawn({"openapi": "1.0"})


@pytest.mark.slow
def test_an_operation_that_cannot_be_drawn_for_takes_no_other_with_it() -> None:
    """A reference that leads nowhere is told of."""
    broken = {"post": {"requestBody": {"$ref": "#/components/nowhere"}, "responses": {}}}
    lines = drawn(DOCUMENT | {"paths": DOCUMENT["paths"] | {"/broken": broken}})
    assert (any("problem" in line for line in lines), any(line.get("phase") == "coverage" for line in lines)) == (
        True,
        True,
    )


def test_keys_and_proxies_are_not_in_its_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It gets what a process needs to start."""
    monkeypatch.setenv("PB_API_KEY", "pb_test_secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    script(monkeypatch, tmp_path, "import json, os; print(json.dumps({'names': [*os.environ]}))")
    assert {"PB_API_KEY", "HTTPS_PROXY"} & set(drawn()[0]["names"]) == set()


def test_one_that_breaks_off_is_not_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Killed for its memory, say."""
    script(monkeypatch, tmp_path, "import os; os._exit(3)")
    with pytest.raises(NotJudged, match="broke off"):
        drawn()


def test_one_that_hangs_is_ended_with_its_reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A pattern that never matches can't be interrupted, but its process can."""
    script(monkeypatch, tmp_path, "import os, time; print('{\"pid\": %d}' % os.getpid(), flush=True); time.sleep(600)")
    found: list[int] = []

    async def read() -> None:
        async with asyncio.timeout(2), drawing(DOCUMENT, Order(seed=1, rounds=NO_END)) as lines:
            found.append((await anext(lines))["pid"])
            await anext(lines)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(read())
    with pytest.raises(ProcessLookupError):
        os.kill(found[0], 0)
    assert time.monotonic() - began < 30


def test_what_was_drawn_whole_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Many a target of one process publishes the same spec."""
    script(monkeypatch, tmp_path, "import os; print('{\"pid\": %d}' % os.getpid())")
    assert drawn() == drawn()
