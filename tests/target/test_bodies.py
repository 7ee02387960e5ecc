"""Bodies are built from a schema: what is required, real where it refers to something, fresh where it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import Missing
from conformance.target.bodies import Builder, Unbuildable
from conformance.target.discovery import employees

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from tests.target.conftest import Open


HARD = r"^\p{Lu}{9}$"
"""A pattern that none of our texts fits, and that is not read."""


@pytest.fixture
def build(referring: Open, ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that builds a body for a schema."""

    def building(schema: Resource, **document: Resource) -> Resource:
        async def build_it(target: Target) -> Resource:
            return await Builder(target, document).body({"schema": schema})

        built: Resource = ask(referring(), build_it)
        return built

    return building


@pytest.fixture
def vary(referring: Open, ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that builds a body for a schema, and another one beside it."""

    def varying(schema: Resource) -> tuple[Resource, Resource | None]:
        async def vary_it(target: Target) -> tuple[Resource, Resource | None]:
            builder = Builder(target, {})
            body = await builder.body({"schema": schema})
            return body, await builder.other(body)

        pair: tuple[Resource, Resource | None] = ask(referring(), vary_it)
        return pair

    return varying


def an_object(required: list[str] | None = None, /, **properties: Resource) -> Resource:
    """Write the schema of an object; all of its properties are required where none is named."""
    named = list(properties) if required is None else required
    return {"type": "object", "required": named, "properties": properties}


TEXT = {"type": "string"}


def test_what_is_not_required_is_left_out(build: Callable[..., Any]) -> None:
    """Nor is what a client only reads sent."""
    schema = an_object(["kind", "id"], kind={"enum": ["a", "b"]}, note=TEXT, id={"type": "string", "readOnly": True})
    assert build(schema) == {"kind": "a"}


def test_defaults_flags_and_lists_are_filled_in(build: Callable[..., Any]) -> None:
    """An enum's default before its first value, false for a flag, as many different items as are wanted."""
    schema = an_object(
        state={"enum": ["a", "b"], "default": "b"},
        notify={"type": "boolean"},
        events={"type": "array", "minItems": 2, "uniqueItems": True, "items": {"enum": ["x", "y", "z"]}},
        inner=an_object(count={"type": "integer", "minimum": 3}),
    )
    expected = {"state": "b", "notify": False, "events": ["x", "y"], "inner": {"count": 3}}
    assert build(schema) == expected


def test_text_names_the_run(build: Callable[..., Any]) -> None:
    """A reader of the data learns who wrote it."""
    assert "conformance run r1" in build(an_object(title=TEXT))["title"]


def test_addresses_reach_nobody(build: Callable[..., Any]) -> None:
    """An example or a default in the spec is somebody's address and not used."""
    url = {
        "type": "string",
        "format": "uri",
        "example": "https://hooks.example.com/",
        "default": "https://real.example",
    }
    body = build(an_object(email={"type": "string", "format": "email"}, url=url))
    assert body["email"].endswith("@example.com")
    assert body["url"].startswith("https://conformance.invalid/")


def test_a_text_is_read_from_its_pattern(build: Callable[..., Any]) -> None:
    """Where no text of ours fits; never one that might reach somebody."""
    assert build(an_object(quarter={"type": "string", "pattern": "^[0-9]{4}-Q[1-4]$"})) == {"quarter": "0000-Q1"}
    with pytest.raises(Unbuildable):
        build(an_object(place={"type": "string", "pattern": "^gopher://[a-z]+$"}))


def test_an_address_that_does_not_fit_is_not_replaced_by_the_example(build: Callable[..., Any]) -> None:
    """Rather no body than one that reaches somebody."""
    with pytest.raises(Unbuildable):
        build(an_object(url={"type": "string", "pattern": "^https://hooks", "example": "https://hooks.example.com/"}))


def test_the_first_alternative_that_can_be_built_is_taken(build: Callable[..., Any]) -> None:
    """What holds beside the alternatives holds too."""
    options = [an_object(code={"type": "string", "pattern": HARD}), an_object(kind={"enum": ["b"]})]
    assert build({**an_object(flag={"type": "boolean"}), "oneOf": options}) == {"flag": False, "kind": "b"}


def test_null_stands_in_for_what_can_not_be_told(build: Callable[..., Any]) -> None:
    """Where the schema lets it."""
    assert build(an_object(code={"type": "string", "pattern": HARD, "nullable": True})) == {"code": None}


def test_an_example_helps_where_a_pattern_is_too_hard(build: Callable[..., Any]) -> None:
    """A property's own, or the one of its object."""
    hard = {"type": "string", "pattern": "^[A-Z]-[0-9]$"}
    schema = {**an_object(one={**hard, "example": "A-1"}, two=hard), "example": {"two": "B-2"}}
    assert build(schema) == {"one": "A-1", "two": "B-2"}


@pytest.mark.parametrize("name", ["mystery_id", "code"])
def test_what_can_not_be_told_is_said(build: Callable[..., Any], name: str) -> None:
    """The error names the field, and counts as missing data."""
    with pytest.raises(Missing, match=name):
        build(an_object(**{name: {"type": "string", "pattern": HARD}}))


def test_a_schema_without_an_end_is_given_up(build: Callable[..., Any]) -> None:
    """A part that requires another part like itself can't be built."""
    schema = {"$ref": "#/part"}
    with pytest.raises(Unbuildable):
        build(an_object(part=schema), part=an_object(part=schema))


def test_references_name_different_people_who_exist(referring: Open, ask: Callable[..., Any]) -> None:
    """A manager has reports, the employee is one of them, and a reviewer is a third person."""

    async def build_it(target: Target) -> tuple[Resource, dict[str, Any]]:
        schema = an_object(employee_id=TEXT, manager_id=TEXT, reviewer_id=TEXT)
        body = await Builder(target, {}).body({"schema": schema})
        return body, {person["id"]: person.get("manager_id") for person in await employees(target)}

    body, managers = ask(referring(), build_it)
    assert (set(body.values()) <= set(managers), len(set(body.values()))) == (True, 3)
    assert managers[body["employee_id"]] == body["manager_id"]


def test_a_list_of_observations_names_one_of_ours(referring: Open, ask: Callable[..., Any]) -> None:
    """What is referred to is made, and so it is ours to lose."""

    async def build_it(target: Target) -> tuple[Resource, list[str]]:
        schema = an_object(observation_ids={"type": "array", "items": TEXT})
        body = await Builder(target, {}).body({"schema": schema})
        return body, [one for one, _ in target.journal.remains()]

    body, ours = ask(referring(), build_it)
    assert body == {"observation_ids": ours}


def test_a_collection_is_found_by_its_singular(referring: Open, ask: Callable[..., Any]) -> None:
    """A department, which the documents don't list, is found where the spec does; a summary in any case."""

    async def build_it(target: Target) -> Resource:
        return await Builder(target, {"paths": {"/v1/attributes": {"get": {}}}}).body(
            {"schema": an_object(team_summary_id=TEXT, attribute_id=TEXT)}
        )

    body = ask(referring(), build_it)
    assert {name: value.partition("_")[0] for name, value in body.items()} == {
        "team_summary_id": "tsum",
        "attribute_id": "attr",
    }


def test_another_body_differs_in_one_field(vary: Callable[..., Any]) -> None:
    """Free text before an enum; what is no text stays."""
    body, other = vary(an_object(kind={"enum": ["a", "b"]}, title=TEXT, employee_id=TEXT))
    assert {name for name in body if body[name] != other[name]} == {"title"}


def test_another_body_has_new_addresses(vary: Callable[..., Any]) -> None:
    """What may have to be unique must not be what it is refused for."""
    body, other = vary(an_object(name=TEXT, email=TEXT))
    assert {name for name in body if body[name] != other[name]} == {"name", "email"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (an_object(kind={"enum": ["a", "b"]}), {"kind": "b"}),
        (an_object(flag={"type": "boolean"}), {"flag": True}),
        (an_object([], count={"type": "integer"}), {"count": 2}),
        (an_object(kind={"enum": ["a"]}), None),
    ],
)
def test_another_body_takes_what_there_is(
    vary: Callable[..., Any], schema: Resource, expected: Resource | None
) -> None:
    """An enum's next value, the other truth, an optional field more; None where nothing can differ."""
    assert vary(schema)[1] == expected
