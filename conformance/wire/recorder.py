"""The run's memory: every exchange, redacted before it is kept, numbered in order of completion."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from conformance.wire.exchange import Attempt, Exchange, Request, Response
from conformance.wire.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_trails: ContextVar[tuple[tuple[Recorder, list[int]], ...]] = ContextVar("trails", default=())
"""The open trails of the current task, outermost first. Tasks that it starts add to the same lists."""


class Recorder:
    """Keep exchanges, append-only; tell subscribers of each; let a check collect the ones it made.

    What is kept is redacted, so nothing that reads a recorder (a judge, a report) can leak a secret.
    """

    def __init__(self, redactor: Redactor | None = None) -> None:
        self._redactor = redactor or Redactor({})
        self._exchanges: list[Exchange] = []
        self._subscribers: list[Callable[[Exchange], None]] = []

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges so far, by number."""
        return tuple(self._exchanges)

    @property
    def redactor(self) -> Redactor:
        """What is used to take secrets out; also for texts that the recorder does not keep."""
        return self._redactor

    def __len__(self) -> int:
        return len(self._exchanges)

    def __getitem__(self, number: int) -> Exchange:
        if not 1 <= number <= len(self._exchanges):
            raise KeyError(number)
        return self._exchanges[number - 1]

    def protect(self, secrets: Mapping[str, str]) -> None:
        """Take more secrets out from now on, shown by their names (environment variables)."""
        self._redactor = self._redactor.plus(secrets)

    def record(
        self, request: Request, response: Response | None, attempts: Sequence[Attempt], *, asked_by: str = ""
    ) -> Exchange:
        """Redact, number and keep an exchange, add it to the open trails and tell the subscribers."""
        clean = self._redactor
        exchange = Exchange(
            number=len(self._exchanges) + 1,
            request=clean.request(request),
            response=clean.response(response) if response else None,
            attempts=tuple(clean.attempt(attempt) for attempt in attempts),
            asked_by=clean.text(asked_by),
            repeats_key=clean.repeats_key(request, response),
        )
        self._exchanges.append(exchange)
        self.cite([exchange.number])
        for subscriber in tuple(self._subscribers):
            subscriber(exchange)
        return exchange

    def subscribe(self, subscriber: Callable[[Exchange], None]) -> Callable[[], None]:
        """Call `subscriber` with every exchange from now on; give back what ends that."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    @contextmanager
    def trail(self) -> Iterator[list[int]]:
        """Collect the numbers of what this task, and the tasks it starts, exchange inside the block."""
        numbers: list[int] = []
        token = _trails.set((*_trails.get(), (self, numbers)))
        try:
            yield numbers
        finally:
            _trails.reset(token)

    @property
    def steps(self) -> int:
        """How many exchanges the innermost open trail holds: how far the current conversation has come."""
        return next((len(trail) for owner, trail in reversed(_trails.get()) if owner is self), 0)

    def cite(self, numbers: Iterable[int]) -> None:
        """Add exchanges that were made elsewhere (shared evidence) to all open trails, each once."""
        cited = tuple(numbers)
        for owner, trail in _trails.get():
            if owner is self:
                trail.extend(number for number in dict.fromkeys(cited) if number not in trail)
