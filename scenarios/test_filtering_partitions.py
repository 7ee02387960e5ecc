"""FLT: filters that divide the observations add up to the whole, over data that the suite did not make."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.judging.expect import expect
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Violation
from conformance.target.instants import instant, target_now
from conformance.target.plants import LIST
from conformance.target.tour import arrive
from scenarios._collections import opening

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from conformance.target.reading import Resource, Walk
    from conformance.target.target import Target

PAGES = 10
"""A set of more than 1,000 observations is not counted."""

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Stock:
    """What was there before the run: everything of one scope from before a moment, and without the run's signature."""

    scope: Pairs
    before: datetime
    signature: str
    walk: Walk

    @property
    def items(self) -> Sequence[Resource]:
        """All of it."""
        return [item for item in self.walk.items if self.holds(item)]

    def states(self, walk: Walk) -> dict[str, tuple[object, ...]]:
        """Return what of a walk was there before, by id, with what may part it from others."""
        told = ("type", "observation_date", "archived_at")
        return {str(item.get("id")): tuple(map(item.get, told)) for item in walk.items if self.holds(item)}

    def holds(self, item: Resource) -> bool:
        """Tell whether an item was there before: its clock and that of the Date header may differ."""
        moment = instant(item.get("created_at"))
        return moment is not None and moment < self.before and self.signature not in str(item.get("observation"))


async def _stock(target: Target) -> Stock:
    """Read all active observations from before the run; of one employee only where there are too many."""
    before = target_now((await arrive(target))[0])
    await opening(target, LIST)
    whole = await _walk(target, [])
    scope: Pairs = []
    if not whole.ended:
        scope = [("filter[employee_id]", str(whole.items[0].get("employee_id")))]
        whole = await _walk(target, scope)
    stock = Stock(scope, before, target.signature, whole)
    if not whole.ended:
        raise _too_many()
    if not stock.items:
        raise Missing("observations that were there before the run", hint="Let the organization have some.")
    return stock


def _too_many() -> Missing:
    hint = "Judge an organization where an employee has fewer, observed in the beginning."
    return Missing(f"a list that ends within {PAGES * 100:,} observations", hint=hint)


async def _walk(target: Target, query: Pairs) -> Walk:
    return await target.walk(LIST, [*query, ("sort", "created_at"), ("limit", "100")], at_most=PAGES)


async def _adds_up(target: Target, parts: Sequence[Pairs], whole: Pairs) -> str:
    """Hold the parts against the whole: against the stock where nothing narrows it, or else asked at the same time.

    Where they don't add up, all is asked again, the whole before the parts and after them: somebody may have changed
    something meanwhile, and what changed is left out.
    """
    stock = await target.once("stock", lambda: _stock(target))
    told: list[Violation | str] = []

    async def holds() -> bool:
        known = [] if whole or told else [stock.walk]
        before = [await _walk(target, [*stock.scope, *whole])] if told else []
        queries = (*parts, *([whole] if whole and not told else []))
        walks = await asyncio.gather(*(_walk(target, [*stock.scope, *one]) for one in queries))
        after = [await _walk(target, [*stock.scope, *whole])] if told else []
        wholes = [*known, *before, *walks[len(parts) :], *after]
        told[:] = [_sum(stock, wholes, walks[: len(parts)])]
        return isinstance(told[0], str)

    await target.eventually(holds)
    if isinstance(told[0], Violation):
        raise told[0]
    return told[0]


def _sum(stock: Stock, wholes: Sequence[Walk], walks: Sequence[Walk]) -> Violation | str:
    if not all(walk.ended for walk in (*wholes, *walks)):
        raise _too_many()
    before, after = stock.states(wholes[0]), stock.states(wholes[-1])
    steady = {one for one, state in before.items() if after.get(one) == state}
    parts = [set(stock.states(walk)) for walk in walks]
    together = set[str]().union(*parts)
    overlap = steady & set[str]().union(*(one & other for one in parts for other in parts if one is not other))
    lacking, extra = steady - together, together - before.keys() - after.keys()
    sizes = " + ".join(str(len(part)) for part in parts)
    if not (overlap or lacking or extra):
        return f"{sizes} = {len(before)} observations from before the run"
    observed = {
        "in several parts": sorted(overlap)[:5],
        "in none": sorted(lacking)[:5],
        "in no whole": sorted(extra)[:5],
    }
    numbers = [page.exchange.number for walk in (*wholes, *walks) for page in walk.pages]
    return Violation(
        f"the parts ({sizes}) do not add up to the whole ({len(before)})",
        expected="every observation in exactly one part",
        observed=observed,
        exchanges=numbers,
    )


@judges("FLT-22")
async def test_strengths_and_opportunities_add_up(target: Target) -> str:
    """Every observation is in one of the two types."""
    return await _adds_up(target, [[("filter[type]", "strength")], [("filter[type]", "opportunity")]], [])


@judges("FLT-22")
async def test_active_and_archived_add_up(target: Target) -> str:
    """filter[archived]=all is false and true together."""
    parts = [[("filter[archived]", "false")], [("filter[archived]", "true")]]
    return await _adds_up(target, parts, [("filter[archived]", "all")])


@judges("FLT-22")
async def test_days_up_to_one_and_from_the_next_add_up(target: Target) -> str:
    """Every observation is on or before the middle day, or after it."""
    stock = await target.once("stock", lambda: _stock(target))
    days = sorted(str(item.get("observation_date")) for item in stock.items)
    try:
        middle = date.fromisoformat(days[len(days) // 2])
    except ValueError:
        hint = "Let observations have one, as OBS-04 asks."
        raise Missing("observations with an observation_date that can be read", hint=hint) from None
    upper = [("filter[observation_date][lte]", middle.isoformat())]
    lower = [("filter[observation_date][gte]", (middle + timedelta(days=1)).isoformat())]
    return await _adds_up(target, [upper, lower], [])


@judges("FLT-03")
async def test_no_page_of_a_whole_walk_holds_an_archived_one(target: Target) -> str:
    """Archived observations stay out on every page to the end, not on the first only."""
    stock = await target.once("stock", lambda: _stock(target))
    walks: list[Walk] = []

    async def clean() -> bool:
        walks.append(await _walk(target, stock.scope))
        return not _archived(walks[-1].items)

    if leaked := _archived(stock.items):
        await target.eventually(clean)
        leaked = _archived(walks[-1].items)
    expect(not leaked, f"{len(leaked)} archived observations are listed", expected="none", observed=leaked[:5])
    return f"{len(stock.items)} observations from before the run are listed, none of them archived"


def _archived(items: Sequence[Resource]) -> list[str]:
    return [str(item.get("id")) for item in items if item.get("archived_at") is not None]
