"""The commands that are not about the catalogue: each does what the README says, and bad use exits with 4."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.reporting.writer import WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""An environment in which Python holds back what it writes to a pipe, as it does by default."""
CONFORMANCE = [sys.executable, "-c", "from conformance.cli import main; main()"]


def conformance(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder of its own, without keys."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("PB_", "CONFORMANCE_", "PYTEST_"))
    }
    return subprocess.run(  # noqa: PLW1510  # the exit code is what is looked at
        [*CONFORMANCE, *arguments], cwd=cwd, env=environ, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge one family of the embedded reference from an empty folder; give that folder."""
    folder = tmp_path_factory.mktemp("empty")
    done = conformance("run", "--rules", "SES", cwd=folder)
    assert (done.returncode, "against the embedded reference" in done.stdout) == (0, True), done.stdout + done.stderr
    return folder


def test_run_judges_the_embedded_reference_from_an_empty_folder(judged: Path) -> None:
    """It leaves the reports and nothing else."""
    left = sorted(path.name for path in (judged / "reports/latest").iterdir())
    assert left == sorted(WRITERS)


def test_run_says_nothing_of_pytests_own_troubles(judged: Path) -> None:
    """No warning of pytest's is shown to somebody who only wants a verdict."""
    assert "PytestAssertRewriteWarning" not in conformance("run", "--rules", "SES-02", cwd=judged).stdout


def test_a_file_elsewhere_does_not_become_the_folder_of_the_project(judged: Path, tmp_path: Path) -> None:
    """An option's value that is a path stands with its option, or pytest would take its folder for rootdir."""
    (judged / "conformance.toml").write_text("strict = true\n")
    baseline = tmp_path / "baseline.json"
    baseline.write_bytes((judged / "reports/latest/conformance.json").read_bytes())
    done = conformance("run", "--rules", "SES-02", "--baseline", str(baseline), "--report-dir", "again", cwd=judged)
    told = json.loads((judged / "again/conformance.json").read_text("utf-8"))
    assert (done.returncode, f"rootdir: {judged}" in done.stdout, told["run"]["options"]["strict"]) == (0, True, True)


def test_report_makes_the_formats_again_from_the_json_alone(judged: Path, tmp_path: Path) -> None:
    """The page is the same as that of the run."""
    done = conformance("report", str(judged / "reports/latest/conformance.json"), "--to", str(tmp_path), cwd=tmp_path)
    again = (tmp_path / "conformance.html").read_text("utf-8")
    assert (done.returncode, again) == (0, (judged / "reports/latest/conformance.html").read_text("utf-8"))


@pytest.mark.parametrize("content", ["{", "[]", '{"schema": 1}'])
def test_report_refuses_what_is_no_report(tmp_path: Path, content: str) -> None:
    """The message says what is wrong with the file; there is no traceback."""
    (tmp_path / "file.json").write_text(content)
    done = conformance("report", "file.json", cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr, "file.json" in done.stderr) == (4, False, True)


def test_faults_lists_every_lie_with_what_it_lies_about(tmp_path: Path) -> None:
    """A lie is shown under its rule, by name, with its sentence."""
    done = conformance("faults", "--rule", "IDM-10", cwd=tmp_path)
    assert done.stdout.splitlines()[:2] == ["IDM-10   a_replay_answers_200", "         A replay of a 201 answers 200."]


@pytest.mark.parametrize(
    "arguments",
    [("nope",), ("faults", "--rule", "PAG-4"), ("serve", "--port", "70000"), ("report", "no-such-file.json")],
)
def test_bad_use_exits_with_4_and_without_a_traceback(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Whatever the command."""
    done = conformance(*arguments, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr, bool(done.stderr)) == (4, False, True)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[list[str]]:
    """Serve a sandbox; give the first lines that it prints. It is ended as a person ends it."""
    with subprocess.Popen(
        [*CONFORMANCE, "serve", "--port", "0"],
        cwd=tmp_path,
        env=BUFFERED,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509  # no thread of this process holds a lock that it needs
    ) as server:
        yield [server.stdout.readline() for _ in range(4)] if server.stdout else []
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def heed_ctrl_c() -> None:
    """Undo what a shell does to what it starts in the background: ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_serve_prints_a_url_and_a_key_that_work(sandbox: list[str]) -> None:
    """A client developer copies both from the first lines."""
    url, key = sandbox[0].split()[-1], next(line for line in sandbox if "pb_test_" in line).split()[0]
    answer = httpx.get(f"{url}/session", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, json.loads(answer.text)["data"]["organization"]["plan"]) == (200, "agentic")


def test_serve_says_when_its_port_is_taken(sandbox: list[str], tmp_path: Path) -> None:
    """The message names the address."""
    port = sandbox[0].split()[-1].rsplit(":", 1)[1].split("/")[0]
    done = conformance("serve", "--port", port, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr, port in done.stderr) == (4, False, True)
    assert "Usage" not in done.stderr
