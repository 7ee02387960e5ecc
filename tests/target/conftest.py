"""Targets in this process: the reference itself, and handlers of a few lines."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import httpx
import pytest

from conformance.judging.embedded import ROLES
from conformance.reference import HONEST, Behaviour, Reference
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client, WireOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

T = TypeVar("T")
Open: TypeAlias = Callable[..., AbstractAsyncContextManager[Target]]
Ask: TypeAlias = Callable[[AbstractAsyncContextManager[Target], Callable[[Target], Awaitable[Any]]], Any]
BASE_URL = "http://target.test/v1"


@asynccontextmanager
async def opened(
    transport: httpx.AsyncBaseTransport,
    keys: Mapping[str, str],
    options: dict[str, Any],
) -> AsyncIterator[Target]:
    """Open a target behind a transport; `options` are a journal, and fields of WireOptions and Settings."""
    journal = options.pop("journal", None)
    wire = {name: options.pop(name) for name in ("request_budget", "retries", "in_flight") if name in options}
    settings = Settings(base_url=BASE_URL, **{"settle": 0.2, **options})
    async with Client(BASE_URL, keys, run_id="r1", options=WireOptions(**wire), transport=transport) as client:
        yield Target(client, settings, run_id="r1", journal=journal)


@pytest.fixture
def answering() -> Open:
    """Return a function that opens a target whose every answer a handler gives."""

    def opening(handler: Callable[[httpx.Request], Any], **options: object) -> AbstractAsyncContextManager[Target]:
        return opened(httpx.MockTransport(handler), {"key": "pb_test_key"}, options)

    return opening


@pytest.fixture
def referring() -> Open:
    """Return a function that opens a target that is a reference of its own."""

    @asynccontextmanager
    async def opening(behaviour: Behaviour = HONEST, **options: object) -> AsyncIterator[Target]:
        reference = Reference(behaviour)
        try:
            keys = {role: getattr(reference.keys, name) for name, role in ROLES.items()}
            async with opened(httpx.ASGITransport(reference.asgi), keys, options) as target:
                yield target
        finally:
            reference.close()

    return opening


@pytest.fixture
def ask() -> Ask:
    """Return a function that opens a target, does something with it, and gives what came of that."""

    def asking(opening: AbstractAsyncContextManager[Target], doing: Callable[[Target], Awaitable[T]]) -> T:
        async def ask_it() -> T:
            async with opening as target:
                return await doing(target)

        return asyncio.run(ask_it())

    return asking
