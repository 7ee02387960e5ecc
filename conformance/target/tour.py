"""The tour: some requests that show a target's every kind of answer, so that passive rules never judge nothing.

It doubles as the contrast (`differs`): a target that answers everything alike proves nothing by any answer.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.contract.resources import RESOURCES
from conformance.errors import BudgetSpent, Missing, TargetError, Throttled, Unreachable, UsageProblem
from conformance.target.discovery import plainly, session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


UNSTATED: Mapping[str, None] = MappingProxyType({"Accept": None})
"""Some requests don't say what they accept, so that TRN-02 is judged on answers of many kinds."""


async def arrive(target: Target) -> Sequence[Exchange]:
    """Find out at once whether anybody is there, whether the key is good, and whether questions are told apart.

    Raises `Unreachable` where nothing answers, `UsageProblem` where the key is refused or the budget is too small.
    """
    return await target.once("arrival", lambda: _arrive(target))


async def _arrive(target: Target) -> Sequence[Exchange]:
    answers = await asyncio.gather(
        target.once("session", lambda: target.get("/session")),
        target.once("first page", lambda: target.get("/observations", {"limit": "2"})),
        target.get("/session", role=None),
        target.get("/observations", role=None),
        target.get(f"/observations/{target.chance.unknown_id('obs')}"),
        target.get("/observations", {"limit": "abc"}),
        return_exceptions=True,
    )
    if any(isinstance(answer, BudgetSpent) for answer in answers):
        raise UsageProblem(
            f"A budget of {target.client.options.request_budget} requests is too small to meet the target.",
            hint="Give a higher --request-budget.",
        )
    exchanges = [answer for answer in answers if not isinstance(answer, BaseException)]
    if not exchanges:
        raise _nobody(answers)
    if all(getattr(answer, "status", None) == 401 for answer in answers[:2]):  # noqa: PLR2004  # RFC 9110: Unauthorized
        raise UsageProblem(
            f"{target.settings.base_url} refuses the key in PB_API_KEY (401 on /session and /observations).",
            hint="Is it whole, of this environment, and not revoked?",
        )
    return tuple(exchanges)


def _nobody(answers: Sequence[object]) -> Exception:
    broken = [answer for answer in answers if isinstance(answer, BaseException)]
    for error in broken:
        if not isinstance(error, TargetError):
            raise error
    if isinstance(broken[0], Throttled):
        return Unreachable(broken[0].message, hint="Try again later, or slower with --max-rps. Nothing was judged.")
    return Unreachable(
        getattr(broken[0], "message", str(broken[0])),
        hint=_remedy(str(broken[0])),
    )


def _remedy(message: str) -> str:
    if "SSL" in message or "TLS" in message:
        return "Does it speak https there, with a certificate that this machine trusts? Nothing was judged."
    return "Is it running, and does this machine reach it? Nothing was judged."


def differs(arrival: Sequence[Exchange]) -> bool:
    """Tell whether the target answered some question as documented and refused some other.

    Where it did not, no answer of it means anything, and no rule can pass.
    """
    return any(map(_succeeds, arrival)) and any(400 <= (one.status or 0) < 500 for one in arrival)  # noqa: PLR2004


def _succeeds(exchange: Exchange) -> bool:
    response = exchange.response
    if response is None or response.status != 200 or not response.is_json:  # noqa: PLR2004  # RFC 9110: OK
        return False
    value = response.json
    data = value.get("data") if isinstance(value, dict) else None
    listed = isinstance(data, list) and "next_cursor" in value
    return listed or (isinstance(data, dict) and {"api_key", "organization"} <= data.keys())


async def tour(target: Target) -> None:
    """Take the whole tour: the arrival, every resource, and the life of one observation with a refusal at each turn."""
    await target.once("tour", lambda: _tour(target))


async def _tour(target: Target) -> None:
    nowhere = "/no-such-resource"
    unknown = target.once(f"nothing at {nowhere}", lambda: target.get(nowhere))
    below = target.get(f"/observations/{target.chance.unknown_id('obs')}/no-such-part")
    await asyncio.gather(arrive(target), session(target), _spec(target), unknown, below)
    await asyncio.gather(*(plainly(target, one.path) for one in RESOURCES), return_exceptions=True)
    if not target.settings.read_only:
        await _life(target)


async def _spec(target: Target) -> Exchange:
    return await target.once("spec", lambda: target.get("/openapi.json", role=None))


async def _life(target: Target) -> None:
    """Go as far as the target lets; whatever ends it is judged elsewhere."""
    with suppress(TargetError, Missing):
        await _whole_life(target)


async def _whole_life(target: Target) -> None:
    made = await target.make()
    refused = await target.body(type=" opportunity ")
    path = f"/observations/{made.id}"
    await asyncio.gather(
        target.create(refused, headers=UNSTATED), target.get(path), target.post(f"{path}/restore", headers=UNSTATED)
    )
    await target.patch(path, json={"impact": "Seen on the tour."}, headers=UNSTATED)
    await target.post(f"{path}/archive", headers=UNSTATED)
    await target.archive(made.id)
    await asyncio.gather(target.get(path, headers=UNSTATED), target.patch(path, json={"impact": "Too late."}))
