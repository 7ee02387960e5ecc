"""One run: from settings and keys to a target, an event loop in a thread of its own, and results.

The thread that asks for checks stays free for pytest, Ctrl-C and the terminal.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from anyio.from_thread import start_blocking_portal

from conformance.contract.rules import FAMILIES
from conformance.errors import UsageProblem
from conformance.judging.costs import expected_requests, requests_by_family
from conformance.judging.embedded import embedded_reference
from conformance.judging.leaving import Left, leave
from conformance.judging.needs import missing
from conformance.judging.progress import Progress
from conformance.judging.results import Results, RunFacts, TargetFacts
from conformance.judging.runner import Runner
from conformance.target.address import check_base_url, check_leave_to_write
from conformance.target.clock import TargetClock
from conformance.target.discovery import session
from conformance.target.failures import remembered_at
from conformance.target.listening.listener import LOOPBACK, Listener, require_within_reach
from conformance.target.made.journal import Journal
from conformance.target.made.owners import name_owners
from conformance.target.means import Means
from conformance.target.target import Target
from conformance.target.tour import arrive, differs
from conformance.wire.client import Client, WireOptions
from conformance.wire.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from conformance.contract.model import Need
    from conformance.judging.results import Check
    from conformance.judging.scenario import Scenario
    from conformance.target.failures import Failures
    from conformance.target.settings import Settings
    from conformance.wire.exchange import Exchange
    from conformance.wire.options import Trust
    from conformance.wire.roles import Roles

SEEDS = 2**32
"""A run that is given no seed draws one below this, and reports it."""


def new_run_id() -> str:
    """Return an id for a run: its UTC minute and a random part, fit for headers, file names and people."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M}-{secrets.token_hex(3)}"


class Run:
    """A run under way. `open` starts it, `check` waits for one item, `close` cleans up; then `results` is whole."""

    def __init__(self, settings: Settings, roles: Roles, scenarios: Sequence[Scenario]) -> None:
        self.id = new_run_id()
        self.seed = secrets.randbelow(SEEDS) if settings.seed is None else settings.seed
        self.settings = settings
        self.scenarios = scenarios
        self.recorder = Recorder()
        self.roles = roles
        self.embedded = not settings.base_url
        self.answers_alike = False
        self.left = Left()
        self.started = datetime.now(UTC)
        self._began = time.monotonic()
        self._stack = ExitStack()
        self._organization: Mapping[str, Any] = {}
        self._futures: dict[str, Future[Check]] = {}
        self._beginning: Future[None] | None = None
        self.journal_file = settings.report_dir / f"made-{self.id}.jsonl"
        self.base_url = ""
        self._trust: Trust = True
        self._missing: Mapping[Need, str] = {}
        self.target: Target | None = None
        self.runner: Runner | None = None

    def open(self) -> None:
        """Reach the target and start every scenario.

        Raises `UsageProblem` (bad URL, key or address to listen at) before anything is sent or once the key is
        refused, and `Unreachable` where nobody answers.
        """
        self._make_room()
        failures = remembered_at(self.settings.failures, self.settings.report_dir)
        keys, means = self._embedded(failures) if self.embedded else self._remote(failures)
        self._portal = self._stack.enter_context(start_blocking_portal())
        self._beginning = self._portal.start_task_soon(self._begin, keys, means)
        self._beginning.result()

    def _make_room(self) -> None:
        """Find out before anything is sent whether the journal and the reports can be written."""
        directory = self.settings.report_dir
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self.journal_file.touch()
            self.journal_file.unlink()
        except OSError as error:
            raise UsageProblem(
                f"Nothing can be written to {directory}: {error.strerror or error}.", hint="Give another --report-dir."
            ) from None

    def _embedded(self, failures: Failures) -> tuple[Mapping[str, str], Means]:
        served = self._stack.enter_context(embedded_reference())
        self.base_url, self._trust = served.base_url, served.trust
        clock = TargetClock(served.clock_url, verify=served.trust)
        return served.keys, Means(clock, self._listener(LOOPBACK), spend_quota=True, failures=failures)

    def _remote(self, failures: Failures) -> tuple[Mapping[str, str], Means]:
        self.base_url = check_base_url(self.settings.base_url)
        if not self.roles.has("key"):
            raise UsageProblem(f"No key for {self.base_url}.", hint="Put one into the environment as PB_API_KEY.")
        check_leave_to_write(
            self.roles.keys,
            read_only=self.settings.read_only,
            allow_live_writes=self.settings.allow_live_writes,
            disposable=self.settings.disposable,
        )
        clock = TargetClock(self.settings.clock_url) if self.settings.clock_url else None
        spend_quota = self.settings.spend_quota
        return self.roles.keys, Means(clock, self._listener(), spend_quota=spend_quota, failures=failures)

    def _listener(self, otherwise: str = "") -> Listener | None:
        """Take the address to listen at, `otherwise` where none is given; None without any."""
        address = self.settings.listen or otherwise
        if self.settings.listener_url and not self.settings.listen:
            raise UsageProblem("--listener-url says where --listen is reached, which is missing.", hint="Give both.")
        if not address:
            return None
        listener = Listener(self.recorder, address=address, url=self.settings.listener_url)
        self._stack.callback(listener.release)
        if not self.settings.listener_url:
            require_within_reach(listener, self.base_url)
        return listener

    async def _begin(self, keys: Mapping[str, str], means: Means) -> None:
        self._keys = keys
        self._client = self._make_client(keys)
        await self._client.__aenter__()
        self.target = self._make_target(means)
        self.answers_alike = not differs(await arrive(self.target))
        self._organization = await session(self.target)
        await name_owners(self.target)
        self._missing = await self._unmet(keys, means)
        self.runner = Runner(self.target, self.scenarios, missing=dict(self._missing))
        self.runner.start()

    async def _unmet(self, keys: Mapping[str, str], means: Means) -> Mapping[Need, str]:
        """Say of each need that can't be met how to meet it."""
        return missing(keys, self.settings, means, base_url=self.base_url)

    def _make_client(self, keys: Mapping[str, str]) -> Client:
        return Client(self.base_url, keys, options=self._wire_options(), run_id=self.id, recorder=self.recorder)

    def _wire_options(self) -> WireOptions:
        return replace(self.settings.wire_options, verify=self._trust)

    def _make_target(self, means: Means) -> Target:
        journal = Journal(None if self.embedded else self.journal_file, run=self.id, base_url=self.base_url)
        return Target(self._client, self.settings, run_id=self.id, journal=journal, means=means, seed=self.seed)

    def check(self, item: str, *, within: float) -> Check:
        """Wait for the check of one item; raise `TimeoutError` after `within` seconds (ask again then)."""
        if self.runner is None:
            raise RuntimeError("the run was never opened")
        future = self._futures.get(item)
        if future is None:
            future = self._futures[item] = self._portal.start_task_soon(self.runner.outcome, item)
        return future.result(timeout=within)

    def progress(self) -> Progress:
        """Say how far the run is."""
        done: Counter[str] = Counter() if self.runner is None else self.runner.done
        return Progress(
            checks=done.total(),
            of_checks=len(self.scenarios),
            families=sum(done[family] == number for family, number in self._families.items()),
            of_families=len(self._families),
            requests=self.requests,
            expected=self._expected,
            seconds=time.monotonic() - self._began,
            budget=self.settings.request_budget,
        )

    @cached_property
    def _families(self) -> Counter[str]:
        """How many checks of each family the run has."""
        return Counter(one.rule.family for one in self.scenarios)

    @cached_property
    def _expected(self) -> int:
        """How many requests the run is likely to send; none of its clean-up, which comes later."""
        rules = {one.rule.id: one.rule.family for one in self.scenarios}
        chosen = Counter(rules.values())
        return expected_requests({one.prefix: chosen[one.prefix] / len(one.rules) for one in FAMILIES}, cleans=False)

    def exchanges(self, check: Check) -> Sequence[Exchange]:
        """Give the exchanges that a check cites, in their order."""
        recorder = self._client.recorder
        return [recorder[number] for number in check.exchanges]

    def close(self) -> None:
        """Stop what is under way, archive what was made, end the loop. Never raises for what the target does."""
        if self._beginning is not None:
            self._beginning.cancel()
        if self.target is not None:
            self._portal.call(self._end)
        self._seconds = time.monotonic() - self._began
        self._stack.close()

    async def _end(self) -> None:
        if self.runner is not None:
            await self.runner.stop()
        target = self.target
        if target is not None:
            await self._leave(target)
        await self._client.__aexit__(None, None, None)
        if target is not None and target.means.listener is not None:
            await target.means.listener.close()

    async def _leave(self, target: Target) -> None:
        if self.embedded:
            await target.stop()  # nothing in it outlives the run, so there is nothing to remove
        else:
            self.left = await leave(target, self._keys, self.settings.report_dir)

    @property
    def answered(self) -> Sequence[Exchange]:
        """All exchanges of the run that the API answered, none beside its base URL."""
        exchanges = self._client.recorder.exchanges if self.target is not None else ()
        return [one for one in exchanges if one.response is not None and not one.request.beside]

    def results(self, checks: Sequence[Check], *, ended: str, reasons: Mapping[str, str]) -> Results:
        """Give everything about the run, with the exchanges that the checks cite."""
        recorder = self._client.recorder if self.target is not None else None
        single = tuple(one for check in checks for one in check.singly)
        cited = sorted({number for check in single for number in check.exchanges})
        return Results(
            run=self._run_facts(ended, checks),
            target=self.target_facts(),
            checks=single,
            exchanges={number: recorder[number] for number in cited} if recorder else {},
            reasons=reasons,
        )

    def _run_facts(self, ended: str, checks: Sequence[Check]) -> RunFacts:
        settings = self.settings
        asking = {one.item for one in self.scenarios if not one.passive}
        exchanges = self._client.recorder.exchanges if self.target is not None else ()
        return RunFacts(
            id=self.id,
            started=self.started.isoformat(timespec="seconds"),
            seconds=round(self._seconds, 3),
            requests=self.requests,
            options={
                "rules": settings.rules,
                "read_only": settings.read_only,
                "allow_live_writes": settings.allow_live_writes,
                "leave_data": settings.leave_data,
                "disposable": settings.disposable,
                "strict": settings.strict,
                "fuzz": settings.fuzz,
                "seed": self.seed,
            },
            requests_by_family=requests_by_family([one for one in checks if one.item in asking], exchanges),
            ended=ended,
        )

    @property
    def requests(self) -> int:
        """How many requests were sent, those on behalf of earlier runs included."""
        return self._client.count + self.left.requests if self.target is not None else 0

    def target_facts(self) -> TargetFacts:
        """Give what is known of the target."""
        organization = self._organization.get("organization")
        organization = organization if isinstance(organization, dict) else {}
        key = self._organization.get("api_key")
        return TargetFacts(
            base_url=self.base_url or self.settings.base_url,
            embedded=self.embedded,
            organization=organization.get("name"),
            plan=organization.get("plan"),
            key_name=key.get("name") if isinstance(key, dict) else None,
            missing={need.value: hint for need, hint in self._missing.items()},
            facts={
                "left_behind": list(self.left.behind),
                "unknown_creates": self.left.unknown,
                "earlier_runs": [one.sentence for one in self.left.earlier],
            },
        )
