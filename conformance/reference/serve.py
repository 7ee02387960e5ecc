"""The reference over a socket: beside a test, or in the foreground as a sandbox for client developers."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import uvicorn

from conformance.reference.app import Reference
from conformance.reference.keys import DESCRIPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from conformance.reference.tls import Identity

GRACE_SECONDS = 1
POLL_SECONDS = 0.005


def listening(host: str, port: int) -> socket.socket:
    """Open a listening socket; an OSError where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024)


def server_of(reference: Reference, identity: Identity | None = None) -> uvicorn.Server:
    """Make a server that leaves dates and logs to the reference and does not wait for idle connections.

    With an identity it speaks https, and nothing else.
    """
    config = uvicorn.Config(
        reference.asgi,
        lifespan="off",
        log_level="critical",
        access_log=False,
        date_header=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_context_factory=None if identity is None else lambda *_: identity.context,
    )
    return uvicorn.Server(config)


def url_of(listener: socket.socket, scheme: str = "http") -> str:
    """Give the base URL of what a socket serves."""
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}/v1" if ":" in host else f"{scheme}://{host}:{port}/v1"


@contextlib.contextmanager
def serving(
    reference: Reference, host: str = "127.0.0.1", port: int = 0, *, identity: Identity | None = None
) -> Iterator[str]:
    """Serve a reference from a thread; gives the base URL, which ends in the version. The reference stays open."""
    listener = listening(host, port)
    server = server_of(reference, identity)
    thread = threading.Thread(target=server.run, args=([listener],), name="reference", daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(POLL_SECONDS)
        yield url_of(listener, "https" if identity else "http")
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def describe(reference: Reference, base: str, say: Callable[[str], None]) -> None:
    """Tell a client developer how to use the sandbox."""
    say(f"Performance Blocks reference API at {base}")
    say("")
    say("Keys:")
    for role, text in vars(reference.keys).items():
        say(f"  {text}  {DESCRIPTIONS[role]}")
    say("")
    root = base.removesuffix("/v1")
    say(f'Try:  curl -H "Authorization: Bearer {reference.keys.full}" {base}/session')
    say(f"Spec: {base}/openapi.json")
    say(f"Back to the seed:     curl -X POST {root}/_control/reset")
    say(f"Slow it down:         curl -X POST {root}/_control/latency -d '{{\"seconds\": 0.5}}'")
    say(f"See requests:         curl {root}/_control/requests")
    say(f"See deliveries:       curl {root}/_control/deliveries")
    if reference.control:
        say(f"Move the clock:       curl -X POST {root}/_control/clock -d '{{\"advance_seconds\": 86400}}'")
    say("")


def log_line(entry: Mapping[str, Any]) -> str:
    """Write one line of the request log."""
    query = "&".join(f"{name}={value}" for name, value in entry["query"])
    target = f"{entry['path']}?{query}" if query else entry["path"]
    error = f" {entry['error']}" if entry["error"] else ""
    key = entry["key"] or "no known key"
    return (
        f"{entry['at'][11:23]} {entry['status']}{error} {entry['method']} {target} ({key}, {entry['milliseconds']} ms)"
    )


def say_at_once(line: str) -> None:
    """Print a line so that whoever reads it through a pipe reads it now."""
    print(line, flush=True)  # noqa: T201  # this is what the command is for


def serve(  # noqa: PLR0913 - each is an option of the command
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    database: Path | None = None,
    control: bool = False,
    latency: float = 0.0,
    quiet: bool = False,
    say: Callable[[str], None] = say_at_once,
) -> None:
    """Serve a sandbox until interrupted: prints URL and keys, then a line for each request unless quiet.

    An OSError where the address is taken, or the file is no database of a reference.
    """
    listener = listening(host, port)
    on_exchange = None if quiet else lambda entry: say(log_line(entry))
    reference = Reference(database=database, control=control, latency=latency, on_exchange=on_exchange)
    try:
        describe(reference, url_of(listener), say)
        with contextlib.suppress(KeyboardInterrupt):
            server_of(reference).run([listener])
    finally:
        reference.close()
        listener.close()
