"""Random sequences of commands, drawn by Hypothesis and played against a target by the run's event loop.

Hypothesis is synchronous, so whoever plays has a thread, hands each step to the loop and waits for its outcome. Only
who does not wait is at work: Hypothesis shares more between threads than it can bear.
"""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from conformance.contract.observation import TYPES
from conformance.errors import Unanswered
from conformance.judging.verdicts import Violation
from scenarios._model import Act, Command, Fields, View
from scenarios._play import Ground, Play

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from conformance.target.target import Target

STEPS = 9
"""So many rules make a sequence. Each sends a command or two, and looks at what has become of it."""
REQUESTS = 10
"""So many are sent in a sequence at most, but for a last look: what a quick run costs is no matter of luck."""
SECONDS = 20.0
"""After so long no further sequence is begun, nor one made shorter."""
DEEP_SECONDS = 60.0
"""The same under --fuzz deep: on a busy machine, too, it is to play most of its sequences."""
ATTEMPTS = 4
"""So often who plays begins anew where an answer was lost: nobody knows what it did, so nothing can follow."""
PATIENCE = 300.0
"""How long a thread waits for one step, at most: less than for ever, should the loop be gone."""
NAMES = ("first", "second")
DEEP = 40
"""Sequences of each who plays under --fuzz deep; otherwise one."""
DAYS = 3
TAGS = 2


@dataclass(frozen=True, slots=True)
class Failure:
    """A sequence that a target answered otherwise than the model."""

    commands: Sequence[Command]
    breach: Violation
    numbers: Sequence[int]


@dataclass
class Season:
    """What all who play share: whether it is over, and what came of it; `broken` is what ended it early.

    After `seconds` none of them begins another sequence.
    """

    seconds: float = SECONDS
    played: int = 0
    finished: int = 0
    failure: Failure | None = None
    broken: Exception | None = None
    stopped: bool = False
    at_work: threading.Lock = field(default_factory=threading.Lock)
    _began: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be sent."""
        return self.stopped or self.failure is not None

    @property
    def is_late(self) -> bool:
        """Whether no further sequence is to be begun."""
        return self.is_over or time.monotonic() > self._began + self.seconds

    def break_off(self, error: Exception) -> None:
        """End everything for the reason of an error; the first one counts."""
        self.stopped = True
        self.broken = self.broken or error


@dataclass
class Stage:
    """Where one of those who play does so. What is drawn names days and attributes by their places on its ground.

    `name` stands for it where it draws: the days of its ground are others in each run.
    """

    target: Target
    ground: Ground
    season: Season
    name: str = "sequences"
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _begun: int = 0
    _finished: int = 0

    @property
    def sequences(self) -> int:
        """How many sequences to play."""
        return DEEP if self.is_deep else 1

    @property
    def is_deep(self) -> bool:
        """Whether as much is to be played as there is time for."""
        return self.target.settings.is_deep

    def play(self) -> None:
        """Draw sequences and play them until one fails, some at least to their end: to be called in a thread."""
        for attempt in range(ATTEMPTS):
            if not self._finished and not self.season.is_over:
                self._begun = 0
                self._attempt(f"{self.name}{f', attempt {attempt}' if attempt else ''}")

    def _attempt(self, name: str) -> None:
        chance = self.target.random(name).getrandbits(64)
        bounds = settings(
            max_examples=1 + self.sequences,  # the first is the plainest there is, and is not played
            stateful_step_count=STEPS,
            phases=(Phase.generate,),
            database=None,
            deadline=None,
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        stages = [self]
        try:
            with self.season.at_work:
                run_state_machine_as_test(seed(chance)(_machine(stages)), settings=bounds)
        except Exception as error:  # noqa: BLE001  # of a failure it tells in its own way: the season has it all
            if self.season.failure is None:
                self.season.break_off(error)
        finally:
            stages.clear()

    def begins(self) -> bool:
        """Tell whether the next sequence is to be played."""
        self._begun += 1
        return self._begun == 2 or (2 < self._begun <= 1 + self.sequences and not self.season.is_late)

    def ends(self) -> None:
        """Count a sequence that was played to its end."""
        self._finished += 1
        self.season.finished += 1

    def fields(self, drawn: Fields) -> Fields:
        """Put days and attributes in place of their places."""
        fields = dict(drawn)
        if "observation_date" in fields:
            fields["observation_date"] = self.ground.days[fields["observation_date"]]
        if "attribute_ids" in fields:
            fields["attribute_ids"] = [tag for place in fields["attribute_ids"] for tag in self.tags(place)]
        return fields

    def tags(self, place: int) -> Sequence[str]:
        """Give the attribute of a place, if there is one."""
        return self.ground.tags[place : place + 1]

    def do(self, play: Play, command: Command) -> bool:
        """Let the loop send a command; tell whether the sequence can go on. Raises `Violation`."""
        step = asyncio.run_coroutine_threadsafe(play.step(command), self.loop)
        try:
            with self._waiting():
                step.result(PATIENCE)
        except Violation as breach:
            self.season.failure = self.season.failure or Failure(play.commands, breach, play.numbers)
            raise
        except Unanswered:
            return False
        except Exception as error:  # noqa: BLE001  # raised again by who waits for the season's end
            self.season.break_off(error)
            return False
        return True

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        self.season.at_work.release()
        try:
            yield
        finally:
            self.season.at_work.acquire()


@contextmanager
def only_seeded() -> Iterator[None]:
    """Let Hypothesis draw from seeds alone for the length of the block.

    It would read the source of all modules that are loaded for constants to draw, too, and write them into a folder:
    a second's work, a folder that nobody asked for, and other draws wherever other modules are loaded.
    """
    name = "_get_local_constants"
    before, found = getattr(providers, name), providers._local_constants  # noqa: SLF001  # there is no setting for it
    setattr(providers, name, lambda: found)
    try:
        yield
    finally:
        setattr(providers, name, before)


_TEXT = st.sampled_from(["One.", "Two.", "Drei, δύο, три.", "四。"])
_OPTIONAL = _TEXT | st.none()
_PLACES = st.integers(0, DAYS - 1)
_FREE: dict[str, st.SearchStrategy[Any]] = {
    "impact": _OPTIONAL,
    "recommended_action": _OPTIONAL,
    "attribute_ids": st.lists(st.integers(0, TAGS - 1), unique=True),
}
_CREATED = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES), "observation": _TEXT, "observation_date": _PLACES}, optional=_FREE
)
_PATCHABLE = {"observation": _TEXT, **_FREE}
_CHANGED = st.one_of(
    *(
        st.fixed_dictionaries(
            {one: _PATCHABLE[one]}, optional={name: _PATCHABLE[name] for name in _PATCHABLE if name != one}
        )
        for one in _PATCHABLE
    )
)
_SORTS = (None, "created_at", "-created_at", "observation_date", "-observation_date")
_LOOK = st.none() | st.fixed_dictionaries(
    {
        "narrowed_by": st.sets(st.sampled_from(["day", "type", "attribute"])),
        "archived": st.sampled_from([None, None, "false", "true", "all"]),
        "sort": st.sampled_from(_SORTS),
        "limit": st.sampled_from([100, 1]),
    }
)
_DEEDS = ("update", "update an active one", "move", "move and insist", "replay", "reuse")


class Sequences(RuleBasedStateMachine):
    """A sequence: each rule is a command or two, and whether they are answered as they must be, the model knows.

    Few values are drawn, and of few observations, so that they meet again; and commands that are refused are fewer
    than those that change something.
    """

    documents = Bundle("documents")

    def __init__(self, stage: Stage, *, idle: bool) -> None:
        super().__init__()
        self._stage = stage
        self._play = Play(stage.target, stage.ground)
        self._left = list(NAMES)
        self._idle = idle
        stage.season.played += not idle

    def _do(self, command: Command, look: Fields | None = None) -> None:
        """Send a command, and look at what has become of what it is about: in a list, or where no answer shows it."""
        self._send(command)
        document = self._play.document(command.name)
        if document is not None and look is not None:
            self._send(Command(Act.LIST, view=self._view(document.fields, **look)))
        elif not self._play.shows_state:
            self._send(Command(Act.READ, command.name))

    def _send(self, command: Command, *, at_the_end: bool = False) -> None:
        self._idle = self._idle or self._stage.season.is_over
        may_go_on = at_the_end or self._stage.is_deep or len(self._play.numbers) < REQUESTS
        if not self._idle and may_go_on:
            self._idle = not self._stage.do(self._play, command)

    def _view(self, fields: Fields, narrowed_by: Collection[str], **more: Any) -> View:  # noqa: ANN401  # fields of View
        days = [fields["observation_date"]] if "day" in narrowed_by else self._stage.ground.days
        kind = fields["type"] if "type" in narrowed_by else None
        tag = next(iter(fields["attribute_ids"]), None) if "attribute" in narrowed_by else None
        return View(days[0], days[-1], kind, attribute_id=tag, **more)

    def _create(self, drawn: Fields, look: Fields | None) -> str:
        name = self._left.pop(0)
        self._do(Command(Act.CREATE, name, self._stage.fields(drawn)), look)
        return name

    def _is_archived(self, name: str) -> bool:
        document = self._play.document(name)
        return document is not None and document.archived

    @initialize(target=documents, drawn=_CREATED, look=_LOOK)
    def create_the_first(self, drawn: Fields, look: Fields | None) -> str:
        """Create one to begin with."""
        return self._create(drawn, look)

    @precondition(lambda self: self._left)
    @rule(target=documents, drawn=_CREATED, look=_LOOK)
    def create(self, drawn: Fields, look: Fields | None) -> str:
        """Create another."""
        return self._create(drawn, look)

    @rule(name=documents, deed=st.sampled_from(_DEEDS), drawn=_CHANGED, look=_LOOK)
    def do(self, name: str, deed: str, drawn: Fields, look: Fields | None) -> None:
        """Do something to one: a single rule, for of several Hypothesis would leave some out of each sequence."""
        changed = self._stage.fields(drawn)
        match deed:
            case "update":
                self._do(Command(Act.UPDATE, name, changed), look)
            case "update an active one":
                if self._is_archived(name):
                    self._send(Command(Act.RESTORE, name))
                self._do(Command(Act.UPDATE, name, changed), look)
            case "move":
                self._do(self._move(name), look)
            case "move and insist":
                move = self._move(name)
                self._send(move)
                self._do(move, look)
            case "replay":
                self._do(Command(Act.REPLAY, name), look)
            case "reuse":
                self._do(Command(Act.REUSE, name, {"observation": f"Another payload of the {name}."}), look)

    def _move(self, name: str) -> Command:
        """Into the archive, or out of it."""
        return Command(Act.RESTORE if self._is_archived(name) else Act.ARCHIVE, name)

    def teardown(self) -> None:
        """Read all that there is by now."""
        for name in (one for one in NAMES if self._play.document(one) is not None):
            self._send(Command(Act.READ, name), at_the_end=True)
        if not self._idle:
            self._stage.ends()


def _machine(stages: Sequence[Stage]) -> type[RuleBasedStateMachine]:
    """Give what Hypothesis makes an instance of for each sequence on a stage.

    It comes in a list of its own, to be emptied in the end: Hypothesis keeps the classes of all machines for ever.
    """

    class Staged(Sequences):
        def __init__(self) -> None:
            super().__init__(stages[0], idle=not stages[0].begins())

    return Staged
