"""A key planted wherever a target can put it is found nowhere in what the suite keeps, shows or raises."""

from __future__ import annotations

import base64
import json
import traceback
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from conformance.errors import ConformanceError
from conformance.wire.curl import curl

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from conformance.wire.client import Client

    Run = Callable[[Coroutine[None, None, object]], object]
    Make = Callable[..., Client]

CANARY = "c4n4ry/Qm+7xZt4nLw9Kb2Rv8sJd6"
TRACES = (
    CANARY,
    CANARY[:16],
    CANARY[-16:],
    quote(CANARY, safe=""),
    CANARY.replace("/", "\\/"),
    base64.b64encode(CANARY.encode()).decode().rstrip("="),
    CANARY.encode().hex(),
)


def parrot(request: httpx.Request) -> httpx.Response:
    """Repeat the key in the status line's neighbours, in header fields and in every corner of the body."""
    body = {"error": {"message": f"bad key {CANARY}", CANARY: [quote(CANARY, safe="")]}, "pieces": list(TRACES)}
    headers = {"X-Key": CANARY, "Set-Cookie": f"k={CANARY}", "Location": f"/v1/x?k={quote(CANARY)}"}
    return httpx.Response(401, headers=headers, json=body)


def choking(request: httpx.Request) -> httpx.Response:
    """Break with a message that quotes the request."""
    raise httpx.ReadError(f"broke while sending Authorization: Bearer {CANARY}")


def traces(text: str) -> list[str]:
    """Give the traces of the key that are in a text."""
    return [trace for trace in TRACES if trace in text]


def shown(client: Client) -> str:
    """Show all that a report, a log or a debugger could get at without reaching for private parts."""
    exchanges = client.recorder.exchanges
    bodies = [exchange.request.body + (exchange.response.body if exchange.response else b"") for exchange in exchanges]
    texts = [f"{exchange!r} {exchange} {curl(exchange)}" for exchange in exchanges]
    return "\n".join([*texts, *(body.decode("latin-1") for body in bodies), repr(client), repr(client.recorder)])


def test_an_exchange_holds_no_key(jumping: Run, client: Make) -> None:
    """Neither request nor answer, neither URL nor header nor body keeps a trace."""

    async def ask() -> str:
        async with client(parrot, keys={"key": CANARY}) as talk:
            await talk.send(
                "POST",
                f"/observations/{CANARY}",
                query=[("k", CANARY), (CANARY, "")],
                headers={"X-Echo": CANARY, "Idempotency-Key": CANARY},
                json={"observation": CANARY, "impact": f"é{CANARY}"},
                asked_by=f"test_x[{CANARY}]",
            )
            return shown(talk)

    assert traces(str(jumping(ask()))) == []


def test_a_redacted_answer_is_still_json(jumping: Run, client: Make) -> None:
    """Judges can read an answer that repeated the key, and know that it did."""

    async def ask() -> tuple[bool, bool]:
        async with client(parrot, keys={"key": CANARY}) as talk:
            exchange = await talk.send("GET", "/session")
            return exchange.json["error"]["message"] == "bad key [PB_API_KEY]", exchange.repeats_key

    assert jumping(ask()) == (True, True)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/observations", {}),
        (f"http://{CANARY}.test/", {}),
        ("/observations", {"X-Key": f"{CANARY}\n"}),
        (f"/{CANARY}?q", {}),
    ],
)
def test_an_error_holds_no_key(jumping: Run, client: Make, path: str, headers: dict[str, str]) -> None:
    """Whatever is raised, its message, hint, exchange and traceback keep no trace."""
    caught: list[str] = []

    async def ask() -> None:
        async with client(choking, keys={"key": CANARY}) as talk:
            try:
                await talk.send("GET", path, headers=headers)
            except ConformanceError as error:
                caught.append("".join(traceback.format_exception(error)) + repr(vars(error)) + shown(talk))

    jumping(ask())
    assert [traces(text) for text in caught] == [[]]


def test_the_key_did_go_out(jumping: Run, client: Make) -> None:
    """Redaction is for what is kept: the target gets the real key."""
    seen: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200, content=json.dumps({}))

    async def ask() -> None:
        async with client(note, keys={"key": CANARY}) as talk:
            await talk.send("GET", "/session")

    jumping(ask())
    assert seen == [f"Bearer {CANARY}"]
