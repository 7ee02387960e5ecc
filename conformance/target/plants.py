"""What is known of observations that filters are asked about, and where it is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from conformance.target.instants import instant
from conformance.target.reading import Page, Resource, Walk, with_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.target.lines import Lines
    from conformance.target.target import Target
    from conformance.target.windows import Window

PLANTS = (
    "Run without --read-only and give the key observations:write: the suite then makes them, over two employees, "
    "a manager with reports and two attributes, as far as there are such."
)
"""How to have what is planted; data that others made may do, and is seldom as varied."""
LIST = "/observations"
PAGES = 40
"""A search for what was planted gives up after so many pages of 100."""


@dataclass(frozen=True, slots=True)
class Planting:
    """What is known of some observations, and the values by which filters are asked about them.

    `rows` are observations as they must be served, archived ones with archived_at; `day` divides them by
    observation_date and `pivot` (an active row of its own moment) by created_at. `chain` is a line of management,
    top first, `outsider` stands below none but perhaps the first of it; both may be empty, and `attributes` (two or
    three) too.
    Of what was made here `window` holds all, and every text holds `word`, which nothing else does.
    """

    rows: tuple[Resource, ...]
    day: date
    pivot: Resource
    attributes: tuple[str, ...]
    lines: Lines
    chain: tuple[str, ...]
    outsider: str | None
    window: Window | None = None
    word: str = ""

    @property
    def by_id(self) -> dict[str, Resource]:
        """The rows by their ids."""
        return {row["id"]: row for row in self.rows}

    @property
    def began(self) -> datetime:
        """The earliest created_at among the rows."""
        moments = [moment for row in self.rows if (moment := instant(row.get("created_at")))]
        return min(moments, default=datetime.min.replace(tzinfo=UTC))


async def newest_first(
    target: Target, planting: Planting, query: Sequence[tuple[str, str]], wanted: Iterable[str]
) -> Walk:
    """List newest first until all of `wanted` were served and what is served is older than all rows, or to the end.

    `ended` tells whether it got there; a broken order only makes it longer. Raises `Refused` where there is no page.
    """
    missing, pages = set(wanted), list[Page]()
    cursors: set[str | None] = {None}
    asked = [*query, ("sort", "-created_at"), ("limit", "100")]
    cursor: str | None = None
    while len(pages) < PAGES:
        pages.append(await target.page(LIST, with_query(asked, cursor=cursor)))
        missing -= {one for one in pages[-1].ids if isinstance(one, str)}
        cursor = pages[-1].next_cursor
        if cursor in cursors or (not missing and _past(planting, pages[-1])):
            return Walk(tuple(pages), ended=True)
        cursors.add(cursor)
    return Walk(tuple(pages), ended=False)


def _past(planting: Planting, page: Page) -> bool:
    moments = [instant(item.get("created_at")) for item in page.items[-1:]]
    return any(moment is not None and moment < planting.began for moment in moments)
