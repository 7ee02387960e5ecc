"""Lists narrowed by what a set of ours can't choose: managers, attributes, the time of creation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.target.discovery import employees, observations, reports
from conformance.target.instants import instant, precision

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.target.volume import Standing
    from conformance.target.windows import Query

FEW = 3
"""So many matches make two pages of 2."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter that leaves several pages of 2 and leaves something out: its query, and what it lets through."""

    name: str
    query: Query
    holds: Callable[[Resource], bool]


async def narrowings(target: Target, planted: Standing) -> Sequence[Narrowing]:
    """Return those that the target's people, attributes and observations allow."""
    there = await observations(target)
    found = (await _by_manager(target, there), _by_attribute(there), _by_creation(planted))
    return [one for one in found if one is not None]


async def _by_manager(target: Target, there: Sequence[Resource]) -> Narrowing | None:
    """Narrow to the manager whose people have the fewest observations that still make two pages.

    Only of people all of whose managers are known can it be said that they are not below this one.
    """
    tree = await reports(target)
    tops = [person["id"] for person in await employees(target) if person.get("manager_id", ...) is None]
    placed = {*tops, *(one for top in tops for one in _below(tree, top))}
    teams = {manager: _below(tree, manager) for manager in tree}
    counts = {manager: sum(item.get("employee_id") in team for item in there) for manager, team in teams.items()}
    manager = _rarest(counts, len(there))
    if manager is None:
        return None
    team = teams[manager]
    query = (("filter[manager_id]", manager), ("filter[archived]", "all"), ("sort", "created_at"))
    return Narrowing(
        "manager_id", query, lambda item: item.get("employee_id") in team or item.get("employee_id") not in placed
    )


def _below(tree: Mapping[str, Sequence[str]], manager: str) -> Collection[str]:
    """Give everybody below a manager, at any depth."""
    found: set[str] = set()
    waiting = [manager]
    while waiting:
        new = set(tree.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


def _by_attribute(there: Sequence[Resource]) -> Narrowing | None:
    attribute = _rarest(Counter(one for item in there for one in set(_tags(item))), len(there))
    if attribute is None:
        return None
    query = (("filter[attribute_id]", attribute), ("filter[archived]", "all"), ("sort", "created_at"))
    return Narrowing("attribute_id", query, lambda item: attribute in _tags(item))


def _tags(item: Resource) -> Sequence[str]:
    tags = item.get("attribute_ids")
    return [one for one in tags if isinstance(one, str)] if isinstance(tags, list) else []


def _rarest(counts: Mapping[str, int], total: int) -> str | None:
    """Give what has the fewest matches of those that make two pages and leave something out."""
    enough = [name for name, count in counts.items() if FEW <= count < total]
    return min(enough, key=lambda name: counts[name], default=None)


def _by_creation(planted: Standing) -> Narrowing | None:
    """Narrow the set of ours to what was made from its second wave on, but for the last; its order is another one."""
    served = [row.get("created_at") for row in planted.active]
    told = sorted({moment: text for text in served if (moment := instant(text)) is not None}.items())
    if len(told) < 2:  # one moment has no before
        return None
    (since, lower), (until, upper) = told[len(told) // 3 or 1], told[-2 if len(told) > FEW + 1 else -1]
    bounds = (("filter[created_at][gte]", str(lower)), ("filter[created_at][lte]", str(upper)))
    query = (*planted.window.query, *bounds, ("sort", "observation_date"))
    return Narrowing("created_at", query, lambda item: _within(item.get("created_at"), since, until))


def _within(served: object, since: datetime, until: datetime) -> bool:
    """Tell whether a time of creation is within bounds, of which the lower may have been told more precisely."""
    moment = instant(served)
    return moment is None or (moment + precision(str(served)) > since and moment <= until)
