"""Two organizations as evidence: keys that are surely of two, and an observation of each, alike as far as can be."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.contract.resources import CREATE
from conformance.errors import Missing, Refused
from conformance.judging.verdicts import Blocked, NotJudged
from conformance.target.discovery import attribute_ids, employees, looks_deactivated
from conformance.target.reading import read_page, read_resource, unwrap
from conformance.wire.roles import KEY, OTHER_ORG, variable_of
from scenarios._answers import require_readable
from scenarios._creates import quiet_day
from scenarios._keys import VALID, known_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Made, Target
    from conformance.wire.exchange import Exchange

OTHER = variable_of(OTHER_ORG)
OBSERVATIONS = CREATE.path
LONG_ENOUGH = 12
"""Shorter ids may be counted by each organization for itself, so that one id is of two people."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """An observation of each organization on one `day`, with one `word`; ours was made after theirs.

    `person` is who theirs is about, as the other key lists them, `people` are the ids of all that it lists and that are
    not somebody else's of ours, `attribute` is one of theirs that is none of ours.
    """

    theirs: Resource
    text: str
    ours: Made
    word: str
    day: str
    person: Resource
    people: frozenset[str]
    attribute: str | None
    shared: bool = False
    """Whether the id of `person` is somebody's of ours, too: each organization may count for itself."""

    @property
    def stranger(self) -> str:
        """The id of `person`; raise `NotJudged` where it names somebody of ours, too."""
        if self.shared:
            raise NotJudged(
                "each organization counts its employees for itself, and no id is of the other one's alone",
                hint=f"Set {OTHER} to a key of an organization with more employees.",
            )
        return str(self.person["id"])

    @property
    def path(self) -> str:
        """The path of theirs."""
        return f"{OBSERVATIONS}/{self.theirs['id']}"

    def traces_in(self, exchange: Exchange) -> list[str]:
        """Name what an answer holds of theirs, but for what was itself in the question."""
        asked = exchange.request.url + exchange.request.body.decode(errors="replace")
        text = exchange.response.text if exchange.response is not None else ""
        told: dict[str, Collection[Any]] = {
            "the observation's id": {self.theirs["id"]},
            "the observation's text": {self.text},
            "an employee's id": self.people,
            "the employee's address": {self.person.get("email")},
            "an attribute's id": {self.attribute},
        }
        return [what for what, ones in told.items() if any(_stands(one, text, asked) for one in ones)]


def _stands(value: object, text: str, asked: str) -> bool:
    return isinstance(value, str) and f'"{value}"' in text and value not in asked


async def require_two(target: Target) -> None:
    """Don't judge unless /session tells that the two keys are of two organizations."""
    own, other = await asyncio.gather(known_key(target, KEY), known_key(target, OTHER_ORG))
    if other.session.status == 401:
        raise NotJudged(f"the key in {OTHER} is refused with 401", hint=VALID)
    if own.organization is None or other.organization is None:
        raise NotJudged(
            f"/session does not tell the organizations of the keys in PB_API_KEY and {OTHER}",
            hint="Give both keys session:read.",
        )
    if own.organization == other.organization:
        raise NotJudged(
            f"the keys in PB_API_KEY and {OTHER} are both of {own.organization}",
            hint=f"Set {OTHER} to a key of another organization.",
        )


async def neighbours(target: Target) -> Neighbours:
    """Share an observation of each organization; undecided where there are not two, or nothing can be made in one."""
    await require_two(target)
    await require_readable(target)
    return await target.once("an observation of each organization", lambda: _settle(target))


async def _settle(target: Target) -> Neighbours:
    (person, shared), people, attribute = await asyncio.gather(
        _person(target), _of_theirs(target), their_attribute(target)
    )
    word = f"Z{target.chance.word(11)}"
    day, text = quiet_day(target), f"{word}. {target.marker()}"
    body = {"employee_id": person["id"], "type": "strength", "observation": text, "observation_date": day}
    try:
        made = await made_by_other(target, body | ({"attribute_ids": [attribute]} if attribute else {}))
    except Blocked:
        if attribute is None:
            raise
        attribute, made = None, await made_by_other(target, body)  # what can't be tagged there proves nothing here
    theirs = read_resource(made)
    ours = await target.make(observation=f"{word}. {target.marker()}", observation_date=day)
    return Neighbours(theirs, text, ours, word, day, person, people, attribute, shared)


async def made_by_other(target: Target, body: Mapping[str, Any], *, key: str | None = None) -> Exchange:
    """Create an observation with the other organization's key; undecided where that is refused."""
    exchange = await target.create(body, key=key or target.chance.uuid(), role=OTHER_ORG)
    if exchange.status == 403:
        raise Missing(
            "a key of another organization that may write observations", hint=f"Give {OTHER} the scope {CREATE.scope}."
        )
    if exchange.status != 201:
        raise Blocked(f"{exchange}: a valid create in the other organization was not answered with 201")
    return exchange


async def their_people(target: Target) -> Sequence[Resource]:
    """Return employees of the other organization as its key lists them, or as its observations name them."""
    return await target.once("employees of the other organization", lambda: _their_people(target))


async def _their_people(target: Target) -> Sequence[Resource]:
    listed = await _listed(target, "/employees")
    if listed:
        return listed
    named = [item.get("employee_id") for item in await _their_observations(target)]
    return tuple({"id": one} for one in dict.fromkeys(named) if isinstance(one, str))


def name_of(person: Resource) -> tuple[object, ...]:
    """Give what tells people apart beside their ids, which two organizations may count for themselves."""
    return tuple(person.get(name) for name in ("first_name", "last_name", "email"))


async def _person(target: Target) -> tuple[Resource, bool]:
    """Choose one of theirs, active and with a manager where there is one; tell whether the id is one of ours, too."""
    people, own = await asyncio.gather(their_people(target), employees(target))
    if not people:
        raise Missing("an employee of the other organization", hint=f"Give {OTHER} the scope employees:read.")
    ours = {person["id"]: name_of(person) for person in own}
    theirs = [person for person in people if person["id"] not in ours]
    if not theirs and any(ours[person["id"]] == name_of(person) for person in people):
        raise Blocked("all employees of the other organization are listed to the first key, too (AUT-11)")
    chosen = min(theirs or people, key=lambda person: (looks_deactivated(person), not person.get("manager_id")))
    return chosen, not theirs or await _is_a_namesake(target, chosen)


async def _is_a_namesake(target: Target, person: Resource) -> bool:
    """Tell whether the first key reads somebody else by the id of one of theirs: not all of ours need be listed."""
    try:
        read = await target.get(f"/employees/{quote(person['id'], safe='')}")
    except Missing:  # a scope for it: then none of ours is known at all
        return False
    found = unwrap(read.json) if read.status == 200 and read.response is not None and read.response.is_json else None
    return found is not None and name_of(found) != name_of(person)


async def _of_theirs(target: Target) -> frozenset[str]:
    """Return the ids of their people, but for those that are, or may be, somebody else's among ours."""
    people, own = await asyncio.gather(their_people(target), employees(target))
    ours = {person["id"]: name_of(person) for person in own}
    told = [one for one in people if len(one["id"]) >= LONG_ENOUGH or name_of(one) == ours.get(one["id"])]
    return frozenset(one["id"] for one in told if ours.get(one["id"]) in {None, name_of(one)})


async def their_attribute(target: Target) -> str | None:
    """Return an attribute of the other organization that is none of ours, as far as ours are known; None without."""
    return await target.once("an attribute of the other organization", lambda: _attribute(target))


async def _attribute(target: Target) -> str | None:
    listed, ours = await asyncio.gather(_listed(target, "/attributes"), attribute_ids(target, 0))
    theirs = [item["id"] for item in listed]
    if not theirs:
        tags = [item.get("attribute_ids") for item in await _their_observations(target)]
        theirs = [one for each in tags if isinstance(each, list) for one in each if isinstance(one, str)]
    return next((one for one in theirs if one not in ours), None)


async def _their_observations(target: Target) -> Sequence[Resource]:
    return await target.once("observations of the other organization", lambda: _listed(target, OBSERVATIONS))


async def _listed(target: Target, path: str) -> Sequence[Resource]:
    """Return a page of what the other key reads; nothing where it reads none."""
    try:
        page = read_page(await target.get(path, {"limit": "100"}, role=OTHER_ORG))
    except Refused:
        return ()
    return tuple(item for item in page.items if isinstance(item.get("id"), str))
