"""Lies about the texts of creates: what is stored, or read, is not what was sent."""

from __future__ import annotations

import html
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from conformance.faults.model import lies_at_the_door
from conformance.faults.rewriting import created_from, edited, is_read

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Door, Handler, Request, Response

TEXTS = ("observation", "impact", "recommended_action")


def _altering(alter: Callable[[str], str]) -> Door:
    """Give a door that alters the texts of a create before they are stored."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        return body | {name: alter(body[name]) for name in TEXTS if isinstance(body.get(name), str)}

    async def door(request: Request, honest: Handler) -> Response:
        return await created_from(request, honest, change)

    return door


@lies_at_the_door("OBC-16")
async def text_is_normalized(request: Request, honest: Handler) -> Response:
    """Combining characters are composed."""
    return await _altering(lambda text: unicodedata.normalize("NFC", text))(request, honest)


@lies_at_the_door("OBC-16")
async def zero_is_no_text(request: Request, honest: Handler) -> Response:
    """A text of "0" counts as none."""
    return await created_from(request, honest, lambda body: body | {n: None for n in TEXTS[1:] if body.get(n) == "0"})


@lies_at_the_door("OBC-16")
async def text_loses_what_is_beyond_the_bmp(request: Request, honest: Handler) -> Response:
    """Characters beyond the BMP become U+FFFD."""
    bmp = 0xFFFF
    return await _altering(lambda text: "".join(one if ord(one) <= bmp else "\ufffd" for one in text))(request, honest)


@lies_at_the_door("OBC-16")
async def text_loses_its_full_stop(request: Request, honest: Handler) -> Response:
    """A full stop, or an ellipsis, at the end of a text is cut off."""
    return await _altering(lambda text: text.rstrip(".…") or text)(request, honest)


@lies_at_the_door("OBC-16")
async def null_is_no_text(request: Request, honest: Handler) -> Response:
    """A text of "null" counts as none."""
    return await created_from(request, honest, lambda body: body | {n: None for n in TEXTS if body.get(n) == "null"})


@lies_at_the_door("OBC-16")
async def text_loses_what_is_invisible(request: Request, honest: Handler) -> Response:
    """What gives an emoji its form is taken for nothing."""
    return await _altering(lambda text: text.replace("\ufe0f", "").replace("\u20e3", ""))(request, honest)


@lies_at_the_door("OBC-16")
async def text_is_decoded_once_more(request: Request, honest: Handler) -> Response:
    """A plus and what is percent-encoded are read as in a form."""
    return await _altering(unquote_plus)(request, honest)


@lies_at_the_door("OBC-16")
async def text_is_escaped_as_html(request: Request, honest: Handler) -> Response:
    """Signs are stored as HTML's references to them."""
    return await _altering(html.escape)(request, honest)


@lies_at_the_door("OBC-16")
async def text_is_kept_in_latin_1(request: Request, honest: Handler) -> Response:
    """What Latin-1 lacks becomes a question mark."""
    return await _altering(lambda text: text.encode("latin-1", "replace").decode("latin-1"))(request, honest)


@lies_at_the_door("OBC-16")
async def reads_lose_repeated_spaces(request: Request, honest: Handler) -> Response:
    """A read runs spaces together that the create kept."""
    response = await honest(request)
    return (
        edited(response, lambda one: one | {"impact": " ".join((one["impact"] or "").split())})
        if is_read(request)
        else response
    )
