"""Drawing requests from a spec: the process that draws is started, read line by line, and ended in any case."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.judging.verdicts import NotJudged

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, AsyncIterator

    from conformance.target.reading import Resource

    Line = dict[str, Any]

COMMAND = (sys.executable, "-P", "-m", "conformance.openapi.fuzzing.drawer")
LONGEST = 16 * 1024 * 1024
"""A line may be so long, in octets: a text of any length may be drawn."""
NO_END = -1
"""Rounds without end: as long as somebody reads."""
KEPT = 8
"""What was drawn whole is kept for so many specs: many a target of one process publishes the same."""
_ENVIRONMENT = frozenset({"PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL"})
"""What the process gets of the environment: no key, and no proxy."""
_KNOWN: dict[str, tuple[Line, ...]] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn: `rounds` of requests by chance, in each of which `at_once` operations have their turn."""

    seed: int
    rounds: int
    at_once: int = 0


@asynccontextmanager
async def drawing(document: Resource, order: Order) -> AsyncGenerator[AsyncIterator[Line]]:
    """Draw from a document: give the lines that the drawer writes (its module tells how they look), as they come.

    Raises `NotJudged`, on reading, where the document is beyond what can be drawn from.
    """
    told = json.dumps({"document": document, "seed": order.seed, "rounds": order.rounds, "at_once": order.at_once})
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    if digest in _KNOWN:
        yield _again(digest)
        return
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        env={name: value for name, value in os.environ.items() if name.upper() in _ENVIRONMENT},
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=LONGEST,
    )
    feeding = asyncio.create_task(_feed(process, told))
    try:
        yield _lines(process, digest, keep=order.rounds != NO_END)
    finally:
        feeding.cancel()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _again(digest: str) -> AsyncIterator[Line]:
    for line in _KNOWN[digest]:
        yield line


async def _feed(process: Process, told: str) -> None:
    """Hand the order over, which may be longer than a pipe holds."""
    stdin = process.stdin
    if stdin is not None:
        with suppress(ConnectionError):
            stdin.write(told.encode("utf-8", "surrogatepass") + b"\n")
            await stdin.drain()
            stdin.close()


async def _lines(process: Process, digest: str, *, keep: bool) -> AsyncIterator[Line]:
    read: list[Line] = []
    while (line := await _next(process)) is not None:
        if "broken" in line:
            raise NotJudged(f"nothing can be drawn from the spec: {line['broken']}", hint="Mend what SPC-02 finds.")
        if keep:
            read.append(line)
        yield line
    if await process.wait():
        raise NotJudged(f"drawing from the spec broke off ({process.returncode})", hint="Mend what SPC-02 finds.")
    if keep and len(_KNOWN) < KEPT:
        _KNOWN[digest] = tuple(read)


async def _next(process: Process) -> Line | None:
    """Read a line; None at the end. One that is too long is left out."""
    while process.stdout is not None:
        try:
            text = await process.stdout.readline()
        except ValueError:
            continue
        if not text:
            return None
        line: Line = json.loads(text)
        return line
    return None
