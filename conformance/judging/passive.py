"""Passive scenarios: judged on every exchange of the run, never on none."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from conformance.errors import Missing, TargetError
from conformance.judging.verdicts import NotJudged, Violation
from conformance.target.tour import tour

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.judging.scenario import Scenario
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

SHOWN = 5
"""So many breaching exchanges are cited at most, of different operations first: one cause, not hundreds of rows."""


async def judge(scenario: Scenario, target: Target, numbers: list[int]) -> str:
    """Judge all answered exchanges so far, after the tour has made sure that there are some of every kind.

    Puts into `numbers` only the exchanges that the verdict rests on. Raises `NotJudged` where none applied.
    """
    with suppress(TargetError, Missing):  # a tour that was cut short leaves what was seen to be judged
        await tour(target)
    answered = [exchange for exchange in target.client.recorder.exchanges if exchange.response is not None]
    numbers.clear()
    try:
        count = _judged(scenario, answered, numbers)
    except Violation as breach:
        breach.exchanges = breach.exchanges[:SHOWN]
        raise
    if not count:
        raise NotJudged("no exchange of the run had anything to judge")
    return f"held on all {count} exchanges that it applies to"


def _judged(scenario: Scenario, answered: Sequence[Exchange], numbers: list[int]) -> int:
    if scenario.parameter == "exchanges":
        return int(scenario.function(answered))
    return _judge_each(scenario.function, answered, numbers)


def _judge_each(function: Callable[[Exchange], bool], answered: Sequence[Exchange], numbers: list[int]) -> int:
    count = 0
    breaches: list[tuple[Exchange, Violation]] = []
    for exchange in answered:
        try:
            count += bool(function(exchange))
        except Violation as breach:
            breaches.append((exchange, breach))
    if breaches:
        numbers.extend(exchange.number for exchange in _exemplary([exchange for exchange, _ in breaches]))
        raise _together(breaches, count + len(breaches))
    return count


def _exemplary(breaching: Sequence[Exchange]) -> Sequence[Exchange]:
    """Pick a few, of different operations and statuses first."""
    kinds: dict[tuple[str, str, int | None], Exchange] = {}
    for exchange in breaching:
        kinds.setdefault((exchange.method, exchange.path.split("/")[1], exchange.status), exchange)
    picked = [*kinds.values(), *(one for one in breaching if one not in kinds.values())]
    return picked[:SHOWN]


def _together(breaches: Sequence[tuple[Exchange, Violation]], judged: int) -> Violation:
    first_exchange, first = breaches[0]
    where = f"{first_exchange.method} {first_exchange.request.target}, {first_exchange.status}"
    return Violation(
        f"{first.message} ({len(breaches)} of {judged} exchanges, first: {where})",
        expected=first.expected,
        observed=first.observed,
    )
