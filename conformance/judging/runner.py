"""The concurrent runner: every scenario a task, evidence gathered side by side, one `Check` for each.

A run is bound by the target's latency, so all scenarios start at once and the wire bounds what is in flight.
Passive scenarios judge when all others are done. pytest is not needed: the plugin only waits for outcomes here,
and so do trials of faults.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import Counter
from contextvars import Context
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conformance.contract.model import Level, Need
from conformance.contract.needs import WANTED
from conformance.errors import BudgetSpent, Missing, Refused, TargetError, Throttled
from conformance.judging import passive
from conformance.judging.results import Check
from conformance.judging.verdicts import Noted, Undecided, Verdict, Violation, Violations
from conformance.target.asking import ask_as
from conformance.target.scopes import require_scope
from conformance.target.tour import arrive, differs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.judging.scenario import Scenario
    from conformance.target.target import Target

THROTTLED = "the target asked for more patience (429 or 503) than the run has"
ALIKE = "the target answers valid and invalid questions alike, so a pass would prove nothing"


class Runner:
    """Runs scenarios against a target within one event loop; `outcome` gives each one's check, in any order."""

    def __init__(
        self, target: Target, scenarios: Iterable[Scenario], *, missing: dict[Need, str] | None = None
    ) -> None:
        self.target = target
        self.scenarios: Sequence[Scenario] = tuple(scenarios)
        self.missing = missing or {}
        self.done: Counter[str] = Counter()
        """How many checks of each family have ended."""
        self._tasks: dict[str, asyncio.Task[Check]] = {}
        self._ahead: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start every scenario, each of which waits for those of earlier phases, and what is made ready ahead."""
        for ahead in {one.ahead for one in self.scenarios if one.ahead is not None}:
            self._ahead.append(asyncio.get_running_loop().create_task(ahead(self.target), context=Context()))
        by_phase = groupby(sorted(self.scenarios, key=lambda one: one.phase), key=lambda one: one.phase)
        before: tuple[asyncio.Future[Any], ...] = ()
        for _, scenarios in by_phase:
            tasks = {one.item: asyncio.ensure_future(self._judge(one, before)) for one in scenarios}
            self._tasks |= tasks
            before = (asyncio.gather(*before, *tasks.values(), return_exceptions=True),)

    async def outcome(self, item: str) -> Check:
        """Wait for the check of one item."""
        return await asyncio.shield(self._tasks[item])

    async def all(self) -> Sequence[Check]:
        """Start everything, wait for everything, and give the checks in the order of the scenarios."""
        self.start()
        try:
            return [await self.outcome(scenario.item) for scenario in self.scenarios]
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Cancel what is still under way."""
        tasks = (*self._tasks.values(), *self._ahead)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _judge(self, scenario: Scenario, before: Sequence[asyncio.Future[Any]]) -> Check:
        if before:
            await asyncio.wait(before)  # which, unlike awaiting it, cancels nobody else's wait with this one
        began = time.monotonic()
        ask_as(scenario.rule.id, scenario.item)
        with self.target.client.recorder.trail() as numbers:
            told = await self._told(scenario, numbers)
        self.done[scenario.rule.family] += 1
        seconds = round(time.monotonic() - began, 4)
        about: dict[str, Any] = {"item": scenario.item, "rule": scenario.rule.id, "subject": scenario.subject}
        found = tuple(Check(**about, **one) for one in told.pop("found", ()))
        return Check(**{**about, "seconds": seconds, "exchanges": tuple(numbers), "found": found, **told})

    async def _told(self, scenario: Scenario, numbers: list[int]) -> dict[str, Any]:
        """Run one scenario and put its end into the words of a check."""
        try:
            self._require(scenario)
            ended = await self._run(scenario, numbers)
            return await self._passed(ended)
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  # neither pytest.fail nor every group is an Exception
            return _ended_by(scenario, await self._forbidden(error) or error)

    async def _forbidden(self, error: BaseException) -> Missing | None:
        """Say which scope is missing where what a scenario builds on was forbidden to the key for want of one."""
        try:
            if isinstance(error, Refused) and error.exchange is not None:
                await require_scope(self.target, error.exchange)
        except Missing as missing:
            return missing
        except TargetError:  # the session could not be asked
            pass
        return None

    def _require(self, scenario: Scenario) -> None:
        for need in sorted(scenario.rule.needs, key=lambda one: one.value):
            if need in self.missing:
                raise Missing(WANTED[need], hint=self.missing[need])

    async def _run(self, scenario: Scenario, numbers: list[int]) -> Any:  # noqa: ANN401  # as scenarios end
        if scenario.passive:
            return await passive.judge(scenario, self.target, numbers)

        async def talk() -> Any:  # noqa: ANN401  # as above
            numbers.clear()
            return await scenario.function(self.target, *scenario.subjects)

        return await self.target.conversations.hold(talk)

    async def _passed(self, ended: object) -> dict[str, Any]:
        if not differs(await arrive(self.target)):
            return {"verdict": Verdict.BLOCKED, "message": ALIKE}
        if isinstance(ended, Noted):
            return {"verdict": Verdict.NOTED, "message": ended.sentence, "value": ended.value}
        return {"verdict": Verdict.PASS, "message": ended if isinstance(ended, str) else ""}


_COST = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.NOTE: Verdict.NOTED}


def _ended_by(scenario: Scenario, error: BaseException) -> dict[str, Any]:
    """Put into words what kept a scenario from its end."""
    match _most_telling(error):
        case Violation() as breach:
            return _breach(scenario, breach)
        case Undecided() as undecided:
            return {"verdict": undecided.verdict, "message": undecided.reason, "hint": undecided.hint}
        case Missing() as missing:
            return {"verdict": Verdict.NOT_JUDGED, "message": f"needs {missing.message}", "hint": missing.hint}
        case BudgetSpent() as spent:
            return {"verdict": Verdict.NOT_JUDGED, "message": spent.message, "hint": spent.hint}
        case TargetError() as broken:  # what can't be judged because of the target is no green
            message = THROTTLED if isinstance(broken, Throttled) else broken.message
            return {"verdict": Verdict.BLOCKED, "message": message, "hint": broken.hint}
    return _suite_error(error)


def _most_telling(error: BaseException) -> BaseException:
    """Pick one of a group (asyncio.TaskGroup): a breach that was seen stands; else what broke the suite comes first."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    inner = [_most_telling(one) for one in error.exceptions]
    breach = next((one for one in inner if isinstance(one, Violation)), None)
    if breach is not None:
        return breach
    return inner[0] if all(isinstance(one, (Undecided, Missing, TargetError)) for one in inner) else error


def _breach(scenario: Scenario, breach: Violation) -> dict[str, Any]:
    cost = _COST[scenario.rule.level]
    told = {"verdict": cost, "message": breach.message, "expected": breach.expected, "observed": breach.observed}
    each = breach.found.items() if isinstance(breach, Violations) else ()
    found = [_breach(scenario, one) | {"finding": finding} for finding, one in each]
    return told | ({"exchanges": breach.exchanges} if breach.exchanges else {}) | ({"found": found} if found else {})


def _suite_error(error: BaseException) -> dict[str, Any]:
    trace = "".join(traceback.format_exception(error))
    return {"verdict": Verdict.ERROR, "message": f"the suite broke: {error!r}", "traceback": trace}
