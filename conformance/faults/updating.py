"""Lies about updating observations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.rewriting import COLLECTION, edited, id_of, is_update, overlaying, refusal, resent, sent
from conformance.reference import HONEST, Behaviour
from conformance.reference.http import answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response

    Item = dict[str, Any]

HOUR = 3_600_000_000


async def _updated_from(request: Request, honest: Handler, change: Callable[[Item], Item]) -> Response:
    """Handle an update with another body (also where it comes out empty), everything else as it is."""
    if not is_update(request) or not sent(request):
        return await honest(request)
    return await honest(request.with_json(change(sent(request))))


def _without(body: Item, field: str) -> Item:
    return {name: value for name, value in body.items() if name != field}


@lies_at_the_door("OBU-01")
async def update_clears_what_is_left_out(request: Request, honest: Handler) -> Response:
    """An update replaces the whole: optional texts that it leaves out are cleared."""
    return await _updated_from(request, honest, lambda body: {"impact": None, "recommended_action": None} | body)


@lies_at_the_door("OBU-01")
async def update_applies_its_first_field(request: Request, honest: Handler) -> Response:
    """Of several fields an update applies the first alone."""
    return await _updated_from(request, honest, lambda body: dict([next(iter(body.items()))]))


@lies_at_the_door("OBU-01")
async def update_clears_the_attributes(request: Request, honest: Handler) -> Response:
    """An update that leaves out attribute_ids clears them."""
    return await _updated_from(request, honest, lambda body: {"attribute_ids": []} | body)


@lies_at_the_door("OBU-01")
async def update_answers_with_what_was_before(request: Request, honest: Handler) -> Response:
    """An update answers with the resource as it was before."""
    if not is_update(request):
        return await honest(request)
    before = await honest(replace(request, method="GET", body=b""))
    response = await honest(request)
    return replace(response, body=before.body) if response.status == 200 else response


@lies_at_the_door("OBU-01")
async def update_answers_204(request: Request, honest: Handler) -> Response:
    """An update answers 204 without the resource."""
    response = await honest(request)
    return replace(response, status=204, body=b"") if is_update(request) and response.status == 200 else response


@lies("OBU-02")
def update_resets_created_at() -> Behaviour:
    """An update sets created_at to its own time."""
    return overlaying(lambda request, one: {"created_at": one["updated_at"]} if is_update(request) else {})


@lies("OBU-02")
def update_moves_updated_at_back() -> Behaviour:
    """An update sets updated_at an hour back."""
    return replace(HONEST, touched=lambda _action, before, _now: before - HOUR)


@lies_at_the_door("OBU-03")
async def null_leaves_the_impact(request: Request, honest: Handler) -> Response:
    """An impact of null counts as left out of an update."""
    return await _updated_from(
        request, honest, lambda body: _without(body, "impact") if body.get("impact") is None else body
    )


@lies_at_the_door("OBU-03")
async def null_makes_an_empty_text(request: Request, honest: Handler) -> Response:
    """A recommended_action of null is stored as an empty text."""
    return await _updated_from(
        request, honest, lambda body: {name: "" if value is None else value for name, value in body.items()}
    )


@lies_at_the_door("OBU-04")
async def empty_list_leaves_the_attributes(request: Request, honest: Handler) -> Response:
    """An empty attribute_ids counts as left out of an update."""
    return await _updated_from(
        request, honest, lambda body: body if body.get("attribute_ids", True) else _without(body, "attribute_ids")
    )


@lies("OBU-05")
def employee_can_be_changed() -> Behaviour:
    """An update takes over employee_id."""
    behaviour = overlaying(lambda request, _: _told(request, "employee_id"))
    return replace(behaviour, immutable=frozenset({"type"}))


@lies("OBU-05")
def employee_can_be_changed_beside_a_text() -> Behaviour:
    """An update takes over employee_id where it changes observation, too."""
    behaviour = overlaying(lambda request, _: _told(request, "employee_id") if "observation" in sent(request) else {})
    return replace(behaviour, immutable=frozenset({"type"}))


@lies("OBU-05")
def employee_changes_in_spite_of_the_refusal() -> Behaviour:
    """An update with another employee_id is refused, and a read gives the other employee."""
    return _changing_in_spite("employee_id")


@lies("OBU-06")
def type_can_be_changed() -> Behaviour:
    """An update takes over type."""
    behaviour = overlaying(lambda request, _: _told(request, "type"))
    return replace(behaviour, immutable=frozenset({"employee_id"}))


@lies("OBU-06")
def type_can_be_changed_beside_attributes() -> Behaviour:
    """An update takes over type where it changes attribute_ids, too."""
    behaviour = overlaying(lambda request, _: _told(request, "type") if "attribute_ids" in sent(request) else {})
    return replace(behaviour, immutable=frozenset({"employee_id"}))


@lies("OBU-06")
def type_changes_in_spite_of_the_refusal() -> Behaviour:
    """An update with another type is refused, and a read gives the other type."""
    return _changing_in_spite("type")


def _told(request: Request, *fields: str) -> Item:
    body = sent(request) if is_update(request) else {}
    return {field: body[field] for field in fields if field in body}


def _changing_in_spite(field: str) -> Behaviour:
    changed: dict[str, Item] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_update(request) and response.status == 400:
            changed[id_of(request)] = _told(request, field)
        return edited(response, lambda one: one | changed.get(one["id"], {}))

    return replace(HONEST, door=door)


@lies("OBU-07")
def archived_can_be_updated() -> Behaviour:
    """An archived observation takes updates."""
    return replace(HONEST, permitted=lambda action, one: action == "update" or HONEST.permitted(action, one))


@lies("OBU-07")
def archived_loses_its_attributes() -> Behaviour:
    """An archived observation refuses updates, but for those of attribute_ids."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if response.status != 409 or set(_told(request, *sent(request))) != {"attribute_ids"}:
            return response
        read = await honest(replace(request, method="GET", body=b""))
        return edited(read, lambda one: one | {"attribute_ids": []})

    return replace(HONEST, door=door)


@lies_at_the_door("OBU-07")
async def archived_is_updated_in_spite_of_the_refusal(request: Request, honest: Handler) -> Response:
    """An update of an archived observation gets 409 and is stored."""
    response = await honest(request)
    if is_update(request) and response.status == 409:
        for action in ("restore", "", "archive"):
            path = f"{COLLECTION}/{id_of(request)}/{action}".rstrip("/")
            await honest(replace(request, method="POST" if action else "PATCH", path=path))
    return response


@lies("OBU-08")
def restored_stays_locked() -> Behaviour:
    """What was archived once refuses updates for good."""
    return _locking(after=1)


@lies("OBU-08")
def restored_twice_stays_locked() -> Behaviour:
    """What was archived twice refuses updates for good."""
    return _locking(after=2)


def _locking(*, after: int) -> Behaviour:
    times: Counter[str] = Counter()

    async def door(request: Request, honest: Handler) -> Response:
        if is_update(request) and times[id_of(request)] >= after:
            return refusal("conflict")
        response = await honest(request)
        if request.path.endswith("/archive") and response.status == 200:  # RFC 9110: OK
            times[id_of(request)] += 1
        return response

    return replace(HONEST, door=door)


@lies_at_the_door("OBU-08")
async def update_after_restore_is_forgotten(request: Request, honest: Handler) -> Response:
    """An observation that was restored answers updates with what was sent, and keeps what it had."""
    if not is_update(request) or "impact" not in sent(request):
        return await honest(request)
    return edited(await _updated_from(request, honest, lambda _: {}), lambda one: one | sent(request))


@lies_at_the_door("OBU-09")
async def null_text_is_ignored(request: Request, honest: Handler) -> Response:
    """An observation of null counts as left out of an update."""
    return await _updated_from(
        request, honest, lambda body: body if body.get("observation", "") is not None else _without(body, "observation")
    )


@lies("OBU-09")
def empty_text_is_stored() -> Behaviour:
    """An update empties the observation."""

    async def ignore(request: Request, honest: Handler) -> Response:
        return await _updated_from(
            request, honest, lambda body: _without(body, "observation") if body.get("observation") == "" else body
        )

    return overlaying(lambda request, _: _told(request, "observation"), ignore)


@lies_at_the_door("OBU-10")
async def update_of_an_unknown_id_is_invalid(request: Request, honest: Handler) -> Response:
    """An update of an id that was never issued gets 400."""
    response = await honest(request)
    return refusal("validation_error", "id") if is_update(request) and response.status == 404 else response


@lies_at_the_door("OBU-10")
async def update_of_an_unknown_id_does_nothing(request: Request, honest: Handler) -> Response:
    """An update of an id that was never issued gets 200 with what was sent."""
    response = await honest(request)
    unknown = is_update(request) and response.status == 404
    return answer(200, {"id": id_of(request), **sent(request)}) if unknown else response


@lies_at_the_door("OBU-10")
async def update_with_an_unknown_attribute_is_invalid(request: Request, honest: Handler) -> Response:
    """An update with an attribute that does not exist gets 400."""
    response = await honest(request)
    return refusal("validation_error", "attribute_ids") if is_update(request) and response.status == 422 else response


@lies_at_the_door("OBU-10")
async def update_drops_the_unknown_attribute(request: Request, honest: Handler) -> Response:
    """An update with several attributes drops those that do not exist."""
    response = await honest(request)
    ids = sent(request).get("attribute_ids") or []
    if not is_update(request) or response.status != 422 or len(ids) < 2:
        return response
    return await resent(request, honest, lambda body: body | {"attribute_ids": ids[:1]})


@lies_at_the_door("OBU-11")
async def refused_update_stores_its_valid_half(request: Request, honest: Handler) -> Response:
    """A refused update stores those of its fields that are valid."""
    response = await honest(request)
    if is_update(request) and response.status == 400:
        for name, value in sent(request).items():
            await honest(request.with_json({name: value}))
    return response


@lies_at_the_door("OBU-11")
async def update_looks_up_attributes_too_late(request: Request, honest: Handler) -> Response:
    """An update stores its texts before it refuses an attribute that does not exist."""
    response = await honest(request)
    if is_update(request) and response.status == 422:
        await resent(request, honest, lambda body: _without(body, "attribute_ids"))
    return response


@lies_at_the_door("OBU-11")
async def update_looks_at_the_type_too_late(request: Request, honest: Handler) -> Response:
    """An update stores its texts before it refuses another type."""
    response = await honest(request)
    if is_update(request) and response.status == 400 and "type" in sent(request):
        await resent(request, honest, lambda body: _without(body, "type"))
    return response


@lies("OBU-11")
def refused_update_moves_updated_at() -> Behaviour:
    """A refused update moves updated_at."""
    moved: set[str] = set()

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if is_update(request) and response.status == 400:
            moved.add(id_of(request))
        return edited(
            response, lambda one: one | ({"updated_at": "2099" + one["updated_at"][4:]} if one["id"] in moved else {})
        )

    return replace(HONEST, door=door)


@lies("OBU-13")
def update_leaves_updated_at() -> Behaviour:
    """An update leaves updated_at as it was."""
    return replace(HONEST, touched=lambda _action, before, _now: before)


@lies("OBU-13")
def update_of_attributes_leaves_updated_at() -> Behaviour:
    """An update of attribute_ids alone leaves updated_at as it was."""

    def tell(request: Request, one: Item) -> Item:
        alone = is_update(request) and set(sent(request)) == {"attribute_ids"}
        return {"updated_at": one["created_at"]} if alone else {}

    return overlaying(tell)


@lies("OBU-13")
def update_with_null_leaves_updated_at() -> Behaviour:
    """An update that only clears leaves updated_at as it was."""
    seen: dict[str, str] = {}

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if not is_update(request) or response.status != 200:
            return edited(response, lambda one: one | {"updated_at": seen.get(one["id"], one["updated_at"])})
        updated = response.json()
        if any(value is not None for value in sent(request).values()):
            seen[updated["id"]] = updated["updated_at"]
        return response.with_json(updated | {"updated_at": seen.get(updated["id"], updated["created_at"])})

    return replace(HONEST, door=door)


@lies("OBU-14")
def what_is_fixed_is_ignored() -> Behaviour:
    """An update ignores employee_id and type."""
    return replace(HONEST, immutable=frozenset())


@lies("OBU-14")
def another_employee_is_ignored() -> Behaviour:
    """An update refuses another type and ignores another employee."""
    return replace(HONEST, immutable=frozenset({"type"}))


@lies("OBU-16")
def created_at_can_be_updated() -> Behaviour:
    """An update takes over created_at."""
    return overlaying(lambda request, _: _told(request, "created_at"))


@lies("OBU-16")
def updated_at_can_be_updated_beside_another_field() -> Behaviour:
    """An update of impact takes over an updated_at that is sent beside it."""
    return overlaying(lambda request, _: _told(request, "updated_at") if "impact" in sent(request) else {})


@lies("OBU-16")
def archived_at_can_be_updated_while_ids_are_refused() -> Behaviour:
    """An update with an id is refused; one with archived_at alone takes it over."""

    async def door(request: Request, honest: Handler) -> Response:
        if is_update(request) and "id" in sent(request):
            return refusal("validation_error", "id")
        return await honest(request)

    return overlaying(lambda request, _: _told(request, "archived_at"), door)


@lies_at_the_door("OBU-16")
async def read_only_fields_are_unprocessable(request: Request, honest: Handler) -> Response:
    """An update with a read-only field gets 422."""
    return refusal("unprocessable", "updated_at") if _told(request, "updated_at") else await honest(request)
