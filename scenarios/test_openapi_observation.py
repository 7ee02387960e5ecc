"""SPC: the Observation schemas of the published spec beside the documents (observations › Field reference)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judging.scenario import judges
from conformance.openapi.audit.field_reference import Use, body_contradictions, contradictions, unstated
from conformance.openapi.audit.observation_schemas import observation_schemas
from conformance.openapi.audit.probing import Fields
from conformance.openapi.document.published import published
from scenarios._openapi import expect_none

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.openapi.document.pointers import Place
    from conformance.openapi.document.published import Published
    from conformance.target.target import Target

USES = [use.value for use in Use]


@judges("SPC-08", over=USES)
async def test_observation_schemas_agree_with_the_field_reference(target: Target, use: str) -> str:
    """What the documents allow is valid by the schema, and nothing is stated that they don't say."""
    spec = await published(target, schemas=True)
    places = observation_schemas(spec, Use(use))
    wrong = [f"{place.pointer}: {told}" for place in places for told in _contradictions(spec, place, Use(use))]
    expect_none(
        wrong, "a schema contradicts the field reference", expected="types, bounds and nullability as documented"
    )
    return f"no contradiction in {', '.join(place.pointer for place in places)}"


def _contradictions(spec: Published, place: Place, use: Use) -> Iterator[str]:
    dialect = spec.answers if use is Use.SERVED else spec.bodies
    yield from contradictions(Fields(dialect, place), use)
    if use is not Use.SERVED:
        yield from body_contradictions(dialect, place, use)


@judges("SPC-16", over=USES)
async def test_observation_schemas_state_every_bound(target: Target, use: str) -> str:
    """No documented field is left out, and none of the bounds that a client could check."""
    spec = await published(target, schemas=True)
    places = observation_schemas(spec, Use(use))
    dialect = spec.answers if use == Use.SERVED.value else spec.bodies
    wrong = [f"{place.pointer}: {told}" for place in places for told in unstated(Fields(dialect, place), Use(use))]
    expect_none(wrong, "a schema leaves something out", expected="every documented field with its bounds")
    return f"every field and bound is stated in {', '.join(place.pointer for place in places)}"
