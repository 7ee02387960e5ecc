"""A breach is claimed where two validators see it at the same place, and only there."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from conformance.openapi.answers import second_opinion as module
from conformance.openapi.answers.held import Answers
from conformance.openapi.answers.second_opinion import ask, for_witness, second_opinion
from conformance.openapi.document.published import Published
from tests.openapi.answers.test_held import JSON, content, exchange

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.openapi.answers.second_opinion import Opinion
    from conformance.wire.exchange import Exchange


@pytest.fixture(autouse=True)
def nothing_agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what was agreed on in other tests."""
    monkeypatch.setattr(module, "_AGREED", set())


def document(schema: dict[str, Any]) -> dict[str, Any]:
    """Write a document of one operation that answers by a schema, at a server of its own."""
    item = {"get": {"responses": {"200": content(schema)}}, "servers": [{"url": "https://a.example.com/b"}]}
    return {"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "paths": {"/things/{id}": item}}


def opinion(schema: dict[str, Any], *exchanges: Exchange) -> Opinion:
    """Hold answers against a schema, and ask for the second opinion."""
    spec = Published(document(schema), exchange({}))
    return asyncio.run(second_opinion(spec.document, Answers(spec).hold(exchanges)))


def test_what_both_see_is_claimed() -> None:
    """At the place of the one that shows it."""
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    shared = opinion(schema, exchange({"a": 1})).shared
    assert [finding.deviation.path for finding in shared] == [("a",)]


def test_what_openapi_core_does_not_see_is_not_claimed() -> None:
    """An address that is none by one format checker alone."""
    schema = {"type": "string", "format": "email"}
    said = opinion(schema, exchange("@"))
    assert (len(said.shared), len(said.doubted)) == (0, 1)


def test_what_both_see_elsewhere_is_not_claimed() -> None:
    """Something is wrong for each of them, but not the same."""
    kinds = {
        "address": {"type": "string", "format": "email"},
        "kind": {"type": "string", "enum": ["a"], "nullable": True},
    }
    said = opinion({"type": "object", "properties": kinds}, exchange({"address": "@", "kind": None}))
    assert (len(said.shared), len(said.doubted)) == (0, 1)


def test_what_openapi_core_alone_sees_is_told_and_not_claimed() -> None:
    """Where an enum has no null, tools read nullable in two ways."""
    said = opinion({"type": "string", "enum": ["a"], "nullable": True}, exchange(None))
    assert (len(said.shared), [text[:26] for _, text in said.alone]) == (0, ["GET /things/{id} 200: None"])


@pytest.mark.parametrize("pattern", ["^a", r"^\p{Lu}+$", r"^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_pattern_is_asked_of_python_within_bounds(pattern: str) -> None:
    """Of one that Python can't read, or not in time, there is one opinion alone."""
    began = time.perf_counter()
    assert len(opinion({"type": "string", "pattern": pattern}, exchange("b" * 5_000)).shared) == 1
    assert time.perf_counter() - began < 15


def test_a_valid_answer_is_asked_about_once_a_process() -> None:
    """The same response of the same document needs no second sample."""
    opinion({"type": "string"}, exchange("a"))
    module.COMMAND, kept = ("/no/such/program",), module.COMMAND
    try:
        assert opinion({"type": "string"}, exchange("a")).alone == ()
    finally:
        module.COMMAND = kept


def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    """Let a script stand in openapi-core's place."""
    path = tmp_path / "witness.py"
    path.write_text(text, "utf-8")
    monkeypatch.setattr(module, "COMMAND", (module.COMMAND[0], str(path)))


@pytest.mark.parametrize("text", ["import time; time.sleep(60)", "raise SystemExit(3)"])
def test_without_a_second_opinion_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    """What was found is said to be unheard."""
    monkeypatch.setattr(module, "SECONDS", 0.5)
    script(monkeypatch, tmp_path, text)
    said = opinion({"type": "string"}, exchange(1))
    assert (len(said.shared), len(said.unheard)) == (0, 1)


def test_what_was_said_in_time_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only the rest is unheard, whether time was over or openapi-core was."""
    monkeypatch.setattr(module, "SECONDS", 3)
    for end in ("import time; time.sleep(60)", "raise SystemExit(3)", "print('[{', flush=True)"):
        script(monkeypatch, tmp_path, f"print('[]', flush=True)\n{end}")
        cases = [{"pattern": "a", "text": "a"}, {"pattern": "b", "text": "a"}]
        assert asyncio.run(ask({"openapi": "3.0.3", "paths": {}}, cases)) == [[], None]


def test_the_document_is_given_with_one_server_and_no_pattern() -> None:
    """And the one that was published stays as it is."""
    published = document({"type": "object", "properties": {"pattern": {"type": "string", "pattern": "^a"}}})
    before = json.dumps(published)
    given = for_witness(published)
    schema = given["paths"]["/things/{id}"]["get"]["responses"]["200"]["content"][JSON]["schema"]
    assert (given["servers"], "servers" in given["paths"]["/things/{id}"]) == (
        [{"url": "http://target.invalid"}],
        False,
    )
    assert (schema["properties"], json.dumps(published)) == ({"pattern": {"type": "string"}}, before)


def test_a_document_that_openapi_core_breaks_on_gives_no_word() -> None:
    """Nobody is accused by a crash."""
    broken = {"openapi": "3.0.3", "paths": {"/things/{id}": {"get": {"responses": 7}}}}
    case = {"method": "GET", "path": "/things/id", "status": 200, "headers": [], "body": ""}
    assert asyncio.run(ask(broken, [case])) == [None]
