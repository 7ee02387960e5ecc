"""What fuzzing found is kept in a file that can be given, and what others have published is read from a URL."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from conformance.errors import UsageProblem
from conformance.target.failures import FAILURES, remembered_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEPT = {"https://a.test": [{"operation": "GET /things", "differences": []}]}


@contextmanager
def published(content: bytes, status: int = 200) -> Iterator[str]:
    """Serve one document, and give its URL."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server calls
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{FAILURES}"
    finally:
        server.shutdown()
        server.server_close()


def test_without_a_word_they_stand_beside_the_reports(tmp_path: Path) -> None:
    """Nothing is written before there is something to keep."""
    found = remembered_at("", tmp_path / "reports")
    assert (found.file, found.file.exists(), dict(found.others)) == (tmp_path / "reports" / FAILURES, False, {})


def test_a_file_is_made_room_for(tmp_path: Path) -> None:
    """A folder that is not there yet is made, and what is there stays."""
    file = tmp_path / "shared" / "kept.json"
    remembered_at(str(file), tmp_path)
    file.write_text(json.dumps(KEPT), "utf-8")
    assert json.loads(remembered_at(str(file), tmp_path).file.read_text("utf-8")) == KEPT


def test_a_url_is_read_and_the_reports_are_written_to(tmp_path: Path) -> None:
    """What others found is known from the start."""
    with published(json.dumps(KEPT).encode()) as url:
        found = remembered_at(url, tmp_path)
    assert (found.file, found.others) == (tmp_path / FAILURES, KEPT)


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [(b"gone", 404, "404"), (b"<html>", 200, "no JSON"), (b"[]", 200, "holds no failures")],
)
def test_what_can_not_be_read_ends_the_run_before_it_begins(
    tmp_path: Path, content: bytes, status: int, told: str
) -> None:
    """It says what is there instead."""
    with published(content, status) as url, pytest.raises(UsageProblem, match=told):
        remembered_at(url, tmp_path)


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(UsageProblem, match="can't be kept"):
        remembered_at(str(tmp_path), tmp_path)


@pytest.mark.parametrize("content", ["junk", "[]", '{"https://a.test": 1}', "[waiver]"])
def test_a_file_that_is_something_else_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    """It would be overwritten."""
    file = tmp_path / "waivers.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(UsageProblem, match="holds no failures"):
        remembered_at(str(file), tmp_path)
    assert file.read_text("utf-8") == content
