"""Courses go through all that an item can become, are drawn by the seed, and lose what they don't need."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from conformance.openapi.fuzzing.courses import NO_CHANGE, Step, drawn, insistent, shorter, usual
from conformance.openapi.fuzzing.questions import Difference, Slot
from tests.openapi.fuzzing.test_relations import kin

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = Difference(Slot("body", "title"), "One.")
VALUES = {"PATCH /things/{id}": [TITLE]}
KNOWN = frozenset(one.operation.label for one in kin().takers)


def told(course: Sequence[Step]) -> list[str]:
    """Name the steps in a word each."""
    return [one.operation.label.removesuffix("/things/{id}").rpartition("/")[2].strip() for one in course]


def test_the_usual_course_shows_each_state() -> None:
    """It ends with the deletion, after which nothing can be done."""
    assert told(usual(kin(), VALUES)) == [
        *("archive", "GET", "PATCH", "PATCH", "things", "archive"),
        *("GET", "DELETE", "GET", "PATCH"),
    ]


def test_all_is_done_twice_and_then_changed_by_nothing() -> None:
    """An action on what it was done to, and a deletion of what is gone."""
    course = insistent(kin(), VALUES)
    assert told(course) == ["archive", "archive", "PATCH", "DELETE", "DELETE", "PATCH"]
    assert [one.differences for one in course if one.operation.method == "PATCH"] == [(NO_CHANGE,), (TITLE,)]


def test_updates_are_of_values_that_the_spec_allows() -> None:
    """Where any are known."""
    assert {one.differences for one in usual(kin(), VALUES) if one.operation.method == "PATCH"} == {(TITLE,)}


def test_the_same_seed_draws_the_same() -> None:
    """And another one something else."""
    courses = [told(drawn(kin(), VALUES, KNOWN, Random(seed))) for seed in (1, 1, 2)]  # no secret
    assert (courses[0] == courses[1], courses[0] == courses[2]) == (True, False)


def test_a_deletion_is_followed_by_little() -> None:
    """Whatever is drawn, there is one at most, with a read before and after."""
    for seed in range(50):
        course = told(drawn(kin(), VALUES, KNOWN, Random(seed)))  # no secret
        if "DELETE" in course:
            place = course.index("DELETE")
            assert (course[place - 1], course[place + 1], len(course[place:]) <= 4) == ("GET", "GET", True)


def test_what_can_not_be_asked_is_not_drawn() -> None:
    """Such as what no plain request can be built for."""
    labels = {
        one.operation.label
        for seed in range(20)
        for one in drawn(kin(), VALUES, KNOWN - {"POST /notes"}, Random(seed))  # no secret
    }
    assert "POST /notes" not in labels


def test_shorter_courses_keep_the_last_step() -> None:
    """Those that leave something out come before those that ask more plainly."""
    course = usual(kin(), VALUES)[:4]
    found = list(shorter(course))
    assert ([*map(told, found[:2])], found[-1][3].differences) == ([["PATCH"], ["GET", "PATCH", "PATCH"]], ())
    assert {one[-1].operation.label for one in found} == {"PATCH /things/{id}"}
