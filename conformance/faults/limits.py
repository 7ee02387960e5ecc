"""Lies about how long and how many the fields of an observation may be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import is_create, is_read, is_update, overlaying, refusal, resent, sent
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Door, Handler, Request, Response

MOST = 12
LONGEST = {"observation": 4000, "impact": 2000, "recommended_action": 2000}
BMP = 0xFFFF


def _length(request: Request, field: str) -> int:
    value = sent(request).get(field)
    return len(value) if isinstance(value, str | list) else -1


def _cut(body: dict[str, Any], field: str, length: int) -> dict[str, Any]:
    value = body.get(field)
    return body | {field: value[:length]} if isinstance(value, str | list) else body


def _refusing(where: Callable[[Request], bool], field: str, length: int) -> Door:
    """Give a door that refuses a field of exactly this length."""

    async def door(request: Request, honest: Handler) -> Response:
        refused = where(request) and _length(request, field) == length
        return refusal("validation_error", field) if refused else await honest(request)

    return door


def _cutting(where: Callable[[Request], bool], field: str, length: int) -> Door:
    """Give a door that cuts a field to this length before it is judged and stored."""

    async def door(request: Request, honest: Handler) -> Response:
        if not where(request) or _length(request, field) <= length:
            return await honest(request)
        return await resent(request, honest, lambda body: _cut(body, field, length))

    return door


@lies_at_the_door("LIM-01")
async def text_of_4000_is_too_long(request: Request, honest: Handler) -> Response:
    """An observation of 4000 characters is refused."""
    return await _refusing(is_create, "observation", 4000)(request, honest)


@lies_at_the_door("LIM-01")
async def text_of_1_is_too_short(request: Request, honest: Handler) -> Response:
    """An observation of one character is refused."""
    return await _refusing(is_create, "observation", 1)(request, honest)


@lies_at_the_door("LIM-01")
async def long_text_is_cut(request: Request, honest: Handler) -> Response:
    """An observation is cut to 2048 characters without a word."""
    return await _cutting(is_create, "observation", 2048)(request, honest)


@lies_at_the_door("LIM-02")
async def text_of_4001_is_cut(request: Request, honest: Handler) -> Response:
    """An observation of more than 4000 characters is cut, and accepted."""
    return await _cutting(is_create, "observation", 4000)(request, honest)


@lies_at_the_door("LIM-02")
async def no_text_is_enough(request: Request, honest: Handler) -> Response:
    """An empty observation is accepted."""
    if not is_create(request):
        return await honest(request)
    return await resent(request, honest, lambda body: body | ({} if body.get("observation") else {"observation": "-"}))


@lies_at_the_door("LIM-02")
async def text_of_4001_is_too_large(request: Request, honest: Handler) -> Response:
    """An observation of 4001 characters gets 422."""
    refused = is_create(request) and _length(request, "observation") == LONGEST["observation"] + 1
    return refusal("unprocessable", "observation") if refused else await honest(request)


@lies_at_the_door("LIM-03")
async def impact_of_2000_is_too_long(request: Request, honest: Handler) -> Response:
    """An impact of 2000 characters is refused."""
    return await _refusing(is_create, "impact", 2000)(request, honest)


@lies_at_the_door("LIM-03")
async def impact_of_2001_is_cut(request: Request, honest: Handler) -> Response:
    """An impact of more than 2000 characters is cut, and accepted."""
    return await _cutting(is_create, "impact", 2000)(request, honest)


@lies_at_the_door("LIM-03")
async def empty_impact_is_too_short(request: Request, honest: Handler) -> Response:
    """An empty impact is refused."""
    return await _refusing(is_create, "impact", 0)(request, honest)


@lies_at_the_door("LIM-03")
async def null_impact_is_refused(request: Request, honest: Handler) -> Response:
    """An impact of null is refused by a create."""
    body = sent(request)
    null = is_create(request) and "impact" in body and body["impact"] is None
    return refusal("validation_error", "impact") if null else await honest(request)


@lies_at_the_door("LIM-04")
async def action_of_2000_is_too_long(request: Request, honest: Handler) -> Response:
    """A recommended_action of 2000 characters is refused."""
    return await _refusing(is_create, "recommended_action", 2000)(request, honest)


@lies_at_the_door("LIM-04")
async def action_of_2001_is_cut(request: Request, honest: Handler) -> Response:
    """A recommended_action of more than 2000 characters is cut, and accepted."""
    return await _cutting(is_create, "recommended_action", 2000)(request, honest)


@lies_at_the_door("LIM-04")
async def empty_action_is_too_short(request: Request, honest: Handler) -> Response:
    """An empty recommended_action is refused."""
    return await _refusing(is_create, "recommended_action", 0)(request, honest)


@lies_at_the_door("LIM-05")
async def twelfth_attribute_is_refused(request: Request, honest: Handler) -> Response:
    """12 attributes are refused."""
    return await _refusing(is_create, "attribute_ids", MOST)(request, honest)


@lies_at_the_door("LIM-05")
async def thirteenth_attribute_is_dropped(request: Request, honest: Handler) -> Response:
    """Of 13 attributes the last is dropped."""
    return await _cutting(is_create, "attribute_ids", MOST)(request, honest)


@lies("LIM-06")
def repeated_attribute_is_stored_twice() -> Behaviour:
    """A repeated attribute is stored as it was sent."""
    return _repeating(is_create)


@lies("LIM-06")
def attribute_repeated_later_is_stored_twice() -> Behaviour:
    """A repeated attribute is stored as it was sent, but for one that follows itself in a list of two."""
    return _repeating(lambda request: is_create(request) and 2 < _length(request, "attribute_ids") <= MOST)


def _repeating(where: Callable[[Request], bool]) -> Behaviour:
    async def once(request: Request, honest: Handler) -> Response:
        ids = sent(request).get("attribute_ids")
        if not where(request) or not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            return await honest(request)
        return await resent(request, honest, lambda body: body | {"attribute_ids": list(dict.fromkeys(ids))})

    def tell(request: Request, _resource: dict[str, Any]) -> dict[str, Any]:
        body = sent(request)
        return {"attribute_ids": body["attribute_ids"]} if where(request) and "attribute_ids" in body else {}

    return overlaying(tell, once)


@lies("LIM-07")
def limits_count_bytes() -> Behaviour:
    """Limits count the bytes of UTF-8."""
    return replace(HONEST, text_length=lambda text: len(text.encode()))


@lies("LIM-07")
def three_bytes_count_twice() -> Behaviour:
    """Characters of three bytes and more count twice, as in an East Asian terminal."""
    narrow = 0x7FF
    return replace(HONEST, text_length=lambda text: sum(1 + (ord(one) > narrow) for one in text))


@lies_at_the_door("LIM-08")
async def patch_cuts_what_is_too_long(request: Request, honest: Handler) -> Response:
    """An update cuts a recommended_action to its limit instead of refusing it."""
    return await _cutting(is_update, "recommended_action", 2000)(request, honest)


@lies_at_the_door("LIM-08")
async def patch_refuses_the_longest_text(request: Request, honest: Handler) -> Response:
    """An update refuses an observation of 4000 characters."""
    return await _refusing(is_update, "observation", 4000)(request, honest)


@lies_at_the_door("LIM-08")
async def patch_refuses_an_empty_impact(request: Request, honest: Handler) -> Response:
    """An update refuses an empty impact."""
    return await _refusing(is_update, "impact", 0)(request, honest)


@lies_at_the_door("LIM-08")
async def patch_drops_the_thirteenth_attribute(request: Request, honest: Handler) -> Response:
    """An update with 13 attributes stores the first 12."""
    return await _cutting(is_update, "attribute_ids", MOST)(request, honest)


@lies_at_the_door("LIM-08")
async def patch_refuses_and_stores_the_cut_text(request: Request, honest: Handler) -> Response:
    """An update refuses an impact that is too long, and stores its beginning."""
    response = await honest(request)
    if is_update(request) and _length(request, "impact") > LONGEST["impact"]:
        await resent(request, honest, lambda body: _cut(body, "impact", 100))
    return response


@lies("LIM-08")
def patch_stores_a_repeated_attribute_twice() -> Behaviour:
    """An update stores a repeated attribute as it was sent."""
    return _repeating(is_update)


@lies("LIM-09")
def beyond_the_bmp_counts_twice() -> Behaviour:
    """Limits count the code units of UTF-16."""
    return replace(HONEST, text_length=lambda text: sum(1 + (ord(one) > BMP) for one in text))


@lies_at_the_door("LIM-09")
async def impact_counts_in_utf_16(request: Request, honest: Handler) -> Response:
    """The limit of an impact counts the code units of UTF-16."""
    impact = sent(request).get("impact")
    long = is_create(request) and isinstance(impact, str) and len(impact.encode("utf-16-le", "replace")) > 4000
    return refusal("validation_error", "impact") if long else await honest(request)


@lies("LIM-09")
def beyond_the_bmp_counts_half() -> Behaviour:
    """Two characters beyond the BMP count as one."""
    return replace(
        HONEST,
        text_length=lambda text: sum(ord(one) <= BMP for one in text) + (sum(ord(one) > BMP for one in text) + 1) // 2,
    )


@lies_at_the_door("LIM-09")
async def read_cuts_in_utf_16(request: Request, honest: Handler) -> Response:
    """A read cuts an observation to 4000 code units of UTF-16."""
    response = await honest(request)
    if not is_read(request) or response.status != 200:
        return response
    resource = response.json()
    cut = resource["observation"].encode("utf-16-le")[:8000].decode("utf-16-le", "ignore")
    return response.with_json(resource | {"observation": cut})
