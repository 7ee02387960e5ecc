"""The curl command of an exchange sends the same request again."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from conformance.wire.client import Client
from conformance.wire.curl import curl
from conformance.wire.exchange import Exchange, Request

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "pb_test_c4n4ry0123456789"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
ASKS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "plain": ("GET", "/observations", {}),
    "brackets": ("GET", "/observations", {"query": "filter[type]=strength&limit=1"}),
    "encoded": ("GET", "/observations", {"query": [("q", "it's \"$HOME\" `id` !x \\ é")]}),
    "odd": ("GET", "/a/../b/./c", {"query": "q='\"%zz"}),
    "head": ("HEAD", "/observations", {}),
    "json": ("POST", "/observations", {"json": {"observation": "it's $HOME `id` \\ \n é", "impact": None}}),
    "at sign": ("POST", "/observations", {"content": b"@/etc/hostname"}),
    "no body": ("POST", "/observations/obs_1/archive", {}),
    "binary": ("PATCH", "/observations", {"content": bytes(range(256))}),
    "large": ("POST", "/observations", {"content": b"x" * 200_000}),
    "key in the body": ("POST", "/observations", {"json": {"a": f"it's {KEY}x"}}),
    "no defaults": ("POST", "/a", {"json": {}, "headers": dict.fromkeys(["Accept", "User-Agent", "Content-Type"])}),
    "empty header": ("GET", "/a", {"headers": {"X-Request-ID": ""}}),
    "awkward header": ("GET", "/a", {"headers": {"X-Request-ID": "it's \"$HOME\" `id` \\"}}),
    "anonymous": ("GET", "/a", {"role": None}),
    "other role": ("GET", "/a", {"role": "read_only"}),
    "other method": ("PURGE", "/a", {}),
}  # fmt: skip


def heard(message: bytes) -> tuple[bytes, frozenset[bytes], bytes]:
    """Read a request as line, fields and body, without what each client chooses for itself."""
    head, _, body = message.partition(b"\r\n\r\n")
    line, *fields = head.split(b"\r\n")
    kept = (name.lower() + b":" + value.strip() for name, _, value in (field.partition(b":") for field in fields))
    own = (b"accept-encoding:", b"connection:", b"expect:", b"te:")
    return line, frozenset(field for field in kept if not field.startswith(own)), body


async def sent_twice(peer: Callable[..., Any], ask: tuple[str, str, dict[str, Any]]) -> list[Any]:
    """Give what a server hears from the client, and then from the command."""
    messages: list[Any] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if b"expect: 100-continue" in head.lower():
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(int(lengths[0].split(b":")[1])) if lengths else b""
        messages.append(heard(head + body))
        writer.write(ANSWER + (b"" if head.startswith(b"HEAD") else b"{}"))

    method, path, more = ask
    async with peer(behave) as base_url:
        async with Client(base_url, {"key": KEY, "read_only": "other"}, run_id="r") as client:
            exchange = await client.send(method, path, **more)
        environment = {**os.environ, "PB_API_KEY": KEY, "PB_READ_ONLY_API_KEY": "other"}
        shell = await asyncio.create_subprocess_exec(
            "bash", env=environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
        )
        await shell.communicate(curl(exchange).encode())
    return messages


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="needs curl and bash")
@pytest.mark.parametrize("name", ASKS)
def test_the_command_sends_the_same_request(peer: Callable[..., Any], name: str) -> None:
    """A server hears the same line, fields and body from the command as from the suite."""
    ours, theirs = asyncio.run(sent_twice(peer, ASKS[name]))
    assert theirs == ours


def test_the_key_is_a_variable() -> None:
    """The command reads as in the documents: the key comes from the environment."""
    headers = (("Authorization", "Bearer [PB_API_KEY]"), ("Accept", "a/b"), ("User-Agent", "x"))
    request = Request("GET", "https://target.test/v1/session", "/session", headers=headers, role="key")
    command = 'curl -sS -i -X GET https://target.test/v1/session -H "Authorization: Bearer $PB_API_KEY"'
    assert curl(Exchange(1, request, None)) == f"{command} -H 'Accept: a/b' -H 'User-Agent: x'"


def test_the_command_is_one_for_any_shell() -> None:
    """What a POSIX shell makes of the words is what was meant."""
    request = Request("POST", "http://t/v1/a?b[c]=$d", "/a", body=b'it\'s `id` $(id) \\ "x"')
    words = shlex.split(curl(Exchange(1, request, None)))
    assert (words[6], words[-1]) == ("http://t/v1/a?b[c]=$d", 'it\'s `id` $(id) \\ "x"')
