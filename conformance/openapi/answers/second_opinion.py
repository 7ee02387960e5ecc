"""openapi-core's word on what was found: a deviation is claimed only where it sees one at the same place.

It validates some hundred answers a second, so it is asked of each distinct finding once, and of one valid answer for
each response that the spec declares, which tells whether the two readings of the spec agree. It runs in a process of
its own, which takes nothing of the run's loop and can be ended; patterns are taken out of its document, as Python's
`re` may never come to an end on one, and are asked of it one by one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.parts import parts_of
from conformance.openapi.environment import bare_environment

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence

    from conformance.openapi.answers.findings import Deviation, Finding
    from conformance.openapi.answers.held import Held
    from conformance.openapi.document.operations import Operation
    from conformance.target.reading import Resource
    from conformance.wire.exchange import Exchange

    Said = list[dict[str, Any]] | None

COMMAND = (sys.executable, "-P", "-m", "conformance.openapi.answers.witness")
HOST = "http://target.invalid"
SECONDS = 30.0
"""So long it is heard; cases of which it has said nothing by then stay without a second opinion."""
LONGEST = 16 * 1024 * 1024
"""A line may be so long, in octets."""
MOST = 400
"""So many cases are asked at most, findings first."""
_AGREED: set[tuple[str, str]] = set()
"""Declared responses of a document, by its digest, of which a valid answer was agreed on in this process."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What openapi-core said: the findings that it shares, and why others stay unclaimed.

    `doubted` are findings that it does not share, `unheard` those of which it could not say; `alone` are valid
    answers that it alone would refuse, which is held against nobody.
    """

    shared: tuple[Finding, ...] = ()
    doubted: tuple[Finding, ...] = ()
    unheard: tuple[Finding, ...] = ()
    alone: tuple[tuple[Operation, str], ...] = ()


async def second_opinion(document: Resource, held: Held) -> Opinion:
    """Ask openapi-core about what was found, and about a sample of what was valid."""
    digest = _digest(document)
    findings = list(held.findings.values())
    samples = {_declaration(key): key for key in held.samples if (digest, _declaration(key)) not in _AGREED}
    sampled = list(samples.values())[: max(MOST - len(findings), 0)]
    cases = [_case_of(finding) for finding in findings[:MOST]]
    cases += [_case(key[0], held.samples[key]) for key in sampled]
    said = await ask(document, cases) if cases else []
    said += [None] * (len(findings) + len(sampled) - len(said))
    of_samples = list(zip(sampled, said[len(findings) :], strict=True))
    _AGREED.update((digest, _declaration(key)) for key, told in of_samples if told == [])
    heard = list(zip(findings, said[: len(findings)], strict=True))
    return Opinion(
        shared=tuple(finding for finding, told in heard if _shares(finding.deviation, told)),
        doubted=tuple(finding for finding, told in heard if told is not None and not _shares(finding.deviation, told)),
        unheard=tuple(finding for finding, told in heard if told is None and finding.deviation.pattern is None),
        alone=tuple((one, f"{one.label} {status}: {told[0]['text']}") for (one, status), told in of_samples if told),
    )


def _declaration(key: tuple[Operation, str]) -> str:
    """Return where the response stands that a valid answer was held against; many operations share one."""
    operation, status = key
    return operation.responses[status].pointer


def _shares(deviation: Deviation, told: Sequence[dict[str, Any]] | None) -> bool:
    """Tell whether openapi-core has something against the same header, or at the same place of the body or around it.

    Of a pattern that Python can't read there is only one opinion.
    """
    if told is None:
        return deviation.pattern is not None
    if deviation.pattern is not None or deviation.header == "content-type":
        return bool(told)
    if deviation.header:
        return any(one.get("header", "").lower() == deviation.header.lower() for one in told)
    return any("other" in one or _related(deviation.path, one.get("path")) for one in told)


def _related(one: Sequence[object], other: Sequence[object] | None) -> bool:
    """Tell whether one path leads to a place inside the other's, or to the same."""
    return other is not None and all(left == right for left, right in zip(one, other, strict=False))


def _case_of(finding: Finding) -> dict[str, Any]:
    if finding.deviation.pattern is not None:
        pattern, text = finding.deviation.pattern
        return {"pattern": pattern, "text": text}
    return _case(finding.operation, finding.exchanges[0])


def _case(operation: Operation, exchange: Exchange) -> dict[str, Any]:
    response = exchange.response
    if response is None:
        raise ValueError("an exchange without an answer can't be judged")
    return {
        "method": operation.method,
        "path": operation.template.replace("{", "").replace("}", ""),
        "status": response.status,
        "headers": [list(pair) for pair in response.headers],
        "body": response.body.decode("latin-1"),
    }


async def ask(document: Resource, cases: Sequence[dict[str, Any]]) -> list[Said]:
    """Ask openapi-core about cases (as witness.py describes them); None where it has no word on one in time."""
    asked = json.dumps({"document": for_witness(document), "cases": cases}).encode("utf-8", "backslashreplace")
    process = await asyncio.create_subprocess_exec(
        *COMMAND, env=bare_environment(), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=LONGEST
    )
    feeding = asyncio.create_task(_feed(process, asked))
    said: list[Said] = []
    try:
        with suppress(TimeoutError, ValueError):  # a line that is too long or broken off is no word
            async with asyncio.timeout(SECONDS):
                await _hear(process, said)
    finally:
        feeding.cancel()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return [*said, *[None] * (len(cases) - len(said))]


async def _feed(process: Process, asked: bytes) -> None:
    """Hand over what is asked, which may be longer than a pipe holds."""
    if process.stdin is not None:
        with suppress(ConnectionError):
            process.stdin.write(asked)
            await process.stdin.drain()
            process.stdin.close()


async def _hear(process: Process, said: list[Said]) -> None:
    """Take down what is said, case by case, so that it stands whenever time is over."""
    while process.stdout is not None and (line := await process.stdout.readline()):
        said.append(json.loads(line))


def for_witness(document: Resource) -> Resource:
    """Return the document with one server, and without patterns."""
    copy = deepcopy(document)
    copy["servers"] = [{"url": HOST}]
    for part in parts_of(copy):
        if part.kind in {"pathItem", "operation"}:
            part.value.pop("servers", None)
        elif part.kind == "schema" and part.reference is None:
            part.value.pop("pattern", None)
    return copy


def _digest(document: Resource) -> str:
    text = json.dumps({name: value for name, value in document.items() if name != "servers"}, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
