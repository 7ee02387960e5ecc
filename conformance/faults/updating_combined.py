"""Lies about updates that show only on what was there before, or beside what else is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import COLLECTION, edited, id_of, is_update, refusal, resent, sent
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response

    Item = dict[str, Any]

FIXED = {"type", "employee_id"}
TEXTS = {"impact", "recommended_action"}


def _on_what_was(change: Callable[[Item, Item], Item]) -> Behaviour:
    """Take another update than the one sent: `change(before, sent)`."""

    async def door(request: Request, honest: Handler) -> Response:
        if not is_update(request) or not sent(request):
            return await honest(request)
        read = await honest(replace(request, method="GET", body=b""))
        before = read.json() if read.status == 200 else {}
        return await honest(request.with_json(change(before, sent(request))))

    return replace(HONEST, door=door)


def _but(body: Item, leave_out: Callable[[str, Any], bool]) -> Item:
    return {name: value for name, value in body.items() if not leave_out(name, value)}


@lies("OBU-01")
def what_is_null_stays_null() -> Behaviour:
    """An update changes no text that is null."""
    return _on_what_was(lambda before, body: _but(body, lambda name, _: before.get(name, ...) is None))


@lies("OBU-01")
def what_is_empty_takes_no_attributes() -> Behaviour:
    """An update changes attribute_ids only where there are some."""
    return _on_what_was(lambda before, body: _but(body, lambda name, _: before.get(name) == []))


@lies("OBU-01")
def attributes_are_added() -> Behaviour:
    """An update adds to attribute_ids what they did not hold, and takes nothing away."""

    def added(before: Item, body: Item) -> Item:
        new, old = body.get("attribute_ids"), before.get("attribute_ids", [])
        return {**body, "attribute_ids": [*old, *(one for one in new if one not in old)]} if new else body

    return _on_what_was(added)


@lies("OBU-03")
def of_two_nulls_the_first_clears() -> Behaviour:
    """Where both texts are null in one update, the impact alone is cleared."""
    return _on_what_was(
        lambda _, body: _but(body, lambda name, _: name == "recommended_action" and list(body.values()) == [None, None])
    )


@lies("OBU-03")
def null_is_left_out_beside_a_text() -> Behaviour:
    """Beside another text, null counts as left out."""
    return _on_what_was(
        lambda _, body: _but(body, lambda name, value: name in TEXTS and value is None and any(body.values()))
    )


@lies("OBU-04")
def an_empty_list_is_left_out_beside_a_text() -> Behaviour:
    """Beside another field, an empty attribute_ids counts as left out."""
    return _on_what_was(lambda _, body: _but(body, lambda _, value: value == [] and len(body) > 1))


@lies_at_the_door("OBU-07")
async def archived_texts_can_be_cleared(request: Request, honest: Handler) -> Response:
    """An archived observation refuses updates, but for null."""
    response = await honest(request)
    if not is_update(request) or response.status != 409 or None not in sent(request).values():
        return response
    action = replace(request, method="POST", body=b"")
    await honest(replace(action, path=f"{COLLECTION}/{id_of(request)}/restore"))
    response = await honest(request)
    await honest(replace(action, path=f"{COLLECTION}/{id_of(request)}/archive"))
    return response


@lies("OBU-07")
def refused_updates_wait_for_the_restore() -> Behaviour:
    """The last update that was refused because its observation is archived is made once that is restored."""
    waiting: dict[str, Request] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_update(request) and response.status == 409:
            waiting[id_of(request)] = request
        if request.path.endswith("/restore") and response.status == 200 and id_of(request) in waiting:
            await honest(waiting.pop(id_of(request)))
        return response

    return replace(HONEST, door=door)


@lies("OBU-09")
def null_text_is_left_out_beside_another_field() -> Behaviour:
    """Beside another field, an observation of null counts as left out of an update."""
    return _on_what_was(
        lambda _, body: _but(body, lambda name, value: name == "observation" and value is None and len(body) > 1)
    )


@lies_at_the_door("OBU-10")
async def unknown_attribute_is_invalid_beside_a_text(request: Request, honest: Handler) -> Response:
    """An update with an attribute that does not exist gets 400 where it changes a text, too."""
    response = await honest(request)
    changed = is_update(request) and response.status == 422 and len(sent(request)) > 1
    return refusal("validation_error", "attribute_ids") if changed else response


@lies_at_the_door("OBU-11")
async def update_looks_at_the_employee_too_late(request: Request, honest: Handler) -> Response:
    """An update stores its texts before it refuses another employee."""
    response = await honest(request)
    texts = _but(sent(request), lambda name, value: name == "employee_id" or not isinstance(value, str))
    if is_update(request) and response.status == 400 and texts and "employee_id" in sent(request):
        await honest(request.with_json(texts))
    return response


@lies_at_the_door("OBU-11")
async def refused_update_clears_all_the_same(request: Request, honest: Handler) -> Response:
    """An update that is refused clears what it has null for."""
    response = await honest(request)
    nulls = _but(sent(request), lambda name, value: name == "observation" or value is not None)
    if is_update(request) and response.status == 400 and nulls:
        await honest(request.with_json(nulls))
    return response


@lies("OBU-13")
def filling_leaves_updated_at() -> Behaviour:
    """An update that fills what was empty leaves updated_at as it was."""
    kept: dict[str, Any] = {}

    async def door(request: Request, honest: Handler) -> Response:
        read = await honest(replace(request, method="GET", body=b"")) if is_update(request) else None
        response = await honest(request)
        if read is not None and read.status == response.status == 200:
            before = edited(read, lambda one: one | kept.get(one["id"], {})).json()
            filled = not any(before.get(name) for name in sent(request))
            kept[before["id"]] = {"updated_at": before["updated_at"]} if filled else {}
        return edited(response, lambda one: one | kept.get(one["id"], {}))

    return replace(HONEST, door=door)


@lies_at_the_door("OBU-14")
async def what_is_fixed_is_ignored_beside_other_fields(request: Request, honest: Handler) -> Response:
    """An update ignores employee_id and type where it changes something else, too."""
    if not is_update(request) or not sent(request).keys() - FIXED:
        return await honest(request)
    return await resent(request, honest, lambda body: _but(body, lambda name, _: name in FIXED))


@lies("LIM-08")
def an_empty_text_leaves_what_was() -> Behaviour:
    """An update takes an empty text for none, and leaves what was there."""
    return _on_what_was(lambda _, body: _but(body, lambda name, value: name in TEXTS and value == ""))
