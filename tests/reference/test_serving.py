"""The reference over a socket, its control paths, its file and its deliveries."""

from __future__ import annotations

import hashlib
import hmac
import queue
import sqlite3
import ssl
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.reference import Reference, serving
from conformance.reference.deliveries import Deliveries
from conformance.reference.errors import ForeignDatabaseError
from conformance.reference.publishing import published
from conformance.reference.serve import describe, log_line
from conformance.reference.tls import thrown_away

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.reference.conftest import Caller


@contextmanager
def client_of(reference: Reference) -> Iterator[httpx.Client]:
    """Serve a reference and give a client of it with the full key."""
    headers = {"authorization": f"Bearer {reference.keys.full}"}
    with serving(reference) as base, httpx.Client(base_url=base, headers=headers, trust_env=False) as client:
        yield client


def control(client: httpx.Client, path: str) -> str:
    """Give the URL of a control path."""
    return str(client.base_url.join(f"/_control/{path}"))


def test_it_answers_over_http(api: Caller) -> None:
    """A served reference answers what its core answers, dated by its own clock."""
    with client_of(api.reference) as client:
        response = client.get("/session")
    assert (response.json(), response.headers["date"]) == (api.get("/session"), "Thu, 15 Jan 2026 12:00:00 GMT")


def test_the_spec_names_the_server(api: Caller) -> None:
    """The published spec names the base URL at which it was fetched."""
    with client_of(api.reference) as client:
        servers = client.get("/openapi.json").json()["servers"]
        assert servers[0]["url"] == str(client.base_url).rstrip("/")


def test_with_an_identity_it_speaks_https_alone(api: Caller) -> None:
    """Who trusts its authority is answered, others are not, and plain http gets no answer."""
    identity = thrown_away("127.0.0.1")
    trust = ssl.create_default_context(cadata=identity.authority)
    with serving(api.reference, identity=identity) as base:
        assert httpx.get(f"{base}/openapi.json", verify=trust, trust_env=False).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{base}/openapi.json", trust_env=False)
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{base}/openapi.json".replace("https:", "http:"), trust_env=False)


def test_a_secure_reference_rejects_plain_http(make: Callable[..., Caller]) -> None:
    """Whatever the key, and names https in its spec."""
    with client_of(make(secure=True).reference) as client:
        assert client.get("/session").json()["error"]["code"] == "https_required"
    assert published("api.test", secure=True)["servers"][0]["url"] == "https://api.test/v1"


def test_every_path_gets_the_envelope(api: Caller) -> None:
    """No path is answered by the framework, not even one with a line feed in it."""
    with client_of(api.reference) as client:
        assert client.get("/observations/a%0Ab").json()["error"]["code"] == "not_found"


def test_several_are_served_one_after_the_other(make: Callable[..., Caller]) -> None:
    """A server that was stopped leaves its port free, also where a connection is still open."""
    with client_of(make().reference) as client:
        client.get("/session")
        port = client.base_url.port or 0
    with serving(make().reference, port=port) as base:
        assert base == f"http://127.0.0.1:{port}/v1"


def test_the_clock_moves_over_http_only_where_allowed(make: Callable[..., Caller]) -> None:
    """The control path of the clock is there with control, and is no path without."""
    answers = []
    for allowed in (True, False):
        with client_of(make(control=allowed).reference) as client:
            answers.append(client.post(control(client, "clock"), json={"advance_seconds": 60}))
    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0].json() == {"now": "2026-01-15T12:01:00+00:00"}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"advance_seconds": "1"}', b'{"advance_seconds": -1}', b'{"advance_seconds": true}']
)
def test_a_wrong_control_request_is_explained(make: Callable[..., Caller], body: bytes) -> None:
    """A control request without its number gets 400."""
    with client_of(make(control=True).reference) as client:
        assert client.post(control(client, "clock"), content=body).status_code == 400


def test_a_reset_goes_back_to_the_seed(api: Caller) -> None:
    """After a reset what was made is gone, and so are its idempotency keys."""
    body = {"employee_id": api.employee()["id"], "type": "strength", "observation": "x"}
    with client_of(api.reference) as client:
        before = client.get("/observations", params={"limit": 100}).json()
        first = client.post("/observations", json=body, headers={"idempotency-key": "k"})
        client.post(control(client, "reset"))
        after = client.get("/observations", params={"limit": 100}).json()
        second = client.post("/observations", json=body, headers={"idempotency-key": "k"})
    assert (after["data"], second.json()["id"] == first.json()["id"]) == (before["data"], False)


def test_latency_is_set_at_run_time(api: Caller) -> None:
    """The latency is what the control path was told last."""
    with client_of(api.reference) as client:
        client.post(control(client, "latency"), json={"seconds": 0.01})
        assert client.get(control(client, "latency")).json() == {"seconds": 0.01}


def test_the_request_log_names_the_key_and_never_shows_it(api: Caller) -> None:
    """A line of the log has method, path, status and which key it was."""
    with client_of(api.reference) as client:
        client.get("/observations/none")
        log = client.get(control(client, "requests"))
    line = log.json()["data"][-1]
    found = [line[name] for name in ("method", "path", "key", "status", "error")]
    assert (found, api.key in log.text) == (["GET", "/v1/observations/none", "full", 404, "not_found"], False)


def test_a_file_keeps_what_was_written(tmp_path: Path) -> None:
    """A reference on a file finds what an earlier one wrote, and takes its keys."""
    made = []
    for _ in range(2):
        reference = Reference(database=tmp_path / "reference.sqlite")
        with client_of(reference) as client:
            employee = client.get("/employees", params={"limit": 1}).json()["data"][0]["id"]
            body = {"employee_id": employee, "type": "strength", "observation": "x"}
            made.append(client.post("/observations", json=body, headers={"idempotency-key": "k"}).json()["id"])
        reference.close()
    assert made[0] == made[1]


@pytest.mark.parametrize("content", ["no database at all, but a text that is long enough", None])
def test_a_foreign_file_is_refused(tmp_path: Path, content: str | None) -> None:
    """A file that is no database, or one of something else, is refused with a reason and left as it is."""
    path = tmp_path / "foreign"
    if content:
        path.write_text(content * 100, "utf-8")
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("create table other (id text)")
    before = path.read_bytes()
    with pytest.raises(ForeignDatabaseError, match="foreign is no database of this reference"):
        Reference(database=path)
    assert path.read_bytes() == before


def test_without_seed_data_there_are_people_and_no_observations(make: Callable[..., Caller]) -> None:
    """An unseeded reference has employees and attributes, and nothing that they made."""
    api = make(seed_data=False)
    counts = [len(api.walk(f"/{name}")) for name in ("observations", "webhooks", "summaries")]
    assert (counts, len(api.walk("/attributes")) >= 15) == ([0, 0, 0], True)


def test_a_sandbox_tells_its_url_and_its_keys(api: Caller) -> None:
    """What the sandbox prints has the base URL and every key."""
    lines: list[str] = []
    describe(api.reference, "http://127.0.0.1:1/v1", lines.append)
    text = "\n".join(lines)
    assert [part in text for part in ("http://127.0.0.1:1/v1", *vars(api.reference.keys).values())] == [True] * 6


def test_a_log_line_reads_at_a_glance(api: Caller) -> None:
    """A line of the sandbox's log has time, status, method, target and key."""
    api("GET", "/observations", {"limit": "0"})
    line = log_line(api.reference.log[-1])
    assert line.startswith("12:00:00.000 400 validation_error GET /v1/observations?limit=0 (full, ")


@dataclass
class Listener:
    """A server that keeps what it is sent and answers with the statuses it was given, then with 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    received: queue.Queue[tuple[dict[str, str], bytes]] = field(default_factory=queue.Queue)

    def next(self) -> tuple[dict[str, str], bytes]:
        """Give the next delivery's headers and body; an error where none comes."""
        return self.received.get(timeout=10)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Listen for deliveries."""
    kept = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.received.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(kept.statuses.pop(0) if kept.statuses else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


def subscribe(api: Caller, listener: Listener, *events: str) -> dict[str, str]:
    """Subscribe a listener to events and give the subscription, with its secret."""
    response = api.post("/webhooks", {"url": listener.url, "event_types": list(events)})
    return dict(response.json())


def test_a_delivery_has_the_observation_after_the_change(api: Caller, listener: Listener) -> None:
    """A subscriber gets the event and the full observation as it is then."""
    subscribe(api, listener, "observation.created", "observation.archived")
    made = api.observe()
    created = httpx.Response(200, content=listener.next()[1]).json()
    archived = api.post(f"/observations/{made['id']}/archive").json()
    then = httpx.Response(200, content=listener.next()[1]).json()
    assert [(event["type"], event["data"]) for event in (created, then)] == [
        ("observation.created", made),
        ("observation.archived", archived),
    ]


def test_a_delivery_is_signed(api: Caller, listener: Listener) -> None:
    """The signature is made with the secret that the subscription was created with, and is shown only then."""
    subscription = subscribe(api, listener, "observation.created")
    api.observe()
    headers, body = listener.next()
    stamp, signature = (part.split("=")[1] for part in headers["x-pb-signature"].split(","))
    expected = hmac.new(subscription["secret"].encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert (signature, "secret" in api.get(f"/webhooks/{subscription['id']}")) == (expected, False)


def test_a_delivery_is_sent_again_until_it_is_taken(api: Caller, listener: Listener) -> None:
    """A delivery that is refused comes again, with the same identifier."""
    api.reference.deliveries = Deliveries(pauses=(0.01, 0.01))
    listener.statuses += [500, 302]
    subscribe(api, listener, "observation.created")
    api.observe()
    assert len({listener.next()[0]["x-pb-delivery"] for _ in range(3)}) == 1


def test_a_dead_subscription_delays_no_other(api: Caller, listener: Listener) -> None:
    """While deliveries to it are tried again and again, another subscription gets its own."""
    body = {"url": "http://127.0.0.1:9/nobody", "event_types": ["observation.created"]}
    assert [api.post("/webhooks", body).status for _ in range(6)] == [201] * 6
    subscribe(api, listener, "observation.created")
    made = api.observe()
    assert httpx.Response(200, content=listener.next()[1]).json()["data"] == made


def test_a_lane_that_was_idle_opens_again(api: Caller, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that has ended is followed by another."""
    monkeypatch.setattr("conformance.reference.deliveries.IDLE", 0.01)
    subscribe(api, listener, "observation.created")
    for _ in range(2):
        made = api.observe()
        assert httpx.Response(200, content=listener.next()[1]).json()["data"] == made
        while api.reference.deliveries._threads:
            time.sleep(0.01)


def test_nothing_is_delivered_that_was_not_asked_for(api: Caller, listener: Listener) -> None:
    """Other event types, refused changes, replays and inactive subscriptions deliver nothing."""
    subscription = subscribe(api, listener, "observation.updated")
    made = api.observe()
    api.post(f"/observations/{made['id']}/restore")
    api("PATCH", f"/observations/{made['id']}", body={})
    api("PATCH", f"/webhooks/{subscription['id']}", body={"active": False})
    api("PATCH", f"/observations/{made['id']}", body={"impact": "Unheard."})
    api("PATCH", f"/webhooks/{subscription['id']}", body={"active": True})
    api("PATCH", f"/observations/{made['id']}", body={"impact": "Heard."})
    assert httpx.Response(200, content=listener.next()[1]).json()["data"]["impact"] == "Heard."
