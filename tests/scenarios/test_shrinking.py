"""A failing sequence is made as short as its failure allows, and never longer or lawless."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.judging.shortening import Shortened
from scenarios._model import Act, Command, View
from scenarios._shrinking import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BODY = {"type": "strength", "observation": "One.", "observation_date": "1999-03-02"}
FIRST, SECOND = (Command(Act.CREATE, name, {**BODY, "impact": "Much."}) for name in ("first", "second"))
READ, ARCHIVE, RESTORE = (Command(act, "first") for act in (Act.READ, Act.ARCHIVE, Act.RESTORE))
UPDATE = Command(Act.UPDATE, "first", {"impact": "Two.", "observation": "Three."})
OTHER = Command(Act.ARCHIVE, "second")


def shortened(
    commands: Sequence[Command], fails: Callable[[Sequence[Command]], object]
) -> tuple[Shortened[Command], int]:
    """Shorten a sequence whose beginning fails as soon as `fails` says so; give the outcome, and how often it asked."""
    asked: list[Sequence[Command]] = []

    async def play(candidate: Sequence[Command]) -> Sequence[Command] | None:
        asked.append(candidate)
        for end in range(1, len(candidate) + 1):
            if fails(candidate[:end]):
                return candidate[:end]
        return None

    return asyncio.run(shorten(commands, play)), len(asked)


def acts(commands: Sequence[Command]) -> list[Act]:
    """Name what is done."""
    return [command.act for command in commands]


def test_what_does_not_matter_is_left_out() -> None:
    """A failure of the second archive needs the first, and a restore between."""
    whole = [FIRST, READ, UPDATE, ARCHIVE, READ, RESTORE, UPDATE, READ, ARCHIVE]
    found, _ = shortened(whole, lambda commands: acts(commands).count(Act.ARCHIVE) == 2)
    assert acts(found.steps) == [Act.CREATE, Act.ARCHIVE, Act.ARCHIVE]
    assert found.again


def test_nothing_is_asked_of_what_is_not_created() -> None:
    """Without its create, all that is about an observation goes."""
    found, _ = shortened([FIRST, SECOND, OTHER, READ, ARCHIVE], lambda commands: ARCHIVE in commands)
    assert acts(found.steps) == [Act.CREATE, Act.ARCHIVE]


def test_what_is_left_is_plain() -> None:
    """Updates of one field, creates of the required ones, and lists that are narrowed by no more than it takes."""
    listed = Command(Act.LIST, view=View("1999-03-01", "1999-03-03", type="strength", sort="created_at", limit=1))
    found, _ = shortened(
        [FIRST, UPDATE, listed],
        lambda commands: (
            any(one.view is not None and one.view.type for one in commands)
            and any("observation" in one.fields for one in commands if one.act is Act.UPDATE)
        ),
    )
    assert [dict(one.fields) for one in found.steps] == [BODY, {"observation": "Three."}, {}]
    assert found.steps[-1].view == View("1999-03-01", "1999-03-03", type="strength")


def test_what_fails_once_is_not_shortened() -> None:
    """It is asked for once more, and that is all."""
    found, asked = shortened([FIRST, READ], lambda _: False)
    assert (found, asked) == (Shortened([FIRST, READ], again=False), 1)


def test_a_failure_that_comes_earlier_ends_there() -> None:
    """What follows the failure is no part of it."""
    found, _ = shortened([FIRST, READ, ARCHIVE], lambda commands: READ in commands)
    assert acts(found.steps) == [Act.CREATE, Act.READ]
