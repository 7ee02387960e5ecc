"""Passive scenarios: judged on every exchange of the run, never on none."""

from __future__ import annotations

import inspect
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

SIGHTS = {
    "OBS": "Let the organization have an observation that the key may read, or the key make one.",
    "ERR-03": "Run without --read-only, with a key that may write observations and an employee to write about.",
    "AUT-09": "Set PB_OTHER_ORG_API_KEY, and let both keys read their session and write observations.",
    "HDR-08": "Give --spend-quota: no 429 and no 503 was seen.",
}
"""What to give where a rule, or a family of rules, had nothing to judge."""
ANYTHING = "Give the key more scopes, or the organization more data."
SHOWN = 5
"""So many breaching exchanges are cited at most, of different operations first: one cause, not hundreds of rows."""


async def judge(scenario: Scenario, target: Target, numbers: list[int]) -> str:
    """Judge all answered exchanges so far, after the tour has made sure that there are some of every kind.

    What was asked beside the base URL is no answer of the API. Puts into `numbers` only the exchanges that the verdict
    rests on. Raises `NotJudged` where none applied.
    """
    with suppress(TargetError, Missing):  # a tour that was cut short leaves what was seen to be judged
        await tour(target)
    exchanges = target.client.recorder.exchanges
    answered = [one for one in exchanges if one.response is not None and not one.request.beside]
    numbers.clear()
    try:
        told = await _told(scenario, answered, numbers)
    except Violation as breach:
        breach.exchanges = breach.exchanges[:SHOWN]
        raise
    if not told:
        hint = SIGHTS.get(scenario.rule.id) or SIGHTS.get(scenario.rule.family, ANYTHING)
        raise NotJudged("no exchange of the run had anything to judge", hint=hint)
    return told if isinstance(told, str) else f"held on all {told} exchanges that it applies to"


async def _told(scenario: Scenario, answered: Sequence[Exchange], numbers: list[int]) -> int | str:
    """Judge exchanges, also by a scenario that takes its time."""
    if not inspect.iscoroutinefunction(scenario.function):
        return judged(scenario, answered, numbers)
    told: str = await scenario.function(answered, *scenario.subjects)
    return told


def judged(scenario: Scenario, answered: Sequence[Exchange], numbers: list[int]) -> int | str:
    """Judge exchanges; return to how many of them the rule applied, or what a scenario says of them in a sentence.

    Raises one `Violation` for all breaches together, and puts into `numbers` those that it cites.
    """
    if scenario.parameter == "exchanges":
        told = scenario.function(answered, *scenario.subjects)
        return told if isinstance(told, str) else int(told)
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
