"""Organizations as they may be: empty, tiny, huge, behind a key that may do little; and whole runs against them."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from sqlalchemy import insert, select, update

from conformance.judging.embedded import ROLES
from conformance.judging.needs import missing
from conformance.judging.runner import Runner
from conformance.judging.scenario import all_scenarios
from conformance.reference import Quota, Reference
from conformance.reference.identifiers import minter
from conformance.reference.keys import load
from conformance.reference.storage import API_KEYS, TABLES
from conformance.target.clock import TargetClock
from conformance.target.listening.listener import Listener
from conformance.target.made.cleanup import clean_up
from conformance.target.means import NONE, Means
from conformance.target.settings import Settings
from conformance.target.target import Target
from conformance.wire.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from conformance.judging.results import Check

BASE_URL = "http://reference.test/v1"
RUN = "20260101T0000-abcdef"
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class World:
    """An organization: how its reference is made and changed; `key` is the reference's name for the first key.

    With `alone` there is no other key and no means beside it, as a stranger begins; `read_only` is the option.
    """

    within: Mapping[str, Any] = field(default_factory=dict)
    change: Callable[[Reference], None] = lambda _: None
    key: str = "full"
    alone: bool = False
    read_only: bool = False


@dataclass(frozen=True)
class Judged:
    """What came of a run: checks, requests, ids that could not be removed, and the rows of before and after."""

    checks: Collection[Check]
    requests: int
    left: tuple[str, ...]
    before: Rows
    after: Rows

    @property
    def counts(self) -> Counter[str]:
        """How many checks there are of each verdict."""
        return Counter(check.verdict.value for check in self.checks)

    def told(self, *verdicts: str) -> list[tuple[str, str, str]]:
        """Give item, message and hint of the checks with these verdicts."""
        return [(one.item, one.message, one.hint) for one in self.checks if one.verdict.value in verdicts]

    @property
    def touched(self) -> list[str]:
        """The ids of what was there before and is not as it was."""
        return [one for one, row in self.before.items() if self.after.get(one) != row]

    @property
    def remaining(self) -> list[str]:
        """The ids of what was not there before and is active."""
        return [one for one, row in self.after.items() if one not in self.before and not row.get("archived_at")]


def judge(world: World, rules: Collection[str] = ()) -> Judged:
    """Judge a world by the scenarios of these rules or families, all where there are none, and clean up."""
    reference = Reference(control=True, small_quota=Quota(10, 2), **world.within)
    try:
        world.change(reference)
        with reference._storage.transaction() as connection:
            reference._known = load(connection)
        return asyncio.run(_judge(reference, world, rules))
    finally:
        reference.close()


async def _judge(reference: Reference, world: World, rules: Collection[str]) -> Judged:
    before = rows(reference)
    transport = httpx.ASGITransport(reference.asgi, raise_app_exceptions=False)
    roles = {} if world.alone else {role: getattr(reference.keys, name) for name, role in ROLES.items()}
    keys = roles | {"key": getattr(reference.keys, world.key)}
    settings = Settings(base_url=BASE_URL, settle=0.3, read_only=world.read_only)
    chosen = [one for one in all_scenarios() if not rules or {one.rule.id, one.rule.family} & {*rules}]
    async with Client(BASE_URL, keys, run_id=RUN, transport=transport) as client, Listener(client.recorder) as listener:
        clock = TargetClock("http://reference.test/_control/clock", transport=transport)
        means = NONE if world.alone else Means(clock=clock, listener=listener, spend_quota=True)
        target = Target(client, settings, run_id=RUN, means=means)
        checks = await Runner(target, chosen, missing=missing(keys, settings, means, base_url=BASE_URL)).all()
        requests = client.count
        return Judged(checks, requests, await clean_up(target), before, rows(reference))


def rows(reference: Reference) -> Rows:
    """Read everything that an organization has, by id."""
    with reference._storage.transaction() as connection:
        return {
            row["id"]: dict(row) for table in TABLES.values() for row in connection.execute(select(table)).mappings()
        }


# changes ---------------------------------------------------------------------------------------------------


def without(*names: str) -> Callable[[Reference], None]:
    """Remove all of some resources."""

    def change(reference: Reference) -> None:
        with reference._storage.transaction() as connection:
            for name in names:
                connection.execute(TABLES[name].delete())

    return change


def one_employee(reference: Reference) -> None:
    """Leave one person in each organization, who has no manager and no department; and no attributes."""
    people = TABLES["Employee"]
    without("Attribute", "Department")(reference)
    with reference._storage.transaction() as connection:
        tops = select(people.c.id).where(people.c.manager_id.is_(None))
        connection.execute(people.delete().where(people.c.id.not_in(tops)))
        connection.execute(update(people).values(department_id=None))


def thousands(reference: Reference) -> None:
    """Add copies of the observations until there are 5,000 of them, each with an id and a moment of its own."""
    table, mint = TABLES["Observation"], minter(random.Random(1))
    with reference._storage.transaction() as connection:
        originals = [dict(row) for row in connection.execute(select(table)).mappings()]
        copies = [{**originals[number % len(originals)], "number": number} for number in range(5000 - len(originals))]
        for copy in copies:
            copy["created_at"] += copy.pop("number") * 1000
            copy["updated_at"] = max(copy["created_at"], copy["updated_at"])
            copy["id"] = mint("obs", copy["created_at"])
        connection.execute(insert(table), copies)


def circles(reference: Reference) -> None:
    """Let whoever stands at the top be their own manager, and two others each other's."""
    people = TABLES["Employee"]
    with reference._storage.transaction() as connection:
        connection.execute(update(people).where(people.c.manager_id.is_(None)).values(manager_id=people.c.id))
        led = select(people.c.id).where(people.c.manager_id != people.c.id).limit(2)
        one, other = connection.execute(led).scalars()
        connection.execute(update(people).where(people.c.id == one).values(manager_id=other))
        connection.execute(update(people).where(people.c.id == other).values(manager_id=one))


def opportunities_alone(reference: Reference) -> None:
    """Let all observations be of one type."""
    with reference._storage.transaction() as connection:
        connection.execute(update(TABLES["Observation"]).values(type="opportunity"))


def lacking(scope: str) -> Callable[[Reference], None]:
    """Take a scope from the first key."""

    def change(reference: Reference) -> None:
        full = API_KEYS.c.role == "full"
        with reference._storage.transaction() as connection:
            granted = connection.execute(select(API_KEYS.c.scopes).where(full)).scalar_one()
            left = [one for one in granted if one != scope]
            connection.execute(update(API_KEYS).where(full).values(scopes=left))

    return change


EMPTY = {"seed_data": False}
WORLDS: Mapping[str, World] = {
    "a seeded organization": World(),
    "a stranger's first run": World(alone=True),
    "no observations": World(EMPTY),
    "no observations and nobody": World(EMPTY, without("Employee", "Department", "Attribute")),
    "one employee": World(EMPTY, one_employee),
    "lines of management in circles": World(change=circles),
    "5,000 observations": World(change=thousands),
    "reading alone": World(key="read_only", alone=True, read_only=True),
    "reading alone, and nothing to read": World(EMPTY, key="read_only", alone=True, read_only=True),
    "reading alone, and observations of one type": World(
        change=opportunities_alone, key="read_only", alone=True, read_only=True
    ),
    "reading alone, and 5,000 observations": World(change=thousands, key="read_only", alone=True, read_only=True),
    **{
        f"a key without {scope}": World(change=lacking(scope))
        for scope in ("employees:read", "session:read", "webhooks:write", "observations:write", "observations:read")
    },
}
