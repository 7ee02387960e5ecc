"""Documents, spec and run are set side by side, and who differs from whom is told."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.faults.model import all_faults
from conformance.faults.publishing import of_property, operation, publishes
from conformance.judging.results import Results, RunFacts, TargetFacts
from conformance.openapi import insight
from conformance.openapi.insight import with_insight
from conformance.openapi.triangle.lights import UNREAD as UNREAD_SPEC
from conformance.reference import HONEST
from conformance.reference.publishing import published
from conformance.target.tour import tour
from tests.openapi.answers.test_held import exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    assert row["observed"] == "2000 to 2000 accepted, refused from 2001"


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
        ["documents/spec", "spec/observed"],
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
        ["documents/spec", "spec/observed"],
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


LIES: dict[str, tuple[str, str]] = {
    "impact_of_2000_is_too_long": ("bound POST /observations impact", "refused from 2000"),
    "impact_of_2001_is_cut": ("bound POST /observations impact", "2000 to 2001 accepted"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_limit_that_is_enforced_otherwise_differs_from_documents_and_spec(
    name: str, rows: Callable[[Behaviour], dict[str, Any]]
) -> None:
    """It is taken one too early, or one too late."""
    (fault,) = (one for one in all_faults() if one.name == name)
    subject, observed = LIES[name]
    row = rows(fault.behaviour())[subject]
    assert (row["observed"], row["differ"]) == (observed, ["spec/observed", "documents/observed"])


UNREAD = {
    "none": (exchange({}, 404, path="/openapi.json"), "got 404"),
    "no JSON": (exchange("openapi: 3.0.3", path="/openapi.json"), "that is no object"),
    "Swagger": (exchange({"swagger": "2.0", "paths": {}}, path="/openapi.json"), "declares Swagger 2.0"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_spec_that_cannot_be_read_differs_from_nothing(name: str) -> None:
    """Why is told; what the documents say is still set beside what was seen."""
    served, told = UNREAD[name]
    found = with_insight(NOTHING, [served, exchange({"data": []}, 404, path="/webhooks")])
    differing = [(row["subject"], row["differ"]) for row in found.triangle or () if row["differ"]]
    assert (found.coverage, told in found.unread) == (None, True)
    assert differing == [("GET /webhooks", ["documents/observed"])]


def test_of_a_newer_version_the_schemas_alone_are_not_read() -> None:
    """Its operations are counted and compared."""
    served = exchange(published("target.test") | {"openapi": "3.1.0"}, path="/openapi.json")
    found = with_insight(NOTHING, [served])
    told = {row["kind"] for row in found.triangle or () if row["spec"] == UNREAD_SPEC}
    assert (found.coverage is None, told) == (False, {"field", "values", "bound"})
    assert "declares OpenAPI 3.1.0" in found.unread


def places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  # JSON
    """Give every member and item of a document: what holds it, and its name or number."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, name
        if isinstance(inner, dict | list):
            yield from places(inner)


@pytest.mark.parametrize("seed", range(12))
def test_a_spec_with_anything_anywhere_breaks_nothing(seed: int) -> None:
    """What can't be worked with is left out, and no more."""
    document = json.loads(json.dumps(published("target.test")))
    draw = random.Random(seed)  # no secret
    for _ in range(4):
        holder, name = draw.choice(list(places(document)))
        holder[name] = draw.choice([None, [], {}, "<script>", 7, -1e300, True, {"$ref": "#"}, {"$ref": 1}, [[]]])
    found = with_insight(NOTHING, [exchange(document, path="/openapi.json"), exchange({"data": [7]}, path="/webhooks")])
    assert (found.unread, len(found.triangle or ()) > 100) == ("", True)


def test_what_breaks_the_suite_itself_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdicts of the run are kept."""
    monkeypatch.setattr(insight, "triangle", lambda *_: 1 // 0)
    found = with_insight(NOTHING, [exchange({}, 404, path="/openapi.json")])
    assert found == replace(NOTHING, unread="the suite met a ZeroDivisionError over it")


def test_insight_is_plain_values(referring: Open, ask: Ask) -> None:
    """Both can be written as JSON and read back."""
    found = with_insight(NOTHING, ask(referring(HONEST), toured))
    whole = [found.coverage, found.triangle]
    assert json.loads(json.dumps(whole)) == whole
