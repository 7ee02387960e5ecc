"""What a create may meet that the documents say nothing about, and canonical words for what became of it (OBC-17)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.judging.expect import error_of
from conformance.judging.verdicts import Noted
from conformance.target.discovery import attribute_ids
from conformance.target.reading import unwrap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Silence:
    """A field, the value that it is sent, and how a sentence begins that says what became of it."""

    field: str
    value: Callable[[Target], Awaitable[Any]]
    subject: str


def _always(value: object) -> Callable[[Target], Awaitable[Any]]:
    async def give(_target: Target) -> Any:  # noqa: ANN401  # any JSON value
        return value

    return give


async def _backwards(target: Target) -> list[str]:
    return sorted(await attribute_ids(target, at_least=2), reverse=True)[:3]


SILENCES: Mapping[str, Silence] = {
    "HTML": Silence("impact", _always("a <b>bold</b> & <script>quick()</script> move"), "HTML in a text"),
    "surrounding white space": Silence("impact", _always("  \u2003indented\u00a0 "), "White space around a text"),
    "only white space": Silence("observation", _always("   "), "An observation of white space alone"),
    "U+0000": Silence("impact", _always("before\x00after"), "U+0000 in a text"),
    "line breaks": Silence("impact", _always("one\r\ntwo\n\tthree"), "A text of several lines"),
    "an unknown field": Silence("favourite_colour", _always("green"), "An unknown field"),
    "attribute_ids null": Silence("attribute_ids", _always(None), "null for attribute_ids"),
    "observation_date null": Silence("observation_date", _always(None), "null for observation_date"),
    "order of attribute_ids": Silence("attribute_ids", _backwards, "A list of attribute_ids out of order"),
}


def probe(silence: Silence, sent: Any, exchange: Exchange) -> Noted:  # noqa: ANN401  # any JSON value
    """Say in canonical words whether it was refused, and if not, what was stored."""
    response = exchange.response
    resource = unwrap(response.json) if response is not None and response.is_json else None
    if exchange.status not in {200, 201} or resource is None:
        code = error_of(exchange).get("code")
        told = f"{exchange.status} {code or ''}".rstrip()
        return Noted(f"{silence.subject} is refused with {told}.", {"status": exchange.status, "code": code})
    fate = _fate(sent, resource.get(silence.field, ...))
    return Noted(f"{silence.subject} is accepted and {fate}.", {"status": exchange.status, "stored": fate})


def _fate(sent: Any, stored: Any) -> str:  # noqa: ANN401  # any JSON value
    if stored == sent:
        return "kept"
    if stored is ... or stored is None:
        return "left out"
    if sent is None:
        return "replaced by an empty list" if stored == [] else "replaced by a default"
    if isinstance(sent, list) and isinstance(stored, list) and sorted(sent) == sorted(map(str, stored)):
        return "changed to another order"
    if isinstance(stored, str) and isinstance(sent, str):
        return _text_fate(sent, stored)
    return "changed"


def _text_fate(sent: str, stored: str) -> str:
    if stored == sent.strip() or sent.strip(" ") == stored:
        return "trimmed"
    if html.unescape(stored) == sent:
        return "escaped"
    if "<" not in stored and set(re.findall(r"\w+", stored)) <= set(re.findall(r"\w+", sent)):
        return "cleaned"
    return "changed"
