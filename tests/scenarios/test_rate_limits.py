"""A rise of Remaining is a bucket's own only as far as the bucket can have regained it."""

from __future__ import annotations

import pytest

from scenarios._rate_limits import Reading, is_refill, may_be_a_window, within_one_window

NOW = 1_800_000_000


def reading(place: int, *, remaining: int = 99, reset: int = NOW + 60, seconds: float = 0.0) -> Reading:
    """Give a reading of a quota of 100, so many seconds after the first."""
    return Reading(place, 100, remaining, reset, NOW + seconds, asked=seconds, answered=seconds + 0.01)


def test_a_full_window_regains_nothing() -> None:
    """Standing one below the limit, with a minute to go, explains no standing still."""
    assert is_refill(reading(0), reading(5, seconds=2.2)) is False


@pytest.mark.parametrize(("remaining", "refilled"), [(12, False), (28, True), (60, False)])
def test_a_drained_bucket_regains_what_its_reset_tells(remaining: int, refilled: bool) -> None:  # noqa: FBT001 - expected value
    """A bucket that is to regain 90 in 11 s regains some 9 a second: not nearly nothing, and not far more."""
    first = reading(0, remaining=10, reset=NOW + 11)
    later = reading(1, remaining=remaining, reset=NOW + 11, seconds=2.2)
    assert is_refill(first, later) is refilled


@pytest.mark.parametrize(("resets", "compared"), [((60, 60), 2), ((60, 61), 0), ((2, 2), 0)])
def test_only_one_reset_that_is_not_near_is_a_window(resets: tuple[int, int], compared: int) -> None:
    """Readings are compared where one Reset holds for all and lies more than a moment ahead."""
    taken = [reading(place, reset=NOW + reset) for place, reset in enumerate(resets)]
    assert len(within_one_window(taken)) == compared


def test_a_bucket_that_is_nearly_full_is_no_window() -> None:
    """A Reset that is always at hand is not waited for."""
    taken = [reading(place, reset=NOW + 1 + place, seconds=place) for place in range(3)]
    assert may_be_a_window(taken) is False
