"""IDM-08: retries of one create that are sent at the same time (overview › Idempotency keys for POSTs)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conformance.judging.expect import error_of, expect
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked
from conformance.target.target import OBSERVATIONS
from conformance.wire.outgoing import Ask
from scenarios._idempotency import id_of, key_window, written
from scenarios._racing import AT_ONCE, ROUNDS, answered, is_race, play, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

MADE = frozenset({200, 201})


@judges("IDM-08")
async def test_simultaneous_retries_leave_exactly_one_resource(target: Target) -> str:
    """Of creates that arrive together under one key each answers with the one resource or 409 conflict."""
    texts: set[str] = set()

    async def round_() -> bool:
        body = await target.body(observation_date=key_window(target).day(1))
        texts.add(body["observation"])
        create = Ask("POST", OBSERVATIONS, json=body, headers={"Idempotency-Key": target.chance.uuid()})
        return _decided(await target.race([create] * AT_ONCE))

    await play(round_)
    await _expect_one_of_each(target, texts)
    return f"{ROUNDS} rounds of {AT_ONCE} at once left one observation each"


def _decided(exchanges: Sequence[Exchange]) -> bool:
    """Expect one resource of the answers to a race; tell whether there were enough of them."""
    heard = answered(exchanges)
    made = {id_of(one) for one in heard if one.status in MADE}
    conflicts = [one for one in heard if (one.status, error_of(one).get("code")) == (409, "conflict")]
    rest = [one for one in heard if one.status not in MADE and one not in conflicts]
    if rest and not made:
        raise Blocked(f"none of {len(exchanges)} simultaneous creates succeeded: {told(exchanges)}")
    expect(
        len(made) <= 1 and not rest and (made or len(heard) < len(exchanges)),
        f"{len(exchanges)} simultaneous retries of one create gave {len(made)} resources",
        expected="one resource; each answers with it, or 409 conflict",
        observed={"resources": sorted(made), "answers": told(exchanges)},
    )
    return bool(made) and is_race(exchanges)


async def _expect_one_of_each(target: Target, texts: set[str]) -> None:
    """Expect no text twice among what is listed: no twin whose id was never answered."""
    counts = Counter(str(item.get("observation")) for item in await written(target, texts, key_window(target)))
    twins = {text: count for text, count in counts.items() if count > 1}
    expect(
        not twins,
        "simultaneous retries left more than one observation",
        expected="one for each create",
        observed=twins,
    )
