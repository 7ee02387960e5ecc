"""OBC: references to another organization's things (observations › Common error responses)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.judging.expect import expect, expect_refusal, expect_same, require_accepted
from conformance.judging.scenario import judges
from conformance.target.discovery import known_attributes
from conformance.wire.roles import OTHER_ORG
from scenarios._creates import of_day, twin, valid
from scenarios._organizations import OTHER, neighbours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

UNPROCESSABLE = (422, "unprocessable")
ALONE, BESIDE_OURS = "alone", "beside one of ours"
TAGS = (ALONE, BESIDE_OURS)


@judges("OBC-10")
async def test_an_employee_of_another_organization_is_unprocessable(target: Target) -> str:
    """The accepted body with another organization's employee gets 422 unprocessable, and is stored nowhere."""
    both = await neighbours(target)
    await valid(target)
    refused = await twin(target, employee_id=both.stranger, observation_date=both.day)
    expect_refusal(refused, *UNPROCESSABLE)
    listed = (await target.page("/observations", of_day(both.day), role=OTHER_ORG)).items
    planted = [item for item in listed if item.get("observation") == refused.request.json["observation"]]
    expect(not planted, "a refused create stands in the other organization's list", observed=planted)
    return "another organization's employee got 422 unprocessable, one of ours 201"


async def _tags(target: Target, how: str) -> list[str]:
    """Give attributes to send, one of which is another organization's."""
    theirs = (await neighbours(target)).attribute
    if theirs is None:
        raise Missing(
            "an attribute of the other organization that is none of ours",
            hint=f"Let the key in {OTHER} read /attributes, or tag an observation there.",
        )
    ours = await known_attributes(target, 1)
    if how == BESIDE_OURS and not ours:
        raise Missing("an attribute of ours", hint="Name some as attribute_ids in [tool.conformance].")
    return [*ours, theirs] if how == BESIDE_OURS else [theirs]


@judges("OBC-18", over=TAGS)
async def test_an_attribute_of_another_organization_is_unprocessable_on_create(target: Target, how: str) -> str:
    """The accepted body with another organization's attribute gets 422 unprocessable, also beside one of ours."""
    tags = await _tags(target, how)
    await valid(target)
    expect_refusal(await twin(target, attribute_ids=tags), *UNPROCESSABLE)
    return f"a create with another organization's attribute {how} got 422 unprocessable, one without it 201"


@dataclass(frozen=True, slots=True)
class _Tagging:
    """Updates of one observation's attributes: theirs refused, ours accepted afterwards; and what it read between."""

    refused: Mapping[str, Exchange]
    before: Resource
    after: Resource
    twin: Exchange


async def _tagging(target: Target) -> _Tagging:
    tags = [await _tags(target, how) for how in TAGS]
    return await target.once("updates with attributes of two organizations", lambda: _tag(target, *tags))


async def _tag(target: Target, theirs: list[str], mixed: list[str]) -> _Tagging:
    made = await target.make(attribute_ids=[])
    path = f"/observations/{made.id}"
    before = await target.read(made.id)
    # One after the other: updates at once may be conflicts of another kind.
    sets = zip(TAGS, (theirs, mixed), strict=True)
    refused = {how: await target.patch(path, json={"attribute_ids": tags}) for how, tags in sets}
    after = await target.read(made.id)
    ours = [one for one in mixed if one not in theirs]
    accepted = await target.patch(path, json={"attribute_ids": ours})
    return _Tagging(refused, before, after, accepted)


@judges("OBC-18", over=TAGS)
async def test_an_attribute_of_another_organization_is_unprocessable_on_update(target: Target, how: str) -> str:
    """An update with another organization's attribute gets 422 unprocessable, one with ours is accepted."""
    seen = await _tagging(target)
    require_accepted(seen.twin, 200)
    expect_refusal(seen.refused[how], *UNPROCESSABLE)
    return f"an update with another organization's attribute {how} got 422 unprocessable, one with ours 200"


@judges("OBC-18")
async def test_a_refused_attribute_of_another_organization_changes_nothing(target: Target) -> str:
    """After both refused updates the observation reads as before."""
    seen = await _tagging(target)
    require_accepted(seen.twin, 200)
    expect_same(seen.after, seen.before)
    return "the observation reads as before the refused updates"
