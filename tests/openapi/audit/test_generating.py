"""A client is generated out of reach of keys and networks, once, and never waited for too long."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import pytest

from conformance.judging.verdicts import Blocked, NotJudged
from conformance.openapi.audit import generating
from conformance.openapi.audit.generating import Client, generate

if TYPE_CHECKING:
    from pathlib import Path

TINY: dict[str, Any] = {"openapi": "3.0.3", "info": {"title": "Tiny", "version": "1"}, "paths": {}}


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the clients of other tests."""
    monkeypatch.setattr(generating, "_KNOWN", {})


def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    """Let a script stand in the generator's place."""
    path = tmp_path / "generator.py"
    path.write_text(text, "utf-8")
    monkeypatch.setattr(generating, "COMMAND", (generating.COMMAND[0], str(path)))


@pytest.mark.slow
def test_a_client_is_generated_and_imported() -> None:
    """Even a spec without a path makes some modules."""
    client = asyncio.run(generate(TINY))
    assert (client.modules > 3, client.warnings, client.wrong) == (True, (), "")


@pytest.mark.slow
def test_a_spec_that_no_client_can_be_made_of_says_why() -> None:
    """The generator's own words are told, in one line."""
    client = asyncio.run(generate(TINY | {"info": {"title": "Tiny"}}))
    assert ("version" in client.wrong, "\n" in client.wrong) == (True, False)


def test_keys_and_proxies_are_not_in_its_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It gets what a process needs to start."""
    monkeypatch.setenv("PB_API_KEY", "pb_test_secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    told = "import json, os; print(json.dumps({'errors': [' '.join(os.environ)], 'warnings': []}))"
    script(monkeypatch, tmp_path, told)
    names = asyncio.run(generate(TINY)).wrong.split()
    assert {"PB_API_KEY", "HTTPS_PROXY"} & set(names) == set()


def test_one_spec_is_generated_from_once_wherever_it_is_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another server makes no other client."""
    script(monkeypatch, tmp_path, 'import os; print(\'{"errors": ["\' + str(os.getpid()) + \'"], "warnings": []}\')')
    first = asyncio.run(generate(TINY))
    assert asyncio.run(generate(TINY | {"servers": [{"url": "http://localhost"}]})) == first != Client(0)


def test_a_generator_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The rule is not judged then."""
    monkeypatch.setattr(generating, "SECONDS", 0.2)
    script(monkeypatch, tmp_path, "import time; time.sleep(60)")
    with pytest.raises(NotJudged, match=r"more than 0\.2 s"):
        asyncio.run(generate(TINY))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of time")
def test_a_generator_that_spends_its_time_is_not_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its process is ended by the system."""
    script(monkeypatch, tmp_path, "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass")
    with pytest.raises(NotJudged, match="does not come to an end"):
        asyncio.run(generate(TINY))


def test_a_generator_that_breaks_accuses_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its last word is told."""
    script(monkeypatch, tmp_path, "raise RecursionError('too deep')")
    with pytest.raises(NotJudged, match="RecursionError: too deep"):
        asyncio.run(generate(TINY))


def test_what_leads_out_of_the_document_is_not_given_to_it() -> None:
    """A generator might follow it."""
    schemas = {"A": {"$ref": "https://example.com/a.json"}}
    with pytest.raises(Blocked):
        asyncio.run(generate(TINY | {"components": {"schemas": schemas}}))
