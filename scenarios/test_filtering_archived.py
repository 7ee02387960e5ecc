"""FLT: archived observations are out, in, or alone, beside any other filter (observations › List observations)."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from conformance.contract.queries import LIMIT_MAX
from conformance.errors import Missing
from conformance.judging.expect import asked, expect
from conformance.judging.scenario import judges
from conformance.target.planting import planted
from scenarios._collections import narrowed, standing_trail
from scenarios._expanding import BOTH, EMPLOYEE, listed
from scenarios._filtered import ALL_MATCHES, ONLY_STATE, STATE, judge, require_sound, some_match
from scenarios._filtering import EVERYTHING, FILTERS, one_filter

if TYPE_CHECKING:
    from conformance.target.plants import Planting
    from conformance.target.target import Target


APART = {"attribute_id twice", "created_at lte"}
"""What leaves nothing archived beside the other filters, or stands there already."""


def _archived_ones(planting: Planting) -> None:
    """Raise `Missing` unless there are archived and active rows."""
    if {row.get("archived_at") is None for row in planting.rows} != {True, False}:
        raise Missing("archived observations beside active ones", hint="Give the key observations:write.")


@judges("FLT-03", over=("by default", "archived=false"))
async def test_an_unfiltered_list_leaves_archived_ones_out(target: Target, spelling: str) -> str:
    """Without filter[archived], and with false, active observations are served and archived ones are not."""
    _archived_ones(await planted(target))
    return await judge(target, EVERYTHING if spelling == "by default" else EVERYTHING.within("false"), STATE)


@judges("FLT-03")
async def test_all_filters_together_let_no_archived_one_through(target: Target) -> str:
    """With every other filter at once, expanded, and with filter[archived]=false, archived observations stay out."""
    planting = await planted(target)
    together = reduce(and_, (one_filter(planting, name) for name in FILTERS if name not in APART))
    question = replace(together, query=(*together.query, ("expand", BOTH)), state="false")
    some_match(planting, question.within("true"))
    return await judge(target, question, STATE)


@judges("FLT-03")
async def test_an_expanded_list_lets_no_archived_one_through(target: Target) -> str:
    """In a list that is expanded, too, archived observations stay out."""
    planting = await planted(target)
    _archived_ones(planting)
    exchange, found = await listed(target, EMPLOYEE.path)
    archived = [one for one in found if planting.by_id[one].get("archived_at") is not None]
    expect(
        not archived,
        f"{asked(exchange)} lists {len(archived)} archived observations",
        expected="none of those that are archived",
        observed=archived[:3],
    )
    return f"of what was planted {len(found)} active ones alone are listed where the employee is expanded"


@judges("FLT-03", over=FILTERS)
async def test_another_filter_alone_lets_no_archived_one_through(target: Target, name: str) -> str:
    """With any other filter but filter[archived], archived observations stay out."""
    planting = await planted(target)
    question = one_filter(planting, name)
    some_match(planting, question.within("true"))
    return await judge(target, question, ONLY_STATE)


@judges("FLT-03")
async def test_two_dates_let_no_archived_one_through(target: Target) -> str:
    """Between two dates, on which archived observations lie too, none of them is listed."""
    standing = await narrowed(target)
    trail = await standing_trail(target, LIMIT_MAX)
    archived = [item for item in trail.items if item.get("archived_at") is not None]
    expect(
        not archived,
        f"{asked(trail.pages[0].exchange)} lists {len(archived)} archived observations",
        expected="none of those that are archived",
        observed=archived[:3],
    )
    return f"{len(standing.archived)} archived ones between two dates stay out"


@judges("FLT-04", over=("alone", *FILTERS))
async def test_archived_true_keeps_only_archived_ones(target: Target, beside: str) -> str:
    """filter[archived]=true serves archived observations and no active one, alone and beside any other filter."""
    planting = await planted(target)
    question = (EVERYTHING if beside == "alone" else one_filter(planting, beside)).within("true")
    _archived_ones(planting)
    some_match(planting, question)
    await _heeded_alone(target, beside)
    return await judge(target, question, STATE)


@judges("FLT-05", over=("alone", *FILTERS))
async def test_archived_all_keeps_both(target: Target, beside: str) -> str:
    """filter[archived]=all serves archived and active observations, alone and beside any other filter."""
    planting = await planted(target)
    question = EVERYTHING if beside == "alone" else one_filter(planting, beside)
    some_match(planting, question.within("true"))
    some_match(planting, question.within("false"))
    await _heeded_alone(target, beside)
    return await judge(target, question.within("all"), ALL_MATCHES)


async def _heeded_alone(target: Target, name: str) -> None:
    if name != "alone":
        await require_sound(target, one_filter(await planted(target), name))
