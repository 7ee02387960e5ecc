"""What a fresh reference holds: data by which every rule can be judged, the same in every process.

Two organizations; managers over four levels; ties in every sort key; archived observations and deactivated employees;
more than a hundred items in every collection, but for the attribute library, which one page can hold; text in several
scripts. All of it is older than any clock that the reference is likely to run on.
"""

from __future__ import annotations

import atexit
import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from conformance.reference import words
from conformance.reference.clock import SECOND, microseconds, utc_date
from conformance.reference.identifiers import minter
from conformance.reference.keys import DESCRIPTIONS, Keys, digest
from conformance.reference.spec import specification
from conformance.reference.storage import API_KEYS, ORGANIZATIONS, TABLES, Storage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Row = dict[str, Any]
START = microseconds(datetime(2024, 7, 1, 8, tzinfo=UTC))
DAY = 24 * 60 * 60 * SECOND
FIRST_DAY = date(2024, 9, 2)
# How many employees stand on each level of an organization, from the top.
LEVELS = {"large": (1, 4, 12, 24, 99), "small": (1, 3, 8, 18)}
SIZES = {"large": (182, 38, 96), "small": (40, 8, 15)}
ITEMS = {"large": 124, "small": 12}


class Seeder:
    """Makes the rows of one organization, with chance that is the same every time."""

    def __init__(self, size: str, name: str, chance: random.Random) -> None:
        self.size = size
        self.chance = chance
        self.mint = minter(chance)
        self.organization: Row = {"id": self.mint("org", START), "name": name}
        self.rows: dict[str, list[Row]] = {}

    def add(self, name: str, created_at: int, /, **values: object) -> Row:
        """Add a row of a resource; what is left out is the spec's default."""
        resource = specification().resources[name]
        row: Row = {key: schema.get("default") for key, schema in resource.fields.items()}
        row |= {"id": self.mint(resource.prefix, created_at), "organization_id": self.organization["id"]}
        stamps = {"created_at": created_at, "updated_at": created_at} if "created_at" in row else {}
        self.rows.setdefault(name, []).append({**row, **stamps, **values})
        return self.rows[name][-1]

    def instant(self, ties: int = 60) -> int:
        """Draw a moment out of so few that many things share one."""
        return START + self.chance.randrange(ties) * 5 * DAY + self.chance.choice((0, 0, 1_250_000, 3_600_000_000))

    def day(self) -> str:
        """Draw a day out of few."""
        return (FIRST_DAY + timedelta(days=7 * self.chance.randrange(36))).isoformat()

    def pick(self, name: str) -> str:
        """Draw the identifier of something that is there."""
        return str(self.chance.choice(self.rows[name])["id"])

    def make(self) -> Mapping[str, Sequence[Row]]:
        """Make everything, what is referred to before what refers to it."""
        self.departments()
        self.employees()
        self.attributes()
        self.observations()
        for number in range(ITEMS[self.size]):
            self.others(number)
        return self.rows

    def departments(self) -> None:
        """Make the parts of the organization."""
        for name in words.DEPARTMENTS:
            self.add("Department", START, name=name)

    def employees(self) -> None:
        """Make the employees, each level under the one before; the last dozen are deactivated."""
        above: list[Row] = []
        for level, count in enumerate(LEVELS[self.size]):
            here = [self.employee(level, self.chance.choice(above) if above else None) for _ in range(count)]
            above = here
        for row in above[-12:]:
            row["status"] = "deactivated"

    def employee(self, level: int, manager: Row | None) -> Row:
        """Make one employee."""
        first, last = self.chance.choice(words.FIRST_NAMES), self.chance.choice(words.LAST_NAMES)
        number = len(self.rows.get("Employee", ()))
        at_the_top = self.rows["Department"][0]["id"] if self.size == "large" else None
        return self.add(
            "Employee",
            self.instant(20),
            first_name=first,
            last_name=last,
            email=f"person{number}@{self.size}.example.com",
            title=words.TITLES[level] if number % 9 else None,
            department_id=self.pick("Department") if manager else at_the_top,
            manager_id=manager["id"] if manager else None,
            start_date=self.day(),
        )

    def attributes(self) -> None:
        """Make the attribute library: words, and the same words in a setting."""
        plain = words.ATTRIBUTES
        set_in = [(f"{name} {where}", category, tone) for where in words.SETTINGS for name, category, tone in plain]
        for name, category, tone in [*plain, *set_in][: SIZES[self.size][2]]:
            self.add("Attribute", self.instant(6), name=name, category=category, tone=tone)

    def observations(self) -> None:
        """Make active and archived observations, all mixed."""
        active, archived, _ = SIZES[self.size]
        states = [False] * active + [True] * archived
        self.chance.shuffle(states)
        for number, is_archived in enumerate(states):
            self.observation(number, is_archived=is_archived)

    def observation(self, number: int, *, is_archived: bool) -> None:
        """Make one observation; every twentieth carries as many attributes as can be."""
        created_at = self.instant()
        tags = 12 if number % 20 == 0 else self.chance.randrange(4)
        attributes = self.chance.sample([row["id"] for row in self.rows["Attribute"]], tags)
        impact, action = self.chance.choice(words.IMPACTS), self.chance.choice(words.ACTIONS)
        archived_at = created_at + self.chance.randrange(1, 30) * DAY if is_archived else None
        self.add(
            "Observation",
            created_at,
            employee_id=self.pick("Employee"),
            type=self.chance.choice(("strength", "opportunity")),
            observation=self.chance.choice(words.OBSERVATIONS),
            impact=impact,
            recommended_action=action,
            attribute_ids=attributes,
            observation_date=min(self.day(), utc_date(created_at)),
            updated_at=archived_at or created_at,
            archived_at=archived_at,
        )

    def others(self, number: int) -> None:
        """Make one of everything else."""
        for name, values in self.simple(number):
            self.add(name, self.instant(40), **values)

    def simple(self, number: int) -> Iterator[tuple[str, Row]]:
        """Give the values of one item of each simple resource."""
        chance, title = self.chance, words.TOPICS[number % len(words.TOPICS)]
        employee, manager, day = self.pick("Employee"), self.rows["Employee"][number % 17]["id"], self.day()
        period = {"period_start": "2024-07-01", "period_end": chance.choice(("2024-09-30", "2024-12-31", "2025-03-31"))}
        objective = {"title": title, "progress": chance.randrange(0, 101, 5), "due_date": day if number % 5 else None}
        observed = [row["id"] for row in chance.sample(self.rows["Observation"], 4)]
        text = chance.choice(words.OBSERVATIONS)
        yield "Conversation", {"employee_id": employee, "manager_id": manager, "title": title, "held_on": day}
        yield "Summary", {"employee_id": employee, "title": title, "text": text, "observation_ids": observed, **period}
        yield "TeamSummary", {"manager_id": manager, "title": title, "text": text, **period}
        yield "EmployeeObjective", {"employee_id": employee, **objective}
        yield "ManagerObjective", {"manager_id": manager, **objective}
        yield "Assignment", {"employee_id": employee, "reviewer_id": manager, "prompt": title, "due_date": day}
        yield "ReviewItem", {"employee_id": employee, "title": title, "rating": chance.choice((None, 1, 3, 4, 5))}
        yield "Notification", {"employee_id": employee, "kind": "observation", "title": title, "read": number % 3 == 0}
        yield "Preference", {"employee_id": self.rows["Employee"][number % len(self.rows["Employee"])]["id"]}
        # Not active: a fresh reference sends nothing to anyone.
        yield (
            "Webhook",
            {
                "url": f"https://hooks.example.com/{self.size}/{number}",
                "event_types": ["observation.created"],
                "active": False,
                "secret": f"whsec_{chance.getrandbits(128):032x}",
            },
        )


def scopes(*, write: bool) -> list[str]:
    """Give every scope that the spec asks for, or only those that read."""
    asked = {operation.scope for operation in specification().operations if operation.scope}
    return sorted(scope for scope in asked if write or scope.endswith(":read"))


def api_keys(large: Seeder, small: Seeder) -> Iterator[Row]:
    """Give the five keys of the sandbox."""
    for role, text in vars(Keys()).items():
        home = small if role == "other_org" else large
        granted = [] if role == "no_scope" else scopes(write=role != "read_only")
        yield {
            "id": home.mint("key", START),
            "digest": digest(text),
            "name": f"Sandbox: {DESCRIPTIONS[role]}",
            "role": role,
            "scopes": granted,
            "organization_id": home.organization["id"],
        }


def fill(storage: Storage) -> None:
    """Put the seed into an empty database that has its tables."""
    chance = random.Random(20250412)  # noqa: S311 - the seed is to be the same, not secret
    large, small = Seeder("large", "Acme Inc", chance), Seeder("small", "Borealis GmbH", chance)
    with storage.transaction() as connection:
        connection.execute(insert(ORGANIZATIONS), [large.organization, small.organization])
        connection.execute(insert(API_KEYS), list(api_keys(large, small)))
        for seeder in (large, small):
            for name, rows in seeder.make().items():
                connection.execute(insert(TABLES[name]), rows)


@cache
def template(*, seed_data: bool) -> Storage:
    """Make the database that every fresh reference is a copy of, once a process."""
    storage = Storage()
    atexit.register(storage.close)
    storage.create()
    fill(storage)
    if not seed_data:
        clear(storage)
    return storage


def clear(storage: Storage) -> None:
    """Leave organizations, keys, people and the attribute library, and nothing that they made."""
    kept = {"Employee", "Department", "Attribute"}
    with storage.transaction() as connection:
        for name, table in TABLES.items():
            if name not in kept:
                connection.execute(table.delete())
