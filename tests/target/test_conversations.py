"""A conversation that broke off is begun again, within bounds; what was answered is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest

from conformance.errors import Refused, TargetError, Unanswered
from conformance.target.conversations import BEGINNINGS, FRESH_STARTS, Conversations
from conformance.wire.exchange import Attempt, Exchange, Request

if TYPE_CHECKING:
    from conformance.target.target import Target
    from tests.target.conftest import Ask, Open

import httpx

Talk: TypeAlias = Callable[[], object]


def broken(seconds: float = 0.1) -> Unanswered:
    """Make the error of a request whose connection broke after so many seconds."""
    request = Request("PATCH", "http://t.test/observations/obs_1", "/observations/obs_1")
    return Unanswered("gone", exchange=Exchange(1, request, None, (Attempt(0.0, seconds, None, "gone"),)))


class Talker:
    """Ends with these errors one after another, then with the number of its beginnings."""

    def __init__(self, *errors: TargetError) -> None:
        self.errors = list(errors)
        self.begun = 0

    async def __call__(self) -> int:
        """Talk once."""
        self.begun += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.begun


def test_a_broken_conversation_is_begun_again() -> None:
    """Until it gets to its end."""
    assert asyncio.run(Conversations(slow=10).hold(Talker(broken(), broken()))) == 3


def test_there_is_an_end_to_it() -> None:
    """Where it breaks again and again, that is how it ends."""
    talker = Talker(*(broken() for _ in range(9)))
    with pytest.raises(Unanswered):
        asyncio.run(Conversations(slow=10).hold(talker))
    assert talker.begun == BEGINNINGS


@pytest.mark.parametrize("error", [Refused("no"), broken(seconds=10.0)], ids=["an answer", "silence"])
def test_what_would_come_again_is_not_asked_again(error: TargetError) -> None:
    """An answer stands, and who was silent for the whole time may be so again."""
    talker = Talker(error)
    with pytest.raises(TargetError):
        asyncio.run(Conversations(slow=10).hold(talker))
    assert talker.begun == 1


def test_a_run_has_so_many_fresh_starts() -> None:
    """A target that breaks everything costs no more than that."""
    talkers = [Talker(*(broken() for _ in range(9))) for _ in range(FRESH_STARTS)]

    async def talk() -> None:
        conversations = Conversations(slow=10)
        for talker in talkers:
            with pytest.raises(Unanswered):
                await conversations.hold(talker)

    asyncio.run(talk())
    assert sum(talker.begun for talker in talkers) == len(talkers) + FRESH_STARTS


def test_evidence_that_was_given_up_is_not_asked_for_again() -> None:
    """Whoever builds on it ends as it did, at once."""
    error = broken()

    async def talk() -> int:
        conversations = Conversations(slow=10)
        with pytest.raises(Unanswered):
            await conversations.hold(Talker(*(broken() for _ in range(BEGINNINGS - 1)), error))
        asker = Talker(error)
        with pytest.raises(Unanswered):
            await conversations.hold(asker)
        return asker.begun

    assert asyncio.run(talk()) == 1


def test_shared_evidence_is_gathered_anew_on_data_of_its_own(answering: Open, ask: Ask) -> None:
    """The value is that of the conversation that got to its end, and only its exchanges are cited."""
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        if asked.count("PATCH") == 1 and request.method == "PATCH":
            raise httpx.ReadError("gone")
        return httpx.Response(201 if request.method == "POST" else 200, json={"id": f"obs_{len(asked)}"})

    async def change(target: Target) -> str:
        made = await target.make(employee_id="emp_1")
        await target.patch(f"/observations/{made.id}", json={"impact": "Changed."})
        return made.id

    async def share(target: Target) -> tuple[str, list[int]]:
        with target.client.recorder.trail() as numbers:
            return await target.once("a change", lambda: change(target)), numbers

    assert ask(answering(handler), share) == ("obs_3", [3, 4])
