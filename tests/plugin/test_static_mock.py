"""A mock that answers every operation of a spec with one fixed example is told for what it is: no API.

It is what a person writes by hand in an hour, or what a tool makes of a spec: always right in form, and blind.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from conformance.openapi.document.operations import json_schema_of, operations_of
from conformance.reference import Reference
from conformance.reference.http import Request
from conformance.target.documents import merged
from tests.plugin.test_whole_runs import ROOT, command, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMPLES = {
    "date": "2024-05-01",
    "date-time": "2024-05-01T09:30:00Z",
    "email": "a@example.com",
    "uri": "https://a.example",
}
PLAIN: dict[str, Any] = {"integer": 1, "number": 1, "boolean": False, "string": "text", "null": None}


def example(document: dict[str, Any], schema: Any, depth: int = 0) -> Any:  # noqa: ANN401  # any JSON value
    """Write an example of a schema."""
    schema = merged(document, schema)
    for name in ("example", "default", "const"):
        if schema.get(name) is not None:
            return schema[name]
    if "enum" in schema:
        return schema["enum"][0]
    for one in (schema.get("oneOf") or schema.get("anyOf") or [])[:1]:
        return example(document, one, depth + 1)
    if "properties" in schema and depth < 6:
        return {name: example(document, one, depth + 1) for name, one in schema["properties"].items()}
    if schema.get("type") == "array":
        return [example(document, schema.get("items", {}), depth + 1)] if depth < 6 else []
    return EXAMPLES.get(schema.get("format", ""), PLAIN.get(schema.get("type", ""), {}))


def answers(document: dict[str, Any]) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Write the one answer of each operation: its first success."""
    found = {}
    for operation in operations_of(document):
        status, place = next((status, one) for status, one in operation.responses.items() if status.startswith("2"))
        schema = json_schema_of(place)
        body = document if operation.path == "/openapi.json" else example(document, schema.value if schema else {})
        found[operation.method, operation.path] = int(status), json.dumps(body).encode()
    return found


@contextmanager
def mock() -> Iterator[str]:
    """Serve the reference's spec as fixed answers; give its base URL."""
    reference = Reference()
    document = asyncio.run(reference.handle(Request("GET", "/v1/openapi.json"))).json()
    reference.close()
    fixed = {(method, re.sub(r"\{\}", "[^/]+", path)): told for (method, path), told in answers(document).items()}

    class Mock(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0].removeprefix("/v1")
            known = (
                told for (method, one), told in fixed.items() if method == self.command and re.fullmatch(one, path)
            )
            status, body = next(known, (404, b'{"error": {"code": "not_found", "message": "No such path."}}'))
            self.send_response(status)
            for name, value in (
                ("Content-Type", "application/json"),
                ("Content-Length", len(body)),
                ("X-Request-ID", "1"),
            ):
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815  # the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Mock)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_a_mock_of_fixed_answers_gets_an_honest_report(tmp_path: Path) -> None:
    """The run ends, breaks nowhere, says what is wrong, and passes nothing that was never put to the test."""
    with mock() as base_url:
        done = subprocess.run(
            command(base_url, "--report-dir", str(tmp_path), "scenarios"),
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )
    report = json.loads((tmp_path / "conformance.json").read_text("utf-8"))
    verdicts = {one["verdict"] for one in report["rules"]}
    assert (done.returncode, report["gate"]["passed"], verdicts & {"error", "pass"}) == (1, False, set()), done.stdout
