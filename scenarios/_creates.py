"""Creates that scenarios of several families build on: the whole body that was accepted, and its refused twins."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD
from conformance.errors import Missing
from conformance.judging.expect import error_of, expect, require_accepted, shown
from conformance.judging.verdicts import NotJudged
from conformance.target.discovery import NAME_ONE, attribute_ids, deactivated_employee, surely_deactivated
from conformance.target.instants import target_now
from conformance.target.reading import read_page, read_resource, with_query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

NO_KEY: Mapping[str, Any] = {"headers": {"Idempotency-Key": None}}
"""What a create is sent with to carry no Idempotency-Key."""
REACH = 10
"""How many pages a list is followed in search of what is surely near its beginning."""


@dataclass(frozen=True, slots=True)
class Created:
    """What was sent, and what came of it: not yet judged."""

    sent: Mapping[str, Any]
    exchange: Exchange

    @property
    def resource(self) -> Resource:
        """What was created; raise `Refused` where nothing was."""
        return read_resource(self.exchange)

    @property
    def id(self) -> str:
        """The new id; raise `Refused` where there is none."""
        return str(self.resource["id"])


def quiet_day(target: Target) -> str:
    """Pick a day so long ago that a list of it holds hardly anything but ours, and before the run's windows."""
    return (date(1971, 1, 1) + timedelta(days=target.chance.fresh("day").randrange(8400))).isoformat()


async def recent_day(target: Target) -> str:
    """Give a day shortly before the target's today: a date that nothing can be wrong with."""
    exchange = await target.once("session", lambda: target.get("/session"))
    return (target_now(exchange).date() - timedelta(days=3)).isoformat()


async def known_attributes(target: Target, at_most: int) -> list[str]:
    """Give some attribute ids; none where none can be found."""
    try:
        return list(await attribute_ids(target))[:at_most]
    except Missing:
        return []


async def full_body(target: Target, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
    """Give a valid body with every writable field, `fields` on top."""
    whole = {
        "type": "opportunity",
        "impact": "Two of the action items have slipped." + " So it goes." * 20,
        "recommended_action": "Assign owners before the meeting ends.",
        "attribute_ids": await known_attributes(target, 2),
        "observation_date": await recent_day(target),
    }
    return await target.body(**(whole | fields))


async def create(target: Target, body: Mapping[str, Any], **request: Any) -> Created:  # noqa: ANN401  # as Target.create
    """POST a body; raise `Missing` where the key may not write."""
    exchange = await target.create(body, **request)
    if exchange.status == 403:
        hint = "Give PB_API_KEY the scope observations:write."
        raise Missing("a key that may write observations", hint=hint)
    return Created(body, exchange)


async def whole(target: Target) -> Created:
    """Share one create of every writable field."""
    return await target.once("a create of every field", lambda: _whole(target))


async def _whole(target: Target) -> Created:
    return await create(target, await full_body(target))


async def shortest(target: Target) -> Created:
    """Share one create of the required fields alone, and without an Idempotency-Key."""
    return await target.once("a create of the required fields", lambda: _shortest(target))


async def _shortest(target: Target) -> Created:
    return await create(target, await target.body(), **NO_KEY)


async def valid(target: Target) -> dict[str, Any]:
    """Give the body that was accepted, for a twin that differs in one thing; block where it was not."""
    accepted = await whole(target)
    require_accepted(accepted.exchange, 201)
    return dict(accepted.sent)


async def twin(target: Target, **fields: Any) -> Exchange:  # noqa: ANN401  # any JSON value
    """Send the accepted body again with `fields` in place of its own; a field given as `...` is left out.

    Two texts name the request, one of which is always left: should it be refused, and stored all the same, it shows.
    """
    name = target.marker()
    body = await valid(target) | {"observation": name, "impact": name} | fields
    return await target.create({field: value for field, value in body.items() if value is not ...})


async def most_tagged(target: Target, at_least: int = 1) -> tuple[list[str], Exchange]:
    """Share the create with as many attributes as are known and may be; raise `Missing` where they are too few."""
    ids = list(await attribute_ids(target, at_least))[: FIELD["attribute_ids"].max_items]
    return ids, await target.once("the most attributes", lambda: twin(target, attribute_ids=ids))


async def about_somebody_deactivated(target: Target) -> tuple[str, Exchange]:
    """Share a create about a deactivated employee; undecided where nobody is known to be, or was mistaken for one."""
    one = await deactivated_employee(target)
    exchange = await target.once("a create about somebody deactivated", lambda: twin(target, employee_id=one))
    if exchange.status == 422 and one not in await surely_deactivated(target):
        raise NotJudged("an employee who looks deactivated is none that can be written about", hint=NAME_ONE)
    return one, exchange


async def twins(target: Target, field: str, values: Sequence[Any]) -> dict[str, Exchange]:
    """Send the accepted body once with each of `values` in one field; the answers by value."""
    answers = await asyncio.gather(*(twin(target, **{field: value}) for value in values))
    return {named(value): answer for value, answer in zip(values, answers, strict=True)}


def named(value: object) -> str:
    """Name a value in a report; long texts by their length."""
    text = repr(value)
    return text if len(text) <= 60 else f"{len(value) if isinstance(value, str) else len(text)} characters"


def expect_each_refused(answers: Mapping[str, Exchange], *, status: int = 400, code: str = "validation_error") -> None:
    """Expect this status and code of every answer; name all that got another."""
    wrong = {label: one for label, one in answers.items() if (one.status, error_of(one).get("code")) != (status, code)}
    expect(
        not wrong,
        "; ".join(
            f"{label} got {one.status} {error_of(one).get('code') or ''}".rstrip() for label, one in wrong.items()
        ),
        expected=f"{status} {code} for each",
        observed={label: shown(one) for label, one in wrong.items()},
    )


def of_day(day: str) -> list[tuple[str, str]]:
    """Give the query that keeps the observations of one day, archived ones left out as by default."""
    return [("filter[observation_date][gte]", day), ("filter[observation_date][lte]", day), ("limit", "100")]


async def listed(target: Target, query: Sequence[tuple[str, str]], observation_id: str) -> Resource | None:
    """Follow a list until an observation is found; None where it is not within reach."""
    seen: list[tuple[str, str]] = list(query)
    for _ in range(REACH):
        page = read_page(await target.get("/observations", seen))
        found = next((item for item in page.items if item.get("id") == observation_id), None)
        if found is not None or page.next_cursor is None:
            return found
        seen = with_query(query, cursor=page.next_cursor)
    return None


def comparable(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the documented fields, attribute_ids in a fixed order: additions and order never count (VER-04, OBC-17)."""
    documented = {name: value for name, value in resource.items() if name in FIELD}
    ids = documented.get("attribute_ids")
    return documented | ({"attribute_ids": sorted(ids, key=str)} if isinstance(ids, list) else {})
