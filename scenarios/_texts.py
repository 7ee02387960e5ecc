"""Texts of all sorts, and a create that carries most of them at once (observations › Create an observation)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from conformance.errors import Missing, TargetError
from conformance.judging.verdicts import Undecided
from conformance.target.reading import read_resource
from scenarios._creates import valid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

TEXTS: Mapping[str, str] = {
    "scripts": "Ελληνικά, Русский, 日本語\u3000한국어, हिन्दी, தமிழ், ไทย, Tiếng Việt, İstanbul'da ığdır, Straße",  # noqa: RUF001  # scripts are the point
    "right to left": "שלום עולם\u200f!, مرحبا بالعالم، می\u200cخواهم, abc\u200e (1)",  # noqa: RUF001  # likewise
    "combining marks": "e\u0301 is not \u00e9; n\u0303, o\u0328\u0301, \u1112\u1161\u11ab, \u0e01\u0e33, \u212b",
    "beyond the BMP": "😀 👩‍👩‍👧‍👦 👍🏽 🇫🇷 ❤️ 1️⃣ 𝒳 𠮷 𐍈",  # noqa: RUF001  # likewise
    "signs": (
        'R&D said: "it\'s 5% of A/B", C:\\new {x} [y] ${z} %20 #1 @all 1+1 ~2 x^2 a|b `c` *d* _e_ :) k=v; double  space'
        ", 10\u202f000\u00a0€, “quotes” ‘don’t’ – — … ... https://example.com/?q=a+b&c=%C3%A9"  # noqa: RUF001  # likewise
    ),
}
PLAIN = "Said in plain words."
NOTHINGS: Mapping[str, str] = {"impact": "0", "recommended_action": "null"}
"""Texts that a careless server takes for none; they have to stand alone."""
EVERYTHING = " | ".join(TEXTS.values())
EDGED = ("{marker} {told}.", '"“{told}”"', "e.g. {told}…")
"""How each text field begins and ends: with what a careless server takes for untidy."""
FIELDS = ("observation", "impact", "recommended_action")


class Together(NamedTuple):
    """A create of several texts at once, what it sent in the text fields, and what was read of it."""

    sent: dict[str, str]
    created: Exchange
    read: Exchange


async def together(target: Target) -> Together:
    """Share one create of all texts, between edges of their own; where it is refused, each is sent for itself."""
    return await target.once("texts of several kinds", lambda: _send_together(target))


async def _send_together(target: Target) -> Together:
    sent = between_edges(target)
    created = await target.create(await valid(target) | sent)
    return Together(sent, created, await _read(target, created))


async def accepted_text(target: Target) -> str:
    """Give all texts, one behind the other, if a create of them was accepted; else a plain one (OBC-16 judges that)."""
    try:
        accepted = (await together(target)).created.status == 201
    except (Undecided, Missing, TargetError):
        accepted = False
    return EVERYTHING if accepted else PLAIN


async def escaped(target: Target) -> Together:
    """Share one create of all texts, sent as JSON's own escapes, beside those that may be taken for none."""
    return await target.once("texts escaped in JSON", lambda: _send_escaped(target))


async def _send_escaped(target: Target) -> Together:
    sent = {"observation": f"{target.marker()} {EVERYTHING}", **NOTHINGS}
    body = json.dumps(await valid(target) | sent).encode()
    created = await target.post("/observations", content=body, headers={"Content-Type": "application/json"})
    return Together(sent, created, await _read(target, created))


async def _read(target: Target, created: Exchange) -> Exchange:
    """Read what was created; give the create itself where nothing was."""
    return await target.get(f"/observations/{read_resource(created)['id']}") if created.status == 201 else created


def in_each_field(target: Target, told: str) -> dict[str, str]:
    """Give the text fields of a create with a text in each; the observation is marked as the run's."""
    return {field: f"{target.marker()} {told}" if field == "observation" else told for field in FIELDS}


def between_edges(target: Target) -> dict[str, str]:
    """Give the text fields of a create with everything in each, between a beginning and an end of its own."""
    return {
        field: edged.format(marker=target.marker(), told=EVERYTHING) for field, edged in zip(FIELDS, EDGED, strict=True)
    }
