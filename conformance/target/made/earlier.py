"""What earlier runs left behind: their journals are taken up where they ended, and settled.

Nothing is sent to another base URL than the journal names, and nothing is removed by a key of another organization.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.errors import ConformanceError, InUse, Missing, TargetError, Unreachable, UsageProblem
from conformance.target.held_file import is_held
from conformance.target.made.cleanup import clean_up
from conformance.target.made.intents import Owner, keeper
from conformance.target.made.journal import Journal
from conformance.target.made.owners import owner
from conformance.target.target import Target
from conformance.wire.client import Client
from conformance.wire.roles import KEY, variable_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import httpx

    from conformance.target.settings import Settings
    from conformance.wire.options import WireOptions

PATTERN = "made-*.jsonl"
PROBES = 3
"""So many of a run's things are read, one after the other, to find out whether a key is of its organization."""


@dataclass(frozen=True, slots=True)
class Access:
    """How earlier runs' targets are reached: keys by role, and the bounds of the wire."""

    keys: Mapping[str, str] = field(repr=False)
    settings: Settings
    options: WireOptions
    transport: httpx.AsyncBaseTransport | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of one journal: how much was found and removed, what is left, and how many creates nobody can tell of.

    `reason` says why something was left, or nothing done at all; `unreachable` whether that was for want of an answer.
    """

    run: str
    base_url: str
    found: int = 0
    left: tuple[str, ...] = ()
    unknown: int = 0
    reason: str = ""
    unreachable: bool = False
    requests: int = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing remains of the run."""
        return not (self.left or self.unknown or self.reason)

    @property
    def sentence(self) -> str:
        """Say it to a person."""
        whose = f"Run {self.run} at {self.base_url}"
        why = f", for {self.reason}" if self.reason else ""
        if not (self.found or self.left or self.unknown):
            return f"{whose}: left alone{why}." if why else f"{whose}: nothing was left behind."
        told = f"{whose}: found {self.found}, removed {self.found - len(self.left)}, "
        told += f"left {len(self.left)} ({', '.join(self.left)})" if self.left else "left nothing"
        if self.unknown:
            told += f", and nothing tells what {self.unknown} of its creates made whose answers never came"
        return f"{told}{why}."


def journals(directory: Path) -> Sequence[Path]:
    """Give the journals in a report folder, oldest first by their runs' ids."""
    return sorted(directory.glob(PATTERN))


def left_by_the_dead(directory: Path, base_url: str, owner: Owner) -> Sequence[Path]:
    """Give the journals of runs at a base URL that died, in this organization as far as is told."""
    return [file for file in journals(directory) if not is_held(file) and _concerns(file, base_url, owner)]


def _concerns(file: Path, base_url: str, owner: Owner) -> bool:
    journal = Journal.peek(file)
    theirs = journal.owners.get(KEY, Owner())
    same = owner.organization == theirs.organization or not (owner.organization and theirs.organization)
    return journal.base_url == base_url and same


async def settle_all(files: Sequence[Path], access: Access, *, within: float) -> Sequence[Settlement]:
    """Settle journals one after the other, for so many seconds; what time is too short for waits for the next run."""
    settled: list[Settlement] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            for file in files:
                settled.append(await settle(file, access))  # noqa: PERF401  # what time sufficed for is told
    return settled


async def settle(file: Path, access: Access) -> Settlement:
    """Remove what the run of a journal left, and the journal with it where nothing remains.

    Raises `UsageProblem` where the file is no journal.
    """
    try:
        journal = Journal.reopen(file)
    except InUse:
        journal = Journal.peek(file)
        return Settlement(journal.run, journal.base_url, reason="it is still under way")
    except OSError as error:
        raise UsageProblem(f"{file} can't be taken over: {error.strerror}.", "May this user write to it?") from None
    try:
        return await _settle(journal, access)
    finally:
        journal.release()


async def _settle(journal: Journal, access: Access) -> Settlement:
    if not (journal.run and journal.base_url):
        raise UsageProblem(f"{journal.file} is no journal of this suite.", f"They are called {PATTERN}.")
    plain = Settlement(journal.run, journal.base_url)
    access = replace(access, settings=replace(access.settings, base_url=journal.base_url))
    try:
        trusted = await _trusted(journal, access)
    except Unreachable as error:
        return replace(plain, reason=f"it can't be reached ({error.message})", unreachable=True)
    except TargetError as error:
        return replace(plain, reason=f"of what it answers ({error.message})")
    reason = next(iter(trusted.doubts.values()), "")
    if journal.makers and not trusted.keys:
        return replace(plain, reason=reason, requests=trusted.requests)
    settled = await _removed(journal, access, trusted.keys)
    told = reason if settled.left or settled.unknown else ""
    return replace(settled, reason=told, requests=trusted.requests + settled.requests)


async def _removed(journal: Journal, access: Access, keys: Mapping[str, str]) -> Settlement:
    before = {one for one, _ in journal.remains()}
    known = journal.count
    async with _client(journal, access, keys) as client:
        target = Target(client, access.settings, run_id=journal.run, journal=journal)
        try:
            left = await clean_up(target)
        except ConformanceError:
            left = tuple(one for one, _ in journal.remains())
        found = len(before) + journal.count - known
        unknown = len(journal.unanswered())
        return Settlement(journal.run, journal.base_url, found, left, unknown, requests=client.count)


def _client(journal: Journal, access: Access, keys: Mapping[str, str]) -> Client:
    return Client(journal.base_url, keys, run_id=journal.run, options=access.options, transport=access.transport)


# whose the keys are ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Trusted:
    """The keys that are of the organizations in which a run made things, and what is to be said against the others."""

    keys: Mapping[str, str] = field(repr=False)
    doubts: Mapping[str, str]
    requests: int


async def _trusted(journal: Journal, access: Access) -> _Trusted:
    async with _client(journal, access, access.keys) as client:
        target = Target(client, access.settings, run_id=journal.run)
        await _require_key(target)
        told = {role: await _doubt(target, journal, role) for role in sorted(journal.makers)}
        doubts = {role: doubt for role, doubt in told.items() if doubt}
        kept = {role: key for role, key in access.keys.items() if keeper(role) in told.keys() - doubts.keys()}
        return _Trusted(kept, doubts, client.count)


async def _require_key(target: Target) -> None:
    exchange = await target.once("session", lambda: target.get("/session"))
    if exchange.status == 401:  # noqa: PLR2004  # RFC 9110: Unauthorized
        raise UsageProblem(
            f"{target.client.base_url} refuses the key in {variable_of(KEY)} (401 on /session).",
            hint="Is it whole, of this environment, and not revoked?",
        )


async def _doubt(target: Target, journal: Journal, role: str) -> str:
    """Say why the key of a role can't be taken for one of the organization in which the run made things."""
    if role not in target.client.roles:
        return f"{variable_of(role)} is not set, by whose key it made things"
    expected, found = journal.owners.get(role, Owner()), await owner(target, role)
    if expected.organization and found.organization:
        if expected.organization == found.organization:
            return ""
        return (
            f"it made things in organization {expected.organization}, and the key in {variable_of(role)} "
            f"is of {found.organization}"
        )
    for one, path in journal.known(role)[:PROBES]:
        if await _can_read(target, f"{path}/{one}", role):
            return ""
    return f"nothing tells whether the key in {variable_of(role)} is of the organization in which it made things"


async def _can_read(target: Target, path: str, role: str) -> bool:
    try:
        return (await target.get(path, role=role)).status == 200  # noqa: PLR2004  # RFC 9110: OK
    except (TargetError, Missing):
        return False
