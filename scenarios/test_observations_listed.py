"""OBS: an observation in a list is as it is by id, by whatever the list is narrowed (observations › Get, List)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.judging.scenario import judges
from conformance.target.planting import planted
from conformance.target.plants import PLANTS
from scenarios._filtered import AS_MADE, judge, some_match
from scenarios._filtering import FILTERS, one_filter

if TYPE_CHECKING:
    from conformance.target.target import Target


@judges("OBS-07", over=FILTERS)
async def test_a_filtered_list_serves_the_whole_observation(target: Target, name: str) -> str:
    """What was made is served with all its texts and attributes, not with those alone that the filter looks for."""
    planting = await planted(target)
    if planting.window is None:
        raise Missing("observations that the run made", hint=PLANTS)
    question = one_filter(planting, name)
    some_match(planting, question)
    return await judge(target, question, AS_MADE)
