"""Lies that only a sequence of commands shows: each command by itself is answered as it must be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies
from conformance.faults.rewriting import COLLECTION, edited, id_of, is_create, is_list, is_update, sent
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response

    Item = dict[str, Any]


def _acts(request: Request, action: str) -> bool:
    return request.method == "POST" and request.path.endswith(f"/{action}")


async def _read(request: Request, honest: Handler, one: str) -> Item:
    read = await honest(replace(request, method="GET", path=f"{COLLECTION}/{one}", query=(), body=b""))
    item: Item = read.json() if read.status == 200 else {}
    return item


@lies("ROB-04")
def a_restore_loses_the_last_update() -> Behaviour:
    """A restored observation is as it was before its last update."""
    before: dict[str, Item] = {}

    async def door(request: Request, honest: Handler) -> Response:
        one = id_of(request)
        if is_update(request):
            as_it_was = await _read(request, honest, one)
            response = await honest(request)
            if response.status == 200:
                before[one] = {name: as_it_was[name] for name in sent(request)}
            return response
        response = await honest(request)
        if _acts(request, "restore") and response.status == 200 and one in before:
            back = replace(request, method="PATCH", path=f"{COLLECTION}/{one}").with_json(before.pop(one))
            return await honest(back)
        return response

    return replace(HONEST, door=door)


@lies("ROB-04")
def the_first_update_after_a_restore_is_not_kept() -> Behaviour:
    """It is answered as if it were, and what is read later is the observation as it was restored."""
    restored: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        one = id_of(request)
        as_it_was = await _read(request, honest, one) if is_update(request) and one in restored else {}
        response = await honest(request)
        if _acts(request, "restore") and response.status == 200:
            restored.add(one)
        elif as_it_was and response.status == 200:
            restored.discard(one)
            await honest(request.with_json({name: as_it_was[name] for name in sent(request)}))
        return response

    return replace(HONEST, door=door)


@lies("ROB-04")
def lists_keep_what_is_archived_a_second_time() -> Behaviour:
    """What was archived, restored and archived again stays in default lists."""
    archives: Counter[str] = Counter()
    items: dict[str, Item] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        one = id_of(request)
        if _acts(request, "archive") and response.status == 200:
            archives[one] += 1
            items[one] = response.json()
        elif _acts(request, "restore") and response.status == 200:
            items.pop(one, None)
        if not is_list(request) or response.status != 200 or request.param("filter[archived]") in {"true", "all"}:
            return response
        page = response.json()
        days = [item["observation_date"] for item in items.values()]
        since, until = (request.param(f"filter[observation_date][{bound}]") for bound in ("gte", "lte"))
        kept = [
            item
            for (one, item), day in zip(items.items(), days, strict=True)
            if archives[one] > 1 and since and until and since <= day <= until
        ]
        return response.with_json(page | {"data": [*kept, *page["data"]]})

    return replace(HONEST, door=door)


@lies("ROB-04")
def a_replay_revives_what_is_archived() -> Behaviour:
    """A retried create restores its observation, should it have been archived since."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_create(request) and response.header("Idempotent-Replayed"):
            path = f"{COLLECTION}/{response.json()['id']}/restore"
            await honest(replace(request, path=path, body=b"").without_header("Idempotency-Key"))
        return response

    return replace(HONEST, door=door)


@lies("ROB-04")
def a_filter_by_type_misses_what_was_updated_twice() -> Behaviour:
    """From its second update on, a list narrowed by type does not hold an observation."""
    updates: Counter[str] = Counter()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_update(request) and response.status == 200:
            updates[id_of(request)] += 1
        if not is_list(request) or response.status != 200 or not request.param("filter[type]"):
            return response
        page = response.json()
        return response.with_json(page | {"data": [one for one in page["data"] if updates[one["id"]] < 2]})

    return replace(HONEST, door=door)


@lies("ROB-04")
def the_third_update_sets_created_at() -> Behaviour:
    """From its third update on, an observation is served as created then."""
    updates: Counter[str] = Counter()
    moved: dict[str, str] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_update(request) and response.status == 200:
            updates[id_of(request)] += 1
            if updates[id_of(request)] == 3:
                moved[id_of(request)] = "2031-01-01T00:00:00.000Z"
        return edited(response, lambda one: one | {"created_at": moved.get(one["id"], one["created_at"])})

    return replace(HONEST, door=door)


@lies("ROB-04")
def a_refused_archive_undoes_the_last_update() -> Behaviour:
    """Archiving what is archived is a conflict, and takes the last update back."""
    before: dict[str, Item] = {}

    async def door(request: Request, honest: Handler) -> Response:
        one = id_of(request)
        as_it_was = await _read(request, honest, one) if is_update(request) else {}
        response = await honest(request)
        if as_it_was and response.status == 200:
            before[one] = {name: as_it_was[name] for name in sent(request)}
        if _acts(request, "archive") and response.status == 409 and one in before:
            await honest(replace(request, path=f"{COLLECTION}/{one}/restore", body=b""))
            await honest(replace(request, method="PATCH", path=f"{COLLECTION}/{one}").with_json(before.pop(one)))
            await honest(request)
        return response

    return replace(HONEST, door=door)
