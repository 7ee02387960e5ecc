"""LIM: how long and how many the fields of an observation may be (observations › Field reference, Validation rules)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import CLEARABLE
from conformance.judging.expect import expect, expect_refusal, expect_resource, expect_same, require_accepted, shown
from conformance.judging.scenario import judges
from conformance.target.discovery import attribute_ids
from conformance.target.reading import read_resource
from scenarios._creates import comparable, most_tagged, named, twin, whole
from scenarios._limits import LONGEST, TEXTS, most, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

WIDE = {"two bytes": "ж", "three bytes": "語"}
"""Characters of two and of three bytes in UTF-8, both within the BMP, and neither of them composed."""
BEYOND_BMP = "😀"


async def _expect_stored(target: Target, exchange: Exchange, sent: dict[str, Any]) -> None:
    """Expect that a create was accepted and that answer and read hold all that was sent."""
    resource = expect_resource(exchange, 201)
    expect_same(comparable(resource), comparable(sent))
    path = f"/observations/{read_resource(exchange)['id']}"
    read = expect_resource(await target.once(f"{path} as it was made", lambda: target.get(path)))
    expect_same(comparable(read), comparable(sent))


async def _longest(target: Target, field: str) -> Exchange:
    """Share the create with the longest text that a field may have: all fields at once, or each alone if refused."""
    together = await target.once("the longest texts", lambda: twin(target, **LONGEST))
    if together.status == 201:
        return together
    return await target.once(f"the longest {field}", lambda: twin(target, **{field: LONGEST[field]}))


async def _without_text(target: Target, field: str, value: str | None) -> Exchange:
    """Share the create with `value` for each text that may be left out, or for each alone if that is refused."""
    together = await target.once(f"texts of {value!r}", lambda: twin(target, **dict.fromkeys(CLEARABLE, value)))
    return together if together.status == 201 else await twin(target, **{field: value})


@judges("LIM-01", over=("1", "4000"))
async def test_an_observation_text_within_the_limits_is_accepted(target: Target, characters: str) -> str:
    """A text of the least and of the greatest length comes back whole, also in a read."""
    text = text_of("observation", int(characters))
    at_most = int(characters) == most("observation")
    exchange = await (_longest(target, "observation") if at_most else twin(target, **text))
    await _expect_stored(target, exchange, text)
    return f"a text of {characters} came back whole"


@judges("LIM-02", over=("0", "4001"))
async def test_an_observation_text_beyond_the_limits_is_invalid(target: Target, characters: str) -> str:
    """A text shorter or longer by one gets 400 validation_error."""
    require_accepted(await _longest(target, "observation"), 201)
    expect_refusal(await twin(target, **text_of("observation", int(characters))), 400, "validation_error")
    return f"{characters} characters got 400, {most('observation')} got 201"


async def _optional_text_is_accepted(target: Target, field: str) -> str:
    longest, empty, null = await asyncio.gather(
        _longest(target, field), _without_text(target, field, ""), _without_text(target, field, None)
    )
    await _expect_stored(target, longest, {field: LONGEST[field]})
    expect_same(expect_resource(null, 201), {field: None})
    stored = expect_resource(empty, 201).get(field, "(absent)")
    expect(
        stored in {"", None} if isinstance(stored, str | None) else False,
        f"an empty {field} is stored as {named(stored)}",
        expected="an empty text or null",
        observed=shown(empty),
    )
    return f"{most(field)} characters came back whole, no text as {stored!r}, null as null"


async def _optional_text_is_bounded(target: Target, field: str) -> str:
    require_accepted(await _longest(target, field), 201)
    over = most(field) + 1
    expect_refusal(await twin(target, **text_of(field, over)), 400, "validation_error")
    return f"{over} characters got 400, {over - 1} got 201"


@judges("LIM-03")
async def test_an_impact_within_the_limits_is_accepted(target: Target) -> str:
    """2000 characters, none and null get 201 and come back as sent."""
    return await _optional_text_is_accepted(target, "impact")


@judges("LIM-03")
async def test_an_impact_beyond_the_limit_is_invalid(target: Target) -> str:
    """2001 characters get 400 validation_error."""
    return await _optional_text_is_bounded(target, "impact")


@judges("LIM-04")
async def test_a_recommended_action_within_the_limits_is_accepted(target: Target) -> str:
    """2000 characters, none and null get 201 and come back as sent."""
    return await _optional_text_is_accepted(target, "recommended_action")


@judges("LIM-04")
async def test_a_recommended_action_beyond_the_limit_is_invalid(target: Target) -> str:
    """2001 characters get 400 validation_error."""
    return await _optional_text_is_bounded(target, "recommended_action")


@judges("LIM-05")
async def test_twelve_attributes_are_accepted(target: Target) -> str:
    """12 different attribute ids get 201 and all come back, also in a read."""
    ids, exchange = await most_tagged(target, most("attribute_ids"))
    await _expect_stored(target, exchange, {"attribute_ids": ids})
    return f"{len(ids)} attributes came back"


@judges("LIM-05")
async def test_thirteen_attributes_are_invalid(target: Target) -> str:
    """13 different attribute ids get 400 validation_error."""
    over = list(await attribute_ids(target, most("attribute_ids") + 1))[: most("attribute_ids") + 1]
    require_accepted((await most_tagged(target, most("attribute_ids")))[1], 201)
    expect_refusal(await twin(target, attribute_ids=over), 400, "validation_error")
    return f"{len(over)} attributes got 400, {len(over) - 1} got 201"


@judges("LIM-06")
async def test_a_repeated_attribute_is_not_stored_twice(target: Target) -> str:
    """Lists that name one attribute twice are refused with 400, or come back with it once."""
    known = list(await attribute_ids(target))[: most("attribute_ids")]
    require_accepted((await whole(target)).exchange, 201)
    lists = [[known[0], known[0]], [*known[: most("attribute_ids") - 1], known[0]]]  # none of them is too long
    answers = await asyncio.gather(*(twin(target, attribute_ids=one) for one in lists))
    for one, exchange in zip(lists, answers, strict=True):
        await _expect_once(target, exchange, one)
    return f"lists with a repeat got {', '.join(str(exchange.status) for exchange in answers)}, none stored it twice"


async def _expect_once(target: Target, exchange: Exchange, sent: Sequence[str]) -> None:
    if exchange.status != 201:
        expect_refusal(exchange, 400, "validation_error")
        return
    answered = expect_resource(exchange, 201)
    for resource in (answered, expect_resource(await target.get(f"/observations/{read_resource(exchange)['id']}"))):
        stored = resource.get("attribute_ids")
        expect(
            isinstance(stored, list) and sorted(map(str, stored)) == sorted(set(sent)),
            "a repeated attribute id is not stored exactly once",
            expected="400 validation_error, or each id once",
            observed={"sent": sent, "stored": stored},
        )


@judges("LIM-07", over=WIDE)
async def test_characters_of_several_bytes_count_once(target: Target, width: str) -> str:
    """The longest texts in characters of this width are accepted and come back whole."""
    for field in TEXTS:
        require_accepted(await _longest(target, field), 201)
    fields = {field: WIDE[width] * most(field) for field in TEXTS}
    await _expect_stored(target, await twin(target, **fields), fields)
    return f"{', '.join(str(len(text)) for text in fields.values())} characters of {width} accepted and kept"


@judges("LIM-09", over=("4000", "4001"))
async def test_a_character_beyond_the_bmp_counts_once(target: Target, characters: str) -> str:
    """4000 of them are accepted and come back whole, as are 2000 in each other text; 4001 get 400 validation_error."""
    for field in TEXTS:
        require_accepted(await _longest(target, field), 201)
    if int(characters) > most("observation"):
        beyond = await twin(target, **text_of("observation", int(characters), BEYOND_BMP))
        expect_refusal(beyond, 400, "validation_error")
        return f"{characters} characters beyond the BMP got 400"
    fields = {field: BEYOND_BMP * most(field) for field in TEXTS}
    await _expect_stored(target, await twin(target, **fields), fields)
    return f"{characters} characters beyond the BMP came back whole"
