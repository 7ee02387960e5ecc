"""Questions to a filtered list, each with its predicate: which observations the documents say it keeps."""

from __future__ import annotations

import operator as compare
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta, timezone
from typing import TYPE_CHECKING, Any

from conformance.errors import Missing
from conformance.judging.verdicts import Blocked
from conformance.target.instants import instant, precision

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.target.plants import Planting
    from conformance.target.reading import Resource

    Keeps = Callable[[Resource], bool | None]
    """Whether a filter keeps an item; None where the item does not show it."""

SECOND = timedelta(seconds=1)
COMPARISONS = {"gt": compare.gt, "gte": compare.ge, "lt": compare.lt, "lte": compare.le}


@dataclass(frozen=True, slots=True)
class Question:
    """A filtered list. `state` is what filter[archived] asks for, None where it is not sent.

    `parts` are the questions that it is put together from; none where it is a single one.
    """

    query: tuple[tuple[str, str], ...]
    keeps: Keeps
    state: str | None = None
    parts: tuple[Question, ...] = ()

    @property
    def name(self) -> str:
        """The filters as a person writes them."""
        pairs = [*self.query, *([("filter[archived]", self.state)] if self.state else [])]
        return "&".join(f"{name}={value}" for name, value in pairs) or "no filter"

    @property
    def sent(self) -> list[tuple[str, str]]:
        """The query parameters."""
        return [*self.query, *([("filter[archived]", self.state)] if self.state else [])]

    def within(self, state: str) -> Question:
        """Ask the same among archived ones, active ones or all."""
        return replace(self, state=state)

    def __and__(self, other: Question) -> Question:
        return Question(
            self.query + other.query,
            lambda row: _both(self.keeps(row), other.keeps(row)),
            self.state or other.state,
            (*(self.parts or (self,)), *(other.parts or (other,))),
        )

    def right_state(self, row: Resource) -> bool:
        """Tell whether filter[archived], or its default, keeps a row."""
        return self.state == "all" or (row.get("archived_at") is not None) == (self.state == "true")

    def expects(self, row: Resource) -> bool:
        """Tell whether a known row must be served."""
        return self.keeps(row) is True and self.right_state(row)


def _both(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001  # three-valued logic
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


# questions -------------------------------------------------------------------------------------------------

EVERYTHING = Question((), lambda _row: True)


def field(name: str, value: str) -> Question:
    """Filter a field by equality: employee_id, type."""
    return Question(((f"filter[{name}]", value),), lambda row: row.get(name) == value)


def tagged(*attributes: str) -> Question:
    """Filter by attributes, any of them."""

    def keeps(row: Resource) -> bool | None:
        tags = row.get("attribute_ids")
        return bool({*attributes} & {*map(str, tags)}) if isinstance(tags, list) else None

    return Question(tuple(("filter[attribute_id]", one) for one in attributes), keeps)


def led_by(planting: Planting, manager: str) -> Question:
    """Filter by a manager, as far as lines of management are known."""
    query = (("filter[manager_id]", manager),)
    return Question(query, lambda row: planting.lines.leads_to(row.get("employee_id"), manager))


def parameter(name: str, operator: str) -> str:
    """Spell a comparison; without operator it is the shorthand for eq."""
    return f"filter[{name}][{operator}]" if operator else f"filter[{name}]"


def dated(operator: str, *days: date) -> Question:
    """Filter by observation_date; "" is the shorthand without operator."""
    texts = ",".join(day.isoformat() for day in days)

    def keeps(row: Resource) -> bool | None:
        day = _day(row.get("observation_date"))
        return None if day is None else _holds(operator, day, days)

    return Question(((parameter("observation_date", operator), texts),), keeps)


def on_its_day(planting: Planting) -> Question:
    """Filter by one day as both bounds: what is on it is in, all else is out."""
    return dated("gte", planting.day) & dated("lte", planting.day)


def created(operator: str, *texts: str, at_bound: bool = True) -> Question:
    """Filter by created_at, with bounds as they were served; `at_bound` False leaves items of that moment unjudged."""
    bounds = [bound for text in texts if (bound := instant(text))]

    def keeps(row: Resource) -> bool | None:
        moment = instant(row.get("created_at"))
        if moment is None or (moment in bounds and not at_bound):
            return None
        return _holds(operator, moment, bounds)

    return Question(((parameter("created_at", operator), ",".join(texts)),), keeps)


def _holds(operator: str, value: Any, bounds: Sequence[Any]) -> bool:  # noqa: ANN401  # dates or datetimes
    if operator in COMPARISONS:
        return bool(COMPARISONS[operator](value, bounds[0]))
    return value in bounds


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


# what to ask with ------------------------------------------------------------------------------------------


def subject_of(planting: Planting) -> str:
    """Return the employee that most is known about."""
    counts = Counter(row["employee_id"] for row in planting.rows if isinstance(row.get("employee_id"), str))
    if len(counts) < 2:
        raise Missing("two employees with observations", hint="Name some as employee_ids in [tool.conformance].")
    return str(counts.most_common(1)[0][0])


def attributes_of(planting: Planting) -> tuple[str, ...]:
    """Return two attributes, or three where there are as many; raise `Missing` where there are none."""
    if not planting.attributes:
        raise Missing("2 attributes", hint="Name them as attribute_ids in [tool.conformance].")
    return planting.attributes


def manager_of(planting: Planting, place: int = 0) -> str:
    """Return a manager of the line that is known, its top at place 0; raise `Missing` where there is none."""
    if len(planting.chain) < place + 2:
        levels = "reports" if place == 0 else "reports of reports"
        raise Missing(
            f"a manager with {levels}",
            hint="Give the key employees:read; name managers as manager_ids in [tool.conformance].",
        )
    return planting.chain[place]


def moment_of(planting: Planting) -> str:
    """Return the pivot's created_at as it was served."""
    text = planting.pivot.get("created_at")
    if not isinstance(text, str) or instant(text) is None:
        raise Blocked("created_at is not served as a date-time, so nothing can be asked about it")
    return text


def whole_second(text: str) -> str:
    """Spell the second in which a moment lies without a fraction, in UTC; the text itself where it is no moment."""
    moment = instant(text)
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else text


def other_offset(text: str) -> str:
    """Spell the same moment two hours east of UTC, with as many digits; the text itself where it is none."""
    moment = instant(text)
    step = precision(text)
    timespec = "seconds" if step == SECOND else "milliseconds" if step >= SECOND / 1000 else "microseconds"
    return moment.astimezone(timezone(timedelta(hours=2))).isoformat(timespec=timespec) if moment else text


FILTERS = (
    "employee_id",
    "manager_id",
    "type",
    "attribute_id",
    "attribute_id twice",
    "observation_date gte",
    "observation_date lte",
    "created_at gte",
    "created_at lte",
)
"""The documented filters but filter[archived], one of each kind."""


def one_filter(planting: Planting, name: str) -> Question:
    """Ask with one filter of FILTERS; raise `Missing` where the target has no data for it."""
    match name.split():
        case ["employee_id"]:
            return field("employee_id", subject_of(planting))
        case ["manager_id"]:
            return led_by(planting, manager_of(planting))
        case ["type"]:
            return field("type", "strength")
        case ["attribute_id", *twice]:
            return tagged(*attributes_of(planting)[: 1 + len(twice)])
        case ["observation_date", operator]:
            return dated(operator, planting.day)
        case [_, operator]:
            return created(operator, moment_of(planting))
    raise ValueError(name)
