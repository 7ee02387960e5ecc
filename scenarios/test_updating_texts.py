"""OBC, LIM: what holds for texts in a create holds in an update, too (observations › Update an observation)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD
from conformance.judging.expect import expect_resource, expect_same, require_accepted
from conformance.judging.scenario import judges
from scenarios._creates import comparable, expect_each_refused, full_body
from scenarios._texts import NOTHINGS, between_edges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

WIDE = {"observation": "語", "impact": "ж", "recommended_action": "語"}
WIDEST = {name: character * (FIELD[name].max_length or 0) for name, character in WIDE.items()}
"""The longest texts, in characters of two and of three bytes in UTF-8, all within the BMP."""
WRONG: tuple[Mapping[str, Any], ...] = (
    {"observation": 42},
    {"observation": ["In a list."]},
    {"impact": False},
    {"recommended_action": []},
    {"attribute_ids": [42]},
)


@dataclass(frozen=True, slots=True)
class _Texts:
    """One observation, updated in turn with texts in many scripts, the longest texts, and values of wrong types."""

    sent: dict[str, Any]
    scripts: Exchange
    read_scripts: Exchange
    widest: Exchange
    wrong: Mapping[str, Exchange]
    read: Exchange


async def _texts(target: Target) -> _Texts:
    return await target.once("updates of texts", lambda: _update(target))


async def _update(target: Target) -> _Texts:
    made = await target.make(**(await full_body(target)))
    path = f"/observations/{made.id}"
    sent = between_edges(target) | {"impact": NOTHINGS["impact"]}
    scripts = await target.patch(path, json=sent)
    read_scripts = await target.get(path)
    widest = await target.patch(path, json=WIDEST)
    answers = await asyncio.gather(*(target.patch(path, json=dict(body)) for body in WRONG))
    wrong = {repr(dict(body)): answer for body, answer in zip(WRONG, answers, strict=True)}
    return _Texts(sent, scripts, read_scripts, widest, wrong, await target.get(path))


@judges("OBC-16")
async def test_text_of_an_update_comes_back_as_it_was_sent(target: Target) -> str:
    """Each text field holds exactly what an update sent, in the answer and in a later read."""
    texts = await _texts(target)
    for exchange in (texts.scripts, texts.read_scripts):
        expect_same(expect_resource(exchange, 200), texts.sent)
    return f"{len(texts.sent)} texts came back as an update sent them, and were read so"


@judges("LIM-08")
async def test_an_update_counts_characters_and_not_bytes(target: Target) -> str:
    """The longest texts in characters of several bytes are taken over and come back whole."""
    texts = await _texts(target)
    require_accepted(texts.scripts, 200)
    expect_same(expect_resource(texts.widest, 200), WIDEST)
    return f"{', '.join(str(len(text)) for text in WIDEST.values())} characters of several bytes taken over"


@judges("LIM-08")
async def test_a_wrong_json_type_in_an_update_is_invalid(target: Target) -> str:
    """Numbers, false and lists for texts, and a text for a list, get 400 validation_error and change nothing."""
    texts = await _texts(target)
    accepted = texts.widest if texts.widest.status == 200 else require_accepted(texts.scripts, 200)
    expect_each_refused(texts.wrong)
    expect_same(comparable(expect_resource(texts.read)), comparable(expect_resource(accepted)))
    return f"{len(texts.wrong)} values of wrong types refused with 400, texts taken over"
