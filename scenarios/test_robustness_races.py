"""ROB-05: updates of one observation that are sent at the same time (observations › Update)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.judging.expect import expect
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked
from conformance.target.discovery import known_attributes
from conformance.wire.outgoing import Ask
from scenarios._limits import TEXTS
from scenarios._racing import AT_ONCE, ROUNDS, is_race, play, refused_to_hear, told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Made, Target
    from conformance.wire.exchange import Exchange

    Updates = Callable[[int], Sequence[Resource]]


@dataclass(frozen=True, slots=True)
class _Round:
    """Updates that were sent together, and what was answered to each."""

    sent: Sequence[Resource]
    exchanges: Sequence[Exchange]

    @property
    def accepted(self) -> list[Resource]:
        """The updates that were answered with 200."""
        return [sent for sent, one in zip(self.sent, self.exchanges, strict=True) if one.status == 200]

    @property
    def unknown(self) -> list[Resource]:
        """The updates of which nobody knows whether they were done: no answer came, or the server erred."""
        pairs = zip(self.sent, self.exchanges, strict=True)
        return [sent for sent, one in pairs if (one.status or 500) >= 500 and not refused_to_hear(one)]


@judges("ROB-05")
async def test_simultaneous_updates_of_the_same_fields_are_not_mixed(target: Target) -> str:
    """Each changes all texts together: afterwards they are those of one update that was accepted, in each round."""
    made = await target.make(impact="Before.", recommended_action="Before.")

    def updates(number: int) -> Sequence[Resource]:
        texts = (f"{made.sent['observation']} Update {place} of round {number}." for place in range(1, AT_ONCE + 1))
        return [dict.fromkeys(TEXTS, text) for text in texts]

    return await _race(target, made, (updates, _expect_one))


@judges("ROB-05")
async def test_simultaneous_updates_of_different_fields_all_last(target: Target) -> str:
    """Each changes one field: afterwards all that were accepted are there, since no order of them loses any."""
    tags = [[one] for one in await known_attributes(target, 2)]
    choices = tags if len(tags) != 1 else [*tags, []]
    made = await target.make(impact="Before.", recommended_action="Before.", attribute_ids=choices[0] if tags else [])

    def updates(number: int) -> Sequence[Resource]:
        whole = {name: f"{made.sent['observation']} Its {name} of round {number}." for name in TEXTS}
        tagged = {"attribute_ids": choices[number % 2]} if choices else {}
        return _rotated([{name: value} for name, value in (whole | tagged).items()], number)

    return await _race(target, made, (updates, _expect_all))


def _rotated(updates: Sequence[Resource], by: int) -> Sequence[Resource]:
    """Let another one go first in each round: many a server takes them in the order in which they come."""
    return [*updates[by:], *updates[:by]]


async def _race(target: Target, made: Made, game: tuple[Updates, Callable[[Resource, _Round], None]]) -> str:
    """Play rounds of updates and check what is read after each; say how many were accepted."""
    updates, check = game
    rounds: list[_Round] = []

    async def round_() -> bool:
        sent = updates(len(rounds) + 1)
        path = f"/observations/{made.id}"
        rounds.append(_Round(sent, await target.race([Ask("PATCH", path, json=one) for one in sent])))
        if rounds[-1].accepted:
            check(await target.read(made.id), rounds[-1])
        return is_race(rounds[-1].exchanges)

    await play(round_)
    accepted = sum(len(one.accepted) for one in rounds)
    if not accepted:
        raise Blocked(f"no simultaneous update was accepted: {told(rounds[-1].exchanges)}")
    return f"in {ROUNDS} rounds {accepted} updates were accepted, and some order of them explains each state read"


def _expect_one(state: Resource, played: _Round) -> None:
    """Expect the texts of one update; a refused one is none of them."""
    texts = [[one[name] for name in TEXTS] for one in (*played.accepted, *played.unknown)]
    observed = [state.get(name) for name in TEXTS]
    expect(
        observed in texts,
        f"after simultaneous updates {', '.join(TEXTS)} are those of no accepted update",
        expected=f"one of {texts}",
        observed={"read": observed, "answers": told(played.exchanges)},
    )


def _expect_all(state: Resource, played: _Round) -> None:
    """Expect every accepted field; a partial update leaves the fields of others alone."""
    lost = {
        name: {"sent": value, "read": state.get(name, "(absent)")}
        for one in played.accepted
        for name, value in one.items()
        if state.get(name, ...) != value
    }
    expect(
        not lost,
        f"simultaneous updates of different fields were accepted, and {', '.join(lost)} was lost",
        expected="every accepted change",
        observed={"lost": lost, "answers": told(played.exchanges)},
    )
