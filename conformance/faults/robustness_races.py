"""Lies about updates of one observation that are sent at the same time."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import is_update, refusal, sent
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Collection

    from conformance.reference import Handler, Request, Response

FIELDS = ("observation", "impact", "recommended_action", "attribute_ids")


@lies("ROB-05")
def updates_are_written_field_by_field() -> Behaviour:
    """Each field of an update is written by itself, in no order that all updates share."""
    turn = itertools.count()

    async def door(request: Request, honest: Handler) -> Response:
        if not is_update(request) or len(sent(request)) < 2:
            return await honest(request)
        fields = list(sent(request).items())[:: 1 if next(turn) % 2 else -1]
        for name, value in fields:
            response = await honest(request.with_json({name: value}))
            await asyncio.sleep(0)
            if response.status != 200:
                break
        return response

    return replace(HONEST, door=door)


@lies("ROB-05")
def the_first_impact_stays_and_the_last_action() -> Behaviour:
    """Of updates under way at once the first sets the impact, the last the recommended action."""
    under_way: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        body = sent(request)
        if not is_update(request) or not body:
            return await honest(request)
        if request.path in under_way:
            body.pop("impact", None)
        under_way.add(request.path)
        try:
            await asyncio.sleep(0)
            return await honest(request.with_json(body))
        finally:
            under_way.discard(request.path)

    return replace(HONEST, door=door)


@lies_at_the_door("ROB-05")
async def updates_write_the_whole_observation(request: Request, honest: Handler) -> Response:
    """An update reads everything first and writes everything back later."""
    return await _write_back(request, honest, FIELDS)


@lies_at_the_door("ROB-05")
async def updates_write_the_attributes_back(request: Request, honest: Handler) -> Response:
    """An update reads the attributes first and writes them back later, also where it does not change them."""
    return await _write_back(request, honest, ["attribute_ids"])


async def _write_back(request: Request, honest: Handler, names: Collection[str]) -> Response:
    body = sent(request)
    if not is_update(request) or not body:
        return await honest(request)
    read = await honest(replace(request, method="GET", body=b""))
    if read.status != 200:
        return await honest(request)
    await asyncio.sleep(0)
    before = read.json()
    return await honest(request.with_json({name: before[name] for name in names} | body))


@lies("ROB-05")
def a_late_update_is_refused_and_done() -> Behaviour:
    """While one update is under way another gets 409 conflict, and its impact is written all the same."""
    under_way: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        body = sent(request)
        if not is_update(request) or not body:
            return await honest(request)
        if request.path in under_way:
            await asyncio.sleep(0)
            await honest(request.with_json({name: value for name, value in body.items() if name == "impact"}))
            return refusal("conflict")
        under_way.add(request.path)
        try:
            response = await honest(request)
            await asyncio.sleep(0)
            return response
        finally:
            under_way.discard(request.path)

    return replace(HONEST, door=door)
