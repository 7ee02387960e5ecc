"""Small suites of scenarios in a folder of their own, run by pytest in this process."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import httpcore  # noqa: F401  # httpx imports it late and keeps its exceptions: not within a run, which forgets it
import pytest

import conformance.judging.run
import conformance.reference
import conformance.reporting.writer
from conformance.judging.embedded import Embedded, described
from conformance.judging.scenario import all_scenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

all_scenarios()  # pytester forgets what a run imports: so all is here before

QUICK = ("-p", "no:schemathesis", "-p", "no:hypothesispytest")
"""Plugins that each inner run would import anew, at seconds a time."""
HEAD = """
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, Noted, NotApplicable, NotJudged, Violation
"""


@contextmanager
def reference_in_this_process() -> Iterator[Embedded]:
    """Serve what the plugin serves from a process of its own, which takes longer to start than a small suite to run."""
    reference = conformance.reference.Reference(control=True)
    with conformance.reference.serving(reference) as base_url:
        yield described(base_url, vars(reference.keys))
    reference.close()


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    """Return a function that writes scenarios into a module, runs pytest on it, and gives the result."""
    for name in ("PB_API_KEY", "PYTEST_BASE_URL", "CONFORMANCE_RULES", "CONFORMANCE_REPORT_DIR", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(conformance.judging.run, "embedded_reference", reference_in_this_process)

    def run(source: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_suite=HEAD + source)
        return pytester.runpytest_inprocess(*QUICK, "-p", "no:cacheprovider", "--import-mode=importlib", *options)

    return run


@pytest.fixture
def refusing() -> Iterator[str]:
    """Serve 401 to everything; give its base URL."""

    class Refusal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"error": {"code": "authentication_required", "message": "No."}}')

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusal)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()
