"""Documents, spec and run are set side by side, and who differs from whom is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.faults.publishing import of_property, operation, publishes
from conformance.judging.results import Results, RunFacts, TargetFacts
from conformance.openapi.insight import with_insight
from conformance.reference import HONEST
from conformance.target.tour import tour
from tests.openapi.test_answers import exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Behaviour
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange
    from tests.target.conftest import Ask, Open

NOTHING = Results(
    RunFacts("run", "2026-04-12T15:42:18+00:00", 1.0, 1), TargetFacts("http://target.test/v1", embedded=False), (), {}
)


async def toured(target: Target) -> tuple[Exchange, ...]:
    """Take the tour, and create once with texts at their limits and once beyond."""
    await tour(target)
    for size in (2000, 2001):
        await target.create(await target.body(impact="x" * size))
    return target.client.recorder.exchanges


@pytest.fixture
def rows(referring: Open, ask: Ask) -> Callable[[Behaviour], dict[str, Any]]:
    """Give a function that sets a behaviour in its three lights, by kind and subject."""

    def look(behaviour: Behaviour) -> dict[str, Any]:
        found = with_insight(NOTHING, ask(referring(behaviour), toured)).triangle or ()
        return {f"{row['kind']} {row['subject']}": row for row in found}

    return look


def test_the_honest_reference_differs_in_nothing(rows: Callable[[Behaviour], dict[str, Any]]) -> None:
    """And every documented thing has its row."""
    told = rows(HONEST)
    assert ([name for name, row in told.items() if row["differ"]], len(told) > 80) == ([], True)


def test_a_bound_is_seen_from_both_sides(rows: Callable[[Behaviour], dict[str, Any]]) -> None:
    """The largest that was accepted, and the smallest beyond it that was refused."""
    row = rows(HONEST)["bound POST /observations impact"]
    assert row["observed"] == "accepted up to 2000, refused from 2001"


DIFFERING: dict[str, tuple[Behaviour, str, list[str]]] = {
    "an undescribed endpoint": (
        publishes(lambda one: one["paths"].pop("/preferences")),
        "endpoint GET /preferences",
        ["documents/spec", "spec/observed"],
    ),
    "an undeclared parameter": (
        publishes(
            lambda one: operation(one, "GET", "/observations").update(
                parameters=[{"$ref": "#/components/parameters/Limit"}]
            )
        ),
        "parameter GET /observations expand",
        ["documents/spec"],
    ),
    "another default": (
        publishes(lambda one: one["components"]["parameters"]["Limit"]["schema"].update(default=20)),
        "bound GET /observations default of limit",
        ["documents/spec"],
    ),
    "an undeclared status": (
        publishes(lambda one: operation(one, "POST", "/observations/{id}/archive")["responses"].pop("409")),
        "status POST /observations/{id}/archive 409",
        ["spec/observed"],
    ),
    "another success": (
        publishes(lambda one: operation(one, "POST", "/observations")["responses"].pop("201")),
        "status POST /observations 201",
        ["documents/spec", "spec/observed"],
    ),
    "a field that is never null": (
        of_property("Observation", "archived_at", nullable=...),
        "field archived_at",
        ["documents/spec", "spec/observed"],
    ),
    "a third type": (
        of_property("Observation", "type", enum=["strength", "opportunity", "neutral"]),
        "values type",
        ["documents/spec"],
    ),
    "a smaller bound": (
        of_property("ObservationCreate", "impact", maxLength=1999),
        "bound POST /observations impact",
        ["documents/spec", "spec/observed"],
    ),
    "no bound": (
        of_property("ObservationCreate", "impact", maxLength=...),
        "bound POST /observations impact",
        ["documents/spec"],
    ),
}


@pytest.mark.parametrize("name", DIFFERING)
def test_who_differs_from_whom_is_told(name: str, rows: Callable[[Behaviour], dict[str, Any]]) -> None:
    """The row of the thing alone, and nothing else of its kind."""
    behaviour, subject, differ = DIFFERING[name]
    told = rows(behaviour)
    kind = subject.partition(" ")[0]
    found = {key: row["differ"] for key, row in told.items() if row["differ"] and key.startswith(kind)}
    assert found.get(subject) == differ, found


def test_without_a_spec_there_is_no_insight() -> None:
    """Nor with one of another version than the schemas are read of."""
    nowhere = with_insight(NOTHING, [exchange({}, 404, path="/openapi.json")])
    newer = with_insight(NOTHING, [exchange({"openapi": "3.1.0", "paths": {}}, path="/openapi.json")])
    assert (nowhere.coverage, nowhere.triangle, newer.coverage is None, newer.triangle) == (None, None, False, None)


def test_insight_is_plain_values(referring: Open, ask: Ask) -> None:
    """Both can be written as JSON and read back."""
    found = with_insight(NOTHING, ask(referring(HONEST), toured))
    whole = [found.coverage, found.triangle]
    assert json.loads(json.dumps(whole)) == whole
