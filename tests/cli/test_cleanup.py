"""`conformance cleanup` removes what killed runs left, says so in plain sentences, and exits by what remains."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner

from conformance.cli.cleanup import cleanup
from conformance.reference import Reference, serving
from conformance.target.held_file import HeldFile
from conformance.target.made.intents import Owner
from conformance.target.made.journal import Journal
from conformance.target.settings import BASE_URL_VARIABLE, OPTIONS
from conformance.wire.roles import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

NOWHERE = {option.env: None for option in OPTIONS} | dict.fromkeys(
    [*ENVIRONMENT.values(), "PYTEST_BASE_URL", BASE_URL_VARIABLE]
)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Reference, str]]:
    """Serve a reference."""
    reference = Reference()
    with serving(reference) as url:
        yield reference, url
    reference.close()


def ask(served: tuple[Reference, str], method: str, path: str, **request: object) -> dict[str, object]:
    """Ask the reference with its full key."""
    reference, url = served
    headers = {"Authorization": f"Bearer {reference.keys.full}"}
    answer: dict[str, object] = httpx.request(method, f"{url}{path}", headers=headers, **request).json()
    return answer


@pytest.fixture
def left(served: tuple[Reference, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave an observation behind with its journal, in the default folder; give the journal."""
    monkeypatch.chdir(tmp_path)
    session = ask(served, "GET", "/session")["data"]
    employee = ask(served, "GET", "/employees")["data"][0]["id"]  # type: ignore[index]
    body = {"employee_id": employee, "type": "strength", "observation": "Left behind."}
    made = str(ask(served, "POST", "/observations", json=body)["id"])
    file = tmp_path / "reports" / "latest" / "made-r1.jsonl"
    journal = Journal(file, run="r1", base_url=served[1])
    journal.belongs("key", Owner(session["organization"]["id"]))  # type: ignore[index]
    journal.made(made, "/observations")
    journal.release()
    return file


def clean(*arguments: str, **environ: str) -> tuple[int, str]:
    """Run the command; give its exit code as the command line would, and what it says."""
    result: Result = CliRunner().invoke(cleanup, arguments, env={**NOWHERE, **environ}, standalone_mode=False)
    if result.exception is not None:
        return 4, str(getattr(result.exception, "message", result.exception))
    return result.return_value, result.output


def test_nothing_left_is_said_without_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 0."""
    monkeypatch.chdir(tmp_path)
    assert clean() == (0, "Nothing to clean up: no journal in reports/latest.\n")


def test_what_was_left_is_removed(served: tuple[Reference, str], left: Path) -> None:
    """Exit 0, one sentence, and no journal any more."""
    made = Journal.peek(left).remains()[0][0]
    code, told = clean(PB_API_KEY=served[0].keys.full)
    archived_at = ask(served, "GET", f"/observations/{made}")["archived_at"]
    assert (code, told, left.exists(), archived_at is not None) == (
        0,
        f"Run r1 at {served[1]}: found 1, removed 1, left nothing.\n",
        False,
        True,
    )


def test_a_journal_can_be_named(served: tuple[Reference, str], left: Path) -> None:
    """Wherever it lies."""
    moved = left.rename(left.parent.parent / "elsewhere.jsonl")
    assert clean(str(moved), PB_API_KEY=served[0].keys.full)[0] == 0


def test_something_that_remains_is_told(served: tuple[Reference, str], left: Path) -> None:
    """Exit 1 with its id, and the journal stays."""
    made = Journal.peek(left).remains()[0][0]
    code, told = clean(PB_API_KEY=served[0].keys.read_only)
    assert (code, f"left 1 ({made})" in told, left.exists()) == (1, True, True)


def test_another_base_url_is_none_of_its_business(served: tuple[Reference, str], left: Path) -> None:
    """Nothing is sent, and nothing remains that was asked about."""
    code, told = clean("--base-url", "http://127.0.0.1:9/v1", PB_API_KEY=served[0].keys.full)
    assert (code, "no journal of http://127.0.0.1:9/v1" in told, left.exists()) == (0, True, True)


@pytest.mark.parametrize("variable", ["PYTEST_BASE_URL", "CONFORMANCE_BASE_URL"])
def test_the_base_url_may_come_by_environment(served: tuple[Reference, str], left: Path, variable: str) -> None:
    """As it does for a run."""
    code, _ = clean(PB_API_KEY=served[0].keys.full, **{variable: served[1]})
    assert (code, left.exists()) == (0, False)


def test_a_target_that_can_not_be_reached_is_told(left: Path) -> None:
    """Exit 69."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        file = left.with_name("made-r2.jsonl")
        journal = Journal(file, run="r2", base_url=f"http://127.0.0.1:{unused.getsockname()[1]}/v1")
        journal.made("obs_1", "/observations")
        journal.release()
        code, told = clean(str(file), PB_API_KEY="pb_test_key")
    assert (code, "can't be reached" in told, file.exists()) == (69, True, True)


@pytest.mark.parametrize(
    ("arguments", "environ", "says"),
    [
        ((), {}, "PB_API_KEY"),
        ((), {"PB_API_KEY": "pb_live_key"}, "--allow-live-writes"),
        ((), {"PB_API_KEY": "pb_test_key", "PB_OTHER_ORG_API_KEY": "pb_live_key"}, "PB_OTHER_ORG_API_KEY"),
        ((), {"PB_API_KEY": "pb_test_key"}, "401"),
        ((), {"PB_API_KEY": "pb_test_key", "CONFORMANCE_READ_ONLY": "true"}, "--read-only"),
        (("--base-url", "nonsense"), {"PB_API_KEY": "pb_test_key"}, "nonsense"),
        (("--max-rps", "0"), {"PB_API_KEY": "pb_test_key"}, "--max-rps"),
        (("no-such-file",), {"PB_API_KEY": "pb_test_key"}, "no-such-file"),
    ],
)
def test_a_wrong_use_does_nothing(left: Path, arguments: tuple[str, ...], environ: dict[str, str], says: str) -> None:
    """Exit 4, and the message says what is wrong."""
    code, told = clean(*arguments, **environ)
    assert (code, says in told, left.exists()) == (4, True, True)


def test_what_is_no_journal_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 4."""
    monkeypatch.chdir(tmp_path)
    HeldFile.create(tmp_path / "made-x.jsonl", {"something": "else"}).close()
    code, told = clean("made-x.jsonl", PB_API_KEY="pb_test_key")
    assert (code, "no journal" in told) == (4, True)


def test_a_live_key_may_be_used_if_that_is_meant(left: Path) -> None:
    """It is then sent."""
    code, told = clean("--allow-live-writes", PB_API_KEY="pb_live_key")
    assert (code, "401" in told) == (4, True)
