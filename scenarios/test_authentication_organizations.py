"""AUT: a key is good for its own organization and no other (observations › Get; overview › What the API is for)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.resources import ARCHIVE, GET, RESTORE, UPDATE
from conformance.judging.expect import asked, expect, expect_refusal, expect_same, require_accepted, shown
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, NotJudged, Violation
from conformance.target.discovery import employees
from conformance.target.documents import query_parameter, spec
from conformance.target.reading import read_page, read_resource
from conformance.wire.roles import KEY, OTHER_ORG
from scenarios._additions import observations_in
from scenarios._anonymous import read_attempt, write_attempts
from scenarios._creates import of_day
from scenarios._organizations import OBSERVATIONS, made_by_other, name_of, neighbours, require_two, their_people

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from conformance.target.reading import Page, Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange
    from scenarios._organizations import Neighbours

    Question = tuple[str, list[tuple[str, str]]]

OPERATIONS = (GET, UPDATE, ARCHIVE, RESTORE)
ALL = ("filter[archived]", "all")
OF_THE_DAY, OF_ALL, OF_THEIR_EMPLOYEE = "by default", "archived=all", "their employee"
LISTS = (OF_THE_DAY, OF_ALL, OF_THEIR_EMPLOYEE)
EMPLOYEE, EXPANDED = "an employee", "an observation, expanded"
OF_EMPLOYEE, OF_MANAGER = "observations of an employee", "observations of a manager"
ATTRIBUTE, SEARCH = "an attribute", "search"
UNDOCUMENTED = frozenset({404, 405})
"""What a path may get that the documents do not name."""
QUESTIONS = (EMPLOYEE, EXPANDED, OF_EMPLOYEE, OF_MANAGER, ATTRIBUTE, SEARCH)


@dataclass(frozen=True, slots=True)
class _Trespass:
    """What the first key got on an observation of the other organization, and what that read before and after."""

    tried: Mapping[str, Mapping[str, Exchange]]
    lists: Mapping[str, Page]
    active: tuple[Resource, Resource]
    archived: tuple[Resource, Resource]


async def _trespass(target: Target) -> tuple[Neighbours, _Trespass]:
    both = await neighbours(target)
    return both, await target.once("an observation of another organization", lambda: _try(target, both))


async def _try(target: Target, both: Neighbours) -> _Trespass:
    lists = await _lists(target, both)
    body = {"employee_id": both.person["id"], "type": "opportunity", "observation": target.marker()}
    path = f"{OBSERVATIONS}/{read_resource(await made_by_other(target, body))['id']}"
    before = await _owned(target, path)
    active = await _each(target, path)
    after = await _owned(target, path)
    read_resource(await target.post(f"{path}/archive", role=OTHER_ORG))
    moved = await _owned(target, path)
    archived = await _each(target, path)
    still = await _owned(target, path)
    tried = {
        one.label: {"of an active one": active[one.label], "of an archived one": archived[one.label]}
        for one in OPERATIONS
    }
    return _Trespass(tried, lists, (before, after), (moved, still))


async def _owned(target: Target, path: str) -> Resource:
    """Read theirs with their own key."""
    return read_resource(await target.get(path, role=OTHER_ORG))


async def _each(target: Target, path: str) -> Mapping[str, Exchange]:
    change = {"observation": target.marker(), "impact": "Changed from another organization."}
    answers = await asyncio.gather(
        target.get(path),
        target.patch(path, json=change),
        target.post(f"{path}/archive"),
        target.post(f"{path}/restore"),
    )
    return dict(zip((one.label for one in OPERATIONS), answers, strict=True))


async def _lists(target: Target, both: Neighbours) -> Mapping[str, Page]:
    """Ask for the lists in which theirs would stand beside ours, once ours does."""
    day = of_day(both.day)
    asked_for = {
        OF_THE_DAY: day,
        OF_ALL: [*day, ALL],
        OF_THEIR_EMPLOYEE: [("filter[employee_id]", both.person["id"]), ALL, ("limit", "100")],
    }

    async def look() -> Mapping[str, Exchange] | None:
        pages = await asyncio.gather(*(target.get(OBSERVATIONS, query) for query in asked_for.values()))
        found = dict(zip(asked_for, pages, strict=True))
        return found if both.ours.id in read_page(found[OF_ALL]).ids else None

    found = await target.eventually(look)
    if found is None:
        raise Blocked(
            "the list of a day does not show our own observation of it, so what else is missing proves nothing"
        )
    return {name: read_page(page) for name, page in found.items() if page.status == 200}


@judges("AUT-09", over=[one.label for one in OPERATIONS])
async def test_an_observation_of_another_organization_is_not_found(target: Target, operation: str) -> str:
    """The operation gets 404 not_found there, in either state; on one of our own it is done."""
    _, seen = await _trespass(target)
    tried = seen.tried[operation]
    for exchange in tried.values():
        if (exchange.status or 0) < 300:
            expect_refusal(exchange, 404, "not_found")
    twin = require_accepted(await _own(target, operation))
    for exchange in tried.values():
        expect_refusal(exchange, 404, "not_found")
    return f"{operation} gets 404 there, active and archived, and {twin.status} on our own"


async def _own(target: Target, operation: str) -> Exchange:
    if operation == GET.label:
        return (await read_attempt(target)).twin
    return (await write_attempts(target)).attempts[operation].twin


@judges("AUT-09")
async def test_an_observation_of_another_organization_stays_unchanged(target: Target) -> str:
    """Its own organization reads it as it was, active and archived."""
    _, seen = await _trespass(target)
    for before, after in (seen.active, seen.archived):
        expect_same(after, before)
    return "read by its own organization it is unchanged, active and archived"


@judges("AUT-09", over=LISTS)
async def test_an_observation_of_another_organization_is_not_listed(target: Target, name: str) -> str:
    """Neither the list of its day, active or all, nor that of its employee shows it to the first key."""
    both, seen = await _trespass(target)
    page = seen.lists.get(name)
    if page is None:
        return f"the list ({name}) is refused"
    found = both.traces_in(page.exchange)
    expect(
        both.theirs["id"] not in page.ids and not found,
        f"{asked(page.exchange)} shows {', '.join(found) or 'the observation'} of another organization",
        expected="nothing of another organization",
        observed=[item for item in page.items if item.get("id") == both.theirs["id"]],
    )
    return f"the list ({name}) does not show it"


@judges("AUT-09")
def test_no_observation_is_served_to_two_organizations(exchanges: Sequence[Exchange]) -> int:
    """No answer of the whole run to the first key shows an observation that the other organization's was shown."""
    other = [exchange for exchange in exchanges if exchange.request.role == OTHER_ORG]
    theirs = {item["id"] for exchange in other for item in _served(exchange)}
    judged = 0
    for exchange in exchanges:
        if exchange.request.role != KEY:
            continue
        common = [item for item in _served(exchange) if item["id"] in theirs]
        if common:
            raise Violation(
                f"{asked(exchange)} shows {len(common)} observations that the other organization's key was shown, too",
                expected="nothing of another organization",
                observed=common[:1],
                exchanges=[exchange.number],
            )
        judged += bool(theirs)
    return judged


def _served(exchange: Exchange) -> Iterator[Resource]:
    response = exchange.response
    if response is not None and 200 <= response.status < 300 and response.is_json:
        yield from observations_in(response.json)


@judges("AUT-11", over=QUESTIONS)
async def test_another_organization_is_not_served(target: Target, what: str) -> str:
    """A question by which its own key is shown something shows the first key nothing of it."""
    both = await neighbours(target)
    path, query = await _question(target, both, what)
    wanted = {EMPLOYEE: both.person["id"], ATTRIBUTE: both.attribute}.get(what, both.theirs["id"])

    async def look() -> Exchange | None:
        exchange = await target.get(path, query, role=OTHER_ORG)
        return exchange if exchange.status != 200 or _holds(exchange, wanted, what) else None

    owner = await target.eventually(look)
    if what == ATTRIBUTE and owner is not None and owner.status in UNDOCUMENTED:
        raise NotApplicable("attributes have no path of their own, of which the documents say nothing")
    if owner is None or owner.status != 200:
        raise NotJudged(
            f"GET {path} does not show {what} to its own organization, so hiding it proves nothing",
            hint="Give the key in PB_OTHER_ORG_API_KEY the scopes to read it, or --settle more seconds.",
        )
    exchange = await target.get(path, query)
    found = both.traces_in(exchange) + ([what] if exchange.status == 200 and _holds(exchange, wanted, what) else [])
    expect(
        not found,
        f"{asked(exchange)} got {exchange.status} and shows {', '.join(found)} of another organization",
        expected="nothing of another organization",
        observed=shown(exchange),
    )
    return f"{asked(exchange)} gets {exchange.status} and shows nothing that it shows to its own organization"


def _holds(exchange: Exchange, wanted: object, what: str) -> bool:
    """Tell whether an answer is, or holds, an object of that id; a hit of a search may name it anywhere."""
    response = exchange.response
    if response is None or not response.is_json:
        return False
    return wanted in set(_values(response.json, {"id"} if what != SEARCH else None))


def _values(value: object, names: Collection[str] | None) -> Iterator[str]:
    """Give the texts that members of these names hold, of any name for None."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in members:
        if isinstance(one, str) and (names is None or name in names):
            yield one
        yield from _values(one, names)


async def _question(target: Target, both: Neighbours, what: str) -> Question:
    if what == EMPLOYEE:
        return f"/employees/{both.stranger}", []
    if what == EXPANDED:
        return both.path, [("expand", "employee,attributes")]
    if what == OF_EMPLOYEE:
        return OBSERVATIONS, [("filter[employee_id]", both.person["id"]), *of_day(both.day), ("expand", "employee")]
    if what == OF_MANAGER:
        return OBSERVATIONS, [("filter[manager_id]", _manager(both)), *of_day(both.day)]
    if what == ATTRIBUTE:
        return f"/attributes/{_known_attribute(both)}", []
    name = query_parameter(await spec(target))
    if name is None:
        raise NotJudged(
            "the published spec does not tell by which parameter to search",
            hint="Let /openapi.json declare the parameters of /search.",
        )
    return "/search", [(name, both.word)]


def _manager(both: Neighbours) -> str:
    manager = both.person.get("manager_id")
    if not isinstance(manager, str):
        raise NotJudged("no employee of the other organization shows a manager_id", hint="Give one there a manager.")
    return manager


def _known_attribute(both: Neighbours) -> str:
    if both.attribute is None:
        raise NotJudged(
            "no attribute of the other organization is known that is none of ours",
            hint="Tag an observation there, or let both keys read /attributes.",
        )
    return both.attribute


@judges("AUT-11")
async def test_employees_of_another_organization_are_not_listed(target: Target) -> str:
    """None of the employees that its key lists stands among those that the first key lists."""
    await require_two(target)
    own, theirs = await asyncio.gather(employees(target), their_people(target))
    if not own or not theirs:
        raise NotJudged("no employees are listed to one of the keys", hint="Give both keys employees:read.")
    if not any(len(person) > 1 for person in theirs):
        raise NotApplicable("the other organization's employees are known by their ids alone")
    known = {person["id"]: name_of(person) for person in theirs}
    common = [person for person in own if known.get(person["id"]) == name_of(person)]
    expect(not common, f"{len(common)} employees are listed to two organizations", observed=common[:2])
    return f"{len(own)} employees are listed to the first key, and none of {len(theirs)} to the other"
