"""Lines of management, as the manager_id of each employee draws them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.target.discovery import looks_deactivated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.target.reading import Resource

DEEPEST = 8
"""Lines are followed so far: deep enough for "any depth", and the end of any circle."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Who reports to whom: employee id -> manager id or None. People that the key can't read are unknown."""

    managers: Mapping[str, str | None]
    deactivated: frozenset[str] = field(default_factory=frozenset)

    def leads_to(self, employee: object, manager: str) -> bool | None:
        """Tell whether `employee` reports to `manager`, directly or not; None where the line leaves what is known.

        None, too, of a manager whose line leads back to themselves: who stands at the top may be their own manager.
        """
        first = employee
        seen: set[str] = set()
        while isinstance(employee, str) and employee in self.managers:
            seen.add(employee)
            employee = self.managers[employee]
            if employee == manager:
                return None if first == manager else True
            if employee is None:
                return False
            if employee in seen:
                return None
        return None


def reporting_lines(people: Iterable[Resource]) -> Lines:
    """Read the lines from employees; those without a manager_id member (or with another kind of value) are unknown."""
    listed = list(people)
    managers = {
        person["id"]: person["manager_id"]
        for person in listed
        if "manager_id" in person and isinstance(person["manager_id"], str | None)
    }
    return Lines(managers, frozenset(person["id"] for person in listed if looks_deactivated(person)))


def longest_line(lines: Lines, preferred: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the longest line downwards, top first, from one of `preferred` or from anybody; () where there is none."""
    below: dict[str, list[str]] = {}
    for person, manager in lines.managers.items():
        if manager is not None and person not in lines.deactivated:
            below.setdefault(manager, []).append(person)
    tops = [one for one in preferred if one in below] or [one for one in below if one not in lines.deactivated]
    return max((_longest(below, (top,)) for top in tops), key=len, default=())


def _longest(below: Mapping[str, Sequence[str]], line: tuple[str, ...]) -> tuple[str, ...]:
    onward = [one for one in below.get(line[-1], ()) if one not in line]
    if len(line) >= DEEPEST or not onward:
        return line
    return max((_longest(below, (*line, one)) for one in onward), key=len)


def outsider_of(lines: Lines, chain: Sequence[str]) -> str | None:
    """Return somebody below nobody of `chain`, or only below its first; None where there is nobody such."""
    if len(chain) < 2:  # noqa: PLR2004  # a line has two ends
        return None
    active = [one for one in lines.managers if one not in chain and one not in lines.deactivated]
    for manager in chain[:2]:
        for person in active:
            if lines.leads_to(person, manager) is False:
                return person
    return None


def deactivated_report_of(lines: Lines, chain: Sequence[str]) -> str | None:
    """Return somebody deactivated below the first of `chain`, still a report; None where there is nobody such."""
    return next((one for one in sorted(lines.deactivated) if chain and lines.leads_to(one, chain[0])), None)
