"""A rehearsal: every scenario runs until it would ask for more than what the target is, which is not sent.

So what can't be judged is said by the same code, in the same words, as in a run; there is no second account of what a
scenario needs. Only what discovery asks is sent: reads, some twenty of them, shared by all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from conformance.contract.model import Need
from conformance.contract.resources import RESOURCES
from conformance.errors import Missing, TargetError
from conformance.judging.run import Run
from conformance.judging.verdicts import Verdict
from conformance.target.asking import CAUSE
from conformance.target.clock import TargetClock
from conformance.target.discovery import hints, plainly, session, session_exchange
from conformance.target.documents import as_list, as_object
from conformance.target.ledger import Ledger
from conformance.target.made.journal import Journal
from conformance.target.made.owners import owner
from conformance.target.scopes import FORBIDDEN, WRITES, require_granted, require_scope
from conformance.target.target import Target
from conformance.wire.client import SAFE, Client
from conformance.wire.roles import ENVIRONMENT, KEY, NO_SCOPE, OTHER_ORG, READ_ONLY, variable_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from conformance.judging.results import Check
    from conformance.target.means import Means
    from conformance.wire.exchange import Exchange
    from conformance.wire.outgoing import Ask

T = TypeVar("T")

DISCOVERY = frozenset(
    {"arrival", "first page", "session", *(f"session of {role}" for role in ENVIRONMENT)}
    | {"employees", "observations", "attributes", "spec"}
    | {"employees of the other organization", "a search without a text"}
    | {f"opening of {one.path}" for one in RESOURCES}
)
"""The evidence that is gathered from a target in earnest, by the names under which a run shares it."""

FUZZING = "fuzzing"
EARLIER = "keys of earlier runs"
UNAUTHORIZED = 401
"""RFC 9110: Unauthorized."""

_LENT = {Need.RO: READ_ONLY, Need.NOSCOPE: NO_SCOPE, Need.OTHER: OTHER_ORG}
_VALID = "is it whole, of this environment, and not revoked?"


class Held(BaseException):
    """A request was not sent. No `Exception`: what a scenario does about those of a target is not to happen."""


class Holder:
    """Holds requests back; `causes` are the items, and the names of evidence, that wanted to send one."""

    def __init__(self) -> None:
        self.causes: set[str] = set()

    def hold(self) -> NoReturn:
        """Note for whom something would be sent, and raise `Held`."""
        self.causes.add(CAUSE.get())
        raise Held

    def pass_on(self, evidence: str) -> None:
        """Note that who asks just now builds on evidence for which something would be sent."""
        if evidence in self.causes:
            self.causes.add(CAUSE.get())


class ReadingClient(Client):
    """Sends the reads of discovery, and nothing else whatsoever."""

    async def send(self, method: str, path: str, **request: Any) -> Exchange:  # noqa: ANN401  # as Client.send
        """Send a read of discovery."""
        if method in SAFE and request.get("asked_by") in DISCOVERY:
            return await super().send(method, path, **request)
        raise Held

    async def race(self, *_: Any, **__: Any) -> Sequence[Exchange]:  # noqa: ANN401  # as Client.race
        """Send nothing."""
        raise Held

    async def ask_in_clear(self, *_: Any, **__: Any) -> Exchange:  # noqa: ANN401  # as Client.ask_in_clear
        """Send nothing."""
        raise Held


class StandingClock(TargetClock):
    """A clock that is not moved."""

    def __init__(self, url: str, holder: Holder) -> None:
        super().__init__(url)
        self._holder = holder

    async def advance(self, seconds: float) -> None:
        """Move nothing."""
        _ = seconds
        self._holder.hold()


class RehearsedTarget(Target):
    """A target of which only the discovery is real; what it would refuse for want of a scope, it refuses."""

    holder: Holder

    async def send(self, method: str, path: str, **request: Any) -> Exchange:  # noqa: ANN401  # as Client.send
        """Send a read of discovery; raise `Missing` where the key lacks the scope, else `Held`."""
        try:
            return await super().send(method, path, **request)
        except Held:
            if "authorize" not in request:
                await self._require_scope(method, path, request.get("role", KEY))
            self.holder.hold()

    async def race(self, asks: Sequence[Ask]) -> Sequence[Exchange]:
        """Let nothing go."""
        try:
            return await super().race(asks)
        except Held:
            for ask in asks:
                await self._require_scope(ask.method, ask.path, ask.role)
            self.holder.hold()

    async def ask_in_clear(self, path: str, *, role: str | None = None) -> Exchange:
        """Ask nothing."""
        try:
            return await super().ask_in_clear(path, role=role)
        except Held:
            self.holder.hold()

    async def once(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """Gather evidence as far as that goes, and begin no fuzzing: drawing alone takes seconds."""
        try:
            if name == FUZZING and self.settings.fuzz != "off":
                self.holder.hold()
            if name == EARLIER and self.settings.ledger is not None:
                await self._require_due(Ledger(self.settings.ledger))
            return await super().once(name, make)
        finally:
            self.holder.pass_on(name)

    async def _require_due(self, ledger: Ledger) -> None:
        """Raise `Missing` where a ledger, which is not written to, holds no key that can be judged by now."""
        ours, now = await owner(self, KEY), datetime.now(UTC)
        if not any(one.is_of(self.client.base_url, ours) and one.is_due(now) for one in ledger.entries()):
            hint = "Run with this --ledger, and again a day later (`conformance pending` says when)."
            raise Missing("an Idempotency-Key that a run used a day ago", hint=hint)

    def _spend(self, requests: int, *, making: int) -> None:
        """Let what is not sent cost nothing."""

    async def _require_scope(self, method: str, path: str, role: str | None) -> None:
        """Raise `Missing` where the first key is known to lack the scope of a request."""
        resource = next((one for one in RESOURCES if path.split("/")[1] == one.name), None)
        if role != KEY or resource is None:
            return
        if method in SAFE:
            await require_scope(self, await plainly(self, resource.path))
        elif method in WRITES:
            await require_granted(self, method, path)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What can be expected of one check: its rule and subject, and why it will not be judged ("" where it will).

    `applies` tells that the rule can apply to the target; where it can't, `reason` says why. `hint` says what to give.
    """

    rule: str
    subject: str | None
    reason: str = ""
    hint: str = ""
    applies: bool = True

    @property
    def is_judged(self) -> bool:
        """Whether nothing is known that would keep it from being judged."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key that the suite can be lent: its variable, the status of its session (None where none was given), scopes."""

    variable: str
    status: int | None = None
    scopes: tuple[str, ...] = ()

    @property
    def is_shut_out(self) -> bool:
        """Whether not even its own session is open to it."""
        return self.status == FORBIDDEN

    @property
    def words(self) -> str:
        """Its state, as a person reads it."""
        told = {None: "not given", 200: "works", 401: "refused (401)", 403: "may not read its session (403)"}
        return told.get(self.status, f"gets {self.status} on /session")


class Rehearsal(Run):
    """A run that writes nothing, to the target or to disk, and ends without verdicts but with prospects."""

    def _make_room(self) -> None:
        """Need none: no journal is kept, and no report is written."""

    async def _begin(self, keys: Mapping[str, str], means: Means) -> None:
        self._holder = Holder()
        clock = StandingClock(means.clock.url, self._holder) if means.clock is not None else None
        await super()._begin(keys, replace(means, clock=clock))

    def _make_client(self, keys: Mapping[str, str]) -> Client:
        return ReadingClient(self.base_url, keys, options=self._wire_options(), run_id=self.id, recorder=self.recorder)

    def _make_target(self, means: Means) -> Target:
        target = RehearsedTarget(
            self._client, self.settings, run_id=self.id, journal=Journal(), means=means, seed=self.seed
        )
        target.holder = self._holder
        return target

    async def _unmet(self, keys: Mapping[str, str], means: Means) -> Mapping[Need, str]:
        """Count a key that is refused as none: nothing will be judged by it."""
        states = {role: await self._key_state(role) for role in _LENT.values()}
        refused = {role for role, state in states.items() if state.status == UNAUTHORIZED}
        unmet = dict(await super()._unmet({role: keys[role] for role in keys if role not in refused}, means))
        told = {need: states[role].variable for need, role in _LENT.items() if role in refused}
        return unmet | {need: f"{variable} is refused with 401: {_VALID}" for need, variable in told.items()}

    async def _leave(self, target: Target) -> None:
        await target.stop()

    def prospects(self) -> Sequence[Prospect]:
        """Let every scenario come as far as it does, and say of each what is to be expected."""
        checks = [self.check(one.item, within=self.settings.timeout * 3) for one in self.scenarios]
        return [self._prospect(check) for check in checks]

    def _prospect(self, check: Check) -> Prospect:
        undecided = check.verdict in {Verdict.NOT_JUDGED, Verdict.BLOCKED, Verdict.NOT_APPLICABLE}
        if check.item in self._holder.causes or not undecided:
            return Prospect(check.rule, check.subject)
        applies = check.verdict is not Verdict.NOT_APPLICABLE
        return Prospect(check.rule, check.subject, check.message, check.hint, applies=applies)

    def hints(self) -> Mapping[str, Sequence[str]]:
        """Give the ids that a run would find by itself, under the names of the hints; none where they can't be read."""
        return self._portal.call(self._hints)

    async def _hints(self) -> Mapping[str, Sequence[str]]:
        try:
            return await hints(self.target) if self.target is not None else {}
        except (TargetError, Missing):
            return {}

    def keys(self) -> Sequence[KeyState]:
        """Say of each key that the suite knows of whether it was given, and what its session tells."""
        return [self._portal.call(self._key_state, role) for role in ENVIRONMENT]

    async def _key_state(self, role: str) -> KeyState:
        if self.target is None or role not in self._keys:
            return KeyState(variable_of(role))
        try:
            key = as_object((await session(self.target, role)).get("api_key"))
            told = await session_exchange(self.target, role)
        except (TargetError, Missing):
            return KeyState(variable_of(role), 0)
        return KeyState(variable_of(role), told.status, tuple(map(str, as_list(key.get("scopes")))))
