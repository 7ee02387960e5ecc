"""What a list can be asked for: pages, sort, filters, expand paths."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT_DEFAULT = 50
"""Items on a page without limit. Source: overview, Pagination."""
LIMIT_MIN = 1
"""The least limit that makes sense; the documents state only the greatest."""
LIMIT_MAX = 100
"""Items on the largest page. Source: overview, Pagination."""

SORTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "observations": ("created_at", "observation_date"),
        "employees": ("last_name", "first_name"),
    },
)
"""Sortable fields that the documents name, by resource; each also takes a minus sign.

Source: observations, List observations; for employees the examples of overview, Sorting.
"""

DEFAULT_SORT: Mapping[str, str] = MappingProxyType({"observations": "-observation_date"})
"""The order without sort where a resource states its own. Source: observations, List observations."""
USUAL_DEFAULT_SORT = "-created_at"
"""The order without sort of most other collections. Source: overview, Sorting."""

OPERATORS = ("eq", "gt", "gte", "lt", "lte", "in")
"""Comparisons on dates and numbers; eq may be left out. Source: overview, Filtering."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filterable field of a list.

    `kind` is "id", "enum", "date" or "date-time"; `values` the allowed ones of an enum. `operators` are those
    in the list's own table (none: the plain form), `general` those that only the overview gives: on these a
    breach is a warning. `repeatable` fields may be given several times and match any.
    """

    field: str
    kind: str
    values: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    repeatable: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """The query parameters of the list's own table, such as "filter[created_at][gte]"."""
        if not self.operators:
            return (f"filter[{self.field}]",)
        return tuple(f"filter[{self.field}][{operator}]" for operator in self.operators)


_BOUNDS = ("gte", "lte")
_GENERAL = tuple(operator for operator in OPERATORS if operator not in _BOUNDS)

FILTERS: Mapping[str, tuple[Filter, ...]] = MappingProxyType(
    {
        "observations": (
            Filter(field="employee_id", kind="id"),
            Filter(field="manager_id", kind="id"),
            Filter(field="type", kind="enum", values=("strength", "opportunity")),
            Filter(field="archived", kind="enum", values=("false", "true", "all")),
            Filter(field="attribute_id", kind="id", repeatable=True),
            Filter(field="observation_date", kind="date", operators=_BOUNDS, general=_GENERAL),
            Filter(field="created_at", kind="date-time", operators=_BOUNDS, general=_GENERAL),
        ),
    },
)
"""Filterable fields by resource. Source: observations, List observations; overview, Filtering.

No other collection has its filters documented.
"""

LIST_PARAMETERS: tuple[str, ...] = (
    "limit",
    "cursor",
    "sort",
    *(parameter for known in FILTERS["observations"] for parameter in known.parameters),
    "expand",
)
"""Every documented query parameter of the observation list, in documented order."""


@dataclass(frozen=True, slots=True)
class Expand:
    """A documented expand path and the `id_field` that its nested object replaces; `many` nests an array."""

    path: str
    id_field: str
    many: bool = False


EXPANDS: Mapping[str, tuple[Expand, ...]] = MappingProxyType(
    {
        "observations": (
            Expand("employee", "employee_id"),
            Expand("attributes", "attribute_ids", many=True),
        ),
        "employees": (
            Expand("manager", "manager_id"),
            Expand("department", "department_id"),
        ),
    },
)
"""Source: observations, Expand paths; for employees the example of overview, Expanding relationships."""
