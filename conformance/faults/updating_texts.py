"""Lies about the texts of updates, where those of creates are told the truth about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies_at_the_door
from conformance.faults.rewriting import is_update, refusal, resent, sent

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

TEXTS = {"observation": 4000, "impact": 2000, "recommended_action": 2000}


@lies_at_the_door("OBC-16")
async def update_keeps_text_in_latin_1(request: Request, honest: Handler) -> Response:
    """What Latin-1 lacks becomes a question mark in an update."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        texts = {name: body[name] for name in TEXTS if isinstance(body.get(name), str)}
        return body | {name: text.encode("latin-1", "replace").decode("latin-1") for name, text in texts.items()}

    return await resent(request, honest, change) if is_update(request) else await honest(request)


@lies_at_the_door("OBC-16")
async def update_takes_zero_for_no_text(request: Request, honest: Handler) -> Response:
    """An impact of "0" clears it in an update."""
    zero = is_update(request) and sent(request).get("impact") == "0"
    return await (resent(request, honest, lambda body: body | {"impact": None}) if zero else honest(request))


@lies_at_the_door("OBC-16")
async def update_tidies_text(request: Request, honest: Handler) -> Response:
    """An update makes one plain blank of all white space between words."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        texts = {name: body[name] for name in TEXTS if isinstance(body.get(name), str)}
        return body | {name: " ".join(text.split()) for name, text in texts.items()}

    return await resent(request, honest, change) if is_update(request) else await honest(request)


@lies_at_the_door("LIM-08")
async def update_counts_bytes(request: Request, honest: Handler) -> Response:
    """An update with a text of more bytes than its limit is refused."""
    body = sent(request) if is_update(request) else {}
    over = [name for name, most in TEXTS.items() if len(str(body.get(name, "")).encode()) > most]
    return refusal("validation_error", over[0]) if over else await honest(request)


@lies_at_the_door("LIM-08")
async def update_makes_text_of_numbers(request: Request, honest: Handler) -> Response:
    """A number as observation is stored as its text by an update."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        return {name: str(value) if type(value) is int else value for name, value in body.items()}

    return await resent(request, honest, change) if is_update(request) else await honest(request)


@lies_at_the_door("LIM-08")
async def update_joins_a_list_to_a_text(request: Request, honest: Handler) -> Response:
    """A list as observation is joined to a text by an update."""
    parts = sent(request).get("observation") if is_update(request) else None
    if not isinstance(parts, list):
        return await honest(request)
    return await resent(request, honest, lambda body: body | {"observation": ", ".join(map(str, parts))})
