"""Playing a course on an item of the run's own, and telling where its answers can't be right."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from conformance.contract.resources import ARCHIVE, RESTORE
from conformance.openapi.fuzzing.courses import Course
from conformance.openapi.fuzzing.errands import ALLOWED, ERRED
from conformance.openapi.fuzzing.findings import Finding
from conformance.openapi.fuzzing.plainly import weigh_plain
from conformance.openapi.fuzzing.questions import Difference, Twin, succeeded
from conformance.openapi.fuzzing.relations import PATH, Kin
from conformance.openapi.fuzzing.weighing import has_erred
from conformance.target.documents import below_base
from conformance.wire.outgoing import ABSENT
from conformance.wire.script import json_word, kept_id, preamble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.openapi.fuzzing.courses import Step
    from conformance.openapi.fuzzing.findings import Fuzzed
    from conformance.openapi.fuzzing.questions import Draft
    from conformance.openapi.fuzzing.sending import Sender
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

GONE = frozenset({404, 410})
"""RFC 9110: Not Found, Gone."""
DONE = frozenset({200, 204})
"""RFC 9110: what a DELETE gets that was carried out; 202 is a promise."""
KEEPING = frozenset((one.method, below_base(one.path)) for one in (ARCHIVE, RESTORE))
"""Moves after which an item is still read (observations › Archive, Restore)."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where courses are played: `plain` are the plain requests of operations by label."""

    target: Target
    sender: Sender
    fuzzed: Fuzzed
    plain: Mapping[str, Twin]


@dataclass(frozen=True, slots=True)
class Breach:
    """An answer that can't be right: the steps up to it, and the exchange. `kind` is the same for the same fault."""

    collection: str
    kind: str
    sentence: str
    steps: Sequence[Step]
    exchange: Exchange
    script: str

    @property
    def finding(self) -> Finding:
        """The breach as a finding."""
        rule = ERRED if has_erred(self.exchange) else ALLOWED
        course = Course(self.collection, tuple(self.steps))
        operation = self.steps[-1].operation
        found = Finding(rule, operation, self.kind, self.sentence, self.exchange, None)
        return replace(found, course=course, script=self.script)


@dataclass
class Play:
    """One course of one item. `there` is None once nobody can tell whether the item is still to be found."""

    scene: Scene
    kin: Kin
    item: str
    made: Draft
    there: bool | None = True
    _steps: list[Step] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _last: Any = None

    async def through(self, course: Sequence[Step]) -> Breach | None:
        """Take all steps until an answer can't be right, or there is none."""
        for step in course:
            exchange = await self._take(step)
            if exchange is None:
                return None
            self._steps.append(step)
            told = await self._wrong(step, exchange)
            if told:
                label = step.operation.label
                kind = f"sequence {told.split(',')[0]}"
                sentence = f"{label} {told}, as step {len(self._steps)} of a sequence"
                return Breach(self.kin.collection, kind, sentence, tuple(self._steps), exchange, self._script())
            self._learn(step, exchange)
        return None

    async def _take(self, step: Step) -> Exchange | None:
        draft = self._draft(step)
        exchange = await self.scene.sender.send(draft)
        if exchange is not None:
            self._lines += [
                f"# {len(self._lines) // 2 + 2}. {step.operation.label} got {exchange.status}",
                _line(draft, self.item),
            ]
        return exchange

    def _draft(self, step: Step) -> Draft:
        operation, slot = step.operation, step.taker.slot
        plain = self.scene.plain.get(operation.label) or Twin(operation, operation.path)
        if slot == PATH:
            return replace(plain, path=operation.path.replace("{}", self.item)).changed(step.differences)
        value = (self.item,) if slot.where == "query" else self.item
        return plain.changed([*step.differences, Difference(slot, value)])

    # judging -----------------------------------------------------------------------------------------------

    async def _wrong(self, step: Step, exchange: Exchange) -> str:
        """Say what can't be right about an answer, "" where it can."""
        status = exchange.status or 0
        if has_erred(exchange):
            return f"gets {status}"
        if step.operation is not self.kin.of("GET"):
            return ""
        if self.there and status in GONE and await self._stays(step, gone=True):
            return f"gets {status}, though the item was made and not deleted"
        if self.there is False and self._is_as_before(exchange) and await self._stays(step, gone=False):
            return f"gets {status} and the item as it was, though it was deleted"
        return ""

    async def _stays(self, step: Step, *, gone: bool) -> bool:
        """Look again until the settling time is over: a read may lag behind a write for so long."""

        async def is_right() -> bool:
            self.scene.sender.grant(1)
            exchange = await self.scene.sender.send(self._draft(step))
            return exchange is None or (exchange.status in GONE) is not gone

        return not await self.scene.target.eventually(is_right)

    def _is_as_before(self, exchange: Exchange) -> bool:
        """Tell whether a read shows of what was deleted all that it showed before; a mark on it would be an answer.

        Where the spec knows of no read that finds nothing, it may well mean that.
        """
        told = exchange.response is not None and exchange.response.is_json and exchange.response.json
        knows = self.kin.of("GET")
        return bool(told) and told == self._last and knows is not None and knows.response(404) is not None

    def _learn(self, step: Step, exchange: Exchange) -> None:
        operation, done = step.operation, succeeded(exchange)
        if self.there and (operation in self.kin.moves or operation is self.kin.of("DELETE")):
            weigh_plain(Twin(operation, exchange.path, exchange=exchange), self.scene.fuzzed)
        if operation is self.kin.of("GET") and done and exchange.response is not None and self.there is not False:
            self._last = exchange.response.json if exchange.response.is_json else None
        elif operation is self.kin.of("DELETE"):
            self._learn_of_deletion(exchange)
        elif operation in self.kin.moves:
            known = (operation.method, operation.path) in KEEPING
            self.there = self.there if known or not done else None
            self._last = None
        elif done and step.taker.slot == PATH:
            self._last = None

    def _learn_of_deletion(self, exchange: Exchange) -> None:
        if succeeded(exchange):
            self.there = False if exchange.status in DONE else None
            self.scene.target.journal.removed(self.item)

    # telling -----------------------------------------------------------------------------------------------

    def _script(self) -> str:
        first = [f"# 1. {self.kin.create.label}", kept_id("it", _line(self.made, self.item, key=True))]
        return "\n".join([preamble(self.scene.target.client.base_url), *first, *self._lines])


def _line(draft: Draft, item: str, *, key: bool = False) -> str:
    """Write a request as a line of a script, in which $it is the item."""
    query = f"?{urlencode(draft.pairs)}" if draft.pairs else ""
    line = f'api {draft.method} "{draft.path}{query}"'.replace(item, "$it") if item else ""
    marked = ' -H "Idempotency-Key: $run-1"' if key else ""
    body = "" if draft.body is ABSENT else f" -d {json_word(draft.body)}"
    return line + marked + (body.replace(item, "'\"$it\"'") if item else body)
