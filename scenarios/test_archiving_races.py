"""ARC-08: archives and restores that are sent at the same time (observations › Archive, Restore)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.expect import error_of, expect
from conformance.judging.scenario import judges
from conformance.target.reading import read_resource
from conformance.wire.outgoing import Ask
from scenarios._racing import AT_ONCE, ROUNDS, answered, is_race, play, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


@judges("ARC-08", over=("archive", "restore"))
async def test_of_simultaneous_actions_exactly_one_succeeds(target: Target, action: str) -> str:
    """Of several archives (restores) that arrive together one gets 200 and every other 409 conflict, in each round."""
    made = await target.make()
    path = f"/observations/{made.id}"

    async def round_() -> bool:
        await _bring(target, made.id, archived=action == "restore")
        return _decided(await target.race([Ask("POST", f"{path}/{action}")] * AT_ONCE), action)

    await play(round_)
    return f"in {ROUNDS} rounds of {AT_ONCE} at once one {action} got 200, the others 409"


async def _bring(target: Target, observation_id: str, *, archived: bool) -> None:
    """See to it that it is archived, or is not; it may be already, after a round of which answers were lost."""
    if bool((await target.read(observation_id)).get("archived_at")) is not archived:
        read_resource(await (target.archive if archived else target.restore)(observation_id))


def _decided(exchanges: Sequence[Exchange], action: str) -> bool:
    """Expect of the answers to a race what the documents promise; tell whether there were enough of them."""
    heard = answered(exchanges)
    won = [one for one in heard if one.status == 200]
    lost = [one for one in heard if (one.status, error_of(one).get("code")) == (409, "conflict")]
    complete = len(heard) == len(exchanges)
    expect(
        len(won) <= 1 and len(won) + len(lost) == len(heard) and (won or not complete),
        f"of {len(exchanges)} simultaneous requests to {action}, {len(won)} got 200",
        expected="one 200, every other 409 conflict",
        observed=told(exchanges),
    )
    return bool(won) and is_race(exchanges)
