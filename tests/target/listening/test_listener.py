"""The suite's own receiver of webhooks: what it keeps, what it answers, and what it survives."""

from __future__ import annotations

import asyncio
import socket
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.errors import UsageProblem
from conformance.target.listening.listener import Inbox, Listener, require_within_reach
from conformance.target.listening.receiving import BODY_LIMIT
from conformance.wire.recorder import Recorder
from conformance.wire.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KEY = "pb_test_5H9QmV2xTfullaccess"


def listening(doing: Callable[[Listener, Inbox], Awaitable[Any]]) -> Any:  # noqa: ANN401  # what `doing` gives
    """Open a listener and one inbox, and give what `doing` with them gives."""

    async def run() -> Any:  # noqa: ANN401
        async with Listener(Recorder(Redactor({"PB_API_KEY": KEY}))) as listener:
            return await doing(listener, await listener.inbox())

    return asyncio.run(run())


async def posted(url: str, **request: Any) -> httpx.Response:  # noqa: ANN401  # as httpx takes it
    """POST to a URL."""
    async with httpx.AsyncClient() as client:
        return await client.post(url, **request)


async def raw(listener: Listener, octets: bytes) -> bytes:
    """Send octets, and give all that comes back."""
    host, port = listener.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(octets)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def test_what_is_delivered_is_answered_and_kept() -> None:
    """200 at once; method, headers and body can be read afterwards."""

    async def deliver(_: Listener, inbox: Inbox) -> Any:  # noqa: ANN401
        answer = await posted(inbox.url, json={"type": "observation.created"}, headers={"X-Event": "1"})
        (kept,) = inbox.deliveries
        return answer.status_code, kept.method, kept.json, dict(kept.headers)["X-Event"]

    assert listening(deliver) == (200, "POST", {"type": "observation.created"}, "1")


def test_secrets_are_taken_out_before_anything_is_kept() -> None:
    """A key and a signing secret in a delivery stand nowhere afterwards."""

    async def deliver(_: Listener, inbox: Inbox) -> str:
        await posted(inbox.url, json={"key": KEY, "secret": "whsec_0123456789abcdef"}, headers={"X-Key": KEY})
        return repr(inbox.deliveries)

    kept = listening(deliver)
    assert [part in kept for part in (KEY, "whsec_0123", "[PB_API_KEY]")] == [False, False, True]


def test_whoever_does_not_know_the_path_leaves_no_trace() -> None:
    """404, and nothing in the inbox."""

    async def stray(listener: Listener, inbox: Inbox) -> Any:  # noqa: ANN401
        answers = [await posted(f"{listener.url}/{path}", json={}) for path in ("", "0" * 32)]
        return [answer.status_code for answer in answers], inbox.deliveries

    assert listening(stray) == ([404, 404], ())


@pytest.mark.parametrize("parameter", ["challenge", "hub.challenge", "validationToken"])
def test_a_challenge_in_the_query_is_echoed(parameter: str) -> None:
    """Targets that verify a listener get their token back as the whole body."""

    async def verify(_: Listener, inbox: Inbox) -> str:
        return (await posted(inbox.url, params={parameter: "t 1"})).text

    assert listening(verify) == "t 1"


def test_a_challenge_in_the_body_is_echoed() -> None:
    """In a member of the same name."""

    async def verify(_: Listener, inbox: Inbox) -> Any:  # noqa: ANN401
        return (await posted(inbox.url, json={"type": "url_verification", "challenge": "t1"})).json()

    assert listening(verify) == {"challenge": "t1"}


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"\x16\x03\x01\x02\x00 a TLS greeting\r\n\r\n", b"400"),
        (b"GET //[ HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: two\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 100_000, b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n", b"400"),
    ],
    ids=["tls", "no path", "a length that is none", "a head without end", "a chunk that is none"],
)
def test_what_is_no_http_is_refused_and_disturbs_nobody(octets: bytes, status: bytes) -> None:
    """It gets a 4xx, and the next delivery its 200."""

    async def disturb(listener: Listener, inbox: Inbox) -> Any:  # noqa: ANN401
        answer = await raw(listener, octets)
        return answer.split()[1:2], (await posted(inbox.url, json={})).status_code

    assert listening(disturb) == ([status], 200)


def test_a_head_request_finds_the_listener_there() -> None:
    """Some targets ask so before they accept a URL."""

    async def look(_: Listener, inbox: Inbox) -> int:
        async with httpx.AsyncClient() as client:
            return (await client.head(inbox.url)).status_code

    assert listening(look) == 200


@pytest.mark.parametrize(
    ("target", "is_refused"),
    [("http://localhost:8000/v1", False), ("http://127.0.0.1:8000/v1", False), ("https://api.example.com/v1", True)],
)
def test_a_listener_of_this_machine_is_for_targets_on_it(target: str, is_refused: bool) -> None:  # noqa: FBT001
    """One that is surely elsewhere can't reach it, which is told before anything is sent."""
    listener = Listener(Recorder())
    listener.release()
    with pytest.raises(UsageProblem) if is_refused else nullcontext():
        require_within_reach(listener, target)


def test_a_body_that_is_too_large_is_not_kept() -> None:
    """413, declared or chunked, and the next delivery is kept."""

    async def deliver(listener: Listener, inbox: Inbox) -> Any:  # noqa: ANN401
        path = inbox.url.removeprefix(listener.url).encode()
        head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (BODY_LIMIT + 1)
        answer = await raw(listener, head + b"x" * (BODY_LIMIT + 1))
        await posted(inbox.url, json={})
        return answer.split()[1], len(inbox.deliveries)

    assert listening(deliver) == (b"413", 1)


def test_many_deliveries_at_once_are_all_kept() -> None:
    """A burst loses nothing."""

    async def burst(_: Listener, inbox: Inbox) -> int:
        await asyncio.gather(*(posted(inbox.url, json={}) for _ in range(50)))
        return len(inbox.deliveries)

    assert listening(burst) == 50


def test_a_connection_that_says_nothing_is_cut_off_at_the_end() -> None:
    """Whoever is connected and silent keeps nobody waiting."""

    async def connect() -> bytes:
        listener = Listener(Recorder())
        await listener.inbox()
        host, port = listener.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        await asyncio.sleep(0.05)
        await listener.close()
        told = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return told

    assert asyncio.run(connect()) == b""


def test_more_than_an_inbox_keeps_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is answered like any other, and the inbox says that it is full."""
    monkeypatch.setattr("conformance.target.listening.listener.KEPT", 10)

    async def deliver(_: Listener, inbox: Inbox) -> Any:  # noqa: ANN401
        statuses = [(await posted(inbox.url, content=b"12345678")).status_code for _ in range(2)]
        return statuses, len(inbox.deliveries), inbox.is_full

    assert listening(deliver) == ([200, 200], 1, True)


def test_a_wait_ends_with_what_it_waits_for() -> None:
    """Several wait at the same time; each is woken by what comes."""

    async def wait(_: Listener, inbox: Inbox) -> Any:  # noqa: ANN401
        waiting = [inbox.wait(lambda came, least=least: len(came) >= least, within=5) for least in (1, 2)]
        waits = asyncio.gather(*waiting)
        await posted(inbox.url, json={})
        await posted(inbox.url, json={})
        return await waits

    assert listening(wait) == [True, True]


def test_a_wait_ends_with_its_time() -> None:
    """What was seen last is given."""

    async def wait(_: Listener, inbox: Inbox) -> bool:
        return await inbox.wait(bool, within=0.01)

    assert listening(wait) is False


def test_a_wait_goes_on_while_other_things_come() -> None:
    """A queue that moves may be long; one that never ends is left."""

    async def wait(_: Listener, inbox: Inbox) -> Any:  # noqa: ANN401
        async def send(count: int) -> None:
            for _time in range(count):
                await posted(inbox.url, json={})
                await asyncio.sleep(0.1)

        async with asyncio.TaskGroup() as group:
            group.create_task(send(9))
            fifth = group.create_task(inbox.wait(lambda came: len(came) >= 5, within=0.3))
            never = group.create_task(inbox.wait(lambda came: len(came) >= 50, within=0.15))
        return fifth.result(), never.result()

    assert listening(wait) == (True, False)


def test_a_listener_finds_out_whether_its_url_leads_to_it() -> None:
    """Its own does; one where nobody listens does not."""

    async def look(listener: Listener, _: Inbox) -> Any:  # noqa: ANN401
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        before = await listener.is_reachable()
        listener.url = f"http://127.0.0.1:{port}"
        return before, await listener.is_reachable()

    assert listening(look) == (True, False)


def test_the_url_is_the_address_where_none_is_given() -> None:
    """With the host as it was written, and the port that was taken."""
    listener = Listener(Recorder(), address="localhost:0")
    listener.release()
    host, _, port = listener.url.rpartition(":")
    assert (host, int(port) > 0) == ("http://localhost", True)


def test_a_url_of_its_own_loses_its_slash() -> None:
    """The inbox's path is joined to it."""
    listener = Listener(Recorder(), url="https://hooks.example.com/in/")
    listener.release()
    assert listener.url == "https://hooks.example.com/in"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"address": "0.0.0.0:0"}, "every address"),
        ({"address": "nobody.invalid:0"}, "Nothing can listen at nobody.invalid:0"),
        ({"url": "https://me:secret@hooks.example.com"}, "has credentials"),
        ({"url": "https://hooks.example.com?a=1"}, "has credentials, a query"),
        ({"url": "https://[hooks"}, "is no URL"),
    ],
    ids=["every address", "no host", "credentials", "a query", "no URL"],
)
def test_what_cannot_be_listened_at_is_refused(options: dict[str, str], told: str) -> None:
    """The problem is told, and never the credentials."""
    with pytest.raises(UsageProblem) as problem:
        Listener(Recorder(), **options)
    assert (told in str(problem.value), "secret" in str(problem.value)) == (True, False)


def test_a_port_that_is_taken_is_told() -> None:
    """With the address and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(UsageProblem) as problem:
            Listener(Recorder(), address=address)
    assert (address in problem.value.message, "--listen" in problem.value.hint) == (True, True)
