"""Requests without a key: each documented operation on observations, and what they left behind."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.headers import IDEMPOTENCY_KEY
from conformance.contract.resources import ARCHIVE, CREATE, RESTORE, UPDATE
from conformance.judging.verdicts import Blocked
from conformance.target.discovery import an_observation
from conformance.target.reading import id_of
from scenarios._answers import require_readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.reading import Page, Resource
    from conformance.target.target import Made, Target
    from conformance.wire.exchange import Exchange

WRITES = (CREATE, UPDATE, ARCHIVE, RESTORE)
INVALID = {"type": "neither", "observation": ""}
MALFORMED = b'{"observation": '
PAGES = 20
"""What was made a moment ago is at the top of the newest: so many pages of 100 are looked through at most."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An operation without a key, in some variations, and its twin with the key, which is the same in all else."""

    twin: Exchange
    anonymous: Mapping[str, Exchange]


@dataclass(frozen=True, slots=True)
class Break:
    """The four writes without a key, by operation, and the observation that they aimed at.

    `active` and `archived` are what it read as before and after the attempts in either state; `stolen` is the
    text of the observation that was to be created, `older` and `newer` were made around it.
    """

    attempts: Mapping[str, Attempt]
    active: tuple[Resource, Resource]
    archived: tuple[Resource, Resource]
    stolen: str
    older: Made
    newer: Made


async def read_attempt(target: Target) -> Attempt:
    """Read an observation by id with the key, and without it that one and one that does not exist."""
    await require_readable(target)
    return await target.once("a read without a key", lambda: _read_attempt(target))


async def _read_attempt(target: Target) -> Attempt:
    path = f"/observations/{(await an_observation(target))['id']}"
    twin, known, unknown = await asyncio.gather(
        target.get(path),
        target.get(path, role=None),
        target.get(f"/observations/{target.chance.unknown_id('obs')}", role=None),
    )
    return Attempt(twin, {"known id": known, "unknown id": unknown})


async def write_attempts(target: Target) -> Break:
    """Send the four writes without a key, to an observation of ours and to none, valid and not; and with the key."""
    target.require_writes()
    await require_readable(target)
    return await target.once("writes without a key", lambda: _write_attempts(target))


async def _write_attempts(target: Target) -> Break:
    made = await target.make(impact="As it was made.")
    body = await target.body()
    active = await target.read(made.id)
    creates, on_active = await asyncio.gather(_creates(target, made, body), _on_active(target, made.id))
    untouched = await target.read(made.id)
    updated = await target.patch(_path(made), json={"recommended_action": "Updated with the key."})
    archived_twin = await target.archive(made.id)
    archived = await target.read(made.id)
    on_archived = await _on_archived(target, made.id)
    still_archived = await target.read(made.id)
    restored = await target.restore(made.id)
    attempts = {
        CREATE.label: Attempt(made.exchange, creates),
        UPDATE.label: Attempt(updated, on_active[UPDATE.label] | on_archived[UPDATE.label]),
        ARCHIVE.label: Attempt(archived_twin, on_active[ARCHIVE.label] | on_archived[ARCHIVE.label]),
        RESTORE.label: Attempt(restored, on_archived[RESTORE.label] | on_active[RESTORE.label]),
    }
    newer = await target.make()
    pairs = (active, untouched), (archived, still_archived)
    return Break(attempts, *pairs, stolen=body["observation"], older=made, newer=newer)


def _path(made: Made) -> str:
    return f"/observations/{made.id}"


async def _creates(target: Target, made: Made, body: Mapping[str, Any]) -> dict[str, Exchange]:
    key = made.exchange.request.header(IDEMPOTENCY_KEY.name)
    json_type = {"Content-Type": "application/json"}
    valid, invalid, malformed, replayed = await asyncio.gather(
        target.create(body, role=None),
        target.create({**body, **INVALID}, role=None),
        target.post(CREATE.path, content=MALFORMED, headers=json_type, role=None),
        target.create(made.sent, key=key, role=None),
    )
    return {"valid": valid, "invalid": invalid, "malformed": malformed, "under a key that was used": replayed}


async def _on_active(target: Target, observation_id: str) -> dict[str, dict[str, Exchange]]:
    path, nowhere = f"/observations/{observation_id}", f"/observations/{target.chance.unknown_id('obs')}"
    valid = {"observation": target.marker(), "impact": "Changed without a key."}
    answers = await asyncio.gather(
        target.patch(path, json=valid, role=None),
        target.patch(path, json={"observation": ""}, role=None),
        target.patch(path, content=MALFORMED, headers={"Content-Type": "application/json"}, role=None),
        target.patch(nowhere, json=valid, role=None),
        target.post(f"{path}/archive", role=None),
        target.post(f"{nowhere}/archive", role=None),
        target.post(f"{path}/restore", role=None),
        target.post(f"{nowhere}/restore", role=None),
    )
    return {
        UPDATE.label: dict(zip(("valid", "invalid", "malformed", "unknown id"), answers[:4], strict=True)),
        ARCHIVE.label: dict(zip(("active", "unknown id"), answers[4:6], strict=True)),
        RESTORE.label: dict(zip(("active", "unknown id"), answers[6:], strict=True)),
    }


async def _on_archived(target: Target, observation_id: str) -> dict[str, dict[str, Exchange]]:
    path = f"/observations/{observation_id}"
    change = {"observation": target.marker(), "impact": "Changed without a key."}
    updated, archived, restored = await asyncio.gather(
        target.patch(path, json=change, role=None),
        target.post(f"{path}/archive", role=None),
        target.post(f"{path}/restore", role=None),
    )
    return {
        UPDATE.label: {"archived": updated},
        ARCHIVE.label: {"archived": archived},
        RESTORE.label: {"archived": restored},
    }


async def made_between(target: Target, older: Made, newer: Made) -> list[Resource]:
    """Return what the list shows from `newer` back to `older`, or further; blocked where it never shows `newer`."""

    async def look() -> list[Resource] | None:
        return await _back_to(target, older, newer)

    items: list[Resource] | None = await target.eventually(look)
    if items is None:
        raise Blocked("the newest observations don't show one that was just made, so none can be missed there")
    return items


async def _back_to(target: Target, older: Made, newer: Made) -> list[Resource] | None:
    query = [("sort", "-created_at"), ("limit", "100"), ("filter[archived]", "all")]
    items: list[Resource] = []
    page: Page | None = None
    for _ in range(PAGES):
        cursor = [("cursor", page.next_cursor)] if page and page.next_cursor else []
        page = await target.page("/observations", [*query, *cursor])
        items += page.items
        if older.id in page.ids or page.next_cursor is None:
            break
    return items if newer.id in map(id_of, items) else None
