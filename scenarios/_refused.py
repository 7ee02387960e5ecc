"""Creates that were refused during a run, and what lists hold of them all the same once everybody else is done.

Every text of ours holds a number that no other has (`Target.marker`): a number that only refused creates carried,
and that stands in a list, was stored in spite of the refusal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from conformance.contract.observation import FIELD
from conformance.judging.expect import expect, shown
from conformance.judging.verdicts import Blocked, NotJudged
from conformance.target.instants import instant
from conformance.target.reading import read_page, unwrap, with_query
from conformance.target.target import OBSERVATIONS, PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.target.reading import Page, Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

NEWEST = (("sort", "-created_at"), ("filter[archived]", "all"), ("limit", "100"))
TIMED_OUT = 408
"""The one 4xx that says nothing of the content."""

SLACK = timedelta(minutes=1)
"""Creates run side by side, so that the first to be answered need not be the first that was sent."""


def numbers_in(text: str, run_id: str) -> set[str]:
    """Give the numbers of this run's texts that stand in `text`."""
    return set(re.findall(rf"conformance run {re.escape(run_id)}, number ([\w-]+)", text))


def is_refused(exchange: Exchange) -> bool:
    """Tell whether a create was refused in each of its attempts: what a lost one did, nobody knows."""
    statuses = {attempt.status or 0 for attempt in exchange.attempts} | {exchange.status or 0}
    create = exchange.method == "POST" and exchange.path == OBSERVATIONS
    return create and TIMED_OUT not in statuses and all(400 <= status < 500 for status in statuses)


def is_beyond_limits(exchange: Exchange) -> bool:
    """Tell whether the body of a create breaks the bounds of a text or list (field reference)."""
    body = exchange.request.json
    if not isinstance(body, dict):
        return False
    lengths = {name: len(value) for name, value in body.items() if isinstance(value, str | list)}
    return any(
        field.name in lengths
        and not (field.min_length or 0) <= lengths[field.name] <= (field.max_length or field.max_items or 0)
        for field in FIELD.values()
        if field.max_length or field.max_items
    )


def only_refused(exchanges: Sequence[Exchange], run_id: str) -> Mapping[str, Exchange]:
    """Give the refused creates by the numbers that they, and no write with another end, carried."""
    refused: dict[str, Exchange] = {}
    taken: set[str] = set()
    for exchange in exchanges:
        if exchange.method not in {"POST", "PATCH"}:
            continue
        numbers = numbers_in(exchange.request.body.decode(errors="replace"), run_id)
        if is_refused(exchange):
            refused |= dict.fromkeys(numbers, exchange)
        else:
            taken |= numbers
    return {number: exchange for number, exchange in refused.items() if number not in taken}


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The refused creates of a run by their numbers, and what stands in the list of the newest with such a number."""

    refused: Mapping[str, Exchange]
    stored: Mapping[str, Resource]


async def aftermath(target: Target) -> Aftermath:
    """Share one look at all that was created since the run began; what was stored by mistake is archived, too."""
    return await target.once("what refused creates left behind", lambda: _aftermath(target))


async def _aftermath(target: Target) -> Aftermath:
    refused = only_refused(target.client.recorder.exchanges, target.run_id)
    began = _first_create(target.client.recorder.exchanges)
    sentinel = await target.make()
    newest = await target.eventually(lambda: _showing(target, sentinel.id))
    if began is None or newest is None:
        raise Blocked("the list of the newest does not show what was accepted (OBC-02)")
    stored: dict[str, Resource] = {}
    for item in await _since(target, newest, began):
        texts = "\n".join(value for value in item.values() if isinstance(value, str))
        found = numbers_in(texts, target.run_id) & refused.keys()
        stored |= dict.fromkeys(found, item)
        if found and isinstance(item.get("id"), str) and not item.get("archived_at"):
            target.journal.made(item["id"], OBSERVATIONS)
    return Aftermath(refused, stored)


def _first_create(exchanges: Sequence[Exchange]) -> datetime | None:
    """Give a moment shortly before the first create of the run that was answered, as the target tells its time."""
    for exchange in exchanges:
        if exchange.method != "POST" or exchange.path != OBSERVATIONS or exchange.response is None:
            continue
        resource = unwrap(exchange.json) if exchange.response.is_json else None
        moment = instant((resource or {}).get("created_at"))
        if moment is not None:
            return moment - SLACK
    return None


async def _showing(target: Target, observation_id: str) -> Page | None:
    page = read_page(await target.get(OBSERVATIONS, NEWEST))
    return page if observation_id in page.ids else None


async def _since(target: Target, page: Page, began: datetime) -> list[Resource]:
    """Follow the list of the newest from its first page to one that ends with what was created before `began`."""
    items = list(page.items)
    for _ in range(PAGES):
        oldest = instant(page.items[-1].get("created_at")) if page.items else None
        if page.next_cursor is None or (oldest is not None and oldest < began):
            break
        page = read_page(await target.get(OBSERVATIONS, with_query(NEWEST, cursor=page.next_cursor)))
        items += page.items
    return items


async def expect_nothing_left(target: Target, among: Callable[[Exchange], bool]) -> str:
    """Expect that of the refused creates which are `among` those asked for, none stands in the list."""
    seen = await aftermath(target)
    refused = {number: exchange for number, exchange in seen.refused.items() if among(exchange)}
    if not refused:
        raise NotJudged(
            "no such create was refused in this run", hint="Run without --rules and -k, so that they are sent."
        )
    stored = {number: seen.stored[number] for number in refused if number in seen.stored}
    expect(
        not stored,
        f"{len(stored)} of {len(refused)} refused creates were stored all the same",
        expected="nothing of a create that was refused",
        observed=[{"refused": shown(refused[number]), "stored": item} for number, item in list(stored.items())[:3]],
    )
    return f"the list of the newest holds nothing of {len(refused)} refused creates"
