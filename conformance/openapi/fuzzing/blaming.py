"""Who is to blame where an answer is not as expected: each difference is asked again alone, until one is."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from conformance.judging.expect import error_of
from conformance.openapi.fuzzing.assessing import Expected
from conformance.openapi.fuzzing.errands import ALLOWED, BROKEN, ERRED
from conformance.openapi.fuzzing.exemptions import is_update
from conformance.openapi.fuzzing.findings import COMBINED, Finding, subject_of
from conformance.openapi.fuzzing.questions import succeeded
from conformance.openapi.fuzzing.twins import is_create
from conformance.openapi.fuzzing.weighing import (
    has_erred,
    is_refusal,
    may_be_combined,
    refused_without_reason,
    served_nothing,
)
from conformance.wire.client import SAFE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from conformance.openapi.fuzzing.assessing import Candidate
    from conformance.openapi.fuzzing.findings import Fuzzed
    from conformance.openapi.fuzzing.oracle import Read
    from conformance.openapi.fuzzing.questions import Difference, Question, Twin
    from conformance.wire.exchange import Exchange

    Send = Callable[[Twin, Question], Awaitable[Exchange | None]]

NOTHING = "a filter that no item meets may be answered by an empty page"
UNAUTHENTICATED = 401
"""RFC 9110: Unauthorized, which of any other request speaks of the key and not of what is asked."""
CHANGED = "its plain request is refused by now, too"


class Blame:
    """Weighs answers; what is found goes into `fuzzed`. `send` asks a question that differs from a twin."""

    def __init__(self, fuzzed: Fuzzed, send: Send) -> None:
        self._fuzzed = fuzzed
        self._send = send
        self._known: dict[str, Exchange | None] = {}
        self._erring: dict[str, list[frozenset[str]]] = defaultdict(list)
        self._places: Counter[tuple[str, frozenset[str]]] = Counter()

    def foresees(self, question: Question) -> bool:
        """Tell whether it can't show anything new: in it is what has broken the server before, and other things.

        Of several places that broke it together with COMBINED values, others will do so, too.
        """
        label, differences = question.operation.label, question.differences
        if len(differences) == 1:
            return False
        marks, slots = {one.mark for one in differences}, {str(one.slot) for one in differences}
        worn = (one for (of, one), times in self._places.items() if of == label and times >= COMBINED)
        return any(one <= marks for one in self._erring[label]) or any(one <= slots for one in worn)

    async def weigh(self, candidate: Candidate, twin: Twin, exchange: Exchange) -> None:
        """Hold an answer against what was expected of it."""
        self._known[candidate.question.mark] = exchange
        if has_erred(exchange):
            await self._find_error(candidate, twin, exchange)
            return
        self._fuzzed.tallies[ERRED, subject_of(twin.operation)].hold(exchange)
        if candidate.expected is Expected.REFUSAL:
            await self._weigh_broken(candidate, twin, exchange)
        elif candidate.expected is Expected.SERVICE:
            await self._weigh_allowed(candidate, twin, exchange)
        else:
            self._leave_out(candidate, candidate.reason)

    def _leave_out(self, candidate: Candidate, reason: str) -> None:
        self._fuzzed.tallies[candidate.rule, subject_of(candidate.question.operation)].left_out[reason] += 1

    async def _alone(self, candidate: Candidate, twin: Twin, *differences: Difference) -> Exchange | None:
        """Ask with these differences only; what was asked before is known."""
        question = candidate.question.with_only(*differences)
        if question.mark not in self._known:
            self._known[question.mark] = await self._send(twin, question)
        return self._known[question.mark]

    # what no request gets ----------------------------------------------------------------------------------

    async def _find_error(self, candidate: Candidate, twin: Twin, exchange: Exchange) -> None:
        """Find each difference that breaks the server alone, or the fewest that do so together."""
        alone = False
        for one in candidate.question.differences:
            answer = await self._alone(candidate, twin, one)
            if answer is not None and has_erred(answer):
                self._add_error([one], twin, answer)
                alone = True
        if not alone:
            self._add_error(*await self._fewest(candidate, twin, exchange, has_erred))

    def _add_error(self, differences: Sequence[Difference], twin: Twin, exchange: Exchange) -> None:
        slots = [str(one.slot) for one in differences]
        self._erring[twin.operation.label].append(frozenset(one.mark for one in differences))
        self._places[twin.operation.label, frozenset(slots)] += len(slots) > 1
        kind = f"{', '.join(slots)} {exchange.status}"
        values = ", ".join(f"{one.slot} {one.shown!r}" for one in differences)
        sentence = f"{values} gets {exchange.status}"
        self._fuzzed.add(Finding(ERRED, twin.operation, kind, sentence, exchange, twin.exchange, differences))

    async def _fewest(
        self, candidate: Candidate, twin: Twin, exchange: Exchange, fails: Callable[[Exchange], bool]
    ) -> tuple[Sequence[Difference], Twin, Exchange]:
        """Take away what an answer does not need, one after the other."""
        kept = list(candidate.question.differences)
        for one in candidate.question.differences:
            fewer = [other for other in kept if other is not one]
            answer = await self._alone(candidate, twin, *fewer) if len(fewer) > 1 else None
            if answer is not None and fails(answer):
                kept, exchange = fewer, answer
        return kept, twin, exchange

    # what the spec does not allow --------------------------------------------------------------------------

    async def _weigh_broken(self, candidate: Candidate, twin: Twin, exchange: Exchange) -> None:
        if is_refusal(exchange) or (candidate.question.is_keyless and exchange.status == UNAUTHENTICATED):
            self._fuzzed.tallies[BROKEN, subject_of(twin.operation)].hold(twin.exchange, exchange)
        elif not succeeded(exchange):
            return
        elif served_nothing(candidate.blamed, exchange):
            self._leave_out(candidate, NOTHING)
        elif not await self._single_out_broken(candidate, twin):
            self._find_broken(candidate.blamed, candidate.question.differences, twin, exchange)

    async def _single_out_broken(self, candidate: Candidate, twin: Twin) -> bool:
        """Find each difference that is served alone, too; tell whether there was one."""
        if len(candidate.question.differences) == 1:
            return False
        found = False
        for read in candidate.blamed:
            exchange = await self._alone(candidate, twin, read.difference)
            if exchange is not None and succeeded(exchange) and not served_nothing([read], exchange):
                self._find_broken([read], [read.difference], twin, exchange)
                found = True
        return found

    def _find_broken(
        self, blamed: Sequence[Read], differences: Sequence[Difference], twin: Twin, exchange: Exchange
    ) -> None:
        told = ", ".join(f"{one.place} {one.keyword}" for one in blamed)
        values = ", ".join(f"{one.slot} {one.difference.shown!r} breaks {one.keyword}" for one in blamed)
        sentence = f"{values}, and gets {exchange.status}"
        self._fuzzed.add(Finding(BROKEN, twin.operation, told, sentence, exchange, twin.exchange, differences))

    # what the spec allows ----------------------------------------------------------------------------------

    async def _weigh_allowed(self, candidate: Candidate, twin: Twin, exchange: Exchange) -> None:
        if succeeded(exchange):
            self._fuzzed.tallies[ALLOWED, subject_of(twin.operation)].hold(twin.exchange, exchange)
        elif len(candidate.reads) == 1:
            await self._find_refused(candidate, candidate.reads[0], twin, exchange)
        elif is_refusal(exchange) and not await self._single_out_refused(candidate, twin):
            await self._find_combination(candidate, twin, exchange)

    async def _single_out_refused(self, candidate: Candidate, twin: Twin) -> bool:
        """Find each difference that is refused alone, too; tell whether there was one."""
        refused = False
        for read in candidate.reads:
            exchange = await self._alone(candidate, twin, read.difference)
            if exchange is not None and is_refusal(exchange):
                await self._find_refused(candidate, read, twin, exchange)
                refused = True
        return refused

    async def _find_refused(self, candidate: Candidate, read: Read, twin: Twin, exchange: Exchange) -> None:
        if refused_without_reason(read, exchange):
            if await self._is_still_served(candidate, twin):
                self._add_refused([read.difference], twin, exchange)
            else:
                self._leave_out(candidate, CHANGED)
        elif is_refusal(exchange):
            self._leave_out(candidate, f"{exchange.status} may have a reason that no schema can tell")

    async def _is_still_served(self, candidate: Candidate, twin: Twin) -> bool:
        """Ask the plain request again where it is of an item, which what was asked since may have put an end to."""
        if twin.operation.method in SAFE or is_create(twin.operation):
            return True
        exchange = await self._send(twin, candidate.question.with_only())
        return exchange is not None and succeeded(exchange)

    async def _find_combination(self, candidate: Candidate, twin: Twin, exchange: Exchange) -> None:
        """Take away what the refusal does not need; what remains is a finding where nothing in it excludes the rest."""
        kept, _, exchange = await self._fewest(candidate, twin, exchange, is_refusal)
        if is_update(twin.operation) or may_be_combined([one.slot for one in kept]):
            self._add_refused(kept, twin, exchange)
        else:
            self._leave_out(candidate, "together they may have a reason to be refused that no schema can tell")

    def _add_refused(self, differences: Sequence[Difference], twin: Twin, exchange: Exchange) -> None:
        code = error_of(exchange).get("code")
        kind = f"{', '.join(str(one.slot) for one in differences)} {exchange.status}"
        values = ", ".join(f"{one.slot} {one.shown!r}" for one in differences)
        sentence = f"the spec allows {values}, which gets {exchange.status} {code or ''}".rstrip()
        self._fuzzed.add(Finding(ALLOWED, twin.operation, kind, sentence, exchange, twin.exchange, differences))
