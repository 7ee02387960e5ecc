"""A target in front of another: it passes everything on, and keeps the answers of some creates to itself."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from zlib import crc32

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "host"}


class Dropping(BaseHTTPRequestHandler):
    """Drops the connection instead of answering a create, for one of three Idempotency-Keys, while it is `losing`."""

    protocol_version = "HTTP/1.1"
    client: httpx.Client
    losing = True

    def answer(self) -> None:
        """Pass a request on, and its answer back unless it is to be lost."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP]
        response = self.client.request(self.command, self.path, headers=headers, content=body)
        key = self.headers.get("Idempotency-Key", "")
        if self.losing and self.command == "POST" and response.status_code == 201 and crc32(key.encode()) % 3 == 0:
            self.close_connection = True
            return
        self.send(response)

    def send(self, response: httpx.Response) -> None:
        """Send an answer; who has gone away gets none."""
        try:
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                if name.lower() not in HOP_BY_HOP | {"date", "server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.content)))
            self.end_headers()
            self.wfile.write(response.content)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815  # http.server looks for these names

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class Quiet(ThreadingHTTPServer):
    """Says nothing of clients that are killed in the middle."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as the base class
        """Stay silent."""


@contextmanager
def dropping(base_url: str) -> Iterator[tuple[str, Any]]:
    """Serve it in front of a base URL; gives its own, and the handler that says whether answers are lost."""
    root, version = base_url.rsplit("/", 1)
    with httpx.Client(base_url=root) as client:
        handler: Any = type("Lossy", (Dropping,), {"client": client})
        server = Quiet(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{version}", handler
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
