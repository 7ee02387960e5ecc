"""Fuzzing a target by its own spec: plain requests, what is drawn from them, and what comes of it.

plain requests ── single differences ── many at once ── sequences about one item
     examples             coverage             chance            states
"""

from __future__ import annotations

import asyncio
import contextvars
from contextlib import aclosing
from itertools import chain, islice
from typing import TYPE_CHECKING

from conformance.judging.verdicts import Blocked, NotJudged
from conformance.openapi.document.published import published
from conformance.openapi.fuzzing.ahead import drawn
from conformance.openapi.fuzzing.assessing import Candidate, assess, single_questions, whole_question
from conformance.openapi.fuzzing.blaming import Blame
from conformance.openapi.fuzzing.bounds import BOUNDS, DRAWING_SHARE, ODD_SHARE, READING_SHARE, Allowance
from conformance.openapi.fuzzing.combining import combine, combine_thoroughly
from conformance.openapi.fuzzing.courses import values
from conformance.openapi.fuzzing.dealing import alternating, deal
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.openapi.fuzzing.errands import ALLOWED, BROKEN, in_own_name, together
from conformance.openapi.fuzzing.findings import DRAWING, Fuzzed, subject_of
from conformance.openapi.fuzzing.guarded import GUARDED, Guarded
from conformance.openapi.fuzzing.memory import Memory
from conformance.openapi.fuzzing.mutating import several, usual
from conformance.openapi.fuzzing.oddly import oddities
from conformance.openapi.fuzzing.oracle import Oracle
from conformance.openapi.fuzzing.paging import paged
from conformance.openapi.fuzzing.plainly import Plainly
from conformance.openapi.fuzzing.playing import Scene
from conformance.openapi.fuzzing.questions import CURSOR, Difference, Question, Twin, cursor_of
from conformance.openapi.fuzzing.reusing import reused, swept, taken
from conformance.openapi.fuzzing.sending import Sender
from conformance.openapi.fuzzing.sequences import Sequences
from conformance.openapi.fuzzing.stumbling import unexpected
from conformance.openapi.fuzzing.twins import Twins
from conformance.wire.client import SAFE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence
    from typing import Any

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.published import Published
    from conformance.openapi.fuzzing.bounds import Bounds
    from conformance.openapi.fuzzing.reusing import Served
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

    Line = dict[str, Any]

EMBEDDED = "embedded"
"""How the embedded reference is remembered, wherever it is served."""


async def fuzzed(target: Target) -> Fuzzed:
    """Fuzz the target as --fuzz says, once a run; what it asks stands in no trail but what is cited of it.

    Raises `NotJudged` where fuzzing is off, `Blocked` where there is no spec to go by.
    """
    return await target.once("fuzzing", lambda: fuzz(target))


async def fuzz(target: Target, bounds: Bounds | None = None) -> Fuzzed:
    """Fuzz the target within bounds, those of --fuzz where none are given."""
    bounds = bounds or BOUNDS.get(target.settings.fuzz)
    if bounds is None:
        raise NotJudged("fuzzing is off", hint="Give --fuzz quick or --fuzz deep.")
    spec = await published(target, schemas=True)
    if not spec.operations:
        raise Blocked("the spec describes no operation")
    return await Fuzzer(target, spec, bounds).run()


class Fuzzer:
    """One fuzzing of one target."""

    def __init__(self, target: Target, spec: Published, bounds: Bounds) -> None:
        self._target = target
        self._bounds = bounds
        self._spec = spec
        self._oracle = Oracle(spec)
        self._twins = Twins(target, spec)
        self._fuzzed = Fuzzed(spec.operations)
        self._memory = Memory(target.means.failures, target.settings.base_url or EMBEDDED)
        self._asked: set[str] = set()
        self._allowance = Allowance(bounds, target.settings.request_budget)
        self._allowed = self._allowance.requests
        self._sender = Sender(target, self._allowance)
        self._plainly = Plainly(spec, self._twins, self._sender, self._fuzzed)
        self._plain = self._plainly.twins
        self._guarded = Guarded(self._sender, self._fuzzed, self._oracle)
        self._blame = Blame(self._fuzzed, self._send_changed)
        scene = Scene(target, self._sender, self._fuzzed, self._plain)
        self._sequences = Sequences(scene, spec, self._twins, bounds)
        self._odd: Iterator[Candidate] = iter(())
        self._served: Served = {}
        self._is_deep = bounds.rounds == NO_END
        self._is_thorough = self._is_deep or not bounds.draws

    async def run(self) -> Fuzzed:
        """Ask as far as the bounds go, and tell what was found."""
        await (self._ask_all() if self._bounds.draws else self._ask_known())
        chosen = None if self._bounds.draws else self._memory.deletes(self._spec.operations)
        await self._plainly.delete(self._served, chosen)
        self._twins.settle_spares()
        self._memory.keep(self._fuzzed.found.values())
        self._fuzzed.forbidden = self._sender.forbidden
        if self._allowed < self._bounds.requests:
            self._fuzzed.cut = f"the request budget left room for {self._allowed} of {self._bounds.requests} requests"
        if self._sender.stopped is not None:
            self._fuzzed.stopped = self._sender.stopped.message
        return self._fuzzed

    async def _ask_all(self) -> None:
        async with drawn(self._target, self._spec, self._bounds) as lines:
            await self._ask_known()
            self._allowance.keep(self._sequences.cost + (self._plainly.cost if self._is_deep else 0))
            if self._is_deep:
                await self._ask(self._swept())
                self._odd = oddities(self._target, self._spec, (self._plainly, self._guarded), self._assessed)
                await self._ask(self._oddly())
            await self._ask(self._drawn(lines))
        self._allowance.keep(0)
        if self._is_deep:
            await self._plainly.read_back()
        await together([self._sequences.usual()])
        await together([self._sequences.drawn()])

    async def _ask_known(self) -> None:
        """Ask what is known before anything is drawn: the plain requests, and what failed in earlier runs."""
        await self._plainly.ask(spares=self._is_thorough)
        if self._is_thorough:
            self._served = await self._plainly.look()
            await self._plainly.in_other_states(self._served)
            await self._guard()
        await self._again()
        if self._is_thorough:
            await self._plainly.repeat()
            await self._plainly.look_within(self._served)

    async def _guard(self) -> None:
        """Make ready what is asked of writes that may change nothing."""
        for one in self._spec.operations:
            if one.label not in self._plain:
                await together([in_own_name(BROKEN, one.label, self._guard_create(one))])
            elif "{}" in one.path and not self._twins.is_ours(one):
                self._guarded.add_change(self._plain[one.label])

    async def _guard_create(self, operation: Operation) -> None:
        whole = await self._twins.unsent(operation)
        if whole is not None:
            await self._guarded.add_create(whole)

    async def _again(self) -> None:
        """Ask first what failed in earlier runs."""
        await self._ask(self._remembered())
        courses = self._sequences.again(self._memory.courses(self._spec.operations))
        await together([in_own_name(ALLOWED, "sequences that failed", courses)])

    async def _remembered(self) -> AsyncGenerator[Candidate]:
        """Give what failed in earlier runs: it is asked first."""
        questions = [*self._memory.questions(self._spec.operations)]
        for one in (*self._assessed(questions), *self._guarded.of(questions)):
            yield one

    async def _swept(self) -> AsyncGenerator[Candidate]:
        """Give what reads all kinds of items, as long as it is but a share of all."""
        reads = [one for one in self._plain.values() if one.accepted and one.operation.method == "GET"]
        questions = alternating(*(swept(one, self._spec.document, self._served) for one in reads))
        for question in islice(questions, self._allowed // READING_SHARE):
            yield unexpected(question)

    async def _oddly(self) -> AsyncGenerator[Candidate]:
        """Give a share of what is odd, which is asked while the rest is drawn."""
        for one in islice(self._odd, self._allowed // ODD_SHARE):
            yield one

    async def _drawn(self, lines: AsyncIterator[Line]) -> AsyncGenerator[Candidate]:
        """Give what is drawn: value by value first, dealt out to all operations, then whole requests without end."""
        singles: list[Candidate] = []
        wholes: list[Candidate] = []
        try:
            async with asyncio.timeout(self._allowance.seconds * DRAWING_SHARE):
                await self._wait_for(lines, singles, wholes)
        except TimeoutError:
            self._fuzzed.hindered[DRAWING] = "drawing took so long that not all of the spec was drawn from"
        if self._is_deep:
            plain = [one for one in self._plain.values() if one.accepted and one.operation.method in SAFE]
            singles += self._assessed(each for one in plain for each in self._seldom_drawn(one))
            singles += map(unexpected, self._taken())
        singles = [*{one.mark: one for one in singles}.values()]
        self._sequences.values = values(singles)
        chance = self._target.random("fuzzing")
        combined = [*self._assessed(combine(singles, chance))]
        thorough: list[Candidate] = []
        if self._is_deep:
            thorough = [*self._assessed(combine_thoroughly(singles, chance)), *paged(singles, chance)]
        dealt = iter(deal(singles, combined, wholes, chance, thorough))
        for one in alternating(dealt, dealt, dealt, self._odd) if self._is_deep else dealt:
            yield one
        async for line in lines:
            late: list[Candidate] = []
            self._sort_in(line, late, late)
            for one in late:
                yield one

    def _seldom_drawn(self, twin: Twin) -> Iterator[Question]:
        """Give what whoever draws from schemas comes upon too seldom."""
        document = self._spec.document
        return chain(several(twin, document), usual(twin, document), reused(twin, document, self._served))

    def _taken(self) -> Iterator[Question]:
        """Give what of all that was served may be written again, and is no more expected to be taken than refused."""
        writes = [one for one in self._plain.values() if one.accepted and isinstance(one.body, dict)]
        for twin in writes:
            for one in taken(twin, self._spec.document, self._served):
                if twin.changed(one.differences).is_harmless:
                    yield one

    async def _wait_for(self, lines: AsyncIterator[Line], singles: list[Candidate], wholes: list[Candidate]) -> None:
        """Read all that is drawn, or where that has no end all that is drawn value by value."""
        async for line in lines:
            self._sort_in(line, singles, wholes)
            if self._is_deep and line.get("ended") == "coverage":
                return

    def _sort_in(self, line: Line, singles: list[Candidate], wholes: list[Candidate]) -> None:
        if "problem" in line:
            self._fuzzed.hindered.setdefault(str(line["operation"]), f"nothing can be drawn for it: {line['problem']}")
        twin = self._plain.get(str(line.get("operation")))
        if "phase" not in line or twin is None or not twin.accepted:
            singles += self._guarded.drawn(line)
            return
        if line["phase"] == "coverage":
            singles += self._assessed(single_questions(line, twin))
        else:
            whole = whole_question(line, twin)
            wholes += self._assessed([whole] if whole else [])

    def _assessed(self, questions: Iterable[Question]) -> Iterable[Candidate]:
        """Tell what to expect of questions that do no harm."""
        for question in questions:
            twin = self._twin(question)
            if twin is None or not (twin.accepted or question.is_keyless):
                continue
            if twin.changed(question.differences).is_harmless:
                candidate = assess(question, twin, self._oracle)
                self._fuzzed.tallies[candidate.rule, subject_of(question.operation)].drawn += 1
                yield candidate

    # asking ------------------------------------------------------------------------------------------------

    async def _ask(self, candidates: AsyncGenerator[Candidate]) -> None:
        """Ask as many at once as the run has places in flight, until the allowance is spent."""
        places = asyncio.Semaphore(self._target.settings.in_flight)
        async with aclosing(candidates), asyncio.TaskGroup() as group:
            async for one in candidates:
                if one.mark in self._asked or self._blame.foresees(one.question):
                    continue
                self._asked.add(one.mark)
                await places.acquire()
                if self._allowance.is_spent or self._sender.stopped is not None:
                    return
                errand = in_own_name(one.rule, one.question.mark, self._answer(one))
                task = group.create_task(errand, context=contextvars.Context())
                task.add_done_callback(lambda _: places.release())

    async def _answer(self, candidate: Candidate) -> None:
        twin = self._twin(candidate.question)
        exchange = await self._send_changed(twin, candidate.question) if twin is not None else None
        if twin is not None and exchange is not None:
            await self._blame.weigh(candidate, twin, exchange)

    def _twin(self, question: Question) -> Twin | None:
        operation = question.operation
        if question.phase == GUARDED:
            return self._guarded.twin(question)
        return self._plain.get(operation.label) or Twin(operation, operation.path)

    async def _send_changed(self, twin: Twin, question: Question) -> Exchange | None:
        """Ask, and turn as many pages as are asked for and there are, until one is not served."""
        exchange = await self._sent(twin, question.differences)
        for _ in range(question.turns):
            cursor = cursor_of(exchange)
            if not cursor:
                break
            exchange = await self._sent(twin, [*question.differences, Difference(CURSOR, (cursor,))])
        return exchange

    async def _sent(self, twin: Twin, differences: Sequence[Difference]) -> Exchange | None:
        draft = twin.changed(differences)
        exchange = self._sender.recall(draft) or await self._sender.send(draft)
        if exchange is not None:
            self._guarded.learn(twin, exchange)
        return exchange
