"""Whole runs of pytest against a URL: what they leave in the target and on disk, also when they are interrupted."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.reference import Reference, serving
from conformance.wire.roles import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
CANARY = "pb_test_5H9QmV2xTfullaccess7Rk3Ld"
"""The reference's own key: it must stand in no file that a run leaves."""


def command(base_url: str, *options: str) -> list[str]:
    """Give the command that judges a URL."""
    plugins = [text for name in ("cacheprovider", "schemathesis") for text in ("-p", f"no:{name}")]
    return [sys.executable, "-m", "pytest", *plugins, "--base-url", base_url, *options]


def environment() -> dict[str, str]:
    """Give an environment with the first key alone."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("CONFORMANCE_", "PYTEST_"))}
    return {name: value for name, value in ours.items() if name not in ENVIRONMENT.values()} | {"PB_API_KEY": CANARY}


def active_ids(base_url: str, collection: str = "observations") -> set[str]:
    """Read the ids of all active observations of a target, or of all that is in another collection."""
    found: set[str] = set()
    cursor: dict[str, str] = {}
    with httpx.Client(headers={"Authorization": f"Bearer {CANARY}"}) as client:
        while True:
            page = client.get(f"{base_url}/{collection}", params={"limit": "100", **cursor}).json()
            found |= {item["id"] for item in page["data"]}
            if page["next_cursor"] is None:
                return found
            cursor = {"cursor": page["next_cursor"]}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path, set[str]]:
    """Judge a served reference once; give the process, its report directory, and what is there and was not before."""
    reports = tmp_path_factory.mktemp("reports")
    reference = Reference()
    assert reference.keys.full == CANARY
    with serving(reference) as base_url:
        before = active_ids(base_url) | active_ids(base_url, "webhooks")
        done = subprocess.run(
            command(base_url, "--report-dir", str(reports), "--listen", "127.0.0.1:0", "scenarios"),
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        changed = (active_ids(base_url) | active_ids(base_url, "webhooks")) ^ before
    reference.close()
    return done, reports, changed


Finished = tuple[subprocess.CompletedProcess[str], Path, set[str]]


def test_a_run_against_a_url_ends_green(finished: Finished) -> None:
    """The reference conforms, judged from outside with one key."""
    assert finished[0].returncode == 0, finished[0].stdout[-3000:]


def test_a_run_leaves_a_target_as_it_found_it(finished: Finished) -> None:
    """The same observations are active as before, and there are the same subscriptions."""
    assert finished[2] == set()


def test_a_run_that_listens_judges_webhooks(finished: Finished) -> None:
    """Deliveries reach the address that --listen names."""
    report = json.loads((finished[1] / "conformance.json").read_text("utf-8"))
    assert {rule["verdict"] for rule in report["rules"] if rule["family"] == "EVT"} == {"pass"}


def test_a_run_leaves_its_reports_and_no_journal(finished: Finished) -> None:
    """What was made is archived, so nothing needs to be remembered."""
    names = {path.name for path in finished[1].iterdir()}
    assert ({"conformance.json", "conformance.html", "junit.xml"} <= names, [n for n in names if "made" in n]) == (
        True,
        [],
    )


def test_a_run_keeps_its_key_to_itself(finished: Finished) -> None:
    """Neither a report nor the terminal shows it."""
    done, reports, _ = finished
    holders = [path.name for path in reports.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert (holders, CANARY in done.stdout + done.stderr) == ([], False)


def test_a_run_names_what_it_never_saw_served(finished: Finished) -> None:
    """A careful run leaves alone what nobody could undo; it says so, and how to have it asked for."""
    report = json.loads((finished[1] / "conformance.json").read_text("utf-8"))
    labels = report["coverage"]["never_seen"]["served"]
    said = next(line for line in finished[0].stdout.splitlines() if line.startswith("Never served"))
    assert ("POST /employees" in labels, labels[0] in said, "--disposable" in said) == (True, True, True), said


# interrupted -----------------------------------------------------------------------------------------------

SLOW = """
import asyncio
from conformance.judging.scenario import judges

@judges("OBC-01")
async def test_makes_many(target):
    await asyncio.gather(*(target.make() for _ in range(8)))
    await asyncio.Event().wait()

@judges("OBC-02")
async def test_gathers(target):
    async def gather():
        while True:
            await target.make()
    await target.once("many", gather)
"""


class SlowTarget(BaseHTTPRequestHandler):
    """A reference behind a door that takes its time; it says when so many creates have come in."""

    protocol_version = "HTTP/1.1"
    reference: Reference
    delay = 0.2
    creates = 0
    busy: threading.Event

    def answer(self) -> None:
        """Wait, and hand the request to the reference."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == "POST" and self.path.endswith("/observations"):
            type(self).creates += 1
            if type(self).creates == 12:
                self.busy.set()
        time.sleep(self.delay)
        self.send(asyncio.run(self.ask(body)))

    async def ask(self, body: bytes) -> httpx.Response:
        """Ask the reference in this process."""
        transport = httpx.ASGITransport(self.reference.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://reference.test") as client:
            return await client.request(self.command, self.path, headers=dict(self.headers), content=body)

    def send(self, response: httpx.Response) -> None:
        """Pass the answer on; who has gone away gets none."""
        try:
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.content)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = answer  # noqa: N815  # http.server looks for these names

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def slow() -> Iterator[tuple[str, type[SlowTarget]]]:
    """Serve a slow target; give its base URL and its handler."""
    attributes = {"reference": Reference(), "busy": threading.Event(), "creates": 0}
    handler: Any = type("Slow", (SlowTarget,), attributes)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1", handler
    server.shutdown()
    server.server_close()
    thread.join()
    handler.reference.close()


def heed_ctrl_c() -> None:
    """Undo what a shell does to what it starts in the background: ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupt(base_url: str, folder: Path, busy: threading.Event, *signals: signal.Signals) -> subprocess.Popen[str]:
    """Start a run, and send it signals when the target is busy with creates."""
    (folder / "test_slow.py").write_text(SLOW, "utf-8")
    run = subprocess.Popen(
        command(base_url, "--import-mode=importlib", "--report-dir", str(folder / "reports"), str(folder)),
        cwd=folder,
        env=environment() | {"PYTHONPATH": str(ROOT), "PYTEST_PLUGINS": "conformance.plugin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509  # it only resets a signal
    )
    busy.wait(60)
    for one in signals:
        run.send_signal(one)
        time.sleep(0.05)
    return run


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_ctrl_c_cleans_up_and_leaves_a_report(
    slow: tuple[str, type[SlowTarget]], tmp_path: Path, asked: signal.Signals
) -> None:
    """Exit 2, "interrupted" in the report, and everything archived that was made or being made; or by SIGTERM."""
    base_url, handler = slow
    before = active_ids(base_url)
    run = interrupt(base_url, tmp_path, handler.busy, asked)
    told, _ = run.communicate(timeout=120)
    report = json.loads((tmp_path / "reports" / "conformance.json").read_text("utf-8"))
    left = [path.name for path in (tmp_path / "reports").glob("made-*")]
    got = run.returncode, report["run"]["ended"], active_ids(base_url) - before, left
    assert got == (2, "interrupted", set(), []), told[-3000:]


def test_an_impatient_ctrl_c_opens_no_gate(slow: tuple[str, type[SlowTarget]], tmp_path: Path) -> None:
    """Of two in a row pytest may not tell the first one."""
    base_url, handler = slow
    run = interrupt(base_url, tmp_path, handler.busy, signal.SIGINT, signal.SIGINT)
    told, _ = run.communicate(timeout=120)
    report = tmp_path / "reports" / "conformance.json"
    gate = json.loads(report.read_text("utf-8"))["gate"] if report.exists() else {"passed": False}
    assert (run.returncode != 0, gate["passed"]) == (True, False), told[-3000:]
