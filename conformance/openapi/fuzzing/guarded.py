"""Writes that may change nothing, asked so that they can't: that a target breaks on what is in them shows all the same.

Creates of what nobody could remove again lack something that the spec requires; one that is served is a finding, and
nothing more is asked without what it lacked. Updates of what the run may not touch, and actions on it, are of an item
that nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from conformance.openapi.fuzzing.assessing import Expected, assess, single_questions
from conformance.openapi.fuzzing.errands import BROKEN, ERRED
from conformance.openapi.fuzzing.findings import Finding, subject_of
from conformance.openapi.fuzzing.mutating import mutants
from conformance.openapi.fuzzing.oracle import required_fields
from conformance.openapi.fuzzing.questions import WHOLE, Difference, Question, Slot, succeeded
from conformance.openapi.fuzzing.stumbling import stumbling, unexpected
from conformance.openapi.fuzzing.weighing import has_erred, is_refusal
from conformance.target.references import is_reference
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.openapi.fuzzing.assessing import Candidate
    from conformance.openapi.fuzzing.findings import Fuzzed
    from conformance.openapi.fuzzing.oracle import Oracle
    from conformance.openapi.fuzzing.questions import Twin
    from conformance.openapi.fuzzing.sending import Sender
    from conformance.target.reading import Resource
    from conformance.wire.exchange import Exchange

    Line = dict[str, Any]

GUARDED = "guarded"
"""The phase of questions that must not be asked of any other twin."""
NOT_FOUND = 404
BOTH = 2
"""Twins of one operation: what the one leaves out, the other one can be odd in."""


@dataclass(frozen=True, slots=True)
class _Guard:
    """A twin, and the field that it lacks; "" where it is of an item that nobody has."""

    twin: Twin
    field: str

    def keeps(self, question: Question) -> bool:
        """Tell whether a question leaves the field out, too."""
        slots = [one.slot for one in question.differences]
        return not self.field or not any(one.where == "body" and one.name in {self.field, WHOLE} for one in slots)


class Guarded:
    """The guarded writes of a target, by the labels of their operations."""

    def __init__(self, sender: Sender, fuzzed: Fuzzed, oracle: Oracle) -> None:
        self._sender = sender
        self._fuzzed = fuzzed
        self._oracle = oracle
        self._guards: dict[str, list[_Guard]] = {}

    def add_change(self, twin: Twin) -> None:
        """Go on with an update of an item that nobody has, or an action on it, if that was not found."""
        methods = {"PATCH", "POST"}
        if twin.exchange is not None and twin.exchange.status == NOT_FOUND and twin.operation.method in methods:
            self._guards[twin.operation.label] = [_Guard(twin, "")]

    async def add_create(self, whole: Twin) -> None:
        """Ask for an operation without each thing that it requires, and go on so as long as that is refused."""
        label = whole.operation.label
        fields = self._fields(whole)
        stand_in = fields[:1] if fields and is_reference(fields[0]) else fields[:BOTH]
        for field in fields:
            draft = whole.changed([_left_out(field)])
            guard = _Guard(replace(whole, body=draft.body), field)
            exchange = await self._sender.send(draft)
            if exchange is None:
                return
            if has_erred(exchange):
                self._find(guard, exchange, ERRED, f"without {field} it gets {exchange.status}")
            elif is_refusal(exchange):
                self._fuzzed.tallies[ERRED, subject_of(whole.operation)].hold(exchange)
                if field in stand_in:
                    kept = replace(guard.twin, exchange=exchange)
                    self._guards.setdefault(label, []).append(replace(guard, twin=kept))
            elif succeeded(exchange):
                self._serves(guard, exchange)
                return

    def _fields(self, whole: Twin) -> Sequence[str]:
        """Return what may be left out, references first: nothing is odd in them anyhow, so that one stands for all."""
        body = whole.body if isinstance(whole.body, dict) else {}
        named = sorted(required_fields(whole.operation) & set(body), key=lambda one: (not is_reference(one), one))
        return [one for one in named if self._must_be_there(one, whole)]

    def _must_be_there(self, field: str, whole: Twin) -> bool:
        question = Question(whole.operation, GUARDED, (_left_out(field),))
        return assess(question, whole, self._oracle).expected is Expected.REFUSAL

    def twin(self, question: Question) -> Twin | None:
        """Return the twin from which a question may differ; None where there is none, or no more."""
        guards = self._guards.get(question.operation.label, ())
        return next((one.twin for one in guards if one.keeps(question)), None)

    def learn(self, twin: Twin, exchange: Exchange) -> None:
        """Ask nothing more of an operation that has served a request without what it requires."""
        guards = self._guards.get(twin.operation.label, [])
        guard = next((one for one in guards if one.twin is twin), None)
        if guard is not None and succeeded(exchange):
            del self._guards[twin.operation.label]
            if guard.field:  # an update of what nobody has may have changed nothing
                self._serves(guard, exchange)

    def _serves(self, guard: _Guard, exchange: Exchange) -> None:
        sentence = f"body {guard.field} is left out, which breaks required, and gets {exchange.status}"
        self._find(guard, exchange, BROKEN, sentence)

    def _find(self, guard: _Guard, exchange: Exchange, rule: str, sentence: str) -> None:
        kind = f"body {guard.field} {'required' if rule == BROKEN else exchange.status}"
        finding = Finding(rule, guard.twin.operation, kind, sentence, exchange, None, (_left_out(guard.field),))
        self._fuzzed.add(finding)

    # what is asked -----------------------------------------------------------------------------------------

    def odd(self, label: str, document: Resource, digits: str) -> Iterator[Candidate]:
        """Give what an operation may break on."""
        for guard in self._guards.get(label, ()):
            yield from self.of(chain(stumbling(guard.twin, document, digits), mutants(guard.twin, document)))

    def drawn(self, line: Line) -> Iterator[Candidate]:
        """Give what was drawn value by value for an operation."""
        for guard in self._guards.get(str(line.get("operation")), ()) if line.get("phase") == "coverage" else ():
            yield from self.of(single_questions(line, guard.twin))

    def of(self, questions: Iterable[Question]) -> Iterator[Candidate]:
        """Give those questions that leave out what an operation requires; of the answers nothing is expected."""
        for question in questions:
            twin = self.twin(question)
            if twin is not None and twin.changed(question.differences).is_harmless:
                yield unexpected(replace(question, phase=GUARDED))


def _left_out(field: str) -> Difference:
    return Difference(Slot("body", field), ABSENT)
