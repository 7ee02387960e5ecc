"""A client is generated from a spec and imported, in a process of its own that has no key and is given little time."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.judging.verdicts import Blocked, NotJudged
from conformance.openapi.audit.validity import broken_references
from conformance.openapi.environment import bare_environment

if TYPE_CHECKING:
    from conformance.target.reading import Resource

COMMAND = (sys.executable, "-P", "-m", "conformance.openapi.audit.generator")
GENERATOR = "openapi-python-client"
SECONDS = 90.0
"""A process that is starved of its 30 seconds of the processor's time is not waited for longer than this."""
_OUT_OF_TIME = {getattr(signal, name, None) for name in ("SIGXCPU", "SIGKILL")}
_KNOWN: dict[str, Client] = {}


@dataclass(frozen=True, slots=True)
class Client:
    """What came of generating: modules that were imported, or why there is no client."""

    modules: int
    warnings: tuple[str, ...] = ()
    wrong: str = ""


async def generate(document: Resource) -> Client:
    """Generate a client, once for each document whatever its servers; nothing that it refers to is fetched.

    Raises `Blocked` where references lead out of the document, and `NotJudged` where the generator itself breaks or
    takes too long.
    """
    if any("leads out" in problem.text for problem in broken_references(document)):
        raise Blocked("references lead out of the document, which a generator would follow")
    text = json.dumps({name: value for name, value in document.items() if name != "servers"})
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if digest not in _KNOWN:
        _KNOWN[digest] = await _generated(text)
    return _KNOWN[digest]


async def _generated(text: str) -> Client:
    with tempfile.TemporaryDirectory(prefix="conformance-client-", ignore_cleanup_errors=True) as directory:
        (Path(directory) / "openapi.json").write_text(text, "utf-8")
        told = await _told(directory)
    wrong = next(iter(told["errors"]), "") or told.get("broken", "")
    return Client(told.get("modules", 0), tuple(told["warnings"]), _short(wrong))


async def _told(directory: str) -> Resource:
    environment = bare_environment()
    process = await asyncio.create_subprocess_exec(
        *COMMAND, directory, cwd=directory, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        raise NotJudged(f"{GENERATOR} took more than {SECONDS:g} s", hint="Generate a client by hand.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode and -process.returncode in _OUT_OF_TIME:
        raise NotJudged(f"{GENERATOR} does not come to an end on the spec", hint="Generate a client by hand.")
    if process.returncode:
        last = err.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise NotJudged(f"{GENERATOR} broke on the spec: {_short(last)}", hint="Try another generator by hand.")
    told: Resource = json.loads(out)
    return told


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 300 else f"{line[:300]} ..."  # noqa: PLR2004  # what a report shows of it
