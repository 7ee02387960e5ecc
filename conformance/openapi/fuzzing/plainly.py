"""The plain request of each operation: asked, and what its answer says.

It says that the operation is there, that it is not, or that it is broken; and what is there to be read or changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from conformance.openapi.fuzzing.beneath import KEY
from conformance.openapi.fuzzing.errands import ALLOWED, ERRED, in_own_name, together
from conformance.openapi.fuzzing.findings import Finding, subject_of
from conformance.openapi.fuzzing.lending import STATES_TRIED, moves
from conformance.openapi.fuzzing.questions import Difference, Slot, Twin, items_of, succeeded
from conformance.openapi.fuzzing.relations import is_move
from conformance.openapi.fuzzing.reusing import LIMIT, longest, look, look_into_archive, various
from conformance.openapi.fuzzing.twins import is_create
from conformance.openapi.fuzzing.weighing import has_erred, is_not_there
from conformance.wire.client import SAFE
from conformance.wire.outgoing import ABSENT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.published import Published
    from conformance.openapi.fuzzing.findings import Fuzzed
    from conformance.openapi.fuzzing.questions import Draft
    from conformance.openapi.fuzzing.sending import Sender
    from conformance.openapi.fuzzing.twins import Twins
    from conformance.target.reading import Resource
    from conformance.wire.exchange import Exchange


CREATED = 201
"""RFC 9110: Created."""
AROUND, WITHIN = 6, 8
"""In so many items it is looked what lies within, and so much of that is read one by one."""
AGAIN = 2
"""So often a thing is made under one key, and deleted: the second time it is there, or is no more."""


class Plainly:
    """Asks the plain request of each operation; `twins` are those that were planned, by label, with their answers.

    `alike` are ids of items that wait for an action, by its label: it is refused of one to which it was done.
    """

    def __init__(self, spec: Published, planner: Twins, sender: Sender, fuzzed: Fuzzed) -> None:
        self._spec = spec
        self._planner = planner
        self._sender = sender
        self._fuzzed = fuzzed
        self.twins: dict[str, Twin] = {}
        self.alike: dict[str, Sequence[str]] = {}

    @property
    def cost(self) -> int:
        """How many requests it takes at most to read all back, and to delete a little at the end."""
        return len(self.twins) + AGAIN * STATES_TRIED * sum(map(self._planner.gives_up, self._spec.operations))

    async def ask(self, *, spares: bool) -> None:
        """Ask first what makes something, then what needs no item, then what is done to one; make `spares` of items."""
        made = [one for one in self._spec.operations if is_create(one)]
        read = [one for one in self._spec.operations if "{}" not in one.path and one.method in SAFE]
        others = [one for one in self._spec.operations if one not in made and one not in read]
        for group in (made, read, others):
            for one in group:  # one after the other, before any is sent: what is found must be no matter of speed
                await together([in_own_name(ALLOWED, one.label, self._plan(one))])
            planned = [one for one in group if one.label in self.twins]
            moved = [one for one in planned if moves(one)]
            await together(in_own_name(ALLOWED, one.label, self._ask(one)) for one in planned if one not in moved)
            for one in moved:  # of the same item: which comes first must be no matter of speed either
                await together([in_own_name(ALLOWED, one.label, self._ask(one))])
            if group is made and spares:
                await together(in_own_name(ALLOWED, f"spare {one.label}", self._spare(one)) for one in planned)

    async def _plan(self, operation: Operation) -> None:
        twin = await self._planner.plan(operation)
        if twin is None:
            self._fuzzed.hindered[operation.label] = "no plain request of it may be sent, or can be built"
        else:
            self.twins[operation.label] = twin

    async def _ask(self, operation: Operation) -> None:
        twin = self.twins[operation.label]
        draft = twin.changed(())
        exchange = self._recalled(operation, draft) or await self._sender.send(draft)
        twin = self.twins[operation.label] = self._planner.learn(twin, exchange)
        weigh_plain(twin, self._fuzzed)

    def _recalled(self, operation: Operation, draft: Draft) -> Exchange | None:
        """Recall what the run asked before, unless what was there then may have been deleted since."""
        collection = f"/{operation.path.split('/')[1]}"
        return None if self._spec.find("DELETE", f"{collection}/{{}}") else self._sender.recall(draft)

    async def _spare(self, create: Operation) -> None:
        """Make one more of what actions move."""
        moved = any(is_move(one) and one.path.startswith(f"{create.path}/") for one in self._spec.operations)
        twin = await self._planner.plan(create) if moved and self.twins[create.label].accepted else None
        exchange = await self._sender.send(twin.changed(())) if twin is not None else None
        if exchange is not None:
            self._planner.learn_spare(exchange)

    # reading more ------------------------------------------------------------------------------------------

    async def look(self) -> Mapping[str, Sequence[Resource]]:
        """Give, by path, the items of lists longer than the plain ones, what was there before the run first.

        That is the same in each run.
        """
        served: dict[str, Sequence[Resource]] = {}

        async def look_at(twin: Twin) -> None:
            found: dict[str, Resource] = {}
            identifier = self._planner.identifier(twin.operation.path)
            for question in filter(None, (look(twin), look_into_archive(twin, self._spec.document))):
                draft = twin.changed(question.differences)
                exchange = self._sender.recall(draft) or await self._sender.send(draft)
                if exchange is not None and succeeded(exchange):
                    items = items_of(exchange, identifier)
                    found |= {one["id"]: one for one in items if one["id"] not in found}
            if found:
                served[twin.operation.path] = sorted(found.values(), key=lambda one: self._planner.knows(one["id"]))

        lists = [one for one in self.twins.values() if one.accepted and look(one) is not None]
        await together(in_own_name(ALLOWED, f"look {one.operation.label}", look_at(one)) for one in lists)
        return served

    async def repeat(self) -> None:
        """Make one thing of each kind twice under one Idempotency-Key: a replay is an answer as any other."""

        async def twice(twin: Twin) -> None:
            key = Difference(KEY, self._planner.new_key())
            for _ in range(AGAIN):
                exchange = await self._sender.send(twin.changed([key]))
                if exchange is not None and has_erred(exchange):
                    status = exchange.status
                    sentence = f"sent again under its Idempotency-Key its plainest request gets {status}"
                    self._fuzzed.add(
                        Finding(ERRED, twin.operation, f"again {status}", sentence, exchange, twin.exchange)
                    )

        made = [one for one in self.twins.values() if one.accepted and makes(one)]
        await together(in_own_name(ALLOWED, f"again {one.operation.label}", twice(one)) for one in made)

    async def look_within(self, served: Mapping[str, Sequence[Resource]]) -> None:
        """Read what lies within items, by their lists and one by one: the first item may have nothing in it."""
        inner = [one for one in self._spec.operations if is_read_within(one)]
        await together(in_own_name(ALLOWED, one.label, self._look_within(one, served)) for one in inner)

    async def _look_within(self, read: Operation, served: Mapping[str, Sequence[Resource]]) -> None:
        collection = f"/{read.path.split('/')[1]}"
        lists = self._spec.find("GET", read.path.removesuffix("/{}"))
        around = self.twins.get(lists.label) if lists is not None else None
        if around is None or not around.accepted:
            return
        parents = [str(one["id"]) for one in various(served.get(collection, ()), AROUND)]
        for parent in dict.fromkeys((unquote(around.path.split("/")[2]), *parents)):
            longer = [longest(around)] if LIMIT.name in around.query else []
            within = around.changed([Difference(Slot("path", around.operation.path_names[0]), parent), *longer])
            exchange = await self._sender.send(within)
            found = items_of(exchange, read.path_names[-1]) if exchange is not None and succeeded(exchange) else ()
            for one in various(found, WITHIN):
                path = f"{within.path}/{quote(one['id'], safe='', errors='surrogatepass')}"
                twin = await self._planner.at(read, path)
                if twin is not None:
                    await self._read_within(twin)

    async def _read_within(self, twin: Twin) -> None:
        """Read one; a refusal says little, for its id need not be what its path takes."""
        twin = replace(twin, exchange=await self._sender.send(twin.changed(())))
        if twin.exchange is None or not (twin.accepted or has_erred(twin.exchange)):
            return
        weigh_plain(twin, self._fuzzed)
        known = self.twins.get(twin.operation.label)
        if twin.accepted and not (known and known.accepted):
            self.twins[twin.operation.label] = twin
            self._fuzzed.hindered.pop(twin.operation.label, None)

    async def in_other_states(self, served: Mapping[str, Sequence[Resource]]) -> None:
        """Do to one item of each state what was done to one: what one state refuses another serves, or breaks on."""
        for label, plain in [*self.twins.items()]:
            items = served.get(plain.operation.path.partition("/{}")[0], ())
            for twin in self._planner.in_other_states(plain, items):
                await together([in_own_name(ALLOWED, f"{label} of {twin.path}", self._try(twin, items))])

    async def _try(self, twin: Twin, items: Sequence[Resource]) -> None:
        operation = twin.operation
        twin = replace(twin, exchange=await self._sender.send(twin.changed(())))
        if twin.exchange is not None and (twin.accepted or has_erred(twin.exchange)):
            weigh_plain(twin, self._fuzzed)
        if twin.accepted and moves(operation) and operation.label not in self.alike and twin.body is not ABSENT:
            self.alike[operation.label] = self._planner.alike(twin, items)
        if twin.accepted and not self.twins[operation.label].accepted:
            self.twins[operation.label] = twin
            self._fuzzed.hindered.pop(operation.label, None)

    async def read_back(self) -> None:
        """Read once more what may have been changed: an item may show what no answer to a change has shown."""

        async def read(twin: Twin) -> None:
            question = look(twin)
            await self._sender.send(twin.changed(question.differences if question is not None else ()))

        reads = [one for one in self.twins.values() if one.accepted and one.operation.method == "GET"]
        await together(in_own_name(ALLOWED, f"last {one.operation.label}", read(one)) for one in reads)

    async def delete(self, served: Mapping[str, Sequence[Resource]], chosen: Collection[str] | None) -> None:
        """Delete a little of what was there, where nothing is worth keeping, and again when it is gone.

        `chosen` are the labels of what is to be done, None where all that may be.
        """
        may = [one for one in self._spec.operations if self._planner.gives_up(one)]
        deletes = [one for one in may if chosen is None or one.label in chosen]
        named = self._sender.named() if deletes else ()
        for operation in deletes:
            items = served.get(operation.path.partition("/{}")[0], ())
            for twin in self._planner.given_up(operation, items, named):
                await together([in_own_name(ALLOWED, f"delete {twin.path}", self._delete(twin))])

    async def _delete(self, twin: Twin) -> None:
        for _ in range(AGAIN):
            exchange = await self._sender.send(twin.changed(()))
            if exchange is None:
                return
            if has_erred(exchange):
                weigh_plain(replace(twin, exchange=exchange), self._fuzzed)
            else:
                self._fuzzed.tallies[ERRED, subject_of(twin.operation)].hold(exchange)


def makes(twin: Twin) -> bool:
    """Tell whether a plain request has made something."""
    created = twin.exchange is not None and twin.exchange.status == CREATED
    return twin.operation.method == "POST" and (created or is_create(twin.operation))


def is_read_within(operation: Operation) -> bool:
    """Tell whether an operation reads one of what lies within an item."""
    parts = operation.path.split("/")
    return operation.method == "GET" and [part == "{}" for part in parts[1:]] == [False, True, False, True]


def weigh_plain(twin: Twin, fuzzed: Fuzzed) -> None:
    """Count a plain request that was served, find one that nothing explains, and keep why another is no twin."""
    exchange, operation = twin.exchange, twin.operation
    if exchange is not None and has_erred(exchange):
        sentence = f"its plainest request gets {exchange.status}"
        fuzzed.add(Finding(ERRED, operation, f"plain {exchange.status}", sentence, exchange, None))
        return
    if exchange is None:
        fuzzed.hindered[operation.label] = "its plain request got no answer"
        return
    fuzzed.tallies[ERRED, subject_of(operation)].hold(exchange)
    if succeeded(exchange):
        fuzzed.tallies[ALLOWED, subject_of(operation)].hold(exchange)
    elif is_not_there(twin):
        sentence = f"its plainest request gets {exchange.status}, although the spec describes it"
        fuzzed.add(Finding(ALLOWED, operation, f"plain {exchange.status}", sentence, exchange, None))
    else:
        fuzzed.hindered[operation.label] = f"its plain request gets {exchange.status}"
