"""Lies about a collection that no document names: the attributes, which the reference's spec adds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies_at_the_door

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

ATTRIBUTES = "/v1/attributes"


def _listed(request: Request, response: Response) -> bool:
    return request.method == "GET" and request.path == ATTRIBUTES and response.status == 200


@lies_at_the_door("PAG-01")
async def attributes_come_without_an_envelope(request: Request, honest: Handler) -> Response:
    """The attributes are a bare array."""
    response = await honest(request)
    return response.with_json(response.json()["data"]) if _listed(request, response) else response


@lies_at_the_door("PAG-05")
async def attributes_come_all_at_once(request: Request, honest: Handler) -> Response:
    """Without limit a page of attributes holds 100."""
    alone = request.path == ATTRIBUTES and request.param("limit") is None
    return await honest(request.with_query("limit", "100") if alone else request)


@lies_at_the_door("PAG-09")
async def attributes_repeat_themselves(request: Request, honest: Handler) -> Response:
    """Each page of attributes but the first begins with one that was there before."""
    response = await honest(request)
    if not _listed(request, response) or request.param("cursor") is None:
        return response
    page, first = response.json(), await honest(request.with_query("cursor", None))
    return response.with_json(page | {"data": [first.json()["data"][0], *page["data"][1:]]})


@lies_at_the_door("SRT-06")
async def attributes_overlook_unknown_orders(request: Request, honest: Handler) -> Response:
    """An unsupported sort field is ignored on attributes."""
    response = await honest(request)
    overlooked = request.path == ATTRIBUTES and request.param("sort") is not None and response.status == 400
    return await honest(request.with_query("sort", None)) if overlooked else response


@lies_at_the_door("SRT-04")
async def attributes_come_oldest_first(request: Request, honest: Handler) -> Response:
    """The attributes come oldest first."""
    unsorted = request.path == ATTRIBUTES and request.param("sort") is None and request.param("cursor") is None
    return await honest(request.with_query("sort", "created_at") if unsorted else request)


@lies_at_the_door("FLT-19")
async def attributes_refuse_unknown_filters(request: Request, honest: Handler) -> Response:
    """A filter on an unsupported field empties the list of attributes."""
    response = await honest(request)
    known = ("filter[category]", "filter[tone]")
    unknown = any(name.startswith("filter[") and name not in known for name, _ in request.query)
    return response.with_json(response.json() | {"data": []}) if _listed(request, response) and unknown else response


@lies_at_the_door("RES-03")
async def attributes_are_listed_only(request: Request, honest: Handler) -> Response:
    """An attribute is not found by its id."""
    response = await honest(request)
    return replace(response, status=404) if request.path.startswith(f"{ATTRIBUTES}/") else response
