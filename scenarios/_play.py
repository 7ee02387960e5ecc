"""Playing a sequence of commands against a target, and holding every answer against the model of the documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.errors import Refused
from conformance.judging.expect import error_of, expect_resource, expect_same, shown
from conformance.judging.verdicts import Violation
from conformance.target.instants import instant
from conformance.target.reading import read_resource
from conformance.target.target import OBSERVATIONS
from scenarios._model import Act, Command, Document, Expected, Fields, Model

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

    from conformance.target.reading import Resource, Walk
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

PAGES = 10
"""So many pages of a list are read."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What sequences are played on: a person, up to two attributes, and days that hold next to nothing else."""

    employee_id: str
    tags: tuple[str, ...]
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """An observation of a sequence: its id, and how it was created."""

    id: str
    body: Fields
    key: str

    @property
    def path(self) -> str:
        return f"{OBSERVATIONS}/{self.id}"


class Play:
    """One sequence. `commands` are those played so far, `numbers` the exchanges that they took.

    `shows_state` tells whether the last answer showed what its observation is by now.
    """

    def __init__(self, target: Target, ground: Ground) -> None:
        self.commands: list[Command] = []
        self.numbers: list[int] = []
        self.shows_state = True
        self._target = target
        self._ground = ground
        self._model = Model()
        self._made: dict[str, _Made] = {}
        self._last: dict[str, Resource] = {}
        self._marks: dict[str, str] = {}

    def document(self, name: str) -> Document | None:
        """Give an observation as it must be by now; None where it was never created."""
        return self._model.documents.get(name)

    async def step(self, command: Command) -> None:
        """Send a command and expect what the model does.

        Raises `Violation` where the answer is another, `Refused` where a valid create is not accepted at all, and what
        `Target.send` raises.
        """
        self.commands.append(command)
        with self._target.client.recorder.trail() as numbers:
            try:
                await self._step(self._marked(command))
            finally:
                self.numbers += numbers

    async def _step(self, command: Command) -> None:
        expected = self._model.expect(command)
        self.shows_state = expected.document is not None
        if command.act is Act.LIST:
            await self._list(command, expected)
            return
        exchange = await self._send(command)
        self._check_status(command, expected, exchange)
        if expected.document is not None:
            self._check_document(command.name, expected.document, expect_resource(exchange, *expected.statuses))
        if command.act is Act.REPLAY and read_resource(exchange).get("id") != self._made[command.name].id:
            raise _breach(command, f"the id of the {command.name}", shown(exchange))

    def _marked(self, command: Command) -> Command:
        """Let the text of an observation say whose it is (`Target.marker`)."""
        if "observation" not in command.fields:
            return command
        mark = self._marks.setdefault(command.name, self._target.marker())
        return replace(command, fields={**command.fields, "observation": f"{command.fields['observation']} {mark}"})

    async def _send(self, command: Command) -> Exchange:
        if command.act is Act.CREATE:
            return await self._create(command)
        made, target = self._made[command.name], self._target
        asks: Mapping[Act, Callable[[], Awaitable[Exchange]]] = {
            Act.READ: lambda: target.get(made.path),
            Act.UPDATE: lambda: target.patch(made.path, json=dict(command.fields)),
            Act.ARCHIVE: lambda: target.archive(made.id),
            Act.RESTORE: lambda: target.restore(made.id),
            Act.REPLAY: lambda: target.create(dict(made.body), key=made.key),
            Act.REUSE: lambda: target.create({**made.body, **command.fields}, key=made.key),
        }
        return await asks[command.act]()

    async def _create(self, command: Command) -> Exchange:
        key = self._target.chance.uuid()
        body = {"employee_id": self._ground.employee_id, **command.fields}
        exchange = await self._target.create(body, key=key)
        if exchange.status != 201:  # OBC-01 judges that
            raise Refused(f"a valid create was answered with {exchange.status}, not with 201", exchange=exchange)
        self._made[command.name] = _Made(str(read_resource(exchange)["id"]), body, key)
        return exchange

    def _check_status(self, command: Command, expected: Expected, exchange: Exchange) -> None:
        code = error_of(exchange).get("code")
        if exchange.status not in expected.statuses or (expected.code and code != expected.code):
            raise _breach(command, expected.words, shown(exchange))

    def _check_document(self, name: str, document: Document, resource: Resource) -> None:
        """Expect the fields of a document; of what the server sets, that it keeps or moves as it must."""
        expect_same(resource, {"id": self._made[name].id, "employee_id": self._ground.employee_id, **document.fields})
        last = self._last.get(name, resource)
        kept = {"created_at": last.get("created_at")}
        if document.archived and last.get("archived_at"):
            kept["archived_at"] = last["archived_at"]
        expect_same(resource, kept)
        if bool(resource.get("archived_at")) is not document.archived:
            wanted = "a date-time" if document.archived else "null"
            raise Violation(f"archived_at is not {wanted}", expected=wanted, observed=resource.get("archived_at"))
        before, now = instant(last.get("updated_at")), instant(resource.get("updated_at"))
        if before and now and now < before:
            raise Violation("updated_at went back", expected=f"{before} or later", observed=resource["updated_at"])
        self._last[name] = resource

    async def _list(self, command: Command, expected: Expected) -> None:
        """Look until the list is as it must be, or the settling time is over: it may lag behind the writes."""
        told: list[Violation] = []

        async def is_right() -> bool:
            told.clear()
            walk = await self._walk(command)
            try:
                self._check_list(command, expected, walk)
            except Violation as breach:
                told.append(breach)
            return not told

        await self._target.eventually(is_right)
        if told:
            raise told[0]

    async def _walk(self, command: Command) -> Walk:
        query = command.view.query(self._ground.employee_id) if command.view else []
        try:
            return await self._target.walk(OBSERVATIONS, query, at_most=PAGES)
        except Refused as refused:
            answer = shown(refused.exchange) if refused.exchange is not None else refused.message
            raise _breach(command, "200 and a page", answer) from None

    def _check_list(self, command: Command, expected: Expected, walk: Walk) -> None:
        names = {made.id: name for name, made in self._made.items()}
        ours = [item for item in walk.items if item.get("id") in names]
        listed = [names[item["id"]] for item in ours]
        if sorted(listed) != sorted(expected.names) and not _may_follow(listed, expected.names, walk):
            raise _breach(command, _named(expected.names), _named(listed))
        for item in ours:
            self._check_document(names[item["id"]], self._model.documents[names[item["id"]]], item)
        if command.view is not None and not command.view.in_order(ours):
            raise _breach(command, f"sorted by {command.view.sort or '-observation_date'}", ours)


def _may_follow(listed: Sequence[str], names: Collection[str], walk: Walk) -> bool:
    """Tell whether what is missing of a list may stand on a page that was not read: days fill up."""
    is_cut_off = not walk.ended and len(walk.pages) == PAGES
    return is_cut_off and len({*listed}) == len(listed) and {*listed} <= {*names}


def _breach(command: Command, expected: str, observed: Any) -> Violation:  # noqa: ANN401  # any JSON value
    return Violation(f"{command.words} is answered otherwise than by the model", expected=expected, observed=observed)


def _named(names: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(f"the {name}" for name in sorted(names)) or "none of the sequence's"
