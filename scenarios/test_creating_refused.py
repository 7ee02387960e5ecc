"""OBC, LIM: what refused creates leave behind, asked once all others are done (observations › Validation rules)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.scenario import Phase, during, judges
from scenarios._refused import expect_nothing_left, is_beyond_limits

if TYPE_CHECKING:
    from conformance.target.target import Target


@during(Phase.MAKING)
@judges("OBC-05")
async def test_what_was_refused_is_not_stored(target: Target) -> str:
    """No text that only refused creates carried stands in the list of all that was created during the run."""
    return await expect_nothing_left(target, lambda exchange: not is_beyond_limits(exchange))


@during(Phase.MAKING)
@judges("LIM-02")
async def test_what_was_refused_for_its_length_is_not_stored(target: Target) -> str:
    """No text of a create that broke a limit stands in the list of all that was created during the run."""
    return await expect_nothing_left(target, is_beyond_limits)
