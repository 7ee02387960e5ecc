"""The target's clock is moved over HTTP, and only a 2xx means that it was."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.errors import TargetError
from conformance.reference import Reference, serving
from conformance.reference.tls import thrown_away
from conformance.target.clock import TargetClock

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://target.test/clock"


def test_it_says_by_how_many_seconds() -> None:
    """And keeps count of them."""
    told: list[object] = []

    def move(request: httpx.Request) -> httpx.Response:
        told.append(json.loads(request.content))
        return httpx.Response(204)

    clock = TargetClock(URL, transport=httpx.MockTransport(move))
    asyncio.run(clock.advance(90))
    asyncio.run(clock.advance(30))
    assert (told, clock.moved) == ([{"advance_seconds": 90}, {"advance_seconds": 30}], 120)


@pytest.mark.parametrize("status", [301, 404, 500])
def test_what_is_no_success_has_not_moved_it(status: int) -> None:
    """The message names URL and status."""
    clock = TargetClock(URL, transport=httpx.MockTransport(lambda _: httpx.Response(status)))
    with pytest.raises(TargetError, match=f"{URL} could not be moved: it answered {status}"):
        asyncio.run(clock.advance(90))
    assert clock.moved == 0


def test_an_authority_of_the_environment_vouches_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does for the target: SSL_CERT_FILE."""
    identity = thrown_away("127.0.0.1")
    (tmp_path / "authority.pem").write_text(identity.authority, "ascii")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    reference = Reference(control=True, secure=True)
    with serving(reference, identity=identity) as url:
        clock = TargetClock(f"{url.removesuffix('/v1')}/_control/clock")
        asyncio.run(clock.advance(90))
    reference.close()
    assert clock.moved == 90
