"""What lists hold of one observation: made, changed, archived, restored."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.judging.expect import expect, expect_same
from conformance.judging.verdicts import Blocked, Violation
from conformance.target.discovery import reports
from conformance.target.reading import read_resource
from scenarios._creates import comparable, full_body, listed, of_day, quiet_day
from scenarios._texts import accepted_text, in_each_field

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from conformance.target.reading import Resource
    from conformance.target.target import Made, Target

    Query = list[tuple[str, str]]

ARCHIVED = ("filter[archived]", "true")


@dataclass(frozen=True, slots=True)
class Listing:
    """An observation as a write answered it, and as each list served it; None where it was not there in time."""

    resource: Resource
    items: Mapping[str, Resource | None]
    seconds: float = 0.0

    @property
    def lost(self) -> list[str]:
        """The lists that did not show it."""
        return [name for name, item in self.items.items() if item is None]


async def narrowed(target: Target, made: Made) -> dict[str, Query]:
    """Give the lists of its day that are narrowed by what filters can tell of an observation."""
    sent, told = made.sent, made.resource.get("created_at")
    day, tag = of_day(str(sent["observation_date"])), sent["attribute_ids"][:1]
    leads = [one for one, people in (await reports(target)).items() if sent["employee_id"] in people]
    since = [("filter[created_at][gte]", told)] if isinstance(told, str) else []
    pairs: dict[str, Query] = {
        "in the list of its employee": [("filter[employee_id]", str(sent["employee_id"]))],
        "in the list of its type since it was made": [("filter[type]", str(sent["type"])), *since],
    }
    pairs |= {"in the list of its attribute": [("filter[attribute_id]", tag[0])]} if tag else {}
    pairs["in the list of its employee"] += [("filter[manager_id]", manager) for manager in leads[:1]]
    return {name: [*pair, *day] for name, pair in pairs.items()}


async def look(target: Target, resource: Resource, queries: Mapping[str, Query]) -> Listing:
    """Look for an observation in each list until it is there as `resource` has it, or the settling time is over."""
    began = time.monotonic()
    found = await asyncio.gather(*(_settled(target, resource, query) for query in queries.values()))
    return Listing(resource, dict(zip(queries, found, strict=True)), time.monotonic() - began)


async def _settled(target: Target, resource: Resource, query: Query) -> Resource | None:
    """Give the last that the list served of it: a list may lag behind a change."""
    last: Resource | None = None

    async def is_current() -> bool:
        nonlocal last
        last = await listed(target, query, str(resource["id"]))
        return last is not None and _alike(last, resource)

    await target.eventually(is_current)
    return last


def _alike(item: Resource, resource: Resource) -> bool:
    try:
        expect_same(item, comparable(resource))
    except Violation:
        return False
    return True


def expect_listed_alike(listing: Listing, *, but: Collection[str] = ()) -> str:
    """Expect all documented fields but those in `but` as the write answered them; block where a list lacks it."""
    if listing.lost:
        raise Blocked(f"{listing.resource['id']} is not found {', '.join(listing.lost)} (OBC-02, ARC-05)")
    for name, item in listing.items.items():
        wrong = _difference(item or {}, listing.resource, but)
        expect(not wrong, f"{', '.join(wrong)} differ {name}", expected="the same values as by id", observed=wrong)
    return f"{len(listing.items)} lists serve it as the write before them answered it"


def _difference(item: Resource, resource: Resource, but: Collection[str]) -> Any:  # noqa: ANN401  # as observed
    try:
        expect_same(item, comparable(resource), ignoring=but)
    except Violation as breach:
        return breach.observed
    return {}


async def fresh_listing(target: Target) -> Listing:
    """Share the look at the lists of an observation that was just made."""
    return await target.once("lists of what was made", lambda: _fresh(target))


async def _with_texts(target: Target, *, but: str) -> Made:
    """Make an observation of which a list may lose something: texts in many scripts, and one that is null."""
    texts = {**in_each_field(target, await accepted_text(target)), but: None}
    return await target.make(**(await full_body(target, observation_date=quiet_day(target), **texts)))


async def _fresh(target: Target) -> Listing:
    made = await _with_texts(target, but="impact")
    newest = {
        "in the list by creation": [("sort", "-created_at"), ("limit", "100")],
        "in the list of its day": of_day(str(made.sent["observation_date"])),
    }
    return await look(target, made.resource, newest | await narrowed(target, made))


@dataclass(frozen=True, slots=True)
class Returned:
    """An observation in the list of what is archived, and in the lists that are narrowed, once restored."""

    archived: Listing
    restored: Listing


async def returned(target: Target) -> Returned:
    """Share the looks at an observation that is archived and restored."""
    return await target.once("lists of what was archived and restored", lambda: _returned(target))


async def _returned(target: Target) -> Returned:
    made = await _with_texts(target, but="recommended_action")
    archive = {"in the list of what is archived": [*of_day(str(made.sent["observation_date"])), ARCHIVED]}
    archived = await look(target, read_resource(await target.archive(made.id)), archive)
    restored = await look(target, read_resource(await target.restore(made.id)), await narrowed(target, made))
    return Returned(archived, restored)
